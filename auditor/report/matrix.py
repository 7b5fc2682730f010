"""The matrix as a table for people, as CSV, and as JSON (rules/schemas/matrix.schema.json)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from auditor.findings import LegName, VerdictWord
from auditor.report.csv_text import csv_text
from auditor.report.grid import grid_in_parts
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import counted, listed, safe
from auditor.report.words import entry_words
from auditor.report.wrap import wrapped
from auditor.views.matrix import Matrix, Recorded, Row

SCHEMA_VERSION = "1.0"
HEADERS = ("call", "asked", "agrees", "refuses", "silent", "not\nasked", "mode", "verdict")
COLUMNS = (
    "number", "kind", "entry", "direction", "trunks", "line_recording", "consent_gate", "asked", "recorded_if_granted",
    "recorded_if_refused", "recorded_if_unanswered", "recorded_if_not_asked", "mode", "verdict", "doubts",
)  # fmt: skip

CELLS = {
    Recorded.RECORDED: "yes",
    Recorded.NOT_RECORDED: "no",
    Recorded.DEPENDS: "depends",
    Recorded.DOES_NOT_OCCUR: "-",
    Recorded.UNKNOWN: "unknown",
}
_QUESTION = (
    "Is the caller asked about recording? Is the call recorded if the caller agrees, refuses, stays silent, or is not"
    " asked (or not yet)?"
)
MODES = {"opt_in": "opt-in", "opt_out": "opt-out", "announcement": "notice", "none": "none"}
MEANING = {
    "sometimes": "some calls reach somebody, or voicemail, without having been asked",
    "depends": "on the way the call takes, the phone that answers, or whether it becomes a conference",
    "-": "does not occur",
    "opt-in": "only a yes is consent",
    "opt-out": "no refusal after a notice is consent",
    "notice": "having heard the announcement is consent",
    "none": "no consent is needed",
    "proved": "no call is recorded, or enabled for recording, without consent",
    "violated": "at least one is; the findings show it",
}
_LINES = {
    ("on", "on"): "records once a flow enables it",
    ("on", "off"): "records every call at once",
    ("off", "on"): "does not record, phones may once a flow enables it",
    ("off", "off"): "does not record, phones may",
}


def matrix_table(matrix: Matrix, options: ReportOptions) -> str:
    """One line a row where the width allows; users who dial out with the same outcome share one."""
    if not matrix.rows:
        return "There is no way in which a call can begin here.\n"
    lines = [*wrapped(_QUESTION, options.width), ""]
    lines.append(grid_in_parts(HEADERS, _parts(matrix.rows), options.width))
    lines += ["", *_legend(matrix.rows, options.width), *_reasons(matrix.rows, options.width)]
    if matrix.unread:
        text = f"{counted(matrix.unread, 'file')} could not be read whole: what they hold is not in this table."
        lines += wrapped(text, options.width)
    words = Counter(row.verdict for row in matrix.rows)
    judged = ", ".join(f"{words[word]} {word.value}" for word in VerdictWord)
    return "\n".join([*lines, f"{counted(len(matrix.rows), 'row')}: {judged}"]) + "\n"


def _parts(rows: Sequence[Row]) -> dict[str, list[tuple[str, ...]]]:
    return {
        line: [(call_words(group), *_cells(group[0])) for group in groups] for line, groups in by_line(rows).items()
    }


def by_line(rows: Sequence[Row]) -> dict[str, list[list[Row]]]:
    """Rows by line, numbers first; users who dial out together when nothing else differs."""
    groups: dict[object, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.number is None, row.number or "")):
        alone = None if row.entry.kind == "manual" else row.entry
        groups.setdefault((row.leg, row.facts, row.doubts, row.number, alone), []).append(row)
    parts: dict[str, list[list[Row]]] = {}
    for group in groups.values():
        parts.setdefault(line_words(group[0].leg), []).append(group)
    return parts


def _cells(row: Row) -> tuple[str, ...]:
    recorded = (row.granted, row.refused, row.unanswered, row.not_asked)
    return (
        row.asked.value,
        *(CELLS[word] for word in recorded),
        MODES.get(row.mode, safe(row.mode)),
        row.verdict.value,
    )


def call_words(rows: Sequence[Row]) -> str:
    """Which calls a line of the table is about."""
    row = rows[0]
    name = safe(row.entry.name)
    if len(rows) > 1:
        return f"{len(rows)} users dial out"
    match row.entry.kind:
        case "route":
            return f"{safe(row.number)} {name}" if row.number else f"route {name}"
        case "number":
            return f"{name} (direct)"
        case "manual":
            return f"{name} dials out"
        case "internal":
            return name
        case kind:
            return f"{safe(kind)} {name}"


def line_words(leg: LegName) -> str:
    """The heading above the rows of a leg: its trunks and when they record."""
    if leg.direction == "internal":
        return "No line: calls inside"
    names = listed(tuple(safe(name) for name in leg.trunks)) if leg.trunks else "a line that is not in the export"
    return f"Over {names}, which {_LINES.get((leg.line, leg.gate), _unset(leg))}"


def _unset(leg: LegName) -> str:
    missing = [name for name, word in (("recording", leg.line), ("consent gate", leg.gate)) if word == "unset"]
    return f"may record: {' and '.join(missing)} not in the export"


def _legend(rows: Sequence[Row], width: int) -> Iterator[str]:
    """What the words in this table mean, those that occur."""
    shown = {cell for row in rows for cell in _cells(row)}
    meant = [f"{word}: {meaning}" for word, meaning in MEANING.items() if word in shown]
    yield from wrapped("; ".join(meant) + ".", width) if meant else ()


def _reasons(rows: Sequence[Row], width: int) -> Iterator[str]:
    """Why something is unknown, each reason once with the entries it holds for."""
    entries: dict[str, dict[str, None]] = {}
    for row in rows:
        for doubt in row.doubts:
            entries.setdefault(doubt, {})[entry_words(row.entry)] = None
    if entries:
        yield "Unknown because it is not known or not understood:"
    for doubt, names in entries.items():
        yield from wrapped(f"- {safe(doubt)} ({listed(tuple(names))})", width, "  ", "    ")


def matrix_csv(matrix: Matrix, options: ReportOptions) -> str:
    """One line a row, nothing merged."""
    return csv_text(COLUMNS, (_record(row) for row in matrix.rows))


def _record(row: Row) -> tuple[str, ...]:
    leg = row.leg
    return (
        row.number or "", row.entry.kind, row.entry.name, leg.direction, "; ".join(leg.trunks), leg.line, leg.gate,
        row.asked.value, row.granted.value, row.refused.value, row.unanswered.value, row.not_asked.value, row.mode,
        row.verdict.value, "; ".join(row.doubts),
    )  # fmt: skip


def matrix_json(matrix: Matrix, options: ReportOptions) -> str:
    """The rows as data."""
    value: JsonObject = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "rows": [_row(row) for row in matrix.rows],
        "unread": matrix.unread,
    }
    return json_text(value)


def _row(row: Row) -> JsonObject:
    leg = row.leg
    return {
        "number": row.number,
        "entry": {"kind": row.entry.kind, "name": row.entry.name, "id": row.entry.id},
        "leg": {"direction": leg.direction, "line": leg.line, "gate": leg.gate, "trunks": list(leg.trunks)},
        "asked": row.asked.value,
        "recorded": {
            "granted": row.granted.value,
            "refused": row.refused.value,
            "unanswered": row.unanswered.value,
            "not_asked": row.not_asked.value,
        },
        "mode": row.mode,
        "verdict": row.verdict.value,
        "doubts": list(row.doubts),
    }


Reporter = Callable[[Matrix, ReportOptions], str]
FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": matrix_table, "csv": matrix_csv, "json": matrix_json})
