"""One call, step by step: the moves of the machine with the calls that are open kept on a stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from auditor.analysis.analysis import Analysis
from auditor.analysis.lanes import Lanes, seen_in
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.places import Start
from auditor.analysis.state import Regime, Seen, State


class Opened(Struct, frozen=True):
    """A call of a task, module or bot that has not returned: where it was made, in which state and frame."""

    point: int
    state: State
    frame: int


class Call(Struct, frozen=True):
    """Where a call is. stack: what it returns to, the innermost last."""

    point: int
    state: State
    frame: int = 0
    stack: tuple[Opened, ...] = ()


class Move(Struct, frozen=True):
    """One way on. state: after it; after: where the call is then, None when it has ended."""

    kind: MoveKind
    target: int
    output: str
    why: str
    state: State
    after: Call | None


class Calls:
    """How calls move in one regime."""

    def __init__(self, analysis: Analysis, regime: Regime) -> None:
        self.analysis, self.regime = analysis, regime
        self._machine = CallMachine(analysis.facts, Lanes((regime,)), analysis.places, analysis.ways)

    def begin(self, way: int) -> Call:
        """A call comes in at an entry, by its index."""
        return Call(self.analysis.places.id(Start(way)), self.analysis.facts.environment.begin(State()))

    def moves(self, call: Call) -> tuple[list[Move], Sequence[Seen]]:
        """Every way on, and what is observed on the way."""
        edges, notes = self._machine.step(call.point, call.state, call.frame)
        shown = [seen for note in notes if (seen := seen_in(note, 0)) is not None]
        return [self._move(call, edge) for edge in edges], shown

    def _move(self, call: Call, edge: Edge[State]) -> Move:
        after: Call | None
        match edge.kind:
            case MoveKind.GO:
                after = Call(edge.target, edge.state, call.frame, call.stack)
            case MoveKind.ENTER:
                after = Call(edge.target, edge.state)
            case MoveKind.CALL:
                opened = Opened(call.point, call.state, call.frame)
                after = Call(edge.target, edge.state, edge.frame, (*call.stack, opened))
            case MoveKind.LEAVE:
                return self._return(call, edge)
            case _:
                after = None
        return Move(edge.kind, edge.target, edge.output, edge.why, edge.state, after)

    def _return(self, call: Call, edge: Edge[State]) -> Move:
        opened = call.stack[-1]
        target, state, why = self._machine.resume(opened.point, opened.state, edge.output, edge.state)
        after = Call(target, state, opened.frame, call.stack[:-1])
        return Move(edge.kind, target, edge.output, why, state, after)

    def returns(self, call: Call, most: int = 10_000) -> Iterator[Call]:
        """Where a call that is made here can be when what it calls has returned; at most so many situations."""
        depth = len(call.stack)
        waiting = [m.after for m in self.moves(call)[0] if m.kind is MoveKind.CALL and m.after is not None]
        seen = set(waiting)
        while waiting and len(seen) < most:
            here = waiting.pop()
            for move in self.moves(here)[0]:
                if move.after is None or move.after in seen or len(move.after.stack) < depth:
                    continue
                seen.add(move.after)
                if len(move.after.stack) == depth and move.kind is MoveKind.LEAVE:
                    yield move.after
                elif len(move.after.stack) > depth:
                    waiting.append(move.after)
