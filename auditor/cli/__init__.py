"""Command line: options, the use case, a report, an exit code; the only floor that prints or exits."""
