"""Audits over time: what each run found, kept in a database, and how runs differ."""
