"""A baseline file as typed values; what does not fit its schema is told as a usage error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.errors import DocumentError, UsageError
from auditor.loading.documents import read_document
from auditor.model.baseline import Baseline, BaselineRow
from auditor.resources import schema_text


def read_baseline(path: Path, *, name: str | None = None) -> Baseline:
    """The baseline of a file; name: how reports call it, by default its path."""
    shown = name or path.as_posix()
    try:
        data: Any = read_document(path)
    except DocumentError as error:
        raise _unusable(shown, f"cannot be used: {error.message.rstrip('.')}") from error
    wrong = _mistakes(data)
    if wrong:
        raise _unusable(shown, "is no baseline", tuple(wrong))
    return Baseline(tuple(_row(row) for row in data["findings"]), shown)


def _unusable(shown: str, what: str, details: tuple[str, ...] = ()) -> UsageError:
    return UsageError(
        f"{shown} {what}.", hint="`auditor baseline write PATH... --output FILE` writes one.", details=details
    )


def _mistakes(data: Any) -> list[str]:
    from jsonschema import Draft202012Validator

    errors = sorted(
        Draft202012Validator(json.loads(schema_text("baseline"))).iter_errors(data), key=lambda e: e.json_path
    )
    return [f"{error.json_path}: {error.message[:200]}" for error in errors[:10]]


def _row(row: dict[str, Any]) -> BaselineRow:
    thing = row["object"]
    return BaselineRow(
        row["fingerprint"],
        row["rule"],
        row["severity"],
        thing["kind"],
        thing["name"],
        thing.get("flow"),
        thing.get("division"),
    )
