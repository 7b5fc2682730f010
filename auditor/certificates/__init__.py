"""Certificates: what proves a verdict, written down, and the checker that trusts no search."""
