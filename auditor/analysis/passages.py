"""What an exploration passes over: idle points from which all ways come together again.

Where all ways on from such a point come together again, it is passed over as one move; a row of such branches is too,
however many paths lead through it, and a loop. Witnesses write out what was passed over.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auditor.analysis.environment import Environment
from auditor.analysis.idle import Idle, Way, flushes, keeps
from auditor.analysis.regions import regions
from auditor.analysis.tracking import SHARED
from auditor.analysis.uses import ANY_ATTRIBUTE
from auditor.graph.points import Point

_FLUSHES, _KEEPS = 1, 2


class Passage(Struct, frozen=True, gc=False):
    """What is passed over from a point on. target: where something can happen again; length: points on the shortest

    way there; way: the first step of it; flushes: whether queued audio is heard on the way; keeps: whether an answer
    may be stored.
    """

    target: int
    length: int
    way: Way
    flushes: bool
    keeps: bool


class Passages:
    """Idle points of flows. ways: from each of them; passage: from those whose ways all come together.

    flushing: those at which queued audio is heard, so that they are idle only when there is none; keeping: those that
    store an answer, when there is one.
    """

    def __init__(self, idle: Idle | None = None, rejoining: frozenset[int] = frozenset()) -> None:
        """idle: None where nothing is passed over; rejoining: points that test variables without deciding anything,

        whatever they hold; see Bearing.
        """
        self._idle, self._rejoining = idle, rejoining
        self._covered: set[int] = set()
        self.ways: dict[int, tuple[Way, ...]] = {}
        self.passage: dict[int, Passage] = {}
        self._leading: dict[int, tuple[Way, ...]] = {}
        self.flushing: set[int] = set()
        self.keeping: set[int] = set()

    def cover(self, environment: Environment, flows: Iterable[int]) -> None:
        """Finds the idle points of more flows. environment: that of the exploration."""
        for flow in sorted(set(flows) - self._covered):
            self._covered.add(flow)
            leading = {
                p.id: ways for p in environment.program.codes[flow].points if (ways := self._look(environment, p))
            }
            self._leading.update(leading)
            self._pass(leading)

    def _look(self, environment: Environment, point: Point) -> tuple[Way, ...]:
        """The ways on from a point that may be passed over; whether it is idle is kept."""
        ways = self._idle.ways(point) if self._idle is not None else ()
        if not ways:
            return ()
        if not touches(environment, point):
            self.ways[point.id] = ways
            if flushes(point):
                self.flushing.add(point.id)
            if keeps(point):
                self.keeping.add(point.id)
            return ways
        return ways if point.id in self._rejoining else ()

    def _pass(self, leading: dict[int, tuple[Way, ...]]) -> None:
        marks = {p: _FLUSHES * (p in self.flushing) | _KEEPS * (p in self.keeping) for p in leading}
        found = regions({point: tuple([way.target for way in ways]) for point, ways in leading.items()}, marks)
        for point, region in found.items():
            flushes, keeps = bool(region.marks & _FLUSHES), bool(region.marks & _KEEPS)
            self.passage[point] = Passage(region.target, region.length, leading[point][region.first], flushes, keeps)

    def over(self, first: int) -> set[int]:
        """Every point that may be passed over from this one on."""
        target, todo, found = self.passage[first].target, [first], {first}
        while todo:
            for way in self._leading[todo.pop()]:
                if way.target != target and way.target not in found:
                    found.add(way.target)
                    todo.append(way.target)
        return found


def touches(environment: Environment, point: Point) -> bool:
    """Whether an idle point reads or writes a variable that is followed."""
    shared = environment.keys[SHARED]
    tracked = environment.keys[point.flow] | shared
    if not tracked:
        return False
    uses = environment.uses.at(point)
    if ANY_ATTRIBUTE in uses.writes and shared:
        return True
    return not (tracked.isdisjoint(uses.reads) and tracked.isdisjoint(uses.writes))
