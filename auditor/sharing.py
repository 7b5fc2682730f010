"""Work shared between this process and helpers: any `concurrent.futures.Executor`. The results never depend on them."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from queue import SimpleQueue
from typing import Generic, TypeVar

from msgspec import Struct, field

T = TypeVar("T")
R = TypeVar("R")

HERE = -1
"""Who did a task, or has to: this process itself."""
TURN = 0.0005
"""Seconds until threads take turns while helpers report: they wait whenever a few bytes arrive."""


class Hands(Struct, frozen=True):
    """Who works beside this process. hired: executors for a while; those with one worker keep what they know.

    alike: whether workers begin as copies of this process at the time they are hired, and so know what it knows;
    worth: bytes of an export from which on they are asked at all.
    """

    hired: Callable[[], AbstractContextManager[Sequence[Executor]]]
    alike: bool = False
    worth: int = 0


NOBODY = Hands(lambda: nullcontext(()))


def lent(*executors: Executor) -> Hands:
    """The hands of executors of any kind, which are not shut down."""
    return Hands(lambda: nullcontext(executors))


class _Round(Struct, Generic[T, R]):
    """What is going on. own: tasks that one helper alone is asked to do; events: a word whenever something is done."""

    tasks: Sequence[T]
    open: deque[int]
    own: dict[int, deque[int]]
    results: dict[int, tuple[R, int]] = field(default_factory=dict)
    undone: deque[int] = field(default_factory=deque)
    running: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    events: SimpleQueue[None] = field(default_factory=SimpleQueue)


class Helpers:
    """Executors that take tasks as long as they are whole; what one of them loses is done here."""

    def __init__(self, executors: Sequence[Executor] = ()) -> None:
        self._executors = tuple(executors)
        self._lost: set[int] = set()

    def __bool__(self) -> bool:
        return len(self._lost) < len(self._executors)

    def share(
        self,
        work: Callable[[T], R],
        tasks: Sequence[T],
        here: Callable[[T], R] | None = None,
        *,
        bound: Sequence[int] | None = None,
        told: Callable[[int], object] = lambda done: None,
    ) -> list[tuple[R, int]]:
        """The result of each task, with who did it: a helper by number, or HERE.

        here: how this process does a task; bound: for each task who has to do it, while that one is whole; told: how
        many are done. Tasks are begun in their order. What a task raises is raised when it is done here.
        """
        doing = here or work
        own = {helper: deque[int]() for helper in (HERE, *range(len(self._executors)))}
        for index, who in enumerate(bound or ()):
            own[who if who in own and who not in self._lost else HERE].append(index)
        common = deque(() if bound is not None else range(len(tasks)))
        going: _Round[T, R] = _Round(tasks, common, own)
        with _turns() if self else nullcontext():
            for helper in range(len(self._executors)):
                self._feed(going, helper, work)
            while (mine := self._next(going)) is not None:
                going.results[mine] = (doing(tasks[mine]), HERE)
                told(len(going.results))
        return [going.results[index] for index in range(len(tasks))]

    def _next(self, going: _Round[T, R]) -> int | None:
        """A task for this process, as soon as there is one; None when all is done."""
        while True:
            with going.lock:
                for waiting in (going.undone, going.own[HERE], going.open):
                    if waiting:
                        return waiting.popleft()
                if not going.running:
                    return None
            going.events.get()

    def _feed(self, going: _Round[T, R], helper: int, work: Callable[[T], R]) -> None:
        """Gives a helper its next task, if it is whole and there is one."""
        with going.lock:
            waiting = going.own[helper] or going.open
            if helper in self._lost or not waiting:
                return
            index = waiting.popleft()
            going.running += 1
        try:
            future = self._executors[helper].submit(work, going.tasks[index])
        except Exception as error:  # each kind of executor has its own way to be broken
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._done(going, helper, index, work, done))

    def _done(
        self, going: _Round[T, R], helper: int, index: int, work: Callable[[T], R], future: Future[R]
    ) -> None:  # fmt: skip
        try:
            result = future.result()
        except BaseException:  # of the executor, or of the task: it is done here, and raises here what it has to
            with going.lock:
                self._lost.add(helper)
                going.undone.append(index)
                going.undone.extend(going.own[helper])
                going.own[helper].clear()
        else:
            going.results[index] = (result, helper)
        self._feed(going, helper, work)
        with going.lock:
            going.running -= 1
        going.events.put(None)


@contextmanager
def _turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
