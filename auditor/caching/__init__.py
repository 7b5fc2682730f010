"""What audits found before, kept in a file, so that nothing is worked out twice. Never a verdict of its own."""
