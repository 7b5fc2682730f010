"""Explores what a call can do and yields observations and verdicts (semantics, sections 1 to 5)."""
