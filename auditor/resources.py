"""Where the shipped data lies: `rules/` beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import AuditorError

SCHEMAS = (
    "report", "rule", "policy", "matrix", "inventory", "baseline", "diff", "what-if", "fix", "history", "pack",
    "certificate",
    "fleet",
)  # fmt: skip
"""Names of the JSON Schemas that ship with the tool."""


def data_folder() -> Path:
    """The folder with rules, vocabularies and schemas."""
    package = Path(__file__).resolve().parent
    for folder in (package / "shipped_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise AuditorError(
        "The rules that belong to auditor are missing.",
        hint=f"Install the package again: there is neither {package / 'shipped_rules'} nor {package.parent / 'rules'}.",
    )


def read_text(name: str) -> str:
    """The text of a shipped file, named by its path below the data folder."""
    path = data_folder() / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AuditorError(f"{path} cannot be read: {error.strerror}.", hint="Install the package again.") from error


def schema_text(name: str) -> str:
    """The text of the JSON Schema of that name (see SCHEMAS)."""
    return read_text(f"schemas/{name}.schema.json")
