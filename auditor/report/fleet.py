"""The summary of several organisations as JSON (rules/schemas/fleet.schema.json)."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.report.counts import SEVERITIES, VERDICTS, Counts, Numbers, together
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL
from auditor.report.summary import Audited

SCHEMA_VERSION = "1.0"


def fleet_json(organisations: Sequence[Audited], code: int, version: str) -> str:
    """Always this shape; the organisations stand in the order in which they were named."""
    known = [each.counts for each in organisations if each.counts is not None]
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": TOOL, "version": version},
            "exit_code": int(code),
            "organisations": [_organisation(each) for each in organisations],
            "together": {
                "organisations": len(organisations),
                "audited": len(known),
                "counts": _counts(together(known)),
            },
        }
    )


def _organisation(each: Audited) -> JsonObject:
    return {
        "name": each.name,
        "paths": list(each.paths),
        "exit_code": int(each.code),
        "reports": list(each.reports),
        "not_audited": each.why if each.counts is None else None,
        "counts": _counts(each.counts) if each.counts is not None else None,
    }


def _counts(counts: Counts) -> JsonObject:
    return {
        "entries": counts.entries,
        "flows": counts.flows,
        "actions": counts.actions,
        "verdicts": _all(counts.verdicts, VERDICTS),
        "findings": _all(counts.findings, SEVERITIES),
        "rules": dict(counts.rules),
        "set_aside": counts.set_aside,
        "problems": dict(counts.problems),
    }


def _all(numbers: Numbers, words: Sequence[str]) -> dict[str, int]:
    """Every word with its number, also 0."""
    return {word: dict(numbers).get(word, 0) for word in words}
