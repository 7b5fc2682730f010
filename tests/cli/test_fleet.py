"""`auditor fleet` with processes; test_fleet_dask.py does the same with a cluster."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest
from auditor.cli.crew import Crew, Lost
from auditor.cli.executors import crew_for
from auditor.cli.fleet import FleetRequest, Work, fleet, organisations_of
from auditor.cli.fleet_task import Task, audit_organisation
from auditor.cli.main import app
from auditor.cli.organisations import Named
from auditor.errors import UsageError
from auditor.findings import Severity
from tests.cli.conftest import ROOT, Desk, Run

CASES = ROOT / "fixtures" / "cases"
DEMO = ROOT / "fixtures" / "demo"
EXPORTS = {
    "Bad": CASES / "RC102-bad-enable-first" / "export",
    "Good": CASES / "RC102-ok-opt-in" / "export",
    "Empty": None,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the exports of three organisations lie."""
    for name, export in EXPORTS.items():
        if export is None:
            (tmp_path / name).mkdir()
        else:
            shutil.copytree(export, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def task(name: str, **changes: object) -> Task:
    request = replace(AuditRequest(paths=(Path(name),), format="json", width=100), **changes)
    return Task(name, request, ("json",), os.getcwd(), "0.1.0")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of this process do the work: what is tried has nothing to do with who does it."""

    @contextmanager
    def crew(executor: str, jobs: int | None, most: int, around: Around) -> Iterator[Crew]:
        yield Crew(lambda: ThreadPoolExecutor(most), jobs or most, time.monotonic)

    monkeypatch.setattr("auditor.cli.fleet.crew_for", crew)


def alone(path: str, format_: str) -> tuple[int, str]:
    """Exit code and report of `auditor audit`."""
    result = CliRunner().invoke(app, ["audit", path, "--format", format_])
    return result.exit_code, result.stdout


def test_each_organisation_gets_the_report_that_audit_would_write(auditor: Run, folder: Path) -> None:
    reports = ("--output", "out", "--report", "json", "--report", "sarif")
    done = auditor("fleet", "Bad", "Good", "Empty", *reports, "-j", "2")
    assert done.returncode == 1, done.stderr
    for name, code in (("Bad", 1), ("Good", 0), ("Empty", 4)):
        for format_ in ("json", "sarif"):
            assert (code, (folder / "out" / f"{name}.{format_}").read_text(encoding="utf-8")) == alone(name, format_)
    assert len(list((folder / "out").iterdir())) == 6
    assert "Empty: nothing to audit in Empty" in done.stderr
    assert done.stdout.startswith("SUMMARY (3)\n")
    assert [line.split()[:2] for line in done.stdout.splitlines()[3:5]] == [["Bad", "1"], ["Good", "0"]]


@pytest.mark.parametrize("jobs", [1, 9])
def test_the_summary_is_that_of_audit_org(jobs: int, here: None, folder: Path, desk: Desk) -> None:
    several = CliRunner().invoke(app, ["audit", "--org", "Bad=Bad", "--org", "G=Good", "--output", "org", "--quiet"])
    request = FleetRequest(("Bad", "G=Good"), AuditRequest((), quiet=True), jobs=jobs)
    assert fleet(request, desk.around) == several.exit_code == 1
    assert desk.out == several.stdout
    assert desk.err == ""


def test_options_reach_every_organisation(here: None, folder: Path, desk: Desk) -> None:
    (folder / "lax.toml").write_text('default_mode = "none"\n', encoding="utf-8")
    shared = AuditRequest((), policy=Path("lax.toml"), fail_on=Severity.CRITICAL)
    code = fleet(FleetRequest(("Bad", "Good"), shared, format="json"), desk.around)
    rows = json.loads(desk.out)["organisations"]
    assert [(row["exit_code"], row["counts"]["verdicts"]["violated"]) for row in rows] == [(0, 0), (0, 0)]
    assert [row["reports"] for row in rows] == [[], []]
    assert code == 0


def test_a_mistake_in_one_does_not_stop_the_others(here: None, folder: Path, desk: Desk) -> None:
    (folder / "Bad" / "auditor.toml").write_text("mode = 7\n", encoding="utf-8")
    (folder / "out").mkdir()
    (folder / "out" / "Bad.json").write_text("{}", encoding="utf-8")
    request = FleetRequest(("Bad", "Good"), AuditRequest(()), format="json", output=Path("out"))
    assert fleet(request, desk.around) == 2
    value = json.loads(desk.out)
    bad, good = value["organisations"]
    assert (value["exit_code"], bad["exit_code"], good["exit_code"]) == (2, 2, 0)
    assert bad["counts"] is None and bad["reports"] == []
    assert "policy" in bad["not_audited"]
    assert good["reports"] == ["Good.json"] and good["counts"]["flows"] > 0
    assert value["together"]["audited"] == 1
    assert "Bad: out/Bad.json is of an earlier run" in desk.err


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the worker")
def test_a_worker_process_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    names = [f"org{number}" for number in range(5)]
    for name in names:
        shutil.copytree(DEMO / "organisation", tmp_path / name)
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", "fleet", *names, "-j", "2"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*command, "--output", "out"], cwd=tmp_path, env=env, stderr=-1, stdout=-1, text=True) as run:
        victim = _worker_at_work(run)
        os.kill(victim, signal.SIGKILL)
        out, err = run.communicate(timeout=300)
    assert "its worker was lost (BrokenProcessPool" in err
    assert "it is tried again" in err
    assert run.returncode == 1, err
    assert "5 of 5 audited" in out
    reports = [(tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8").replace(name, "org") for name in names]
    assert len(set(reports)) == 1
    assert len(json.loads(reports[0])["findings"]) > 50


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the worker")
def test_when_the_run_is_killed_its_workers_end(tmp_path: Path) -> None:
    for name in "ab":
        shutil.copytree(DEMO / "organisation", tmp_path / name)
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", "fleet", "a", "b", "-j", "2"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=-1, stdout=-1) as run:
        worker = _worker_at_work(run)
        run.kill()
    end = time.monotonic() + 30
    while Path(f"/proc/{worker}/stat").exists() and _state(worker) != "Z":
        assert time.monotonic() < end
        time.sleep(0.05)


def _worker_at_work(run: subprocess.Popen[str] | subprocess.Popen[bytes]) -> int:
    """A worker process of the run that has taken a task, which shows in the time that it has used."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert run.poll() is None
        for task in Path(f"/proc/{run.pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="utf-8").split():
                line = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"spawn_main" in line and _seconds(int(child)) > 0.45:
                    return int(child)
        time.sleep(0.02)
    raise AssertionError("no worker took a task")


def _stat(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ["Z"]


def _state(process: int) -> str:
    return _stat(process)[0]


def _seconds(process: int) -> float:
    used = _stat(process)[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def test_an_interruption_says_how_far_it_came(folder: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(work: Work, crew: Crew) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Work, "run", interrupted)
    assert fleet(FleetRequest(("Bad", "Good"), AuditRequest(())), desk.around) == 130
    assert desk.out == ""
    assert "interrupted; 0 of 2 organisations were audited" in desk.err


def test_a_worker_lost_twice_is_a_failure_and_never_clean(
    folder: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(shift: object, tasks: list[Task]) -> object:
        for each in tasks:
            if each.name == "Bad":
                yield each, Lost("it died", again=True)
                yield each, Lost("it died", again=False)
            else:
                yield each, audit_organisation(each)

    monkeypatch.setattr("auditor.cli.fleet.Shift.results", lose)
    assert fleet(FleetRequest(("Bad", "Good"), AuditRequest(()), format="json"), desk.around) == 3
    bad, good = json.loads(desk.out)["organisations"]
    assert (bad["exit_code"], bad["counts"], bad["not_audited"]) == (3, None, "its worker was lost: it died")
    assert good["exit_code"] == 0
    assert "Bad: its worker was lost (it died); it is tried again" in desk.err


def test_workers_that_left_are_said(folder: Path, desk: Desk) -> None:
    crew = Crew(lambda: ThreadPoolExecutor(1), 1, lambda: 0.0, gone=lambda: 1)
    work = Work(FleetRequest(("Good",), AuditRequest(())), organisations_of(["Good"]), desk.around)
    work.run(crew)
    assert work.done["Good"].code == 0
    assert "1 worker left during the run" in desk.err


def test_a_report_that_cannot_be_written_is_no_clean_result(here: None, folder: Path, desk: Desk) -> None:
    (folder / "out" / "Good.json").mkdir(parents=True)
    assert fleet(FleetRequest(("Good",), AuditRequest(()), output=Path("out"), format="json"), desk.around) == 3
    [row] = json.loads(desk.out)["organisations"]
    assert (row["exit_code"], row["reports"]) == (3, [])
    assert "Good.json cannot be written" in desk.err


class TestTask:
    """What a worker does."""

    def test_it_works_in_the_folder_of_the_one_who_asks(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        given = task("Bad")
        monkeypatch.chdir("/")
        done = audit_organisation(given)
        assert os.getcwd() == "/"
        assert done.code == 1
        assert json.loads(done.reports[0])["inputs"][0]["path"].startswith("Bad/")

    def test_another_version_refuses(self, folder: Path) -> None:
        done = audit_organisation(replace(task("Good"), version="0.0.1"))
        assert (done.code, done.counts, done.reports) == (3, None, ())
        assert "not 0.0.1" in done.said[0]

    @pytest.mark.parametrize("missing", ["folder", "export", "policy", "rules"])
    def test_what_the_worker_does_not_see_is_said(self, missing: str, folder: Path) -> None:
        nothing = folder / "nothing"
        given = {
            "folder": replace(task("Good"), folder=str(nothing)),
            "export": task("nothing"),
            "policy": task("Good", policy=nothing),
            "rules": task("Good", rules=(nothing,)),
        }[missing]
        done = audit_organisation(given)
        assert (done.code, done.counts) == (2, None)
        assert "nothing does not exist for the worker on " in done.said[0]

    def test_whatever_breaks_becomes_an_exit_code(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("auditor.cli.fleet_task.counts_of", lambda audit: 1 / 0)
        done = audit_organisation(task("Good"))
        assert (done.code, done.counts) == (3, None)
        assert "internal error: ZeroDivisionError" in done.said[0]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["Good", "./Bad"], ["Good", "Bad"]),
        (["North=Good", "north=Bad"], ["North"]),
        (["Good", "Good/"], ["Good"]),
        (["Good/flow.zip"], ["flow"]),
        (["a=b"], ["a=b"]),
    ],
)
def test_names_of_organisations(words: list[str], names: list[str], folder: Path) -> None:
    (folder / "Good" / "flow.zip").touch()
    if words == ["a=b"]:
        (folder / "a=b").mkdir()
        with pytest.raises(UsageError, match="no name for a report"):
            organisations_of(words)
        return
    assert [each.name for each in organisations_of(words)] == names


def test_paths_under_one_name_are_one_organisation(folder: Path) -> None:
    assert organisations_of(["A=Good", "A=Bad"]) == (Named("A", (Path("Good"), Path("Bad"))),)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "does not exist"),
        (["A=nothing"], "does not exist"),
        (["../A=Good"], "no name for a report"),
        (["x" * 5000], "does not exist"),
        (["Good", "other/good"], "are both called good"),
    ],
)
def test_words_that_name_no_organisation(words: list[str], said: str, folder: Path) -> None:
    (folder / "other" / "good").mkdir(parents=True)
    with pytest.raises(UsageError, match=said):
        organisations_of(words)


@pytest.mark.parametrize(
    "executor", ["threads", "dask://", "dask://host", "dask://a b:1", "tcp://host:1", "dask://h:1/x"]
)
def test_what_is_no_executor(executor: str, desk: Desk) -> None:
    with pytest.raises(UsageError, match="no such executor"):
        crew_for(executor, None, 1, desk.around)


def test_reports_need_a_folder(folder: Path, desk: Desk) -> None:
    with pytest.raises(UsageError, match="--report needs --output"):
        fleet(FleetRequest(("Good",), AuditRequest(()), reports=("json",)), desk.around)
    (folder / "file").touch()
    with pytest.raises(UsageError, match="is no folder"):
        fleet(FleetRequest(("Good",), AuditRequest(()), output=Path("file")), desk.around)
