"""The words in which two audits are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model.snapshot import EntryKey, FindingLine, VerdictLine
from auditor.policy.differences import CellChange, Pair
from auditor.report.text import listed, safe
from auditor.report.words import ENTRY_KINDS


def entry_of(key: EntryKey) -> str:
    """`call route "Support"`."""
    return f'{ENTRY_KINDS.get(key.kind, safe(key.kind))} "{safe(key.name)}"'


def leg_of(direction: str, trunks: tuple[str, ...]) -> str:
    """`inbound (Trunk A, Trunk B)`."""
    over = f" ({listed(tuple(safe(name) for name in trunks))})" if trunks else ""
    return safe(direction) + over


def facts_of(pair: Pair[VerdictLine]) -> tuple[str, str]:
    """What was and what is, naming only what changed beside the verdict."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        line = old or new
        assert line is not None
        return (_all(line), "no such call") if new is None else ("no such call", _all(line))
    names = ("verdict", "records", "mode", "line", "gate")
    was, now = [old.verdict], [new.verdict]
    for name, a, b in list(zip(names, old.facts, new.facts, strict=True))[1:]:
        if a != b:
            was.append(f"{name} {cell_of(a)}")
            now.append(f"{name} {cell_of(b)}")
    return ", ".join(was), ", ".join(now)


def _all(line: VerdictLine) -> str:
    return f"{line.verdict}, records {cell_of(line.effect)}"


def findings_of(findings: Iterable[FindingLine]) -> Iterator[str]:
    """Each finding with its severity; those of objects that go by the same name are one."""
    for text, count in Counter(f"{finding_of(f)} ({f.severity})" for f in findings).items():
        yield text if count == 1 else f"{text}, {count} objects of this name"


def finding_of(line: FindingLine) -> str:
    """`RC102 of action "Enable" in flow "Main"`."""
    inside = f' in flow "{safe(line.flow)}"' if line.flow and line.kind != "flow" else ""
    return f'{safe(line.rule)} of {safe(line.kind)} "{safe(line.name)}"{inside}'


def call_of(change: CellChange) -> str:
    """The entry of a row, with its number where it has several."""
    number = f" {safe(change.line.number)}" if change.line.number and change.line.entry.kind != "number" else ""
    return entry_of(change.line.entry) + number


def cell_of(word: str) -> str:
    """`does not occur`."""
    return safe(word).replace("_", " ")
