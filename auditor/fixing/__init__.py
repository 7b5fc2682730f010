"""What could be changed, and what would be then: `what-if` and `fix`."""
