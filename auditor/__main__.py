"""`python -m auditor`, where the command itself is not on the path."""

from __future__ import annotations

from auditor.cli.main import main

if __name__ == "__main__":
    main()
