"""Differences of two audits as lists for programs and spreadsheets: JSON lines and CSV."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.snapshot import FindingLine
from auditor.policy.differences import Differences
from auditor.report.csv_text import csv_text
from auditor.report.diff_json import SCHEMA_VERSION, differences_value
from auditor.report.diff_words import call_of, cell_of, entry_of, facts_of, finding_of, leg_of
from auditor.report.json_text import JsonObject, json_line
from auditor.report.options import TOOL, ReportOptions

COLUMNS = ("change", "severity", "rule", "about", "leg", "what", "old", "new", "message", "file", "line", "fingerprint")
_PARTS = {"renames": "rename", "verdicts": "verdict", "matrix": "cell", "less_covered": "less_covered"}


def diff_jsonl(found: Differences, options: ReportOptions) -> str:
    """First a line of type `diff`, then one for each change; findings and problems say which change it is."""
    head: JsonObject = {
        "type": "diff",
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "exit_code": options.exit_code,
        "matrix_compared": found.cells is not None,
    }
    return "".join(json_line(line) for line in (head, *_lines(differences_value(found))))


def _lines(value: JsonObject) -> Iterator[JsonObject]:
    for name, part in value.items():
        if isinstance(part, dict):
            for change, rows in part.items():
                yield from ({"type": name.removesuffix("s"), "change": change, **row} for row in rows)
        elif isinstance(part, list):
            yield from ({"type": _PARTS[name], **row} for row in part)


def diff_csv(found: Differences) -> str:
    """One row a change; no cell is ever a formula."""
    return csv_text(COLUMNS, _rows(found))


def _rows(found: Differences) -> Iterator[tuple[str, ...]]:
    for rename in found.renames:
        yield _row("renamed", about=rename.kind, old=rename.old, new=rename.new)
    for pair in found.verdicts:
        line = pair.new or pair.old
        assert line is not None
        old, new = facts_of(pair)
        leg = leg_of(line.direction, pair.trunks)
        yield _row("verdict changed", about=entry_of(line.entry), leg=leg, what="verdict", old=old, new=new)
    for change, lines in (("new finding", found.new), ("fixed finding", found.fixed)):
        yield from (_finding(change, each) for each in lines)
    for still in found.still:
        assert still.old is not None and still.new is not None
        worse = still.new in found.worse
        yield _finding("more severe" if worse else "still open", still.new, still.old.severity if worse else "")
    for cell in found.cells or ():
        leg = leg_of(cell.line.direction, cell.trunks)
        old, new = cell_of(cell.old), cell_of(cell.new)
        yield _row("matrix changed", about=call_of(cell), leg=leg, what=cell.cell, old=old, new=new)
    for change, problems in (("new problem", found.problems), ("solved problem", found.solved)):
        yield from (_row(change, rule=each.code, message=each.message, file=each.file) for each in problems)
    for shrunk in found.lost:
        yield _row("less covered", what=shrunk.what, old=str(shrunk.old), new=str(shrunk.new))


def _finding(change: str, line: FindingLine, before: str = "") -> tuple[str, ...]:
    return _row(
        change,
        severity=line.severity,
        rule=line.rule,
        about=finding_of(line).partition(" of ")[2],
        old=before,
        new=line.severity if before else "",
        message=line.message,
        file=line.file,
        line="" if line.line is None else str(line.line),
        fingerprint=line.fingerprint,
    )


def _row(change: str, **cells: str) -> tuple[str, ...]:
    return (change, *(cells.get(column, "") for column in COLUMNS[1:]))
