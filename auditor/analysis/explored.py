"""What one entry shows in one regime, and the runs that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from auditor.analysis.explore import Context, Reach
from auditor.analysis.lanes import in_lane, seen_in
from auditor.analysis.moves import Key, Passed
from auditor.analysis.realizing import Places, marked, realized
from auditor.analysis.situations import Situations
from auditor.analysis.state import Kind, Note, Seen, State

Steps = list[tuple[Key[State], str]]
"""A run: situations, each with why it was entered from the one before."""

Inside = Context[int, Note]


class Situation(Struct, frozen=True):
    """Where a run can be. context: what was entered last, as (point, state); distance: moves since the call began."""

    point: int
    state: State
    distance: int
    context: Inside
    key: Key[int]


class Whole(Protocol):
    """The same exploration with all variables, for what followed only those with a bearing on what is observed."""

    @property
    def situations(self) -> Situations:
        """Moves one by one."""

    def explored(self) -> Explored:
        """The exploration, which is made for this."""

    @property
    def differs(self) -> bool:
        """Whether it follows more variables."""


class Spelling(Places, Protocol):
    """What numbers of states stand for, and what moves pass over; see Situations."""

    def state(self, number: int) -> State:
        """The state of a number."""

    def between(self, passed: Passed[int], target: int) -> Sequence[tuple[Key[int], str]]:
        """What was passed over on the way to a point, by the shortest way; each with why the next is entered."""


class Runs:
    """What one entry shows in one regime, by shortest runs. first: observation -> its shortest distance."""

    def __init__(self, reach: Reach[int, Note], spelling: Spelling, lane: int, whole: Whole | None = None) -> None:
        """whole: None where all variables are followed."""
        self.reach, self._spelling, self._lane, self._whole = reach, spelling, lane, whole
        self._states: dict[int, State] = {}
        self._made: dict[Seen, tuple[int, Inside, Key[int]]] = {}
        for context in reach.contexts:
            base = reach.distance[context.number]
            for note, (distance, key) in context.notes.items():
                seen = seen_in(note, lane)
                if seen is not None:
                    known = self._made.get(seen)
                    if known is None or base + distance < known[0]:
                        self._made[seen] = (base + distance, context, key)
        self.first = {seen: distance for seen, (distance, _, _) in self._made.items()}

    def state(self, number: int) -> State:
        """A state as this regime has it."""
        found = self._states.get(number)
        if found is None:
            found = self._states[number] = in_lane(self._spelling.state(number), self._lane)
        return found

    def path(self, observation: Seen, *, brief: bool = False) -> Steps:
        """The shortest run that shows an observation: (situation, why it was entered); brief: see Reach.path."""
        distance, context, key = self._made[observation]
        if brief and self._whole is not None and not self._whole.differs:
            return self._told(context, key, brief)  # calls that are passed over are one step, as in any long run
        found = None if self._whole is None or brief else self._realized(context, key, distance)
        if found is not None:
            return found
        whole = self._whole.explored() if self._whole is not None else None
        if whole is None or observation not in whole.first:
            return self._told(context, key, brief)
        return whole.path(observation, brief=brief)

    def _told(self, context: Inside, key: Key[int], brief: bool) -> Steps:
        path = self.reach.path(context, key, self._spelling.between, brief=brief)
        return [((point, self.state(number)), why) for (point, number), why in path]

    def _realized(self, context: Inside, key: Key[int], distance: int) -> Steps | None:
        """The run with all variables, if it is no longer than without: then no other one is shorter."""
        assert self._whole is not None
        places = self.reach.path(context, key, marked)
        steps = realized(self._spelling, self._whole.situations, places, distance)
        if steps is None:
            return None
        return [((p, in_lane(self._whole.situations.state(n), self._lane)), why) for (p, n), why in steps]


class Explored(Runs):
    """Everything that one entry shows in one regime."""

    def __init__(self, reach: Reach[int, Note], situations: Situations, lane: int, whole: Whole | None = None) -> None:
        super().__init__(reach, situations, lane, whole)
        self._situations = situations

    def path_to(self, context: Inside, key: Key[int]) -> Steps:
        """The shortest run to a situation."""
        distance = self.reach.distance[context.number] + context.seen[key].distance
        found = None if self._whole is None else self._realized(context, key, distance)
        if found is not None:
            return found
        whole = self._whole.explored() if self._whole is not None else None
        there = None if whole is None else whole._nearest(key[0], self.state(key[1]).core)
        return self._told(context, key, False) if whole is None or there is None else whole.path_to(*there)

    def _nearest(self, point: int, core: State) -> tuple[Inside, Key[int]] | None:
        """The nearest situation at a point, but for values of variables."""
        found = [each for each in self.situations if each.point == point and each.state.core == core]
        nearest = min(found, key=lambda each: each.distance, default=None)
        return None if nearest is None else (nearest.context, nearest.key)

    @property
    def situations(self) -> Iterator[Situation]:
        """Every situation that was explored; not those at points that are passed over."""
        for context in self.reach.contexts:
            base = self.reach.distance[context.number]
            for key, reached in context.seen.items():
                yield Situation(key[0], self.state(key[1]), base + reached.distance, context, key)

    @property
    def entered(self) -> Iterator[tuple[int, State]]:
        """Situations in which something is entered that does not return, or that is called."""
        return ((context.point, self.state(context.state)) for context in self.reach.contexts)

    @property
    def captures(self) -> Iterator[tuple[Seen, Situation]]:
        """Everywhere that line capture starts."""
        for context in self.reach.contexts:
            base = self.reach.distance[context.number]
            for note, (distance, key) in context.notes.items():
                seen = seen_in(note, self._lane) if note.seen.kind is Kind.CAPTURED else None
                if seen is not None:
                    yield seen, Situation(key[0], self.state(key[1]), base + distance, context, key)

    @property
    def points(self) -> set[int]:
        """Every point that a run comes to."""
        found = {key[0] for context in self.reach.contexts for key in context.seen}
        for first in {point for context in self.reach.contexts for point in context.passed}:
            found.update(self._situations.passages.over(first))
        return found
