"""Edits: what an administrator would change, as values, and what the organisation is then. Pure."""
