"""Points at which nothing happens as long as no variable is followed: whatever the state, the call goes on in it.

Announcements, decisions on what nothing tells apart, assignments to variables that nothing reads: most actions of a
flow.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from auditor.analysis.endings import ending_on_errors
from auditor.analysis.evaluate import evaluate
from auditor.analysis.facts import Facts
from auditor.analysis.machine import STORING, CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.returning import FLUSHING
from auditor.analysis.state import State
from auditor.analysis.step import RAISED, TASK
from auditor.analysis.uses import Uses
from auditor.analysis.values import SOMETHING, Values
from auditor.graph.points import Point, PointKind
from auditor.model.expression_tools import template_in, variables_in
from auditor.model.expressions import Apply, Expr, Literal, Variable
from auditor.model.operations import (
    Assign,
    CallModule,
    CallTask,
    CollectInput,
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
    Assign, CollectInput, Decide, Loop, LoopExit, LoopNext, Lookup, Pass, Play, Schedule, SetLanguage,
    SetParticipantData, Switch,
})  # fmt: skip
_STRAIGHT = (Assign, SetLanguage, SetParticipantData)
"""What goes on with the next action."""
_EITHER = (LoopExit, LoopNext, Lookup, Pass, Play, Schedule)
"""What goes on through any of its outputs."""
_KINDS = (PointKind.ACTION, PointKind.ROUND, PointKind.FIRST_ROUND, PointKind.CASE)
_ANY_STATE = State()
FLUSHES = 1
"""The mark of points at which queued audio is heard."""


class Way(Struct, frozen=True, gc=False):
    """A way on from an idle point."""

    target: int
    why: str


class Idle:
    """Idle points and their ways on, by what a machine that follows no variable does at them.

    An error that ends the call is no way on, where the call can go on as well: when a variable that is tested by itself
    is not set, that is false or an error; where functions fail, when all their variables are set.
    """

    def __init__(self, machine: CallMachine) -> None:
        self._machine = machine
        self._ways: dict[int, tuple[Way, ...]] = {}
        self._ending = ending_on_errors(machine.facts)
        self.hanging: dict[int, frozenset[str]] = {}
        """The variables without which a call cannot go on from a point that is idle otherwise."""

    def ways(self, point: Point) -> tuple[Way, ...]:
        """The ways on from a point; none where something happens."""
        found = self._ways.get(point.id)
        if found is None:
            found = self._ways[point.id] = self._looked_up(point)
        return found

    def _looked_up(self, point: Point) -> tuple[Way, ...]:
        facts = self._machine.facts
        if not _may_be_idle(facts, point) or (keeps(point) and self._machine.lanes.regime.evidence):
            return ()
        uses = facts.uses(point)
        return plain_ways(point, uses) or self._either_way(point, uses) or self.by_machine(point)

    def _either_way(self, point: Point, uses: Uses) -> tuple[Way, ...]:
        """The ways on from a decision by comparisons that can come out both ways, as the machine would say."""
        operation = point.site.action.operation if point.site is not None else None
        if not isinstance(operation, Decide | Switch) or point.kind is not PointKind.ACTION:
            return ()
        environment = self._machine.facts.environment
        if not all(_is_open(test, environment.constant_in(point.flow)) for test in uses.tests):
            return ()
        if any(isinstance(test, Variable) for test in uses.tests) and point.flow not in self._ending:
            return ()
        keys = ("yes", "no") if isinstance(operation, Decide) else (*(c.output for c in operation.cases), "default")
        outs = [(out.target, out.words) for out in map(point.out, keys) if out is not None]
        if len(outs) < len(keys):
            return ()
        return tuple({target: Way(target, words) for target, words in reversed(outs)}.values())[::-1]

    def call(self, point: Point) -> int | None:
        """The first point of the task or module that is called at a point, if it does nothing else."""
        operation = point.site.action.operation if point.site is not None else None
        facts = self._machine.facts
        if not isinstance(operation, CallTask | CallModule) or point.id in facts.points or point.id in facts.announcing:
            return None
        moves, notes = self._machine.step(point.id, _ANY_STATE, TASK)
        if notes or len(moves) != 1 or moves[0].kind is not MoveKind.CALL or moves[0].state != _ANY_STATE:
            return None
        return moves[0].target

    def by_machine(self, point: Point) -> tuple[Way, ...]:
        """The ways on as the machine tells them, if there is nothing else: no observation, no error, no change."""
        facts = self._machine.facts
        # Inside something called, where an error that is handled elsewhere shows as something else than going on.
        moves, notes = self._machine.step(point.id, _ANY_STATE, TASK)
        onward = [move for move in moves if not self._ends(point, move)]
        if len(onward) < len(moves) and self._goes_on(point, facts.uses(point)):
            moves = onward
        if notes or any(move.kind is not MoveKind.GO or move.state != _ANY_STATE for move in moves):
            return ()
        return tuple({move.target: Way(move.target, move.why) for move in reversed(moves)}.values())[::-1]

    def _ends(self, point: Point, move: Edge[State]) -> bool:
        """Whether the call ends: at once, or since that is how all callers handle an error."""
        return move.kind is MoveKind.STOP or (move.output == RAISED and point.flow in self._ending)

    def _goes_on(self, point: Point, uses: Uses) -> bool:
        """Whether the call can go on from a point at which it can end, at least when some variables are set."""
        failing = [e for e in (*uses.tests, *uses.computed) if not isinstance(e, Variable)]
        if uses.assigned or any(evaluate(e, _something).may_raise for e in failing):
            return False
        if wanted := frozenset().union(*(variables_in(e) for e in failing)):
            self.hanging[point.id] = wanted
        return True


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


def _is_open(test: Expr, constant: Collection[str]) -> bool:
    """Whether a test, or what is compared with, is a variable alone, and a comparison is one with a constant."""
    match test:
        case Variable() | Apply(function="==", operands=(Variable(), Literal())):
            return variables_in(test).isdisjoint(constant) and template_in(test) is None
        case _:
            return False


def _is_function(expr: Expr) -> bool:
    """Whether it may fail, or compare texts."""
    return isinstance(expr, Apply)


def _something(_: str) -> Values:
    return SOMETHING


def _may_be_idle(facts: Facts, point: Point) -> bool:
    if point.kind not in _KINDS or point.id in facts.points or point.id in facts.announcing:
        return False
    if point.site is None:
        return point.kind is PointKind.CASE
    return type(point.site.action.operation) in _IDLE


def flushes(point: Point) -> bool:
    """Whether queued audio is heard here."""
    match point.site.action.operation if point.site is not None else None:
        case Play(flushes=flushes) | Pass(flushes=flushes):
            return flushes
        case Lookup(kind=kind):
            return kind in FLUSHING
        case CollectInput():
            return True
        case _:
            return False


def keeps(point: Point) -> bool:
    """Whether an answer may be stored here, where others see it."""
    if point.site is None:
        return False
    action = point.site.action
    return action.type in STORING or isinstance(action.operation, SetParticipantData)
