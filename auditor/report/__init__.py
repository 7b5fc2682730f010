"""Reports: pure functions from an Audit to text, one file a format."""
