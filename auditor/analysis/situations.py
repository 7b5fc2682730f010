"""The machine as it is explored: states have numbers, and points at which nothing happens are passed over."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.effects import bare, owes
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, Key, MoveKind, Passed
from auditor.analysis.passages import Passage, Passages
from auditor.analysis.state import Note, Place, State


class Situations:
    """Moves between numbered states. states: by number."""

    def __init__(self, machine: CallMachine, passages: Passages) -> None:
        self.machine, self.passages = machine, passages
        self._bare = machine.lanes.regime.duties
        self.states: list[State] = []
        self._numbers: dict[State, int] = {}
        self._trimmed: dict[Key[int], int] = {}
        self._moves: dict[tuple[int, int], tuple[Edge[State], ...] | None] = {}
        self._straight: dict[tuple[int, str, int], Edge[int]] = {}

    def number(self, state: State) -> int:
        """The number of a state; where duties are followed, of what they and the way of a call depend on."""
        if self._bare:
            state = bare(state)
        found = self._numbers.get(state)
        if found is None:
            found = self._numbers[state] = len(self.states)
            self.states.append(state)
        return found

    def step(self, point: int, state: int, frame: int) -> tuple[Sequence[Edge[int]], Sequence[Note]]:
        """Moves and observations of a situation."""
        here = self.states[state]
        ways = self.passages.ways.get(point)
        if (
            ways is not None
            and here.place is not Place.WAITING
            and not (here.queued and point in self.passages.flushing)
            and not (point in self.passages.keeping and owes(here, "evidence"))
        ):
            return [self._go(way.target, self._trim(state, way.target), way.why) for way in ways], ()
        if not here.env:
            same = self._same(point, frame)
            if same is not None:
                return [self._with(move, state) for move in same], ()
        moves, notes = self.machine.step(point, here, frame)
        answered = state if here.place is Place.WAITING else -1
        return [self._with(move, self.number(move.state), answered) for move in moves], notes

    def _same(self, point: int, frame: int) -> tuple[Edge[State], ...] | None:
        """The moves out of a point in every state in which no value is known, if they are the same in each."""
        key = (point, frame)
        if key not in self._moves:
            self._moves[key] = self.passages.same_moves(self.machine, point, frame)
        return self._moves[key]

    def resume(self, point: int, before: int, output: str, after: int) -> Edge[int]:
        """How a call that returns goes on. _straight: returns that store nothing, where no value is known."""
        plain = not (self.states[before].env or self.states[after].env)
        found = self._straight.get((point, output, after)) if plain else None
        if found is None:
            target, state, why = self.machine.resume(point, self.states[before], output, self.states[after])
            found = self._go(target, self.number(state), why)
            if plain and self.machine.stores_nothing(point):
                self._straight[point, output, after] = found
        return found

    def _with(self, move: Edge[State], number: int, answered: int = -1) -> Edge[int]:
        if move.kind is MoveKind.GO:
            return self._go(move.target, number, move.why, answered)
        return Edge(move.kind, move.target, number, move.why, move.output, move.frame)

    def _go(self, target: int, state: int, why: str, answered: int = -1) -> Edge[int]:
        """A move. answered: the state of a waiting call in which an agent may have answered before it."""
        passage = self.passages.passage.get(target)
        if passage is None or self._happens(passage, state, answered):
            return Edge(MoveKind.GO, target, state, why)
        passed = Passed((target, state), passage.length)
        return Edge(MoveKind.GO, passage.target, self._trim(state, passage.target), why, passed=passed)

    def _happens(self, passage: Passage, state: int, answered: int) -> bool:
        """Whether something happens on a passage: queued audio is heard, an answer is stored, a waiting call is

        answered in a new state.
        """
        here = self.states[state]
        if (here.queued and passage.flushes) or (passage.keeps and owes(here, "evidence")):
            return True
        return (
            here.place is Place.WAITING
            and state != answered
            and (answered < 0 or self._without_values(state) != self._without_values(answered))
        )

    def _without_values(self, state: int) -> State:
        """What an agent who answers finds."""
        return self.machine.facts.environment.shared_only(self.states[state])

    def _trim(self, state: int, point: int) -> int:
        """The state without what is not read from a point on."""
        if not self.states[state].env:
            return state
        found = self._trimmed.get((state, point))
        if found is None:
            found = self.number(self.machine.facts.environment.trim(self.states[state], point))
            self._trimmed[state, point] = found
        return found

    def between(self, passed: Passed[int], target: int) -> list[tuple[Key[int], str]]:
        """What was passed over on the way to a point, by the shortest way; each with why the next is entered."""
        (point, state), found = passed.first, list[tuple[Key[int], str]]()
        while point != target:
            way = self.passages.passage[point].way
            found.append(((point, state), way.why))
            point, state = way.target, self._trim(state, way.target)
        return found
