"""Differences of two audits as JSON (rules/schemas/diff.schema.json)."""

from __future__ import annotations

from auditor.model.snapshot import EntryKey, FindingLine, ProblemLine, VerdictLine
from auditor.policy.differences import CellChange, Differences, Pair
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions

SCHEMA_VERSION = "1.0"


def diff_json(found: Differences, options: ReportOptions) -> str:
    """Always this shape, also when nothing changed."""
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": TOOL, "version": options.version},
            "exit_code": options.exit_code,
            **differences_value(found),
        }
    )


def differences_value(found: Differences) -> JsonObject:
    """What changed, as data."""
    return {
        "renames": [{"kind": r.kind, "old": r.old, "new": r.new} for r in found.renames],
        "verdicts": [_verdict(pair) for pair in found.verdicts],
        "findings": {
            "new": [finding_value(line) for line in found.new],
            "fixed": [finding_value(line) for line in found.fixed],
            "still": [_still(pair) for pair in found.still],
        },
        "matrix": None if found.cells is None else [_cell(change) for change in found.cells],
        "problems": {
            "new": [_problem(line) for line in found.problems],
            "solved": [_problem(line) for line in found.solved],
        },
        "less_covered": [{"what": s.what, "old": s.old, "new": s.new} for s in found.lost],
    }


def _verdict(pair: Pair[VerdictLine]) -> JsonObject:
    line = pair.new or pair.old
    assert line is not None
    return {
        "entry": _entry(line.entry),
        "direction": line.direction,
        "trunks": list(pair.trunks),
        "old": _facts(pair.old),
        "new": _facts(pair.new),
    }


def _entry(key: EntryKey) -> JsonObject:
    return {"kind": key.kind, "name": key.name, "id": key.id}


def _facts(line: VerdictLine | None) -> JsonObject | None:
    if line is None:
        return None
    return {
        "verdict": line.verdict,
        "effect": line.effect,
        "mode": line.mode,
        "line": line.line,
        "gate": line.gate,
    }


def finding_value(line: FindingLine) -> JsonObject:
    """A finding without its path."""
    return {
        "rule": line.rule,
        "severity": line.severity,
        "latent": line.latent,
        "fingerprint": line.fingerprint,
        "message": line.message,
        "object": {
            "kind": line.kind,
            "name": line.name,
            "id": line.id,
            "flow": line.flow,
            "division": line.division,
        },
    }


def _still(pair: Pair[FindingLine]) -> JsonObject:
    assert pair.old is not None and pair.new is not None
    return {**finding_value(pair.new), "severity_before": pair.old.severity}


def _cell(change: CellChange) -> JsonObject:
    return {
        "entry": _entry(change.line.entry),
        "number": change.line.number,
        "direction": change.line.direction,
        "trunks": list(change.trunks),
        "cell": change.cell,
        "old": change.old,
        "new": change.new,
    }


def _problem(line: ProblemLine) -> JsonObject:
    return {"code": line.code, "message": line.message, "file": line.file}
