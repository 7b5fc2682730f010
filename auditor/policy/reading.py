"""What entries read: what their runs pass, and whose settings their legs and endpoints look at (design, contracts).

Subjects as in Problem, such as `queue:Sales`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.entries import EntryKind
from auditor.analysis.observations import Observer
from auditor.analysis.places import Connected, InQueue, Wait
from auditor.analysis.state import Kind

_TOLD_BY_RUNS = ("flow", "route", "trunk", "phone", "queue", "campaign", "did")
"""Kinds of which the subjects tell who reads them; any other may matter to every entry."""
_BEGINS = {EntryKind.ROUTE: "route", EntryKind.NUMBER: "did", EntryKind.CAMPAIGN: "campaign"}


class Readings:
    """What the cases of an analysis read, found out when it is asked for."""

    def __init__(self, analysis: Analysis, observer: Observer) -> None:
        self.analysis, self.observer = analysis, observer
        self._known: dict[int, frozenset[str]] = {}

    def of(self, index: int) -> frozenset[str]:
        """What a case reads. index: of the case."""
        if index not in self._known:
            case = self.analysis.cases[index]
            self._known[index] = frozenset((*self._passed(case.way), *self._looked_at(case)))
        return self._known[index]

    @cached_property
    def all(self) -> frozenset[str]:
        """What any audited entry reads."""
        passed = (subject for way in self.analysis.audited_ways for subject in self._passed(way))
        return frozenset(passed).union(*(self.of(index) for index in range(len(self.analysis.cases))))

    def undecided(self, index: int) -> Iterator[str]:
        """Objects that a case reads and that some file may describe too (RX907), or on which files contradict each

        other (RX909), in words.
        """
        for problem in self.analysis.organisation.problems:
            if problem.doubtful:
                kind, _, name = problem.subject.partition(":")
                if kind not in _TOLD_BY_RUNS or problem.subject in self.of(index):
                    said = kind.replace("_", " ")
                    if problem.code == "RX909":
                        yield f'files contradict each other on {said} "{name}" (RX909)'
                    else:
                        yield f'which {said} "{name}" is meant in {problem.location.file} is not known (RX907)'

    def _passed(self, way: int) -> Iterator[str]:
        for flow in self.analysis.flows_of(way):
            yield f"flow:{self.analysis.organisation.flows[flow].name}"
        entry = self.analysis.ways[way]
        if entry.kind in _BEGINS:
            yield f"{_BEGINS[entry.kind]}:{entry.name}"

    def _looked_at(self, case: Case) -> Iterator[str]:
        organisation = self.analysis.organisation
        for trunk in case.leg.trunks:
            yield f"trunk:{organisation.trunk_bases[trunk].name}"
        for world in case.worlds:
            for seen in self.analysis.shown(case.way, world.regime).first:
                if seen.kind is Kind.CONNECTED:
                    seats = self.observer.seats(self.observer.endpoint(seen), world)
                    for phone in seats.phones:
                        yield f"phone:{organisation.phones[phone].name}"
        yield from self._queues(case)

    def _queues(self, case: Case) -> Iterator[str]:
        for point in self.analysis.shown(case.way, case.worlds[0].regime).entered:
            match self.analysis.places.at(point):
                case Wait(queue=queue) | Connected(endpoint=InQueue(queue=queue)) if queue >= 0:
                    yield f"queue:{self.analysis.organisation.queues[queue].name}"
