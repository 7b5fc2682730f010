"""What two audits are compared by: words only, the same from an export and from a JSON report."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.directory import NAME_ID


class EntryKey(Struct, frozen=True, gc=False):
    """An entry as compared. id: None when nothing tells it."""

    kind: str
    name: str
    id: str | None = None


class VerdictLine(Struct, frozen=True, gc=False):
    """The verdict on an entry over one trunk base (empty: no trunk is known, or none is used)."""

    entry: EntryKey
    direction: str
    trunk: str
    line: str
    gate: str
    mode: str
    verdict: str
    effect: str

    @property
    def facts(self) -> tuple[str, ...]:
        """What can change."""
        return (self.verdict, self.effect, self.mode, self.line, self.gate)


class CellLine(Struct, frozen=True, gc=False):
    """A row of the matrix over one trunk base. cells: asked, granted, refused, unanswered, not asked."""

    entry: EntryKey
    number: str | None
    direction: str
    trunk: str
    cells: tuple[str, ...]


class FindingLine(Struct, frozen=True, gc=False):
    """A finding as compared. kind, name, id, flow, division: its object; title: of the rule; file, line: its place."""

    fingerprint: str
    rule: str
    severity: str
    kind: str
    name: str
    id: str | None
    flow: str | None
    division: str | None
    message: str
    latent: bool = False
    title: str = ""
    file: str = ""
    line: int | None = None


class ProblemLine(Struct, frozen=True, gc=False):
    """Something that was not understood."""

    code: str
    message: str
    file: str


class CoverageLine(Struct, frozen=True, gc=False):
    """What an audit rests on. unread: files that were not understood; unmodelled: types of actions."""

    entries: int
    flows: int
    flows_reached: int
    actions: int
    actions_reached: int
    unmodelled: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()


class Snapshot(Struct, frozen=True, gc=False):
    """An audit in words. names: (kind, id) -> name of objects; cells: None when there is no matrix."""

    verdicts: tuple[VerdictLine, ...]
    findings: tuple[FindingLine, ...]
    problems: tuple[ProblemLine, ...]
    coverage: CoverageLine
    cells: tuple[CellLine, ...] | None = None
    names: tuple[tuple[tuple[str, str], str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there was nothing to audit."""
        return not self.verdicts and not self.coverage.flows and not self.coverage.unread


def real_id(id: str | None) -> str | None:
    """The id, unless it only stands in for a name."""
    return None if not id or id.startswith(NAME_ID) else id
