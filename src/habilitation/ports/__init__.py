"""What the use cases need from outside, as protocols: one concept per file."""
