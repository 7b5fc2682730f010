"""The engine: every situation once, what returns summarised, shortest runs by parent links.

A situation is (context, point, state); a context is what was entered, in which state, and whether it returns.
Contexts are shared: a module called from 400 places in one state is explored once. Local distances are settled
in increasing order over all contexts together (Knuth's generalisation of Dijkstra's algorithm to grammars), so a
summary always carries its shortest run. This file does not know what a state means.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct, field

from auditor.analysis.moves import Edge, Key, Machine, MoveKind, Passed

S = TypeVar("S", bound=Hashable)
N = TypeVar("N", bound=Hashable)


_GO = MoveKind.GO


class Reached(Struct, Generic[S, N], frozen=True):
    """How a situation was first reached. through: the context that was called and returned, with its exit."""

    distance: int
    before: Key[S] | None
    why: str
    passed: Passed[S] | None
    through: tuple[Context[S, N], Key[S]] | None


class Context(Struct, Generic[S, N], eq=False):
    """Everything reached from one entered situation; what waits to be visited is in `seen` already.

    passed: first points of what was passed over.
    """

    point: int
    state: S
    frame: int
    number: int
    seen: dict[Key[S], Reached[S, N]] = field(default_factory=dict)
    notes: dict[N, tuple[int, Key[S]]] = field(default_factory=dict)
    exits: dict[tuple[str, S], tuple[int, Key[S]]] = field(default_factory=dict)
    callers: list[tuple[Context[S, N], Key[S], int]] = field(default_factory=list)
    leads: dict[int, tuple[Context[S, N], Key[S], int, str]] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)


class Explorer(Generic[S, N]):
    """Explores what is asked for and keeps it; contexts are shared by all entries."""

    def __init__(self, machine: Machine[S, N]) -> None:
        self.machine = machine
        self.contexts: dict[tuple[int, S, int], Context[S, N]] = {}
        self.visits = 0
        self._buckets: dict[int, list[tuple[Context[S, N], Key[S], Reached[S, N]]]] = {}
        self._order: list[int] = []

    def root(self, point: int, state: S) -> Context[S, N]:
        """The context that begins here and does not return, explored to its end."""
        context = self._context(point, state, 0)
        self._run()
        return context

    def let_go(self) -> None:
        """Takes apart what was explored: contexts refer to each other, and would stay until somebody looks for such."""
        for context in self.contexts.values():
            for found in (context.seen, context.notes, context.exits, context.callers, context.leads, context.passed):
                found.clear()
        self.contexts.clear()

    def _context(self, point: int, state: S, frame: int) -> Context[S, N]:
        found = self.contexts.get((point, state, frame))
        if found is None:
            found = Context(point, state, frame, len(self.contexts))
            self.contexts[point, state, frame] = found
            reached: Reached[S, N] = Reached(0, None, "", None, None)
            found.seen[point, state] = reached
            self._push(found, (point, state), reached)
        return found

    def _push(self, context: Context[S, N], key: Key[S], reached: Reached[S, N]) -> None:
        distance = reached.distance
        bucket = self._buckets.get(distance)
        if bucket is None:
            bucket = self._buckets[distance] = []
            heapq.heappush(self._order, distance)
        bucket.append((context, key, reached))

    def _run(self) -> None:
        while self._order:
            distance = heapq.heappop(self._order)
            bucket = self._buckets.pop(distance)
            for position, (context, key, reached) in enumerate(bucket):
                if self._order and self._order[0] <= distance:  # a new context begins at 0 and goes first
                    self._push(context, key, reached)
                    self._buckets[distance].extend(bucket[position + 1 :])
                    break
                if context.seen[key] is reached:  # else it was found nearer meanwhile
                    self._visit(distance, context, key)

    def _visit(self, distance: int, context: Context[S, N], key: Key[S]) -> None:
        self.visits += 1
        moves, notes = self.machine.step(key[0], key[1], context.frame)
        for note in notes:
            context.notes.setdefault(note, (distance, key))
        for move in moves:
            if move.kind is _GO:
                self._go(distance + 1, context, key, move, None)
            else:
                self._move(distance, context, key, move)

    def _go(
        self,
        distance: int,
        context: Context[S, N],
        key: Key[S],
        move: Edge[S],
        through: tuple[Context[S, N], Key[S]] | None,
    ) -> None:
        passed = move.passed
        if passed is not None:
            distance += passed.length
            context.passed.add(passed.first[0])
        target = (move.target, move.state)
        known = context.seen.get(target)
        if known is None or known.distance > distance:
            context.seen[target] = reached = Reached(distance, key, move.why, passed, through)
            bucket = self._buckets.get(distance)
            if bucket is None:
                self._push(context, target, reached)
            else:
                bucket.append((context, target, reached))

    def _move(self, distance: int, context: Context[S, N], key: Key[S], move: Edge[S]) -> None:
        target, state = move.target, move.state
        match move.kind:
            case MoveKind.LEAVE:
                self._leave(distance, context, key, move.output, state)
            case MoveKind.ENTER:
                entered = self._context(target, state, 0)
                context.leads.setdefault(entered.number, (entered, key, distance + 1, move.why))
            case MoveKind.CALL:
                callee = self._context(target, state, move.frame)
                context.leads.setdefault(callee.number, (callee, key, distance + 1, move.why))
                callee.callers.append((context, key, distance))
                for (output, after), (inner, exit_key) in list(callee.exits.items()):
                    self._return((context, key, distance), callee, (output, after), inner, exit_key)
            case _:
                pass

    def _leave(self, distance: int, context: Context[S, N], key: Key[S], output: str, state: S) -> None:
        if (output, state) in context.exits:
            return
        context.exits[output, state] = (distance, key)
        for caller in list(context.callers):
            self._return(caller, context, (output, state), distance, key)

    def _return(
        self,
        caller: tuple[Context[S, N], Key[S], int],
        callee: Context[S, N],
        leaving: tuple[str, S],
        inner: int,
        exit_key: Key[S],
    ) -> None:
        context, call, outer = caller
        move = self.machine.resume(call[0], call[1], *leaving)
        self._go(outer + inner + 2, context, call, move, (callee, exit_key))


class Reach(Generic[S, N]):
    """What one root reaches: contexts with the shortest distance from the root."""

    def __init__(self, root: Context[S, N]) -> None:
        self.root = root
        self.distance: dict[int, int] = {}
        self.contexts: list[Context[S, N]] = []
        self._before: dict[int, tuple[Context[S, N], Key[S], str]] = {}
        queue: list[tuple[int, int, Context[S, N]]] = [(0, root.number, root)]
        best = {root.number: 0}
        while queue:
            distance, number, context = heapq.heappop(queue)
            if number in self.distance:
                continue
            self.distance[number] = distance
            self.contexts.append(context)
            for target, key, local, why in context.leads.values():
                total = distance + local
                if target.number not in self.distance and total < best.get(target.number, total + 1):
                    best[target.number] = total
                    self._before[target.number] = (context, key, why)
                    heapq.heappush(queue, (total, target.number, target))

    def before(self, context: Context[S, N]) -> tuple[Context[S, N], Key[S], str] | None:
        """The situation from which a context is entered on the shortest run, and why; None at the root."""
        return self._before.get(context.number)

    def path(
        self, context: Context[S, N], key: Key[S], between: Between[S], *, brief: bool = False
    ) -> list[tuple[Key[S], str]]:
        """The shortest run from the root to a situation: (situation, why it was entered from the one before).

        between: writes out what a move passed over; brief: a call that returns in the state in which it was made is
        one step.
        """
        segments: list[tuple[Context[S, N], Key[S], str]] = []
        why = ""
        while True:
            before = self._before.get(context.number)
            if context is self.root or before is None:
                segments.append((context, key, ""))
                break
            segments.append((context, key, before[2]))
            context, key, why = before
        steps: list[tuple[Key[S], str]] = []
        for inside, last, why in reversed(segments):
            steps.append(((inside.point, inside.state), why))
            steps.extend(_local(inside, last, between, brief))
        return steps


Between = Callable[[Passed[S], int], Sequence[tuple[Key[S], str]]]
"""What was passed over on the way to a point: the situations, each with why the next one is entered."""


def _local(context: Context[S, N], key: Key[S], between: Between[S], brief: bool) -> list[tuple[Key[S], str]]:
    """The shortest run inside a context, behind its first situation, calls written out."""
    steps: list[tuple[Key[S], str]] = []
    # Built from its end; the stack holds contexts to go back to, with the situation that called and why.
    stack: list[tuple[Context[S, N], Key[S], str]] = []
    while True:
        reached = context.seen[key]
        if reached.before is None:
            if not stack:
                break
            outer, call, why = stack.pop()
            steps.append((key, why))
            context, key = outer, call
            continue
        why = reached.why
        if reached.passed is not None:
            over = between(reached.passed, key[0])
            whys = [why, *(onward for _, onward in over)]
            situations = [*(situation for situation, _ in over), key]
            steps.extend(reversed(list(zip(situations, whys, strict=True))))
        else:
            steps.append((key, why))
        if reached.through is None or (brief and reached.before[1] == key[1]):
            key = reached.before
        else:
            callee, exit_key = reached.through
            stack.append((context, reached.before, context.leads[callee.number][3]))
            context, key = callee, exit_key
    steps.reverse()
    return steps
