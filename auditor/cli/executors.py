"""Where the work of a fleet is done: processes of this machine, or the workers of a dask cluster."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping, Set
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from auditor.cli.around import Around
from auditor.cli.crew import Crew
from auditor.errors import EnvironmentFault, UsageError
from auditor.report.text import counted

PROCESS = "process"
REACH = 10.0
"""Seconds in which a scheduler has to answer, and in which it has to have a worker."""
_DASK = re.compile(r"dask://([^/\s:]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")


def crew_for(executor: str, jobs: int | None, most: int, around: Around) -> AbstractContextManager[Crew]:
    """The crew of `process` or `dask://HOST:PORT`. jobs: tasks at once; most: there are no more tasks than these."""
    if executor == PROCESS:
        return _processes(min(jobs or processors(), most), around)
    if not _DASK.fullmatch(executor):
        raise UsageError(
            f"--executor {executor}: there is no such executor.",
            hint="Give process, or dask://HOST:PORT of a scheduler.",
        )
    return _cluster(executor.removeprefix("dask://"), jobs, most, around)


def processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@contextmanager
def _processes(size: int, around: Around) -> Iterator[Crew]:
    """A pool of new processes each time, because one that died breaks its pool."""
    context = multiprocessing.get_context("spawn")

    def start() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(size, mp_context=context, initializer=begin)

    try:
        yield Crew(start, size, around.clock)
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise


def begin() -> None:
    """The first thing in a worker: an interruption is for the one who gives out the work, and it ends with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Client(Protocol):
    """What is used of dask's own client, which has no types."""

    def nthreads(self) -> Mapping[str, int]: ...
    def wait_for_workers(self, n_workers: int, timeout: float) -> object: ...
    def get_executor(self, *, pure: bool) -> Executor: ...
    def close(self) -> object: ...


@contextmanager
def _cluster(address: str, jobs: int | None, most: int, around: Around) -> Iterator[Crew]:
    """The workers of a scheduler; dask itself gives the work of a lost worker to another."""
    client = _client(address)
    try:
        threads = _threads(client, address)
        around.say(f"auditor: {counted(len(threads), 'worker')} at {address}")

        def there() -> Set[str]:
            try:
                return client.nthreads().keys()
            except Exception:  # whatever keeps the scheduler from answering
                return frozenset()

        yield Crew(
            # Not pure: what was asked for in an earlier run is done again.
            lambda: client.get_executor(pure=False),
            min(jobs or sum(threads.values()), most),
            around.clock,
            manned=lambda: bool(there()),
            gone=lambda: len(threads.keys() - there()),
        )
    finally:
        client.close()


def _client(address: str) -> _Client:
    try:
        distributed = importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--executor dask://{address} needs dask.distributed.",
            hint="Install it here and on every worker: pip install 'recording-consent-auditor[fleet]'",
        ) from error
    try:
        client: _Client = distributed.Client(address, timeout=REACH, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EnvironmentFault(
            f"No dask scheduler answers at {address}.", hint="Start one with `dask scheduler`, or check host and port."
        ) from error
    return client


def _threads(client: _Client, address: str) -> Mapping[str, int]:
    """The workers with their threads, once there is one."""
    try:
        client.wait_for_workers(1, timeout=REACH)
    except TimeoutError as error:
        raise EnvironmentFault(
            f"The dask scheduler at {address} has no workers.", hint=f"Start one with `dask worker {address}`."
        ) from error
    return dict(client.nthreads())
