"""Steps that only the values of variables decide: worked out once, for whatever else is true of a call.

Decisions, assignments, look-ups and inputs that ask nothing about recording, calls and jumps: the core of the state
goes along as it is. Of the values most such steps look at one or two; they are worked out for these alone.
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.analysis.facts import Facts
from auditor.analysis.liveness import reads_of, written_by
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.numbering import Numbering
from auditor.analysis.passages import keeps
from auditor.analysis.state import Env, State
from auditor.analysis.tracking import ANY_ATTRIBUTE, SHARED, attribute
from auditor.analysis.values import Values
from auditor.graph.points import Point, PointKind
from auditor.model.operations import (
    Assign,
    CallModule,
    CallTask,
    CollectInput,
    Decide,
    Disconnect,
    EndFlow,
    EndState,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    LoopExit,
    LoopNext,
    Operation,
    Pass,
    Play,
    Schedule,
    SetLanguage,
    SetParticipantData,
    Switch,
)

_LOOKING = (
    Assign, CallModule, CallTask, CollectInput, Decide, GetParticipantData, Jump, Lookup, Loop, LoopExit, LoopNext,
    Pass, Play, Schedule, SetLanguage, SetParticipantData, Switch,
)  # fmt: skip
_ENDING = (Disconnect, EndFlow, EndState, EndTask)
_CORE = State()


class Onward(NamedTuple):
    """A move of any state with certain values. env: the number of the values it goes on with."""

    kind: MoveKind
    target: int
    env: int
    why: str
    output: str
    frame: int


class ByValues:
    """Moves by point, frame and the number of values.

    Not for calls that wait, or in which audio waits to be heard, nor where an answer is stored that ought to be.
    """

    def __init__(self, machine: CallMachine, numbering: Numbering) -> None:
        self._machine, self._numbering = machine, numbering
        self._touched: dict[int, tuple[str, ...] | None] = {}
        self._keeping: dict[int, bool] = {}
        self._moves: dict[tuple[int, int, int], tuple[Onward, ...] | None] = {}
        self._changes: dict[tuple[int, int, tuple[Values | None, ...]], tuple[Edge[State], ...] | None] = {}

    def moves(self, point: int, frame: int, env: int) -> tuple[Onward, ...] | None:
        """The moves out of a point, None if they depend on more than values or show something."""
        key = (point, frame, env)
        if key not in self._moves:
            self._moves[key] = self._step(point, frame, env)
        return self._moves[key]

    def keeps(self, point: int) -> bool:
        """Whether an answer may be stored at a point."""
        found = self._keeping.get(point)
        if found is None:
            real = self._machine.places.at(point) is None
            found = self._keeping[point] = real and keeps(self._machine.facts.program.points[point])
        return found

    def _step(self, point: int, frame: int, env: int) -> tuple[Onward, ...] | None:
        if point not in self._touched:
            self._touched[point] = self._touches(point)
        touched = self._touched[point]
        return None if touched is None else self._moved(point, frame, self._numbering.envs[env], touched)

    def _touches(self, point: int) -> tuple[str, ...] | None:
        """The variables that a point looks at, changes or lets go of; None: what happens depends on more."""
        facts = self._machine.facts
        if self._machine.places.at(point) is not None or point in facts.points or point in facts.announcing:
            return None
        here = facts.program.points[point]
        if here.kind is PointKind.TASK_END or (here.site is None and here.kind is PointKind.CASE):
            return ()
        operation = here.site.action.operation if here.site is not None else None
        if isinstance(operation, _ENDING):
            return ()
        if not isinstance(operation, _LOOKING) or (self._machine.lanes.regime.duties and keeps(here)):
            return None
        keys = touched(facts, here, operation)
        return None if keys is None else tuple(sorted(keys))

    def _moved(self, point: int, frame: int, values: Env, touched: tuple[str, ...]) -> tuple[Onward, ...] | None:
        known = dict(values)
        seen = tuple(known.get(key) for key in touched)
        key = (point, frame, seen)
        if key not in self._changes:
            self._changes[key] = self._work_out(point, frame, touched, seen)
        changes = self._changes[key]
        if changes is None:
            return None
        for name in touched:
            known.pop(name, None)
        return tuple(self._onward(change, known) for change in changes)

    def _work_out(
        self, point: int, frame: int, touched: tuple[str, ...], seen: tuple[Values | None, ...]
    ) -> tuple[Edge[State], ...] | None:
        env = tuple((key, value) for key, value in zip(touched, seen, strict=True) if value is not None)
        moves, notes = self._machine.step(point, _CORE._replace(env=env), frame)
        if notes or not all(_keeps_core(move) for move in moves):
            return None
        return tuple(moves)

    def _onward(self, move: Edge[State], rest: dict[str, Values]) -> Onward:
        """A move with what the point does not touch. rest: that part of the values."""
        env = () if move.kind is MoveKind.STOP else move.state.env
        if rest and move.kind is not MoveKind.STOP:
            env = tuple(sorted({**rest, **dict(env)}.items()))
        return Onward(move.kind, move.target, self._numbering.number_env(env), move.why, move.output, move.frame)


def touched(facts: Facts, point: Point, operation: Operation) -> frozenset[str] | None:
    """The tracked variables that a point reads, writes or lets go of; None: participant data of computed names."""
    shared, mine = facts.environment.keys[SHARED], facts.environment.keys[point.flow]
    keys = reads_of(point) | written_by(operation)
    match operation:
        case GetParticipantData(attributes=attributes):
            keys |= {attribute(name) for name, _ in attributes}
        case CallModule():
            keys |= mine
        case CallTask() | Jump():
            keys |= {key for key in mine if key.startswith("task.")}
    return None if ANY_ATTRIBUTE in keys and shared else keys & (mine | shared)


def _keeps_core(move: Edge[State]) -> bool:
    return move.kind is MoveKind.STOP or move.state._replace(env=()) == _CORE
