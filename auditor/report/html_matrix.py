"""The matrix as the HTML report shows it, and above it the answer: which calls are safe, which are not."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.findings import Audit, Entry, EntryName, EntryVerdict, LegName, Recorded, Row, VerdictWord
from auditor.report.html_findings import Filters
from auditor.report.matrix import CELLS, MEANING, MODES, by_line, call_words, line_words
from auditor.report.words import EFFECTS, entry_words

ORDER = (VerdictWord.VIOLATED, VerdictWord.UNKNOWN, VerdictWord.PROVED)
MOST_SHOWN = 12
_KIND_WORDS = {"route": "call route", "number": "direct number"}
"""Of other entries the first column says already what they are."""
_KINDS = ("route", "number", "campaign", "callback", "internal", "orphan", "manual")
_ALARM = (Recorded.RECORDED, Recorded.DEPENDS)


class Cell(Struct, frozen=True):
    """A word and what to think of it: bad, good, unsure or nothing."""

    word: str
    tone: str = ""


class RowView(Struct, frozen=True):
    """A line of the table. members: names where several share it; rules: (code, how many, anchor of the first)."""

    call: str
    kind: str
    members: tuple[str, ...]
    asked: Cell
    recorded: tuple[Cell, ...]
    mode: str
    verdict: VerdictWord
    rules: tuple[tuple[str, int, str], ...]
    doubts: tuple[str, ...]
    entries: str


class MatrixView(Struct, frozen=True):
    """The table by line, and what the words in it mean. full: whether it says who is recorded."""

    groups: tuple[tuple[str, tuple[RowView, ...]], ...]
    meaning: tuple[tuple[str, str], ...]
    full: bool


class Answer(Struct, frozen=True):
    """The entries of one verdict, the worst of their lines: (words, number in the filter); numbers come first."""

    verdict: VerdictWord
    entries: tuple[tuple[str, int], ...]

    @property
    def first(self) -> tuple[tuple[str, int], ...]:
        """Those that are shown at once: all of them, unless they are many."""
        few = len(self.entries) <= MOST_SHOWN + 2
        return self.entries if few else self.entries[:MOST_SHOWN]

    @property
    def rest(self) -> tuple[tuple[str, int], ...]:
        """Those that are folded away."""
        return self.entries[len(self.first) :]


def answers(audit: Audit, filters: Filters) -> list[Answer]:
    """Each entry once, under the worst verdict of its lines."""
    worst: dict[Entry, VerdictWord] = {}
    for verdict in audit.verdicts:
        before = worst.get(verdict.entry, VerdictWord.PROVED)
        worst[verdict.entry] = min(before, verdict.verdict, key=ORDER.index)
    found = []
    for word in ORDER:
        entries = [entry for entry, verdict in worst.items() if verdict is word]
        ordered = sorted(entries, key=lambda entry: (_place(entry), _short(entry)))
        found.append(Answer(word, tuple((_short(each), filters.entries.number(_name(each))) for each in ordered)))
    return found


def matrix_view(audit: Audit, anchors: Sequence[str], filters: Filters) -> MatrixView:
    """The table; without a matrix in the audit only the verdicts."""
    links = _links(audit, anchors)
    if audit.matrix is None:
        rows = tuple(_verdict_row(verdict, links, filters) for verdict in audit.verdicts)
        return MatrixView((("", rows),) if rows else (), (), full=False)
    groups = tuple(
        (line, tuple(_row(group, links, filters) for group in rows))
        for line, rows in by_line(audit.matrix.rows).items()
    )
    shown = {word for _, rows in groups for row in rows for word in _words(row)}
    return MatrixView(groups, tuple((w, m) for w, m in MEANING.items() if w in shown), full=True)


def _words(row: RowView) -> tuple[str, ...]:
    return (row.asked.word, *(cell.word for cell in row.recorded), row.mode, row.verdict.value)


Links = dict[tuple[Entry, LegName], tuple[tuple[str, str], ...]]


def _links(audit: Audit, anchors: Sequence[str]) -> Links:
    """The findings of each entry and leg."""
    known: dict[str, tuple[str, str]] = {}
    for finding, anchor in zip(audit.findings, anchors, strict=True):
        known.setdefault(finding.fingerprint, (finding.rule, anchor))
    return {(v.entry, v.leg): tuple(known[f] for f in v.findings if f in known) for v in audit.verdicts}


def _row(group: Sequence[Row], links: Links, filters: Filters) -> RowView:
    row = group[0]
    alarm = row.verdict is VerdictWord.VIOLATED
    recorded = (
        Cell(CELLS[row.granted], "unsure" if row.granted is Recorded.UNKNOWN else ""),
        *(_cell(word, alarm) for word in (row.refused, row.unanswered, row.not_asked)),
    )
    rules = dict.fromkeys(link for each in group for link in links.get((each.entry, each.leg), ()))
    entries = list(dict.fromkeys(each.entry for each in group))
    return RowView(
        call=call_words(group),
        kind=_KIND_WORDS.get(row.entry.kind, ""),
        members=tuple(entry.name for entry in entries) if len(entries) > 1 else (),
        asked=Cell(row.asked.value, "unsure" if row.asked.value == "unknown" else ""),
        recorded=recorded,
        mode=MODES.get(row.mode, row.mode),
        verdict=row.verdict,
        rules=_counted(list(rules)),
        doubts=row.doubts,
        entries=filters.entries.numbers([_name(entry) for entry in entries]),
    )


def _counted(links: Sequence[tuple[str, str]]) -> tuple[tuple[str, int, str], ...]:
    """Each rule once, in the order of severity."""
    anchors: dict[str, list[str]] = {}
    for code, anchor in links:
        anchors.setdefault(code, []).append(anchor)
    return tuple((code, len(each), each[0]) for code, each in anchors.items())


def _cell(word: Recorded, alarm: bool) -> Cell:
    if word is Recorded.UNKNOWN:
        return Cell(CELLS[word], "unsure")
    if word in _ALARM and alarm:
        return Cell(CELLS[word], "bad")
    return Cell(CELLS[word], "good" if word is Recorded.NOT_RECORDED else "")


def _verdict_row(verdict: EntryVerdict, links: Links, filters: Filters) -> RowView:
    return RowView(
        call=f"{entry_words(verdict.entry)}, {line_words(verdict.leg)}",
        kind=verdict.entry.kind,
        members=(),
        asked=Cell(EFFECTS[verdict.effect]),
        recorded=(),
        mode=MODES.get(verdict.mode, verdict.mode),
        verdict=verdict.verdict,
        rules=_counted(links.get((verdict.entry, verdict.leg), ())),
        doubts=verdict.reasons,
        entries=filters.entries.numbers([_name(verdict.entry)]),
    )


def _name(entry: Entry) -> str:
    return entry_words(EntryName(entry.kind, entry.name))


def _place(entry: Entry) -> int:
    return _KINDS.index(entry.kind) if entry.kind in _KINDS else len(_KINDS)


def _short(entry: Entry) -> str:
    """The numbers and the name, as in the first column of the table."""
    if entry.kind == "internal":
        return entry.name
    if entry.kind == "route":
        return f"{', '.join(entry.numbers)} {entry.name}" if entry.numbers else f"route {entry.name}"
    if entry.kind == "number":
        return f"{entry.name} (direct)"
    return f"{entry.name} dials out" if entry.kind == "manual" else _name(entry)
