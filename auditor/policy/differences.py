"""Two audits side by side: what behaves differently, whatever was renamed, moved or reordered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.findings import Severity
from auditor.model.snapshot import CellLine, CoverageLine, EntryKey, FindingLine, ProblemLine, Snapshot, VerdictLine

T = TypeVar("T")

CELLS = (
    "asked",
    "recorded when granted",
    "recorded when refused",
    "recorded without answer",
    "recorded when not asked",
)
"""What the cells of a row of the matrix say, in their order."""


class Pair(Struct, Generic[T], frozen=True):
    """The same thing in both audits. old, new: None where it does not exist; trunks: over which it is so."""

    old: T | None
    new: T | None
    trunks: tuple[str, ...] = ()


class CellChange(Struct, frozen=True):
    """A cell of the matrix that changed."""

    line: CellLine
    cell: str
    old: str
    new: str
    trunks: tuple[str, ...] = ()


class Shrunk(Struct, frozen=True):
    """A measure of coverage that got worse."""

    what: str
    old: int
    new: int


class Rename(Struct, frozen=True):
    """An object with another name than before, known by its id."""

    kind: str
    old: str
    new: str


class Differences(Struct, frozen=True):
    """What changed from one audit to another. cells: None when one of them has no matrix.

    still: findings in both, the old beside the new; lost: what the new audit understands less of.
    """

    renames: tuple[Rename, ...]
    verdicts: tuple[Pair[VerdictLine], ...]
    new: tuple[FindingLine, ...]
    fixed: tuple[FindingLine, ...]
    still: tuple[Pair[FindingLine], ...]
    cells: tuple[CellChange, ...] | None
    problems: tuple[ProblemLine, ...]
    solved: tuple[ProblemLine, ...]
    lost: tuple[Shrunk, ...]

    @property
    def unknowns(self) -> tuple[Pair[VerdictLine], ...]:
        """Verdicts that are unknown now and were not."""
        return tuple(p for p in self.verdicts if _word(p.new) == "unknown" and _word(p.old) != "unknown")

    @property
    def worse(self) -> tuple[FindingLine, ...]:
        """Findings that were there before, and are more severe now."""
        pairs = ((p.old, p.new) for p in self.still)
        return tuple(n for o, n in pairs if o is not None and n is not None and severity(n) > severity(o))

    @property
    def unread(self) -> tuple[ProblemLine, ...]:
        """Files and listings that could not be read whole, and could before."""
        return tuple(problem for problem in self.problems if problem.code in ("RX905", "RX906"))

    @property
    def same(self) -> bool:
        """Whether nothing behaves differently."""
        return not (self.verdicts or self.new or self.fixed or self.cells or self.problems or self.lost or self.worse)


class Condition(Struct, frozen=True):
    """What makes differences fail. new: findings of this severity or worse; unknown: unknown verdicts, unread files."""

    new: Severity | None = None
    unknown: bool = False

    def refuses(self, finding: FindingLine) -> bool:
        """Whether a finding that is new, or more severe than before, is one too many."""
        return self.new is not None and severity(finding) >= self.new

    def fails(self, found: Differences) -> bool:
        """Whether one of the conditions holds."""
        if any(self.refuses(finding) for finding in (*found.new, *found.worse)):
            return True
        return self.unknown and bool(found.unknowns or found.unread)


ANYTHING = Condition()
"""Nothing that changes fails."""


def severity(finding: FindingLine) -> Severity:
    """Its severity, comparable."""
    return Severity[finding.severity.upper()]


def differences(old: Snapshot, new: Snapshot) -> Differences:
    """What changed from old to new."""
    renames = tuple(_renames(old, new))
    before = _renamed(old, {(r.kind, r.old): r.new for r in renames})
    findings = _matched(before.findings, new.findings, _KEYS_OF_FINDINGS)
    gone, come = _multiset(before.problems, new.problems)
    return Differences(
        renames=renames,
        verdicts=tuple(_changed(before.verdicts, new.verdicts)),
        new=tuple(p.new for p in findings if p.old is None and p.new is not None),
        fixed=tuple(p.old for p in findings if p.new is None and p.old is not None),
        still=tuple(p for p in findings if p.old is not None and p.new is not None),
        cells=None if before.cells is None or new.cells is None else tuple(_cells(before.cells, new.cells)),
        problems=come,
        solved=gone,
        lost=tuple(_lost(old.coverage, new.coverage)),
    )


def _word(line: VerdictLine | None) -> str:
    return "" if line is None else line.verdict


def _renames(old: Snapshot, new: Snapshot) -> Iterator[Rename]:
    names = dict(new.names)
    for (kind, id), name in old.names:
        now = names.get((kind, id), name)
        if now != name:
            yield Rename(kind, name, now)
    entries = {(v.entry.kind, v.entry.id): v.entry.name for v in new.verdicts if v.entry.id}
    for key in dict.fromkeys(v.entry for v in old.verdicts):
        name = entries.get((key.kind, key.id), key.name) if key.id is not None else key.name
        if name != key.name:
            yield Rename(key.kind, key.name, name)


def _renamed(old: Snapshot, names: dict[tuple[str, str], str]) -> Snapshot:
    """The old audit in the names of the new one."""

    def trunk(name: str) -> str:
        return names.get(("trunk", name), name)

    def entry(key: EntryKey) -> EntryKey:
        return replace(key, name=names.get((key.kind, key.name), key.name))

    def finding(line: FindingLine) -> FindingLine:
        flow = names.get(("flow", line.flow), line.flow) if line.flow else line.flow
        return replace(line, flow=flow, name=names.get((line.kind, line.name), line.name))

    cells = None if old.cells is None else [replace(c, entry=entry(c.entry), trunk=trunk(c.trunk)) for c in old.cells]
    return replace(
        old,
        verdicts=tuple(replace(v, entry=entry(v.entry), trunk=trunk(v.trunk)) for v in old.verdicts),
        findings=tuple(finding(f) for f in old.findings),
        cells=None if cells is None else tuple(cells),
    )


_KEYS_OF_FINDINGS: tuple[Callable[[FindingLine], Hashable], ...] = (
    lambda f: f.fingerprint,
    lambda f: (f.rule, f.kind, f.id) if f.id else None,
    lambda f: (f.rule, f.kind, f.flow, f.name, f.division),
)
"""How a finding is found again: by fingerprint, by the id of its object, by its renamed names."""


def _matched(old: Sequence[T], new: Sequence[T], keys: Iterable[Callable[[T], Hashable]]) -> list[Pair[T]]:
    """Pairs by the first key that fits; a key that several share pairs them in their order."""
    left, right = dict(enumerate(old)), dict(enumerate(new))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for index, thing in left.items():
            if index not in pairs and key(thing) is not None:
                waiting.setdefault(key(thing), []).append(index)
        for index in [i for i in right if i not in taken]:
            same = waiting.get(key(right[index]), [])
            if same:
                pairs[same.pop(0)] = index
                taken.add(index)
    gone: list[Pair[T]] = [Pair(thing, new[pairs[i]] if i in pairs else None) for i, thing in left.items()]
    return [*gone, *(Pair(None, thing) for index, thing in right.items() if index not in taken)]


def _changed(old: Sequence[VerdictLine], new: Sequence[VerdictLine]) -> Iterator[Pair[VerdictLine]]:
    """Verdicts that changed; trunks over which the same changed are told together."""
    pairs = _matched(old, new, (_by_id, _by_name))
    merged: dict[object, Pair[VerdictLine]] = {}
    for pair in pairs:
        if pair.old is not None and pair.new is not None and pair.old.facts == pair.new.facts:
            continue
        some = pair.new or pair.old
        assert some is not None
        facts = (pair.old and pair.old.facts, pair.new and pair.new.facts)
        key = (some.entry, some.direction, facts)
        known = merged.get(key)
        trunks = (*(known.trunks if known else ()), *([some.trunk] if some.trunk else ()))
        merged[key] = replace(known or pair, trunks=trunks)
    yield from merged.values()


def _by_id(line: VerdictLine) -> Hashable:
    return (line.entry.kind, line.entry.id, line.direction, line.trunk) if line.entry.id else None


def _by_name(line: VerdictLine) -> Hashable:
    return (_identity(line.entry), line.direction, line.trunk)


def _identity(entry: EntryKey) -> Hashable:
    return (entry.kind, entry.name)


def _cells(old: Sequence[CellLine], new: Sequence[CellLine]) -> Iterator[CellChange]:
    before = {_row(line): line for line in old}
    merged: dict[object, CellChange] = {}
    for line in new:
        was = before.get(_row(line))
        if was is None:
            continue
        for cell, a, b in zip(CELLS, was.cells, line.cells, strict=True):
            if a != b:
                key = (line.entry, line.number, line.direction, cell, a, b)
                known = merged.get(key, CellChange(line, cell, a, b))
                trunks = (*known.trunks, *([line.trunk] if line.trunk else ()))
                merged[key] = replace(known, trunks=trunks)
    yield from merged.values()


def _row(line: CellLine) -> Hashable:
    return (_identity(line.entry), line.number, line.direction, line.trunk)


def _multiset(old: Iterable[T], new: Iterable[T]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """What is only in the old, and what is only in the new."""
    before, after = Counter(old), Counter(new)
    return tuple((before - after).elements()), tuple((after - before).elements())


def _lost(old: CoverageLine, new: CoverageLine) -> Iterator[Shrunk]:
    for what in ("entries", "flows", "flows_reached", "actions", "actions_reached"):
        a, b = getattr(old, what), getattr(new, what)
        if b < a:
            yield Shrunk(what.replace("_", " "), a, b)
    known = dict(old.unmodelled)
    for type_, number in new.unmodelled:
        if number > known.get(type_, 0):
            yield Shrunk(f"actions without a model: {type_}", known.get(type_, 0), number)
    if len(new.unread) > len(old.unread):
        yield Shrunk("files not understood", len(old.unread), len(new.unread))
