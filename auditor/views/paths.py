"""Shortest runs from entries to an object, among all explored situations; runs that end differently first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.analysis.analysis import Analysis, Explored
from auditor.analysis.explore import Context, Key
from auditor.analysis.state import Kind, Regime, Seen, State
from auditor.findings import Entry, LegName, Step
from auditor.policy.subjects import Subjects
from auditor.policy.verdicts import leg_name
from auditor.policy.witness import Witnesses
from auditor.views.targets import Target, reaches


@dataclass(frozen=True, slots=True)
class Path:
    """One run. legs: those on which it is the same; steps: the last one is the arrival."""

    entry: Entry
    legs: tuple[LegName, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A situation that is a target. ending: what tells runs apart; case: index."""

    distance: int
    case: int
    regime: Regime
    context: Context[State, Seen]
    key: Key[State]
    ending: tuple[object, ...]
    captured: bool


class Paths:
    """Finds paths in an analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.witnesses = Witnesses(analysis, Subjects(analysis))

    def find(self, ways: Sequence[int], target: Target, most: int) -> tuple[Path, ...]:
        """At most so many runs, shortest first; each ending is shown before one is shown again."""
        found: dict[tuple[Entry, tuple[Step, ...]], dict[LegName, None]] = {}
        for hit in self._in_turn(sorted(self._hits(ways, target), key=lambda h: (h.distance, h.case))):
            case = self.analysis.cases[hit.case]
            way = self.analysis.ways[case.way]
            key = (Entry(way.kind.value, way.name, way.id, way.numbers), self._steps(hit))
            if key in found or len(found) < most:
                found.setdefault(key, {})[leg_name(self.analysis, case)] = None
            elif hit.ending not in {h for h in found}:
                break
        return tuple(Path(entry, tuple(legs), steps) for (entry, steps), legs in found.items())

    def _in_turn(self, hits: Sequence[_Hit]) -> Iterator[_Hit]:
        raise AssertionError

    def _steps(self, hit: _Hit) -> tuple[Step, ...]:
        raise AssertionError

    def _hits(self, ways: Sequence[int], target: Target) -> Iterator[_Hit]:
        raise AssertionError
