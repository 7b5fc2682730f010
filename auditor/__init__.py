"""Policy auditor for recording consent in Genesys Cloud contact centres."""

__version__ = "0.1.0"
