"""Measurements: organisations of any size, how long an audit of them takes, and what else could answer."""
