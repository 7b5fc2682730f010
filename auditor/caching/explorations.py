"""What groups of entries showed in earlier audits, where nothing has changed that their calls can meet.

A flow that changes is explored again with all entries whose calls may come into it; for the others the record holds.
What a record depends on is in its key: the entries, every flow to which references lead from them with its questions
and the variables that matter in it, all other objects of the organisation, and the names of all flows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.basis import Basis
from auditor.analysis.grouping import Group
from auditor.analysis.shown import Record
from auditor.analysis.tracking import SHARED
from auditor.caching.canonical import canonical
from auditor.caching.objects import frozen
from auditor.caching.parts import Parts
from auditor.caching.program import program_digest
from auditor.model.flows import Flow


class _Kept(Struct, frozen=True):
    """A record. others: flows that calls came into although no reference leads there, as they were."""

    record: Record
    others: tuple[tuple[int, str], ...]


class Explorations:
    """Records in the cache; a `Memory` of `Rounds`."""

    def __init__(self, parts: Parts, body: Callable[[Flow], str | None] = lambda flow: None) -> None:
        """body: a text that stands for the tasks and menus of a flow, if there is one."""
        self._parts, self._body = parts, body
        self._marks: dict[int, _Marks] = {}

    def recall(self, basis: Basis, groups: Mapping[int, Group]) -> dict[int, Record]:
        """The records of these groups, as far as there are any that hold."""
        marks = self._marks_of(basis)
        keys = {key: number for number, group in groups.items() if (key := marks.of_group(group)) is not None}
        found = {}
        for key, kept in self._parts.get(keys).items():
            if isinstance(kept, _Kept) and all(marks.of_flow(flow) == mark for flow, mark in kept.others):
                found[keys[key]] = kept.record
        return found

    def keep(self, basis: Basis, group: Group, record: Record) -> None:
        """Has a record kept."""
        marks = self._marks_of(basis)
        key, others = marks.of_group(group), tuple(marks.of_flows(record.flows - group.flows))
        if key is not None and len(others) == len(record.flows - group.flows):
            self._parts.put(key, _Kept(record, others))

    def _marks_of(self, basis: Basis) -> _Marks:
        found = self._marks.get(id(basis))
        if found is None:
            found = self._marks[id(basis)] = _Marks(basis, self._body)
        return found


class _Marks:
    """Short texts that are the same if and only if what they stand for is."""

    def __init__(self, basis: Basis, body: Callable[[Flow], str | None]) -> None:
        self._basis, self._body = basis, body
        self._flows: dict[int, str | None] = {}
        self._common = self._of_all()

    def of_group(self, group: Group) -> str | None:
        """Of everything on which depends what a group shows; None when that cannot be told."""
        flows = tuple(self.of_flows(group.flows))
        if self._common is None or len(flows) < len(group.flows):
            return None
        return _digest(self._common, canonical([(way, self._basis.ways[way]) for way in group.ways]), canonical(flows))

    def of_flows(self, flows: Iterable[int]) -> Iterable[tuple[int, str]]:
        """Of several flows, by their indexes in order, as far as they can be told."""
        return ((flow, mark) for flow in sorted(flows) if (mark := self.of_flow(flow)) is not None)

    def of_flow(self, flow: int) -> str | None:
        """Of a flow, its questions and announcements, and what others decide about its variables."""
        if flow not in self._flows:
            self._flows[flow] = self._of_flow(flow)
        return self._flows[flow]

    def _of_flow(self, flow: int) -> str | None:
        organisation, given = self._basis.given.organisation, self._basis.given.inputs
        if not 0 <= flow < len(organisation.flows):
            return None
        it = organisation.flows[flow]
        mark = self._body(it)
        whole = frozen(it if mark is None else replace(it, containers=()))
        questions = [point for point in given.points if point.place.flow == flow]
        announcements = frozenset(place for place in given.announcements if place.flow == flow)
        outside = (self._basis.facts.environment.outside(flow), self._basis.followed(flow))
        return None if whole is None else _digest(whole, canonical((mark, flow, questions, announcements, outside)))

    def _of_all(self) -> str | None:
        given, basis = self._basis.given, self._basis
        rest = replace(given.organisation, flows=(), inputs=(), problems=(), notes=())
        objects = frozen(rest)
        flows = [(flow.id, flow.name, flow.type, flow.division) for flow in given.organisation.flows]
        inputs = replace(given.inputs, points=(), announcements=frozenset())
        parts = (program_digest(), flows, inputs, given.assumptions, given.include_orphans, given.include_internal,
                 given.pins, basis.plain, [lanes.regimes for lanes in basis.lanes.values()],
                 basis.facts.environment.outside(SHARED), basis.followed(SHARED))  # fmt: skip
        return None if objects is None else _digest(objects, canonical(parts))


def _digest(*parts: bytes | str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(b"%d\n" % len(data) + data)
    return digest.hexdigest()
