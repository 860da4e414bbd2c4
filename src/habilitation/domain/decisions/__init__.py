"""The decisions, by story: pure functions from state, request and instant to events, or to the first refusal."""
