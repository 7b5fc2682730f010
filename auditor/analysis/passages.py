"""What an exploration passes over: idle points from which all ways come together again.

Where all ways on from such a point come together again, it is passed over as one move; a row of such branches is too,
however many paths lead through it, and a loop. Witnesses write out what was passed over.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import partial

from msgspec import Struct

from auditor.analysis.endings import HEADS, dead_ends
from auditor.analysis.environment import Environment
from auditor.analysis.idle import FLUSHES, Idle, Way, flushes
from auditor.analysis.quiet import Back, Body, Quiet, bound
from auditor.analysis.regions import Ways, regions
from auditor.analysis.tracking import SHARED
from auditor.analysis.uses import ANY_ATTRIBUTE
from auditor.graph.points import Point


class Passage(Struct, frozen=True, gc=False):
    """What is passed over from a point on. target: where something can happen again; length: points on the shortest

    way there; way: the first step of it; flushes: whether queued audio is heard on the way; keeps: whether an answer
    may be stored.
    """

    target: int
    length: int
    way: Way
    flushes: bool


class Passages:
    """Idle points of flows. ways: from each of them; passage: from those whose ways all come together.

    flushing: those at which queued audio is heard, so that they are idle only when there is none.
    """

    def __init__(
        self, idle: Idle | None = None, rejoining: frozenset[int] = frozenset(), *, calls: bool = False
    ) -> None:
        """idle: None where nothing is passed over; rejoining: points that test variables without deciding anything,

        whatever they hold, see Bearing; calls: whether calls in which nothing happens are passed over, too, which
        only runs looked up with all variables write out.
        """
        self._idle, self._rejoining, self._calls = idle, rejoining, calls
        self._covered: set[int] = set()
        self.ways: dict[int, tuple[Way, ...]] = {}
        self.passage: dict[int, Passage] = {}
        self._leading: dict[int, tuple[Way, ...]] = {}
        self._chosen: dict[int, tuple[Way, ...]] = {}
        self._into: dict[int, int] = {}
        self.flushing: set[int] = set()
        self._bodies: dict[int, Body] = {}
        self._quiet: Quiet | None = None

    def cover(self, environment: Environment, flows: Iterable[int]) -> None:
        """Finds the idle points of more flows. environment: that of the exploration, always with the same variables."""
        if self._idle is None:
            return
        body = partial(self._body, environment, self._idle)
        if self._quiet is None:
            self._quiet = Quiet(environment.program, body, _labels)
        for flow in sorted(set(flows) - self._covered):
            self._covered.add(flow)
            self._pass(body(flow), self._quiet.through(flow))

    def _body(self, environment: Environment, idle: Idle, flow: int) -> Body:
        """A flow as it is passed over; which of its points are idle is kept."""
        found = self._bodies.get(flow)
        if found is None:
            calls: dict[int, int] = {}
            leading: dict[int, tuple[Way, ...]] = {}
            code = environment.program.codes[flow]
            for point in code.points:
                ways = self._look(environment, idle, point)
                if ways:
                    leading[point.id] = ways
                elif self._calls and (start := idle.call(point)) is not None and not fills(environment, point):
                    calls[point.id] = start
            self._leading.update(leading)
            dead = dead_ends(code, {p: [way.target for way in ways] for p, ways in leading.items()})
            for point in code.points:
                if point.id in leading and point.kind not in HEADS and not environment.uses.at(point).tests:
                    ways = tuple([way for way in leading[point.id] if way.target not in dead])
                    leading[point.id] = ways or leading[point.id]
            self._chosen.update(leading)
            marks = dict.fromkeys(leading.keys() & self.flushing, FLUSHES)
            targets = {point: tuple([way.target for way in ways]) for point, ways in leading.items()}
            found = self._bodies[flow] = Body(targets, marks, calls)
        return found

    def _look(self, environment: Environment, idle: Idle, point: Point) -> tuple[Way, ...]:
        """The ways on from a point that may be passed over; whether it is idle is kept."""
        ways = idle.ways(point)
        if not ways:
            return ()
        if not touches(environment, point):
            self.ways[point.id] = ways
            if flushes(point):
                self.flushing.add(point.id)
            return ways
        return ways if point.id in self._rejoining else ()

    def _pass(self, body: Body, calls: Mapping[int, Back]) -> None:
        ways = {**body.ways, **{point: (back.target,) for point, back in calls.items()}}
        marks = {**body.marks, **{point: back.marks for point, back in calls.items()}}
        for point, back in calls.items():
            self._leading[point] = self._chosen[point] = (Way(back.target, "returns"),)
            self._into[point] = body.calls[point]
        found = regions(ways, marks, {point: back.length for point, back in calls.items()})
        for point, region in found.items():
            way = self._chosen[point][region.first]
            self.passage[point] = Passage(region.target, region.length, way, bool(region.marks & FLUSHES))

    @property
    def idle(self) -> Container[int]:
        """Every point that may be passed over, if nothing is due."""
        return self._leading

    def over(self, first: int) -> set[int]:
        """Every point that may be passed over from this one on, those of what is called among them."""
        target, todo, found = self.passage[first].target, [first], {first}
        while todo:
            point = todo.pop()
            behind = [way.target for way in self._leading.get(point, ()) if way.target != target]
            if point in self._into:
                behind.append(self._into[point])
            for each in behind:
                if each not in found:
                    found.add(each)
                    todo.append(each)
        return found


def _labels(ways: Ways, marks: Mapping[int, int], lengths: Mapping[int, int]) -> dict[int, tuple[int, int, int]]:
    return {p: (region.target, region.marks, region.length) for p, region in regions(ways, marks, lengths).items()}


def fills(environment: Environment, point: Point) -> bool:
    """Whether a call fills a variable that is followed when it comes back."""
    tracked = environment.keys[point.flow]
    return bool(tracked) and not tracked.isdisjoint(bound(point))


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
