"""Views: what an organisation and its analysis look like when somebody asks; pure, and read by reports."""
