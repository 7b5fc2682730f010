"""Everything that calls can reach, for certificates: a plain list of work without distances or reasons.

Nobody has to trust it: what it finds is tested by the checker.
"""

from __future__ import annotations

from collections import deque

from msgspec import Struct, field

from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, Key, MoveKind
from auditor.analysis.state import State
from auditor.certificates.spelling import Contexts, Entered, Within


class _Context(Struct):
    """within: what is reached; exits: in the order found; callers: who waits for it, and where; leads: what is entered
    or called from it.
    """

    within: Within = field(default_factory=Within)
    exits: list[tuple[str, State]] = field(default_factory=list)
    callers: list[tuple[Entered, Key[State]]] = field(default_factory=list)
    leads: dict[Entered, None] = field(default_factory=dict)


class Closure:
    """What is reached in one regime; contexts are shared by all entries."""

    def __init__(self, machine: CallMachine) -> None:
        self._machine = machine
        self._contexts: dict[Entered, _Context] = {}
        self._todo: deque[tuple[Entered, Key[State]]] = deque()

    def of(self, point: int, state: State) -> Contexts:
        """Every context that a call reaches which begins here."""
        root = (point, state, 0)
        self._open(root)
        while self._todo:
            self._visit(*self._todo.popleft())
        found: Contexts = {}
        waiting = [root]
        while waiting:
            entered = waiting.pop()
            if entered not in found:
                found[entered] = self._contexts[entered].within
                waiting.extend(self._contexts[entered].leads)
        return found

    def _open(self, entered: Entered) -> _Context:
        found = self._contexts.get(entered)
        if found is None:
            found = self._contexts[entered] = _Context()
            self._reach(entered, entered[0], entered[1])
        return found

    def _reach(self, entered: Entered, point: int, state: State) -> None:
        situations = self._contexts[entered].within.situations
        if (point, state) not in situations:
            situations.add((point, state))
            self._todo.append((entered, (point, state)))

    def _visit(self, entered: Entered, here: Key[State]) -> None:
        moves, _ = self._machine.step(*here, entered[2])
        for move in moves:
            match move.kind:
                case MoveKind.GO:
                    self._reach(entered, move.target, move.state)
                case MoveKind.LEAVE:
                    self._leave(entered, move)
                case MoveKind.ENTER | MoveKind.CALL:
                    self._enter(entered, here, move)
                case MoveKind.STOP:
                    pass

    def _leave(self, entered: Entered, move: Edge[State]) -> None:
        context = self._contexts[entered]
        leaving = (move.output, move.state)
        if leaving not in context.within.exits:
            context.within.exits.add(leaving)
            context.exits.append(leaving)
            for caller, call in tuple(context.callers):
                self._return(caller, call, leaving)

    def _enter(self, entered: Entered, here: Key[State], move: Edge[State]) -> None:
        inner = (move.target, move.state, move.frame)
        self._contexts[entered].leads[inner] = None
        callee = self._open(inner)
        if move.kind is MoveKind.CALL:
            callee.callers.append((entered, here))
            for leaving in tuple(callee.exits):
                self._return(entered, here, leaving)

    def _return(self, caller: Entered, call: Key[State], leaving: tuple[str, State]) -> None:
        point, state, _ = self._machine.resume(*call, *leaving)
        self._reach(caller, point, state)
