"""Runs as they are walked move by move, with what is open around them; an exploration keeps that in its contexts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.situations import Situations

Opened = tuple[int, int, int]
"""A call that has not returned: point, state, frame."""


class Here(Struct, frozen=True):
    """Where a run is. stack: what it returns to, innermost last."""

    point: int
    state: int
    frame: int = 0
    stack: tuple[Opened, ...] = ()


def onward(situations: Situations, here: Here) -> Iterator[tuple[Here, str]]:
    """The next steps of a run, each with why it is taken; none where the call ends."""
    for move in situations.step(here.point, here.state, here.frame)[0]:
        after = _after(situations, here, move)
        if after is not None:
            yield after


def _after(situations: Situations, here: Here, move: Edge[int]) -> tuple[Here, str] | None:
    frame, stack = here.frame, here.stack
    match move.kind:
        case MoveKind.CALL:
            frame, stack = move.frame, (*stack, (here.point, here.state, here.frame))
        case MoveKind.LEAVE if stack:
            point, state, frame = stack[-1]
            move, stack = situations.resume(point, state, move.output, move.state), stack[:-1]
        case MoveKind.ENTER:
            frame, stack = 0, ()
        case MoveKind.LEAVE | MoveKind.STOP:
            return None
    return Here(move.target, move.state, frame, stack), move.why
