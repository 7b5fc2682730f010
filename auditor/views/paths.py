"""Shortest runs from entries to an object, among all explored situations; runs that end differently first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.analysis import Analysis
from auditor.analysis.explored import Explored, Situation
from auditor.analysis.places import Connected, InQueue, Start, Wait
from auditor.analysis.state import Place, Seen
from auditor.findings import Entry, LegName, Step, StepState
from auditor.policy.subjects import Subjects
from auditor.policy.verdicts import leg_name
from auditor.policy.witness import Witnesses
from auditor.views.targets import Target, reaches

LOOKED_AT = 50
"""For each run that is wanted so many are written out, to find those that are the same on several legs."""


class Path(Struct, frozen=True):
    """One run. legs: those on which it is the same; steps: the last one is the arrival."""

    entry: Entry
    legs: tuple[LegName, ...]
    steps: tuple[Step, ...]


class _Hit(Struct, frozen=True):
    """A situation that is a target. starts: the recording that starts there; ending: what tells runs apart."""

    case: int
    explored: Explored
    situation: Situation
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
        hits = sorted(self._hits(ways, target), key=lambda hit: (hit.situation.distance, hit.case))
        for hit in islice(_in_turn(_arrivals(self.analysis, hits)), most * LOOKED_AT):
            case = self.analysis.cases[hit.case]
            way = self.analysis.ways[case.way]
            key = (Entry(way.kind.value, way.name, way.id, way.numbers), self._steps(hit))
            if key in found or len(found) < most:
                found.setdefault(key, {})[leg_name(self.analysis, case)] = None
        return tuple(Path(entry, tuple(legs), steps) for (entry, steps), legs in found.items())

    def _steps(self, hit: _Hit) -> tuple[Step, ...]:
        path = hit.explored.path_to(hit.situation.context, hit.situation.key)
        last = self.witnesses.arrival((hit.situation.point, hit.situation.state))
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
                yield from self._situations(index, explored, target, places)
                if records:
                    yield from self._starts(index, explored)

    def _situations(self, case: int, explored: Explored, target: Target, places: dict[int, bool]) -> Iterator[_Hit]:
        for situation in explored.situations:
            point, state = situation.point, situation.state
            wanted = point in target.points
            place = self.analysis.places.at(point)
            if place is not None:
                wanted = places.setdefault(point, reaches(self.analysis, target, place))
            if wanted:
                ending = (point, state.consent, state.noticed, state.enabled, state.captured, state.tainted)
                yield _Hit(case, explored, situation, None, ending)

    def _starts(self, case: int, explored: Explored) -> Iterator[_Hit]:
        for seen, situation in explored.captures:
            start = isinstance(self.analysis.places.at(situation.point), Start)
            ending = (-1 if start else situation.point, seen.consent, seen.noticed, seen.enabled, seen.tainted)
            yield _Hit(case, explored, situation, seen, ending)


def _arrivals(analysis: Analysis, hits: Sequence[_Hit]) -> Sequence[_Hit]:
    """Without the calls that an agent answers from a queue which they are seen to reach before."""
    waits = [hit for hit in hits if isinstance(analysis.places.at(hit.situation.point), Wait)]
    if not waits:
        return hits
    return [hit for hit in hits if not _from_queue(analysis, hit)]


def _from_queue(analysis: Analysis, hit: _Hit) -> bool:
    place = analysis.places.at(hit.situation.point)
    return isinstance(place, Connected) and isinstance(place.endpoint, InQueue)


def _in_turn(hits: Sequence[_Hit]) -> Iterator[_Hit]:
    """The first of each ending, then the second of each, and so on."""
    endings: dict[tuple[object, ...], list[_Hit]] = {}
    for hit in hits:
        endings.setdefault(hit.ending, []).append(hit)
    for turn in zip_longest(*endings.values()):
        yield from (hit for hit in turn if hit is not None)
