"""The rules of delegated administration, pure: no input or output, no clock, no randomness."""
