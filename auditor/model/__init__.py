"""What an organisation is: frozen types and closed unions, without JSON, YAML or graphs."""
