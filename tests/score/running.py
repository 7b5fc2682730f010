"""Plugins of pytest: one notes which test reaches which line, the other tries mutants with the tests that reach them.

A mutant is tried in a child of a process in which everything is imported and nothing has run: its function gets the
changed code. What runs while modules are imported cannot be changed later: such a mutant gets a process of its own.
"""

from __future__ import annotations

import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.score.mutating import ROOT, Mutant

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
BROKEN = "broken"
"""The test run itself failed: no result."""
_MEMORY = 6 << 30
_SURVIVED_CODE, _BROKEN = 77, 78  # no codes of pytest
_AUDITS = ("test_fixtures.py", "test_cases.py", "test_assumptions.py")
_TO_PARENT = 200  # a descriptor that nothing else uses
_PATIENCE = 8  # times what the test takes
_AT_LEAST = 20.0  # seconds of the processor


class Reach:
    """Runs all tests once; lines[file][line] are the tests that reach it, "" among them when an import does.

    gone: tests that are known and no longer there.
    """

    def __init__(self, coverage: Any, known: set[str]) -> None:
        self.coverage, self.known = coverage, known
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.gone: set[str] = set()
        self.caches: list[Any] = []
        self.modules = 0
        self.path = Path()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        import_all()
        there = {item.nodeid for item in items}
        files = {name.partition("::")[0] for name in there}
        self.gone = {name for name in self.known - there if name.partition("::")[0] in files}
        items[:] = [item for item in items if item.nodeid not in self.known]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if item.path != self.path or item.path.name in _AUDITS:
            self.forget()
        self.path = item.path
        self.coverage.switch_context(item.nodeid)
        begun = time.process_time()
        result = yield
        self.seconds[item.nodeid] = round(time.process_time() - begun, 3)
        self.coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.append(report.nodeid)

    def forget(self) -> None:
        """Empties caches of functions, so that each test reaches by itself what it needs."""
        if len(sys.modules) != self.modules:
            self.modules = len(sys.modules)
            gc.unfreeze()
            cached = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
            self.caches = [each for each in cached if str(each.__module__).startswith(("auditor", "tests"))]
        for each in self.caches:
            each.cache_clear()

    def lines(self) -> dict[str, dict[int, list[str]]]:
        """Which tests reach which line of which file."""
        self.coverage.stop()
        data = self.coverage.get_data()
        files = {file: Path(file).relative_to(ROOT).as_posix() for file in data.measured_files()}
        return {name: data.contexts_by_lineno(file) for file, name in files.items()}


class Trying:
    """Instead of running the tests, tries every mutant in a child. tests: those to be run for it, in their order."""

    def __init__(
        self,
        tests: Mapping[Mutant, Sequence[str]],
        seconds: Mapping[str, float],
        jobs: int,
        done: Callable[[Mutant, str, str], None],
    ) -> None:
        self.tests, self.seconds, self.jobs, self.done = tests, seconds, jobs, done

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        import_all()
        index = functions()
        gc.freeze()

        def child(mutant: Mutant) -> int | None:
            code = outermost(compile(mutant.make(), str(ROOT / mutant.file), "exec"), mutant.function)
            found = index.get((str(ROOT / mutant.file), mutant.function), [])
            if code is None or len({each.__code__ for each in found}) != 1:
                return None
            for each in found:
                each.__code__ = code
            return self.run([items[name] for name in self.tests[mutant]])

        each_in_a_child(list(self.tests), self.jobs, child, self.done)
        return True

    def run(self, items: Sequence[pytest.Item]) -> int:
        """The code with which the child ends: 1 after the first test that fails."""
        watch = Watch(self.seconds)
        items[0].config.pluginmanager.register(watch)
        for number, item in enumerate(items):
            following = items[number + 1] if number + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if watch.failed:
                say(watch.failed)
                return 1
        return _SURVIVED_CODE


class Watch:
    """Ends the process when a test takes much longer than it should; notes the first that fails."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self.seconds, self.failed = seconds, ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        signal.setitimer(signal.ITIMER_PROF, max(_AT_LEAST, _PATIENCE * self.seconds.get(item.nodeid, 0)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def say(text: str) -> None:
    """To the parent, which listens while a child runs."""
    os.write(_TO_PARENT, text.encode())


def import_all() -> None:
    """Imports every module of the program; commands do it when they need them."""
    for path in sorted((ROOT / "auditor").rglob("*.py")):
        importlib.import_module(
            path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        )


def functions() -> dict[tuple[str, str], list[FunctionType]]:
    """The living functions by file and dotted name."""
    found: dict[tuple[str, str], list[FunctionType]] = {}
    gc.unfreeze()
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            found.setdefault((each.__code__.co_filename, each.__code__.co_qualname), []).append(each)
    return found


def outermost(code: CodeType, name: str) -> CodeType | None:
    """The code of a function with a dotted name; nothing when there are several."""
    found = [code]
    for part in name.split("."):
        found = [c for each in found for c in each.co_consts if isinstance(c, CodeType) and c.co_name == part]
    return found[0] if len(found) == 1 else None


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from changed source."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.path, self.source = ROOT / mutant.file, mutant.make()

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        places = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=places
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def anew(mutant: Mutant, tests: Sequence[str], seconds: Mapping[str, float]) -> int:
    """Tries a mutant in a process that has not imported the program yet."""
    assert not any(name == "auditor" or name.startswith("auditor.") for name in sys.modules)
    sys.meta_path.insert(0, Changed(mutant))
    watch = Watch(seconds)
    code = pytest.main([*OPTIONS, "-x", *tests], plugins=[watch])
    say(watch.failed or f"exit code {int(code)} of pytest")
    return _SURVIVED_CODE if code == 0 else 1


OPTIONS = ("-s", "-n", "0", "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging")


def each_in_a_child(
    mutants: Sequence[Mutant],
    jobs: int,
    child: Callable[[Mutant], int | None],
    done: Callable[[Mutant, str, str], None],
) -> None:
    """Forks for each mutant, some at a time. A child that returns None could not do it and is told as an empty word."""
    running: dict[int, tuple[Mutant, int]] = {}
    waiting = list(reversed(mutants))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            reading, writing = os.pipe()
            pid = os.fork()
            if pid == 0:
                _be_a_child(mutant, child, writing)
            os.close(writing)
            running[pid] = (mutant, reading)
        pid, status = os.wait()
        mutant, reading = running.pop(pid)
        with os.fdopen(reading, "rb") as pipe:
            by = pipe.read().decode(errors="replace")
        done(mutant, _word(status), by)


def _be_a_child(mutant: Mutant, child: Callable[[Mutant], int | None], writing: int) -> None:
    code: int | None = 1
    try:
        os.dup2(writing, _TO_PARENT)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        signal.setitimer(signal.ITIMER_PROF, 120)
        code = child(mutant)
    except BaseException as error:
        say(f"{type(error).__name__}: {error}"[:300])
        code = _BROKEN
    finally:
        os._exit(2 if code is None else code)


def _word(status: int) -> str:
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _BROKEN:
        return BROKEN
    if os.WIFSIGNALED(status):
        return TIMED_OUT if os.WTERMSIG(status) == signal.SIGPROF else KILLED
    return {_SURVIVED_CODE: SURVIVED, 2: ""}.get(os.WEXITSTATUS(status), KILLED)
