from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from auditor.cli import crew as module
from auditor.cli.crew import NOBODY, Crew, Lost, Shift
from tests.cli.crew_tasks import fails, once_killed, twice, twice_unless_seven


def threads(size: int = 2) -> Crew:
    return Crew(lambda: ThreadPoolExecutor(size), size, monotonic)


def processes(size: int = 2) -> Crew:
    spawn = multiprocessing.get_context("spawn")
    return Crew(lambda: ProcessPoolExecutor(size, mp_context=spawn), size, monotonic)


def results(work: Callable[[Any], Any], crew: Crew, tasks: list[Any]) -> tuple[dict[Any, Any], list[Any]]:
    """What came of each task in the end, and which tasks were said to be tried again."""
    done: dict[Any, Any] = {}
    again: list[Any] = []
    for task, result in Shift(work, crew).results(tasks):
        if isinstance(result, Lost) and result.again:
            again.append(task)
        else:
            assert task not in done
            done[task] = result
    return done, again


class Broken(Executor):
    """Takes some tasks, then no more."""

    def __init__(self, takes: int) -> None:
        self.takes = takes

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if not self.takes:
            raise RuntimeError("cannot schedule new futures after shutdown")
        self.takes -= 1
        future: Future[Any] = Future()
        future.set_result(fn(*args))
        return future


class Silent(Executor):
    """Takes every task and never does one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_each_task_gets_its_own_result(size: int) -> None:
    tasks = list(range(20))
    assert results(twice, threads(size), tasks) == ({n: 2 * n for n in tasks}, [])


def test_no_tasks_need_no_executor() -> None:
    def start() -> Executor:
        raise AssertionError

    assert results(twice, Crew(start, 2, monotonic), []) == ({}, [])


def test_no_more_tasks_are_out_at_once_than_asked_for() -> None:
    class Counting(ThreadPoolExecutor):
        out = most = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            Counting.out += 1
            Counting.most = max(Counting.most, Counting.out)
            future = super().submit(fn, *args, **kwargs)
            return future

    counting = Shift(twice, Crew(lambda: Counting(8), 3, monotonic))
    for _ in counting.results(list(range(12))):
        Counting.out -= 1
    assert Counting.most == 3


def test_a_task_that_dies_with_its_process_once_is_done_the_second_time(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in "abc"]
    (tmp_path / "a").touch()
    (tmp_path / "c").touch()
    done, again = results(once_killed, processes(), tasks)
    assert done == {task: Path(task).name for task in tasks}
    assert tasks[1] in again


def test_a_task_that_kills_its_process_each_time_takes_no_other_with_it() -> None:
    tasks = [*range(12)]
    done, again = results(twice_unless_seven, processes(), tasks)
    assert {task: result for task, result in done.items() if task != 7} == {n: 2 * n for n in tasks if n != 7}
    assert 7 in again
    assert isinstance(done[7], Lost)
    assert done[7].why.startswith("BrokenProcessPool: ")


def test_what_the_executor_raises_is_said_in_one_line() -> None:
    done, again = results(fails, threads(), [1, 2])
    assert done == {n: Lost(f"ValueError: no {n}", again=False) for n in (1, 2)}
    assert sorted(again) == [1, 2]


def test_an_executor_that_takes_nothing_any_more_is_replaced() -> None:
    takes = itertools.chain([2, 3], itertools.repeat(9))
    done, again = results(twice, Crew(lambda: Broken(next(takes)), 1, monotonic), [*range(8)])
    assert done == {n: 2 * n for n in range(8)}
    assert again == [2, 6]


def test_a_future_that_somebody_cancels_is_a_lost_task() -> None:
    class Cancelling(Broken):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    done, again = results(twice, Crew(lambda: Cancelling(0), 2, monotonic), [1])
    assert done == {1: Lost("it was cancelled", again=False)}
    assert again == [1]


def test_when_nobody_is_there_any_more_all_that_is_left_is_said_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.001)
    monkeypatch.setattr(module, "PATIENCE", 6.0)
    ticks = itertools.count()
    crew = Crew(Silent, 2, lambda: float(next(ticks)), manned=lambda: False)
    assert results(twice, crew, [1, 2, 3, 4]) == ({n: Lost(NOBODY, again=False) for n in (1, 2, 3, 4)}, [])


def test_somebody_who_is_away_for_a_while_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.001)
    monkeypatch.setattr(module, "PATIENCE", 6.0)
    ticks, asked = itertools.count(), itertools.count()
    future: Future[int] = Future()

    class Late(Silent):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return future

    def manned() -> bool:
        number = next(asked)
        if number == 12:
            future.set_result(1)
        return number % 4 == 0

    crew = Crew(Late, 1, lambda: float(next(ticks)), manned=manned)
    assert results(twice, crew, [1]) == ({1: 1}, [])
    assert next(asked) == 13
