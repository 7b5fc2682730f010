"""Work that is shared comes to the same end, whoever does it and whoever is lost meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from auditor.cli.jobs import Worker
from auditor.sharing import HERE, Helpers

T = TypeVar("T")


class Counted(Executor):
    """Does what it is given at once, so many times; then it is broken."""

    def __init__(self, most: int) -> None:
        self.left = most

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        if not self.left:
            raise BrokenExecutor("gone")
        self.left -= 1
        future: Future[T] = Future()
        future.set_result(fn(*args))
        return future


def twice(number: int) -> int:
    return number * 2


def deadly(number: int) -> int:
    """Ends a helper; the process that the tests run in has a name."""
    if number == 3 and os.getpid() != MAIN:
        os._exit(1)
    return number * 2


def picky(number: int) -> int:
    if number == 2:
        raise ValueError("two")
    return number


MAIN = os.getpid()


def test_alone_everything_is_done_here_in_order() -> None:
    told: list[int] = []
    assert Helpers().share(twice, [1, 2, 3], told=told.append) == [(2, HERE), (4, HERE), (6, HERE)]
    assert told == [1, 2, 3]


def test_helpers_take_part_and_results_keep_their_order() -> None:
    with ThreadPoolExecutor(2) as pool:
        done = Helpers([pool, pool]).share(twice, range(50))
    assert [result for result, _ in done] == [2 * number for number in range(50)]
    assert {who for _, who in done} <= {HERE, 0, 1}


def test_what_is_bound_is_done_by_the_one_it_is_bound_to() -> None:
    done = Helpers([Counted(9), Counted(9)]).share(twice, [5, 6, 7], lambda number: -number, bound=[1, HERE, 0])
    assert done == [(10, 1), (-6, HERE), (14, 0)]


def test_what_a_helper_loses_is_done_here() -> None:
    helpers = Helpers([Counted(1)])
    assert helpers.share(twice, [5, 6, 7], bound=[0, 0, 0]) == [(10, 0), (12, HERE), (14, HERE)]
    assert not helpers
    assert helpers.share(twice, [8], bound=[0]) == [(16, HERE)]


def test_an_error_of_a_task_is_raised_here() -> None:
    with pytest.raises(ValueError, match="two"):
        Helpers([Counted(9)]).share(picky, [1, 2, 3], bound=[0, 0, 0])


def test_a_process_that_dies_loses_nothing() -> None:
    worker = Worker("fork")
    try:
        done = Helpers([worker]).share(deadly, [1, 3, 5], bound=[0, 0, 0])
    finally:
        worker.shutdown()
    assert [result for result, _ in done] == [2, 6, 10]
    assert [who for _, who in done] == [0, HERE, HERE]


def test_errors_and_what_cannot_be_sent_come_back_from_a_process() -> None:
    worker = Worker("fork")
    try:
        with pytest.raises(ValueError, match="two"):
            worker.submit(picky, 2).result()
        with pytest.raises(RuntimeError):
            worker.submit(_unsendable, 1).result()
        assert worker.submit(twice, 4).result() == 8
    finally:
        worker.shutdown()
    with pytest.raises(BrokenExecutor):
        worker.submit(twice, 4).result()


def _unsendable(number: int) -> Callable[[], int]:
    return lambda: number
