"""Processes that help one audit: `--jobs`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from auditor.cli.executors import begin, processors
from auditor.sharing import NOBODY, Hands

T = TypeVar("T")
WORTH = 2_000_000
"""Bytes of an export for which more than one process is used unasked."""


def hands(jobs: int | None) -> Hands:
    """Processes beside this one. jobs: with this one; None: as many as processors, when there is enough to do."""
    count = (processors() if jobs is None else jobs) - 1
    if count < 1:
        return NOBODY
    # Copies of this process know what it has loaded; elsewhere than on Linux they are not safe to make.
    start = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    return Hands(lambda: _hired(count, start), alike=start == "fork", worth=WORTH if jobs is None else 0)


@contextmanager
def _hired(count: int, start: str) -> Iterator[Sequence[Executor]]:
    workers: list[Worker] = []
    try:
        for _ in range(count):
            workers.append(Worker(start))
        yield workers
    finally:
        for worker in workers:
            worker.shutdown()


class Worker(Executor):
    """One process. It is there before any thread is, so that as many can be copied of this process as are wanted."""

    def __init__(self, start: str) -> None:
        """start: fork or spawn."""
        context = multiprocessing.get_context(start)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()
        self._calls: queue.SimpleQueue[tuple[Future[Any], tuple[Any, ...]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._over = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """As of any executor; without arguments by name."""
        if self._over:
            raise BrokenExecutor("the process has been ended")
        future: Future[T] = Future()
        self._calls.put((future, (fn, *args)))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the process, whatever it does."""
        self._over = True
        self._calls.put(None)
        self._process.terminate()
        self._process.join()
        if self._thread is not None:
            self._thread.join()
        self._pipe.close()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            future, task = call
            try:
                self._pipe.send(task)
                result, error = self._pipe.recv()
            except Exception as broken:  # it has died, or what it was given cannot be sent
                future.set_exception(BrokenExecutor(str(broken)))
            else:
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)


def _serve(pipe: Connection) -> None:
    """What a process does: one call after the other, until nobody asks any more."""
    begin()
    gc.freeze()  # what it begins with is there for good
    while True:
        try:
            function, *arguments = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        answer: tuple[object, BaseException | None]
        try:
            answer = (function(*arguments), None)
        except Exception as error:
            answer = (None, error)
        try:
            pipe.send(answer)
        except Exception as error:  # what cannot be sent
            pipe.send((None, RuntimeError(f"{type(error).__name__}: {error}")))
