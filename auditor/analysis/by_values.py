"""Steps that only the values of variables decide: worked out once, for whatever else is true of a call.

Decisions, assignments, look-ups and inputs that ask nothing about recording, calls and jumps: the core of the state
goes along as it is. Of the values most such steps look at one or two; they are worked out for these alone.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.facts import Facts
from auditor.analysis.idle import keeps
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.numbering import Numbering
from auditor.analysis.state import State
from auditor.analysis.tracking import SHARED
from auditor.analysis.uses import ANY_ATTRIBUTE, attribute
from auditor.analysis.values import Atom, Values
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
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)

LOOKING = (
    Assign, CallModule, CallTask, CollectInput, Decide, GetParticipantData, Jump, Lookup, Loop, LoopExit, LoopNext,
    Pass, Play, Schedule, SetLanguage, SetParticipantData, Switch,
)  # fmt: skip
ENDING = (Disconnect, EndFlow, EndState, EndTask)
HANDING = (TransferGroup, TransferNumber, TransferQueue, TransferUser, TransferVoicemail)
_CORE = State()


class Onward(Struct, frozen=True, gc=False):
    """A move of any state with certain values. values: what it leaves in the fields that the point touches."""

    kind: MoveKind
    target: int
    values: int
    why: str
    output: str
    frame: int


class _Pattern(Struct, frozen=True, gc=False):
    """A move with whatever values that it does not hang on. kept: fields that stay as they are; onward: what it leaves

    in the others.
    """

    kept: int
    onward: Onward


_KEPT = Values(frozenset({Atom("other", "kept")}))
"""Stands for any value of a variable that is not read."""


class Looking:
    """What a point does with values. mask: the fields of the variables that it touches."""

    def __init__(
        self, machine: CallMachine, numbering: Numbering, place: tuple[int, int], keys: frozenset[str], reads: set[str]
    ) -> None:
        """place: point and frame; keys: of the variables that it touches; reads: those by which it decides."""
        self.mask = numbering.mask(keys)
        self._machine, self._numbering, self._place = machine, numbering, place
        others = keys - reads
        self._reads = numbering.mask(keys & reads) if others else self.mask
        self._others = tuple((key, _KEPT) for key in others)
        self._moves: dict[int, tuple[Onward, ...] | None] = {}
        self._patterns: dict[tuple[int, int], list[_Pattern] | None] = {}

    def moves(self, values: int) -> tuple[Onward, ...] | None:
        """The moves with these values, None if they depend on more or show something; a call that ends goes nowhere.

        values: what is in the fields of the mask.
        """
        found = self._moves.get(values)
        if found is None and values not in self._moves:
            found = self._moves[values] = self._work_out(values)
        return found

    def _work_out(self, values: int) -> tuple[Onward, ...] | None:
        key = (values & self._reads, self._machine.facts.environment.given_up)
        patterns = self._patterns.get(key)
        if patterns is None and key not in self._patterns:
            patterns = self._patterns[key] = self._find_patterns(key[0])
        if patterns is None:
            return None
        return tuple([_with(pattern.onward, values & pattern.kept) for pattern in patterns])

    def _find_patterns(self, values: int) -> list[_Pattern] | None:
        point, frame = self._place
        env = self._numbering.env(values)
        if self._others:
            env = tuple(sorted((*env, *self._others)))
        moves, notes = self._machine.step(point, replace(_CORE, env=env), frame)
        if notes or not all(_keeps_core(move) for move in moves):
            return None
        return [self._pattern(move) for move in moves if move.kind is not MoveKind.STOP]

    def _pattern(self, move: Edge[State]) -> _Pattern:
        env = move.state.env
        kept = self._numbering.mask([key for key, value in env if value is _KEPT]) if self._others else 0
        values = self._numbering.values(tuple([pair for pair in env if pair[1] is not _KEPT]))
        return _Pattern(kept, Onward(move.kind, move.target, values, move.why, move.output, move.frame))


def _with(onward: Onward, values: int) -> Onward:
    """The move with these values besides those that it leaves."""
    if not values:
        return onward
    return Onward(onward.kind, onward.target, onward.values | values, onward.why, onward.output, onward.frame)


class ByValues:
    """What points do with values.

    Not for calls in which audio waits to be heard, nor where an answer is stored that ought to be.
    """

    def __init__(self, machine: CallMachine, numbering: Numbering) -> None:
        self._machine, self._numbering = machine, numbering
        self._found: dict[tuple[int, int], Looking | None] = {}
        self._fields: dict[int, int | None] = {}
        self._storing = machine.lanes.regime.evidence

    def at(self, point: int, frame: int) -> Looking | None:
        """What a point does with values; None: what happens there depends on more."""
        key = (point, frame)
        found = self._found.get(key)
        if found is None and key not in self._found:
            keys = None if self._storing and self._keeps(point) else self._touches(point, LOOKING)
            if keys is not None:
                found = Looking(self._machine, self._numbering, key, keys, self._reads(point))
            self._found[key] = found
        return found

    def _keeps(self, point: int) -> bool:
        """Whether an answer may be stored at a point."""
        return self._machine.places.at(point) is None and keeps(self._machine.facts.program.points[point])

    def _reads(self, point: int) -> set[str]:
        """The variables on whose values it depends what happens at a point."""
        facts = self._machine.facts
        here = facts.program.points[point]
        operation = here.site.action.operation if here.site is not None else None
        data: set[str] = set()
        if isinstance(operation, GetParticipantData):
            data = {attribute(name) for name, _ in operation.attributes}
        return data | facts.uses(here).reads

    def fields(self, point: int) -> int | None:
        """The fields that a point touches; all else that a step there depends on is the core. None: not known."""
        found = self._fields.get(point, -1)
        if found == -1:
            keys = self._touches(point, LOOKING + HANDING)
            found = self._fields[point] = None if keys is None else self._numbering.mask(keys)
        return found

    def _touches(self, point: int, kinds: tuple[type[Operation], ...]) -> frozenset[str] | None:
        """The variables that a point looks at, changes or lets go of. kinds: of operations of which that is known."""
        facts = self._machine.facts
        if self._machine.places.at(point) is not None or point in facts.points or point in facts.announcing:
            return None
        here = facts.program.points[point]
        if here.kind is PointKind.TASK_END or (here.site is None and here.kind is PointKind.CASE):
            return frozenset()
        operation = here.site.action.operation if here.site is not None else None
        if isinstance(operation, ENDING):
            return frozenset()
        return touched(facts, here, operation) if isinstance(operation, kinds) else None


def touched(facts: Facts, point: Point, operation: Operation) -> frozenset[str] | None:
    """The tracked variables that a point reads, writes or lets go of; None: participant data of computed names."""
    shared, mine = facts.environment.keys[SHARED], facts.environment.keys[point.flow]
    uses = facts.uses(point)
    keys = uses.reads | uses.writes
    match operation:
        case GetParticipantData(attributes=attributes):
            keys |= {attribute(name) for name, _ in attributes}
        case CallModule():
            keys |= mine
        case CallTask() | Jump():
            keys |= {key for key in mine if key.startswith("task.")}
    return None if ANY_ATTRIBUTE in keys and shared else keys & (mine | shared)


def _keeps_core(move: Edge[State]) -> bool:
    return move.kind is MoveKind.STOP or replace(move.state, env=()) == _CORE
