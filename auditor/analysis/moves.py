"""How a call moves from situation to situation: what the machine yields, and whoever follows it reads."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import IntEnum
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

S = TypeVar("S", bound=Hashable)
N_co = TypeVar("N_co", bound=Hashable, covariant=True)

Key = tuple[int, S]
"""A situation within a context: point and state."""


class MoveKind(IntEnum):
    """How control moves: on, into what returns, back, into what does not return, or to the end of the call."""

    GO = 0
    CALL = 1
    LEAVE = 2
    ENTER = 3
    STOP = 4


class Passed(Struct, Generic[S], frozen=True, gc=False):
    """Situations that a move passes over, as nothing happens there. first: the first of them; length: how many."""

    first: Key[S]
    length: int


class Edge(Struct, Generic[S], frozen=True, gc=False):
    """A move. target: a point (LEAVE, STOP: -1); output: the name by which a LEAVE leaves.

    frame: what a CALL opens; the machine tells frames apart, 0 is one that does not return.
    """

    kind: MoveKind
    target: int
    state: S
    why: str
    output: str = ""
    frame: int = 0
    passed: Passed[S] | None = None


class Machine(Protocol[S, N_co]):
    """What the engine explores."""

    def step(self, point: int, state: S, frame: int) -> tuple[Sequence[Edge[S]], Sequence[N_co]]:
        """Moves and observations of a situation. frame: what was opened around it; from 0 nothing can LEAVE."""

    def resume(self, point: int, before: S, output: str, after: S) -> Edge[S]:
        """The move with which a call made at `point` in state `before` goes on when it returns."""
