"""A baseline as a file (rules/schemas/baseline.schema.json)."""

from __future__ import annotations

from auditor.model.baseline import Baseline, BaselineRow
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL

SCHEMA_VERSION = "1.0"


def baseline_text(baseline: Baseline, version: str) -> str:
    """The baseline as JSON; it names no day, so that the same findings give the same file."""
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": TOOL, "version": version},
            "findings": [_row(row) for row in baseline.rows],
        }
    )


def _row(row: BaselineRow) -> JsonObject:
    return {
        "fingerprint": row.fingerprint,
        "rule": row.rule,
        "severity": row.severity,
        "object": {"kind": row.kind, "name": row.name, "flow": row.flow, "division": row.division},
    }
