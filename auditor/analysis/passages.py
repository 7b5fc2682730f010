"""Points at which nothing happens: whatever the state, the call goes on in it. The exploration passes over them.

Announcements, decisions on what nothing tells apart, assignments to variables that nothing reads: most actions of a
flow. Where all ways on from such a point come together again, it is passed over as one move; a row of such branches
is too, however many paths lead through it. Witnesses write out what was passed over.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auditor.analysis.machine import EVIDENCE, CallMachine
from auditor.analysis.moves import MoveKind
from auditor.analysis.returning import FLUSHING
from auditor.analysis.state import State
from auditor.analysis.step import TASK
from auditor.analysis.uses import ANY_ATTRIBUTE, NOTHING, Uses
from auditor.graph.points import Point, PointKind
from auditor.model.expressions import Apply, Expr
from auditor.model.operations import (
    Assign,
    Decide,
    Lookup,
    Loop,
    LoopExit,
    LoopNext,
    Pass,
    Play,
    Schedule,
    SetLanguage,
    SetParticipantData,
    Switch,
)

_IDLE = frozenset({
    Assign, Decide, Loop, LoopExit, LoopNext, Lookup, Pass, Play, Schedule, SetLanguage, SetParticipantData, Switch,
})  # fmt: skip
_STRAIGHT = (Assign, SetLanguage, SetParticipantData)
"""What goes on with the next action."""
_EITHER = (LoopExit, LoopNext, Lookup, Pass, Play, Schedule)
"""What goes on through any of its outputs."""
_KINDS = (PointKind.ACTION, PointKind.ROUND, PointKind.FIRST_ROUND, PointKind.CASE)


class Way(Struct, frozen=True, gc=False):
    """A way on from an idle point."""

    target: int
    why: str


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

    def __init__(self) -> None:
        self._covered: set[int] = set()
        self.ways: dict[int, tuple[Way, ...]] = {}
        self.passage: dict[int, Passage] = {}
        self._ends: set[int] = set()
        self.flushing: set[int] = set()
        self.keeping: set[int] = set()

    def cover(self, machine: CallMachine, flows: Iterable[int]) -> None:
        """Finds the idle points of more flows. machine: of one behaviour, always the same."""
        for flow in sorted(set(flows) - self._covered):
            self._covered.add(flow)
            idleness = Idleness(machine, flow)
            idle = [p for p in machine.facts.program.codes[flow].points if self._look(idleness, p)]
            for point in idle:
                if point.id not in self.passage:
                    self._follow(point.id)

    def _look(self, idleness: Idleness, point: Point) -> bool:
        """Whether a point is idle, which is kept."""
        ways = idleness.ways(point)
        if not ways:
            return False
        self.ways[point.id] = ways
        if _flushes(point):
            self.flushing.add(point.id)
        if keeps(point):
            self.keeping.add(point.id)
        return True

    def _follow(self, start: int) -> None:
        """Finds the passages of a point and of all idle points behind it; a loop is not passed over."""
        stack, entered, ways = [start], set[int](), self.ways
        done, ends = self.passage, self._ends
        while stack:
            here = stack[-1]
            if here in done or here in ends:
                stack.pop()
                continue
            todo = [
                t for way in ways[here] if (t := way.target) in ways and t not in done and t not in ends
                and t not in entered
            ]  # fmt: skip
            if todo and here not in entered:
                entered.add(here)
                stack.extend(todo)
                continue
            stack.pop()
            self._settle(here)

    def _settle(self, point: int) -> None:
        lengths = [(way, self.passage.get(way.target)) for way in self.ways[point]]
        targets = {through.target if through is not None else way.target for way, through in lengths}
        if len(targets) > 1 or point in targets:
            self._ends.add(point)
            return
        way, through = lengths[0]
        if len(lengths) > 1:
            way, through = min(lengths, key=lambda pair: pair[1].length if pair[1] is not None else 0)
        length = 1 + (through.length if through is not None else 0)
        flushes = point in self.flushing or any(t is not None and t.flushes for _, t in lengths)
        keeps = point in self.keeping or any(t is not None and t.keeps for _, t in lengths)
        self.passage[point] = Passage(targets.pop(), length, way, flushes, keeps)

    def over(self, first: int) -> Iterable[int]:
        """Every point that may be passed over from this one on."""
        target, todo, found = self.passage[first].target, [first], {first}
        while todo:
            for way in self.ways[todo.pop()]:
                if way.target != target and way.target not in found:
                    found.add(way.target)
                    todo.append(way.target)
        return found


class Idleness:
    """Which points of a flow are idle, and where they lead."""

    def __init__(self, machine: CallMachine, flow: int) -> None:
        self._machine, self._facts = machine, machine.facts
        self._shared = self._facts.environment.shared
        self._tracked = self._facts.environment.keys[flow] | self._shared
        self._duties = machine.lanes.regime.duties

    def ways(self, point: Point) -> tuple[Way, ...]:
        """The ways on from a point, none if it is not idle."""
        uses = self._facts.uses(point)
        if not self._may_be_idle(point, uses):
            return ()
        return plain_ways(point, uses) or ways_by_machine(self._machine, point)

    def _may_be_idle(self, point: Point, uses: Uses) -> bool:
        """Whether the state can make no difference: nothing tracked is read or written, nothing asked or announced."""
        if point.kind not in _KINDS or point.id in self._facts.points or point.id in self._facts.announcing:
            return False
        if point.site is None:
            return point.kind is PointKind.CASE
        if type(point.site.action.operation) not in _IDLE or (self._duties and keeps(point)):
            return False
        if uses is NOTHING:
            return True
        if self._shared and ANY_ATTRIBUTE in uses.writes:
            return False
        return self._tracked.isdisjoint(uses.reads) and self._tracked.isdisjoint(uses.writes)


def plain_ways(point: Point, uses: Uses) -> tuple[Way, ...]:
    """The ways on where nothing is tested or computed, as the machine would say; none where it has to be asked."""
    if point.site is None or uses.computed or any(map(_is_function, uses.assigned)):
        return ()
    operation = point.site.action.operation
    if isinstance(operation, _STRAIGHT) or (isinstance(operation, _EITHER) and not point.outs):
        return (Way(point.next, ""),)
    if isinstance(operation, _EITHER):
        return tuple({out.target: Way(out.target, out.words) for out in reversed(point.outs)}.values())[::-1]
    return ()


def _is_function(expr: Expr) -> bool:
    """Whether it may fail, or compare texts."""
    return isinstance(expr, Apply)


def _flushes(point: Point) -> bool:
    operation = point.site.action.operation if point.site is not None else None
    if isinstance(operation, Play | Pass):
        return operation.flushes
    return isinstance(operation, Lookup) and operation.kind in FLUSHING


def keeps(point: Point) -> bool:
    """Whether an answer may be stored here, where others see it."""
    if point.site is None:
        return False
    action = point.site.action
    return action.type in EVIDENCE or isinstance(action.operation, SetParticipantData)


_ANY_STATE = State()


def ways_by_machine(machine: CallMachine, point: Point) -> tuple[Way, ...]:
    """The ways on, if there is nothing else: no observation, no error, no change. Inside a called task, where an

    error that is handled elsewhere shows as something else than going on.
    """
    moves, notes = machine.step(point.id, _ANY_STATE, TASK)
    if notes or any(move.kind is not MoveKind.GO or move.state != _ANY_STATE for move in moves):
        return ()
    return tuple({move.target: Way(move.target, move.why) for move in reversed(moves)}.values())[::-1]
