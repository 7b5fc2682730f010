"""The machine as it is explored: states have numbers, points at which nothing happens are passed over, and steps that

only values decide are worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.by_values import ByValues, Onward
from auditor.analysis.effects import bare
from auditor.analysis.handing_back import HandingBack
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, Key, MoveKind, Passed
from auditor.analysis.numbering import CORES, Numbering
from auditor.analysis.passages import Passage, Passages
from auditor.analysis.state import Note, Place, State


class Situations:
    """Moves between numbered states."""

    def __init__(self, machine: CallMachine, passages: Passages) -> None:
        self.machine, self._passages = machine, passages
        self.numbering = Numbering(machine.facts.environment)
        self._by_values = ByValues(machine, self.numbering)
        self._handing_back = HandingBack(machine, self.numbering)
        self._bare = machine.lanes.regime.service or machine.lanes.regime.evidence
        self._calm: dict[int, bool] = {}
        self._without_values = self.numbering.shared | CORES
        self._answering: dict[int, tuple[Sequence[Edge[int]], Sequence[Note]]] = {}
        self._worked_out: dict[tuple[int, int, int], tuple[list[tuple[Edge[State], int]], Sequence[Note]]] = {}

    @property
    def begin(self) -> int:
        """The state in which every call begins."""
        return self.number(self.machine.facts.environment.begin(State()))

    @property
    def passages(self) -> Passages:
        """What is passed over."""
        return self._passages

    def core(self, number: int) -> State:
        """The state of a number, but for the values of variables."""
        return self.numbering.cores[number & CORES]

    def state(self, number: int) -> State:
        """The state of a number."""
        return self.numbering.state(number)

    def number(self, state: State) -> int:
        """The number of a state; where duties are followed, of what they and the way of a call depend on."""
        return self.numbering.number(bare(state) if self._bare else state)

    def step(self, point: int, state: int, frame: int) -> tuple[Sequence[Edge[int]], Sequence[Note]]:
        """Moves and observations of a situation."""
        core = state & CORES
        calm = self._calm.get(core)
        if calm is None:
            calm = self._calm[core] = _is_calm(self.numbering.cores[core])
        if not calm:
            return self._with_care(point, state, frame)
        ways = self._passages.ways.get(point)
        if ways is not None:
            return [self._go(way.target, state, way.why, calm) for way in ways], ()
        looking = self._by_values.at(point, frame)
        if looking is not None:
            onward = looking.moves(state & looking.mask)
            if onward is not None:
                rest = state & ~looking.mask
                return [self._onward(move, rest, calm) for move in onward], ()
        return self._any(point, state, frame, -1)

    def _with_care(self, point: int, state: int, frame: int) -> tuple[Sequence[Edge[int]], Sequence[Note]]:
        """The same where audio waits to be heard, or a call for an agent."""
        core, passages = self.numbering.cores[state & CORES], self._passages
        waits = core.place is Place.WAITING
        ways = passages.ways.get(point)
        if ways is not None and not (waits or (core.queued and point in passages.flushing)):
            return [self._go(way.target, state, way.why) for way in ways], ()
        answered = state if waits else -1
        looking = None if core.queued else self._by_values.at(point, frame)
        onward = looking.moves(state & looking.mask) if looking is not None else None
        if looking is None or onward is None:
            return self._any(point, state, frame, answered)
        edges, seen = self._answers(state) if waits else ((), ())
        rest = state & ~looking.mask
        return [*edges, *[self._onward(move, rest, False, answered) for move in onward]], seen

    def _any(self, point: int, state: int, frame: int, answered: int) -> tuple[Sequence[Edge[int]], Sequence[Note]]:
        """The same, by the machine itself; worked out once for what the point touches and all but the values."""
        fields = self._by_values.fields(point)
        mask = -1 if fields is None else fields | CORES
        key = (point, frame, state & mask)
        found = self._worked_out.get(key)
        if found is None:
            moves, notes = self.machine.step(point, self.numbering.state(key[2]), frame)
            found = [(move, self.number(move.state)) for move in moves], notes
            if fields is not None:
                self._worked_out[key] = found
        rest = state & ~mask
        return [self._with(move, number | rest, answered) for move, number in found[0]], found[1]

    def _answers(self, state: int) -> tuple[Sequence[Edge[int]], Sequence[Note]]:
        """The moves and observations of an agent who answers a call that waits in this state."""
        state &= self._without_values
        found = self._answering.get(state)
        if found is None:
            moves, notes = self.machine.answers(self.numbering.state(state))
            found = self._answering[state] = ([self._with(move, self.number(move.state)) for move in moves], notes)
        return found

    def _onward(self, move: Onward, rest: int, calm: bool, answered: int = -1) -> Edge[int]:
        """A move. rest: the state without what the point touches; calm, answered: see _go."""
        state = rest | move.values
        if move.kind is MoveKind.GO:
            return self._go(move.target, state, move.why, calm, answered)
        return self._away(move, state)

    def _away(self, move: Onward | Edge[State], state: int) -> Edge[int]:
        """A move out of a task or flow, or into one."""
        if move.kind in (MoveKind.CALL, MoveKind.ENTER):
            state = self.numbering.trimmed(state, move.target)
        return Edge(move.kind, move.target, state, move.why, move.output, move.frame)

    def resume(self, point: int, before: int, output: str, after: int) -> Edge[int]:
        """How a call that returns goes on: values are handed over, the core is that of the end of what was called."""
        target, state, why = self._handing_back.resume(point, before, output, after)
        return self._go(target, state, why)

    def _with(self, move: Edge[State], number: int, answered: int = -1) -> Edge[int]:
        if move.kind is MoveKind.GO:
            return self._go(move.target, number, move.why, False, answered)
        return self._away(move, number)

    def _go(self, target: int, state: int, why: str, calm: bool = False, answered: int = -1) -> Edge[int]:
        """A move. calm: see _is_calm; answered: the state of a waiting call in which an agent may have answered."""
        passage = self._passages.passage.get(target)
        if passage is None or (not calm and self._happens(passage, state, answered)):
            return Edge(MoveKind.GO, target, self.numbering.trimmed(state, target), why)
        goal = passage.target
        passed = Passed((target, state), passage.length)
        return Edge(MoveKind.GO, goal, self.numbering.trimmed(state, goal), why, "", 0, passed)

    def _happens(self, passage: Passage, state: int, answered: int) -> bool:
        """Whether something happens on a passage: queued audio is heard, a waiting call is answered in a new state."""
        core = self.numbering.cores[state & CORES]
        if core.queued and passage.flushes:
            return True
        return core.place is Place.WAITING and (answered < 0 or bool((state ^ answered) & self._without_values))

    def between(self, passed: Passed[int], target: int) -> list[tuple[Key[int], str]]:
        """What was passed over on the way to a point, by the shortest way; each with why the next is entered."""
        (point, state), found = passed.first, list[tuple[Key[int], str]]()
        state = self.numbering.trimmed(state, point)
        while point != target:
            way = self._passages.passage[point].way
            found.append(((point, state), way.why))
            point, state = way.target, self.numbering.trimmed(state, way.target)
        return found


def _is_calm(core: State) -> bool:
    """Whether nothing can happen to a call but by what the flow does: no audio or agent is due."""
    return not (core.queued or core.place is Place.WAITING)
