"""Shortest runs from entries to an object, among all explored situations; runs that end differently first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from auditor.analysis.analysis import Analysis, Explored
from auditor.analysis.explore import Context, Key
from auditor.analysis.places import Connected, InQueue, Start, Wait
from auditor.analysis.state import Kind, Place, Seen, State
from auditor.findings import Entry, LegName, Step, StepState
from auditor.policy.subjects import Subjects
from auditor.policy.verdicts import leg_name
from auditor.policy.witness import Witnesses
from auditor.views.targets import Target, reaches

LOOKED_AT = 50
"""For each run that is wanted so many are written out, to find those that are the same on several legs."""


@dataclass(frozen=True, slots=True)
class Path:
    """One run. legs: those on which it is the same; steps: the last one is the arrival."""

    entry: Entry
    legs: tuple[LegName, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A situation that is a target. starts: the recording that starts there; ending: what tells runs apart."""

    distance: int
    case: int
    explored: Explored
    context: Context[State, Seen]
    key: Key[State]
    starts: Seen | None
    ending: tuple[object, ...]


class Paths:
    """Finds paths in an analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.witnesses = Witnesses(analysis, Subjects(analysis))

    def find(self, ways: Collection[int], target: Target, most: int) -> tuple[Path, ...]:
        """At most so many runs, shortest first; each ending is shown before one is shown again."""
        found: dict[tuple[Entry, tuple[Step, ...]], dict[LegName, None]] = {}
        hits = sorted(self._hits(ways, target), key=lambda hit: (hit.distance, hit.case))
        for hit in islice(_in_turn(_arrivals(self.analysis, hits)), most * LOOKED_AT):
            case = self.analysis.cases[hit.case]
            way = self.analysis.ways[case.way]
            key = (Entry(way.kind.value, way.name, way.id, way.numbers), self._steps(hit))
            if key in found or len(found) < most:
                found.setdefault(key, {})[leg_name(self.analysis, case)] = None
        return tuple(Path(entry, tuple(legs), steps) for (entry, steps), legs in found.items())

    def _steps(self, hit: _Hit) -> tuple[Step, ...]:
        path = hit.explored.reach.path(hit.context, hit.key)
        last = self.witnesses.arrival(hit.key)
        if hit.starts is not None:
            seen = hit.starts
            state = StepState(seen.consent.word, seen.noticed, seen.enabled, Place(seen.subject).word)
            last = replace(last, text=f"{last.text}: line recording starts", state=state)
        return (*self.witnesses.moves(path), last)

    def _hits(self, ways: Collection[int], target: Target) -> Iterator[_Hit]:
        places: dict[int, bool] = {}
        for index, case in enumerate(self.analysis.cases):
            if case.way not in ways:
                continue
            records = target.any_trunk or bool(target.trunks & set(case.leg.trunks))
            for regime in dict.fromkeys(world.regime for world in case.worlds):
                explored = self.analysis.explored(case.way, regime)
                for context in explored.reach.contexts:
                    yield from self._in_context(index, explored, context, target, places)
                    if records:
                        yield from self._starts(index, explored, context)

    def _in_context(
        self, case: int, explored: Explored, context: Context[State, Seen], target: Target, places: dict[int, bool]
    ) -> Iterator[_Hit]:
        base = explored.reach.distance[context.number]
        for key, (distance, _) in context.seen.items():
            point = key[0]
            wanted = point in target.points
            place = self.analysis.places.at(point)
            if place is not None:
                wanted = places.setdefault(point, reaches(self.analysis, target, place))
            if wanted:
                state = key[1]
                ending = (point, state.consent, state.noticed, state.enabled, state.captured, state.tainted)
                yield _Hit(base + distance, case, explored, context, key, None, ending)

    def _starts(self, case: int, explored: Explored, context: Context[State, Seen]) -> Iterator[_Hit]:
        base = explored.reach.distance[context.number]
        for seen, (distance, key) in context.notes.items():
            if seen.kind is Kind.CAPTURED:
                start = isinstance(self.analysis.places.at(key[0]), Start)
                ending = (-1 if start else key[0], seen.consent, seen.noticed, seen.enabled, seen.tainted)
                yield _Hit(base + distance, case, explored, context, key, seen, ending)


def _arrivals(analysis: Analysis, hits: Sequence[_Hit]) -> Sequence[_Hit]:
    """Without the calls that an agent answers from a queue which they are seen to reach before."""
    waits = [hit for hit in hits if isinstance(analysis.places.at(hit.key[0]), Wait)]
    if not waits:
        return hits
    return [hit for hit in hits if not _from_queue(analysis, hit)]


def _from_queue(analysis: Analysis, hit: _Hit) -> bool:
    place = analysis.places.at(hit.key[0])
    return isinstance(place, Connected) and isinstance(place.endpoint, InQueue)


def _in_turn(hits: Sequence[_Hit]) -> Iterator[_Hit]:
    """The first of each ending, then the second of each, and so on."""
    endings: dict[tuple[object, ...], list[_Hit]] = {}
    for hit in hits:
        endings.setdefault(hit.ending, []).append(hit)
    for turn in zip_longest(*endings.values()):
        yield from (hit for hit in turn if hit is not None)
