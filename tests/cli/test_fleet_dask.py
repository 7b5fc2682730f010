"""`auditor fleet --executor dask://...` with a scheduler and workers that the tests start on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from auditor.cli import executors
from auditor.cli.executors import crew_for
from auditor.errors import EnvironmentFault, UsageError
from tests.cli.conftest import ROOT, Desk, Run

pytest.importorskip("distributed", reason="dask.distributed is not installed (the extra fleet)")

DEMO = ROOT / "fixtures" / "demo"
ENV = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"}
COMMAND = [sys.executable, "-c", "from auditor.cli.main import main; main()", "fleet"]


@dataclass
class Cluster:
    """Processes of a cluster, the scheduler first; each worker in a folder of its own."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"dask://{self.address}"

    def start(self, program: str, *args: str) -> subprocess.Popen[bytes]:
        """Starts a program of dask, whose output goes into a file."""
        home = self.folder / f"{program}-{len(self.processes)}"
        home.mkdir(parents=True)
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *args]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=home, env=ENV, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def add_worker(self) -> subprocess.Popen[bytes]:
        """A worker of one thread and without anybody who starts it again."""
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler with that many workers, all ended in the end."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Cluster(folder)
    written = folder / "scheduler.json"
    try:
        # The scheduler chooses its port itself: one looked for beforehand may be taken when it starts.
        made.start(
            *("scheduler", "--host", "127.0.0.1", "--port", "0"),
            *("--scheduler-file", str(written), "--no-dashboard", "--no-show"),
        )
        made.address = _address(made.processes[0], written)
        _wait_for(made, workers)
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()


def _address(scheduler: subprocess.Popen[bytes], written: Path) -> str:
    """Host and port where the scheduler listens, as soon as its file is whole."""
    end = time.monotonic() + 120
    while True:
        with suppress(FileNotFoundError, ValueError):
            return str(json.loads(written.read_text(encoding="utf-8"))["address"]).removeprefix("tcp://")
        assert scheduler.poll() is None, (written.parent / "scheduler-0" / "log").read_text(encoding="utf-8")
        assert time.monotonic() < end
        time.sleep(0.02)


def _wait_for(made: Cluster, workers: int) -> None:
    from distributed import Client

    with Client(made.address, timeout=120, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        for _ in range(workers):
            made.add_worker()
        if workers:
            client.wait_for_workers(workers, timeout=120)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers to which nothing happens."""
    with cluster(tmp_path_factory.mktemp("steady"), 2) as made:
        yield made


@pytest.fixture
def several(tmp_path: Path) -> list[str]:
    """The demonstration organisation under several names."""
    names = [f"org{number}" for number in range(6)]
    for name in names:
        shutil.copytree(DEMO / "organisation", tmp_path / "all" / name)
    return names


def reports(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_a_cluster_gives_the_same_bytes_as_processes(steady: Cluster, tmp_path: Path, auditor: Run) -> None:
    cases = ROOT / "fixtures" / "cases"
    shutil.copytree(cases / "RC102-bad-enable-first" / "export", tmp_path / "Bad")
    shutil.copytree(cases / "RC102-ok-opt-in" / "export", tmp_path / "Good")
    words = ("fleet", "Bad", "Good", "--format", "json", "--report", "json", "--report", "html")
    here = auditor(*words, "--output", "here")
    there = auditor(*words, "--output", "there", "--executor", steady.url)
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert there.returncode == 1
    assert reports(tmp_path / "there") == reports(tmp_path / "here")
    assert f"auditor: 2 workers at {steady.address}" in there.stderr


def test_a_worker_that_is_lost_costs_nothing(tmp_path: Path, several: list[str]) -> None:
    with cluster(tmp_path / "cluster", 2) as made:
        command = [*COMMAND, *several, "--executor", made.url, "--output", "out"]
        with subprocess.Popen(
            command, cwd=tmp_path / "all", env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as run:
            _wait_for_reports(tmp_path / "all" / "out", run)
            made.processes[1].send_signal(signal.SIGKILL)
            out, err = run.communicate(timeout=300)
    assert run.returncode == 1, err
    assert "6 of 6 audited" in out
    assert "1 worker left during the run; what was begun there was done by others" in err
    texts = [text.replace(name, "org") for name, text in reports(tmp_path / "all" / "out").items()]
    assert len(texts) == len(several)
    assert len(set(texts)) == 1


def _wait_for_reports(folder: Path, run: subprocess.Popen[str]) -> None:
    """Until the first report is written: then both workers are at work on the next ones."""
    end = time.monotonic() + 240
    while not (folder.is_dir() and any(folder.glob("*.json"))):
        assert run.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(("lost", "why"), [(1, "nobody was left to do it"), (0, "")], ids=["worker", "scheduler"])
def test_when_nobody_is_left_the_rest_is_not_audited(lost: int, why: str, tmp_path: Path, several: list[str]) -> None:
    patient = "import auditor.cli.crew as c; c.PATIENCE = 2.0; from auditor.cli.main import main; main()"
    with cluster(tmp_path / "cluster", 1) as made:
        command = [sys.executable, "-c", patient, "fleet", *several, "--executor", made.url, "--output", "out"]
        with subprocess.Popen(
            command, cwd=tmp_path / "all", env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as run:
            _wait_for_reports(tmp_path / "all" / "out", run)
            made.processes[lost].send_signal(signal.SIGKILL)
            out, err = run.communicate(timeout=300)
    assert run.returncode == 3, err
    assert f"not audited (exit code 3): its worker was lost: {why}" in err
    assert "1 worker left during the run\n" in err
    assert len([line for line in out.splitlines() if "not audited" in line]) >= 4, err


def test_without_a_scheduler_it_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "REACH", 1.0)
    with (
        pytest.raises(EnvironmentFault, match="No dask scheduler answers at "),
        crew_for(f"dask://127.0.0.1:{free_port()}", None, 1, desk.around),
    ):
        raise AssertionError


def test_without_workers_it_says_so(tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "REACH", 3.0)
    with (
        cluster(tmp_path, 0) as made,
        pytest.raises(EnvironmentFault, match="has no workers"),
        crew_for(made.url, None, 1, desk.around),
    ):
        raise AssertionError


def test_without_dask_it_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match="needs dask") as raised,
        crew_for("dask://localhost:8786", None, 1, desk.around),
    ):
        raise AssertionError
    assert "recording-consent-auditor[fleet]" in raised.value.hint
