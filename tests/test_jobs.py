"""An audit with helpers gives the same report to the byte, whoever they are and whatever becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from auditor.analysis import grouping, rounds
from auditor.audit import run_audit
from auditor.cli.audit import AuditRequest
from auditor.cli.jobs import WORTH, Worker, hands
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from auditor.report.formats import FORMATS
from auditor.report.options import ReportOptions
from auditor.sharing import NOBODY, Hands, lent
from tests.declared import FIXTURES

T = TypeVar("T")
DEMO = FIXTURES / "demo" / "organisation"
FLOWS_ONLY = FIXTURES / "demo" / "organisation" / "flows"
RULES = read_rules(checked=False)
OPTIONS = AuditOptions(read_assumptions(checked=False), read_vocabulary(checked=False), details=True)


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the organisations were large."""
    monkeypatch.setattr(grouping, "MOST_POINTS", 30)


def report(folder: Path, helping: Hands = NOBODY, *, orphans: bool = False) -> str:
    options = replace(OPTIONS, hands=helping, include_orphans=orphans)
    audit = run_audit(load([folder], hands=helping), RULES, Policy(), options)
    return FORMATS["json"](audit, ReportOptions(exit_code=0, version="test"))


def processes(count: int) -> Hands:
    """Copies of this process."""

    @contextmanager
    def hired() -> Iterator[Sequence[Executor]]:
        workers = [Worker("fork") for _ in range(count)]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.shutdown()

    return Hands(hired, alike=True)


class Mortal(Worker):
    """A process that is killed before a call."""

    calls = 0

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        self.calls += 1
        if self.calls == 2:
            self._process.kill()
        return super().submit(fn, *args, **kwargs)


def test_processes_threads_and_nobody_come_to_the_same_report() -> None:
    alone = report(DEMO)
    assert report(DEMO, processes(1)) == alone
    assert report(DEMO, processes(2)) == alone
    with ThreadPoolExecutor(2) as pool:
        assert report(DEMO, lent(pool, pool)) == alone


def test_orphan_flows_too() -> None:
    assert report(FLOWS_ONLY, processes(2)) == report(FLOWS_ONLY)
    assert report(DEMO, processes(1), orphans=True) == report(DEMO, orphans=True)


class Watched(Worker):
    """A process that remembers what came of its calls."""

    def __init__(self, start: str) -> None:
        super().__init__(start)
        self.answers: list[Future[Any]] = []

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        future = super().submit(fn, *args, **kwargs)
        self.answers.append(future)
        return future


def test_a_worker_that_is_no_copy_is_sent_what_it_needs() -> None:
    """It knows nothing before, and fails at nothing: what it failed at would be done here, and take longer."""
    worker = Watched("spawn")
    try:
        assert report(DEMO, lent(worker)) == report(DEMO)
    finally:
        worker.shutdown()
    assert any(isinstance(each.result(), rounds._Answer) for each in worker.answers)


def test_a_worker_that_is_killed_changes_nothing() -> None:
    died: list[Mortal] = []

    @contextmanager
    def hired() -> Iterator[Sequence[Executor]]:
        died.append(Mortal("fork"))
        try:
            yield [died[-1]]
        finally:
            died[-1].shutdown()

    assert report(DEMO, Hands(hired, alike=True)) == report(DEMO)
    assert len(died) == 2
    assert any(each.calls >= 2 for each in died)


def test_one_job_starts_nothing_and_small_exports_are_not_worth_it() -> None:
    assert hands(1) is NOBODY
    assert hands(3).worth == 0
    assert hands(None).worth in (0, WORTH)  # 0: there is one processor
    assert AuditRequest((DEMO,)).jobs == 1

    def never() -> object:
        raise AssertionError("somebody was hired")

    asked = Hands(never, worth=1_000_000_000)  # type: ignore[arg-type]
    assert report(DEMO, asked) == report(DEMO)
