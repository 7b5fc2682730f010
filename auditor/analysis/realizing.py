"""Runs with all variables: an exploration that follows fewer shows which places a call comes to, but not how a run that

does not contradict itself gets from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from auditor.analysis.moves import Edge, Key, MoveKind, Passed
from auditor.analysis.passages import Passages
from auditor.analysis.situations import Situations
from auditor.analysis.state import State

BETWEEN = "between"
"""Stands in a path of places for the reason why one is entered from where several points are passed over."""

_Opened = tuple[int, int, int]
"""A call that has not returned: point, state, frame."""


class _Here(Struct, frozen=True):
    """Where a run is. place: the last of the path that it has come to; stack: what it returns to, innermost last."""

    place: int
    point: int
    state: int
    frame: int = 0
    stack: tuple[_Opened, ...] = ()


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
        begin = _Here(0, self._path[0][0][0], self._all.begin)
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
        moves = [self._moved(here, move) for move in self._all.step(here.point, here.state, here.frame)[0]]
        for after, reason in sorted((move for move in moves if move is not None), key=lambda move: move[1] != why):
            if after.point == target and self._all.core(after.state) == self._cores[here.place + 1]:
                yield _Here(here.place + 1, after.point, after.state, after.frame, after.stack), reason
            elif after.point in self._idle or after.point in self._over:
                yield after, reason

    def _moved(self, here: _Here, move: Edge[int]) -> tuple[_Here, str] | None:
        frame, stack = here.frame, here.stack
        match move.kind:
            case MoveKind.CALL:
                frame, stack = move.frame, (*stack, (here.point, here.state, here.frame))
            case MoveKind.LEAVE if stack:
                point, state, frame = stack[-1]
                move, stack = self._all.resume(point, state, move.output, move.state), stack[:-1]
            case MoveKind.ENTER:
                frame, stack = 0, ()
            case MoveKind.LEAVE | MoveKind.STOP:
                return None
        return _Here(here.place, move.target, move.state, frame, stack), move.why


def _told(last: _Here, before: dict[_Here, tuple[_Here, str] | None]) -> list[tuple[Key[int], str]]:
    steps: list[tuple[Key[int], str]] = []
    here = last
    while (step := before[here]) is not None:
        steps.append(((here.point, here.state), step[1]))
        here = step[0]
    steps.append(((here.point, here.state), ""))
    return steps[::-1]
