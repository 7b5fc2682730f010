"""Tasks on any `concurrent.futures.Executor`: one whose worker is lost is tried again, and none is forgotten."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")
R = TypeVar("R")

LOOK = 1.0
"""Seconds after which it is looked whether anybody is still there to work."""
PATIENCE = 60.0
"""Seconds without anybody after which all that is left is given up."""
NOBODY = "nobody was left to do it"


class Crew(Struct, frozen=True):
    """Who does the work.

    start: an executor, a new one each time; size: tasks handed out at once; clock: in seconds; manned: whether anybody
    is there to work; gone: how many have left.
    """

    start: Callable[[], Executor]
    size: int
    clock: Callable[[], float]
    manned: Callable[[], bool] = lambda: True
    gone: Callable[[], int] = lambda: 0


class Lost(Struct, frozen=True):
    """A task that was not finished. why: what was heard of it; again: whether it is still to be tried once more."""

    why: str
    again: bool


class Shift(Generic[T, R]):
    """All tasks, done by a crew.

    An executor can break under any of the tasks that it holds. Each of these is told as lost, and tried again at the
    end, alone: a task that kills its workers takes no other with it.
    """

    def __init__(self, work: Callable[[T], R], crew: Crew) -> None:
        self._work = work
        self._crew = crew
        self._given_up = False

    def results(self, tasks: Sequence[T]) -> Iterator[tuple[T, R | Lost]]:
        """Each task with its result, in the order in which they are done; with a Lost before that when tried twice."""
        alone: list[T] = []
        waiting = deque(tasks)
        while waiting:
            for task, result in self._until_broken(waiting, self._crew.size):
                if not isinstance(result, Lost):
                    yield task, result
                elif self._given_up:
                    yield task, Lost(result.why, again=False)
                else:
                    alone.append(task)
                    yield task, Lost(result.why, again=True)
        for task in alone:
            for _, result in self._until_broken(deque([task]), 1):
                yield task, Lost(result.why, again=False) if isinstance(result, Lost) else result

    def _until_broken(self, waiting: deque[T], size: int) -> Iterator[tuple[T, R | Lost]]:
        """Takes from the waiting tasks until there are none, or one is lost; what is begun by then is still awaited."""
        if self._given_up:
            yield waiting.popleft(), Lost(NOBODY, again=False)
            return
        running: dict[Future[R], T] = {}
        whole = True
        executor = self._crew.start()
        try:
            while running or (waiting and whole):
                while waiting and whole and len(running) < size:
                    task = waiting.popleft()
                    running[self._submitted(executor, task)] = task
                for future in self._done(running.keys()):
                    result = _result(future)
                    whole = whole and not isinstance(result, Lost)
                    yield running.pop(future), result
        finally:
            # One that is still ending when Python ends may say so on standard error; who was lost is not waited for.
            with suppress(Exception):  # of an executor that is beyond even that
                executor.shutdown(wait=whole and not running)

    def _submitted(self, executor: Executor, task: T) -> Future[R]:
        """The future of the task; one that has failed where the executor takes nothing any more."""
        try:
            return executor.submit(self._work, task)
        except Exception as error:  # each kind of executor has its own way to be broken
            failed: Future[R] = Future()
            failed.set_exception(error)
            return failed

    def _done(self, futures: Set[Future[R]]) -> Set[Future[R]]:
        """Those that are done; all of them when nobody has been there to work for too long."""
        seen = self._crew.clock()
        while True:
            done = wait(futures, timeout=LOOK, return_when=FIRST_COMPLETED).done
            if done:
                return done
            if self._crew.manned():
                seen = self._crew.clock()
            elif self._crew.clock() - seen > PATIENCE:
                self._given_up = True
                return set(futures)


def _result(future: Future[R]) -> R | Lost:
    """What the future holds, also when that is nothing; its errors are of the executor, tasks raise none."""
    if not future.done():
        future.cancel()
        return Lost(NOBODY, again=False)
    if future.cancelled():
        return Lost("it was cancelled", again=False)
    error = future.exception()
    return future.result() if error is None else Lost(_words(error), again=False)


def _words(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
