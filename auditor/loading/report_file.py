"""A JSON report of an earlier audit as a snapshot; a file of another form is told as a usage error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.errors import DocumentError, UsageError
from auditor.loading.documents import read_document
from auditor.model.snapshot import CoverageLine, EntryKey, FindingLine, ProblemLine, Snapshot, VerdictLine, real_id
from auditor.resources import schema_text

MARK = '"schema_version"'
_TOOL = "recording-consent-auditor"


def is_report(path: Path) -> bool:
    """Whether the file is a JSON report of this tool (of any version)."""
    if not path.is_file() or path.suffix.casefold() != ".json":
        return False
    try:
        with path.open(encoding="utf-8-sig") as stream:
            head = stream.read(2000)
    except (OSError, UnicodeDecodeError):
        return False
    return MARK in head and _TOOL in head


def read_report(path: Path) -> Snapshot:
    """The snapshot of a report; it has no matrix."""
    from jsonschema import Draft202012Validator

    try:
        data: Any = read_document(path)
    except DocumentError as error:
        raise _unusable(path, error.message) from error
    wrong = next(Draft202012Validator(json.loads(schema_text("report"))).iter_errors(data), None)
    if wrong is not None:
        raise _unusable(path, f"{wrong.json_path}: {wrong.message[:200]}")
    return _snapshot(data)


def _unusable(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path} is no report of this version.", details=(why,), hint="Write one: auditor audit --format json."
    )


def _snapshot(data: dict[str, Any]) -> Snapshot:
    cover = data["coverage"]
    return Snapshot(
        verdicts=tuple(line for verdict in data["verdicts"] for line in _verdicts(verdict)),
        findings=tuple(_finding(finding) for finding in data["findings"]),
        problems=tuple(ProblemLine(p["code"], p["message"], p["location"]["file"]) for p in data["problems"]),
        coverage=CoverageLine(
            cover["entries"],
            cover["flows"],
            cover["flows_reached"],
            cover["actions"],
            cover["actions_reached"],
            tuple(sorted(cover["unmodelled"].items())),
            tuple(p["location"]["file"] for p in data["problems"] if p["code"] == "RX906"),
        ),
        names=tuple(sorted(dict(_names(data)).items())),
    )


def _verdicts(verdict: dict[str, Any]) -> Iterator[VerdictLine]:
    entry, leg = verdict["entry"], verdict["leg"]
    key = EntryKey(entry["kind"], entry["name"], real_id(entry["id"]))
    for trunk in leg["trunks"] or ("",):
        yield VerdictLine(
            key,
            leg["direction"],
            trunk,
            leg["line"],
            leg["gate"],
            verdict["mode"],
            verdict["verdict"],
            verdict["effect"],
        )


def _finding(finding: dict[str, Any]) -> FindingLine:
    thing = finding["object"]
    return FindingLine(
        finding["fingerprint"],
        finding["rule"],
        finding["severity"],
        thing["kind"],
        thing["name"],
        real_id(thing["id"]),
        thing["flow"],
        thing["division"],
        finding["message"],
        finding["latent"],
        finding["name"],
        finding["location"]["file"],
        finding["location"]["line"],
    )


def _names(data: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Flows and trunks with their ids, wherever findings and their paths name them."""
    for finding in data["findings"]:
        for thing in (finding["object"], *(step["object"] for step in finding["witness"])):
            id = real_id(thing["id"])
            if thing["kind"] in ("flow", "trunk") and id:
                yield (thing["kind"], id), thing["name"]
