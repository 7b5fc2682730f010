"""Runs with all variables: an exploration that follows fewer shows which places a call comes to, but not how a run that

does not contradict itself gets from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from auditor.analysis.moves import Key, Passed
from auditor.analysis.passages import Passages
from auditor.analysis.situations import Situations
from auditor.analysis.state import State
from auditor.analysis.walking import Here, onward

BETWEEN = "between"
"""Stands in a path of places for the reason why one is entered from where several points are passed over."""


class _Here(Struct, frozen=True):
    """Where a run is. place: the last of the path that it has come to."""

    place: int
    at: Here


class Places(Protocol):
    """How calls were explored: what states and passages are."""

    def core(self, number: int) -> State:
        """The state of a number, but for the values of variables."""

    @property
    def passages(self) -> Passages:
        """What was passed over."""


def marked(passed: Passed[int], target: int) -> list[tuple[Key[int], str]]:
    """What is passed over on the way to a point, as a path of places tells it: where it begins."""
    return [(passed.first, BETWEEN)]


def realized(
    fewer: Places, all: Situations, path: Sequence[tuple[Key[int], str]], length: int
) -> list[tuple[Key[int], str]] | None:
    """The shortest run that comes to the places of a path in turn, through idle points between them.

    None if it has not this many moves.

    fewer: how calls were explored; all: the same with all variables.
    """
    return _Realizer(fewer, all, path).run(length)


class _Realizer:
    def __init__(self, fewer: Places, all: Situations, path: Sequence[tuple[Key[int], str]]) -> None:
        idle, last = fewer.passages.idle, len(path) - 1
        self._over = set().union(
            *(fewer.passages.over(key[0]) for (key, _), (_, why) in pairwise(path) if why == BETWEEN)
        )
        self._all, self._idle = all, idle
        self._path = [step for at, step in enumerate(path) if at in (0, last) or step[0][0] not in idle]
        self._cores = [fewer.core(state) for (_, state), _ in self._path]

    def run(self, length: int) -> list[tuple[Key[int], str]] | None:
        begin = _Here(0, Here(self._path[0][0][0], self._all.begin))
        before: dict[_Here, tuple[_Here, str] | None] = {begin: None}
        edge = [begin]
        for _ in range(length):
            reached: list[_Here] = []
            for here in edge:
                for after, why in self._onward(here):
                    if after not in before:
                        before[after] = (here, why)
                        reached.append(after)
            edge = reached
        last = next((here for here in edge if here.place == len(self._path) - 1), None)
        return None if last is None else _told(last, before)

    def _onward(self, here: _Here) -> Iterator[tuple[_Here, str]]:
        """The moves that stay on the path, those that it names first."""
        if here.place == len(self._path) - 1:
            return
        (target, _), why = self._path[here.place + 1]
        for after, reason in sorted(onward(self._all, here.at), key=lambda move: move[1] != why):
            if after.point == target and self._all.core(after.state) == self._cores[here.place + 1]:
                yield _Here(here.place + 1, after), reason
            elif after.point in self._idle or after.point in self._over:
                yield _Here(here.place, after), reason


def _told(last: _Here, before: dict[_Here, tuple[_Here, str] | None]) -> list[tuple[Key[int], str]]:
    steps: list[tuple[Key[int], str]] = []
    here = last
    while (step := before[here]) is not None:
        steps.append(((here.at.point, here.at.state), step[1]))
        here = step[0]
    steps.append(((here.at.point, here.at.state), ""))
    return steps[::-1]
