"""Runs that are killed at any moment, side by side, or short of disk: nothing half-written, and the next run works."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auditor.cli.main import app
from auditor.history.store import History
from tests.hostile.making import BYE, flow

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
EVENTS = ("open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "sqlite3.connect", "tempfile.mkstemp")


def _export(folder: Path) -> Path:
    export = folder / "export"
    export.mkdir()
    (export / "a.yaml").write_text(flow(BYE), encoding="utf-8")
    return export


def _apart(work: Callable[[], int]) -> int:
    """The exit code of the work in a process of its own, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _command(words: Sequence[str]) -> Callable[[], int]:
    return lambda: CliRunner().invoke(app, list(words)).exit_code


def _killed(words: Sequence[str], place: Path, moment: int) -> int:
    """The command, killed when it does the given thing to something at the place."""
    left = [moment]

    def watch(event: str, args: tuple[object, ...]) -> None:
        if event in EVENTS and str(place) in str(args):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def work() -> int:
        sys.addaudithook(watch)
        return _command(words)()

    return _apart(work)


@pytest.mark.parametrize("kind", ["report", "pack", "history"])
def test_a_run_that_is_killed_leaves_the_old_or_the_new(kind: str, tmp_path: Path) -> None:
    export = _export(tmp_path)
    place = tmp_path / "out"
    place.mkdir()
    target = place / "target"
    words = {
        "report": ("audit", str(export), "--quiet", "--format", "json", "--output", str(target)),
        "pack": ("pack", str(export), "--quiet", "--output", str(target)),
        "history": ("history", "add", str(export), "--db", str(target)),
    }[kind]
    target.write_bytes(b"" if kind == "history" else b"old")
    moment = 0
    while (code := _killed(words, place, moment)) == -signal.SIGKILL:
        if kind == "history":
            assert not target.stat().st_size or len(History(str(target)).series()) <= 1
        else:
            assert target.read_bytes() == b"old"
        moment += 1
        assert moment < 30
    assert moment >= 1
    assert code in (0, 5)
    assert _apart(_command(words)) == code
    assert target.stat().st_size > 10


def test_a_run_that_is_killed_leaves_a_cache_that_lies_about_nothing(tmp_path: Path) -> None:
    export, place = _export(tmp_path), tmp_path / "cache"

    def audited(name: str, *more: str) -> tuple[str, ...]:
        output = str(tmp_path / f"{name}.json")
        return ("audit", str(export), "--quiet", "--format", "json", "--output", output, *more)

    whole = _apart(_command(audited("without")))
    moment = 0
    while (code := _killed(audited("killed", "--cache", str(place)), place, moment)) == -signal.SIGKILL:
        assert _apart(_command(audited(str(moment), "--cache", str(place)))) == whole
        shutil.rmtree(place)
        moment += 1
        assert moment < 30
    assert moment >= 1
    assert code == whole
    assert len({path.read_bytes() for path in tmp_path.glob("*.json")}) == 1


def test_runs_side_by_side_all_count(tmp_path: Path) -> None:
    export, place = _export(tmp_path), tmp_path / "h.sqlite"
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = _command(("history", "add", str(export), "--db", str(place)))()
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    history = History(str(place))
    assert set(codes) <= {0, 5}
    assert [header.number for series in history.series() for header in history.headers(series)] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["report", "pack", "history"])
def test_a_full_disk_is_told_and_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    export, target = _export(tmp_path), tmp_path / "target"
    words = {
        "report": ("audit", str(export), "--quiet", "--format", "json", "--output", str(target)),
        "pack": ("pack", str(export), "--quiet", "--output", str(target)),
        "history": ("history", "add", str(export), "--db", str(target)),
    }[kind]
    whole = _apart(_command(words))
    before = target.read_bytes()

    def short() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        return _command(words)()

    assert _apart(short) == 3
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".part") == []
    assert _apart(_command(words)) == whole
