"""The gate: every scenario, with and without candidates, in every format, with its exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from auditor.cli import pipeline
from auditor.cli.audit import AuditRequest, Outcome, audit
from auditor.cli.gate import prune_baseline, write_baseline
from auditor.cli.guard import guarded
from auditor.cli.progress import Progress
from auditor.report.formats import FORMATS
from auditor.resources import schema_text
from tests.cli.conftest import ROOT, Desk, Run

CASES = ROOT / "fixtures" / "cases"
GOOD, BAD = "RC104-ok-task-output-path", "RC104-bad-task-output-path"
TODAY = date(2030, 5, 1)
WAIVER = """
[[waiver]]
rule = "RC104"
object = "{}"
reason = "agreed with the works council"
owner = "Compliance"
expires = {}
"""


@dataclass
class Gate:
    """A gate in a test: an organisation, perhaps a candidate, and what the command line names."""

    folder: Path
    request: AuditRequest
    as_candidate: bool

    def deploy(self, case: str) -> None:
        """What is judged: the case itself, or its flows as candidates for the good organisation."""
        source = CASES / case / "export"
        organisation = self.folder / "organisation"
        shutil.copytree(CASES / GOOD / "export" if self.as_candidate else source, organisation)
        candidates: tuple[Path, ...] = ()
        if self.as_candidate:
            shutil.copytree(source / "flows", self.folder / "candidate")
            candidates = (self.folder / "candidate",)
        self.request = replace(self.request, paths=(organisation,), candidates=candidates)

    def policy(self, name: str, expires: str) -> None:
        file = self.folder / "auditor.toml"
        file.write_text(WAIVER.format(name, expires), encoding="utf-8")
        self.request = replace(self.request, policy=file)

    def baseline(self) -> None:
        file = self.folder / "baseline.json"
        assert write_baseline(self.request, file, Desk().around, pipeline.run) == 0
        self.request = replace(self.request, baseline=file)

    def run(self, desk: Desk) -> int:
        return guarded(lambda: audit(self.request, desk.around, pipeline.run), desk.around)


class Once:
    """The real pipeline, run once for all formats: formats must not change what it yields."""

    def __init__(self, request: AuditRequest) -> None:
        try:
            self.outcome: Outcome | Exception = pipeline.run(request, Progress(Desk().around))
        except Exception as error:
            self.outcome = error

    def __call__(self, request: AuditRequest, progress: Progress) -> Outcome:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


ENABLE = "Enable recording"


def clean(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(GOOD)


def new_finding(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(BAD)


def baselined(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(BAD)
    gate.baseline()


def waived(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(BAD)
    gate.policy(ENABLE, "2030-12-31")


def truth(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    waived(gate, monkeypatch)
    gate.request = replace(gate.request, waivers=False)


def expired(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(BAD)
    gate.policy(ENABLE, "2030-04-30")


def stale_waiver(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(GOOD)
    gate.policy(ENABLE, "2030-12-31")


def mistyped_waiver(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(BAD)
    gate.policy(ENABLE + "x", "2030-12-31")


def incomplete(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy("RX903-bad-unknown-action")


def accepted(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    incomplete(gate, monkeypatch)
    gate.request = replace(gate.request, allow_incomplete=True)


def crashed(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.deploy(GOOD)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of the tool")

    monkeypatch.setattr("auditor.loading.load.load", fails)


def empty(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [gate.folder / name for name in ("organisation", "candidate")]
    for folder in folders:
        folder.mkdir()
    candidates = (folders[1],) if gate.as_candidate else ()
    gate.request = replace(gate.request, paths=(folders[0],), candidates=candidates)


SCENARIOS: dict[Callable[[Gate, pytest.MonkeyPatch], None], int] = {
    clean: 0,
    new_finding: 1,
    baselined: 0,
    waived: 0,
    truth: 1,
    expired: 1,
    stale_waiver: 2,
    mistyped_waiver: 2,
    incomplete: 5,
    accepted: 0,
    crashed: 3,
    empty: 4,
}


@pytest.fixture(params=[False, True], ids=["export", "candidate"])
def gate(request: pytest.FixtureRequest, tmp_path: Path) -> Gate:
    return Gate(tmp_path, AuditRequest(paths=(), today=TODAY), bool(request.param))


@pytest.mark.parametrize(("scenario", "code"), SCENARIOS.items(), ids=[each.__name__ for each in SCENARIOS])
def test_every_scenario_has_its_exit_code_in_every_format(
    scenario: Callable[[Gate, pytest.MonkeyPatch], None], code: int, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario(gate, monkeypatch)
    once = Once(gate.request)
    for form in FORMATS:
        desk = Desk()
        request = replace(gate.request, format=form)
        work = partial(audit, request, desk.around, once)
        assert (form, guarded(work, desk.around)) == (form, code)
        assert bool(desk.out) is (code not in (2, 3))
        if form == "json" and desk.out:
            assert json.loads(desk.out)["exit_code"] == code


def test_what_is_said_beside_the_report(gate: Gate, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    expired(gate, monkeypatch)
    gate.request = replace(gate.request, format="json")
    gate.run(desk)
    assert 'waiver of RC104 of "Enable recording" by Compliance expired on 2030-04-30' in desk.err


def test_a_mistyped_waiver_is_told_with_its_place(gate: Gate, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mistyped_waiver(gate, monkeypatch)
    gate.run(desk)
    assert (
        'auditor.toml:2: waiver[1]: RC104 of "Enable recordingx" fits no finding (did you mean "Enable recording"?)'
        in desk.err
    )


def test_a_fixed_finding_is_said_and_pruned(gate: Gate, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    baselined(gate, monkeypatch)
    assert gate.request.baseline is not None
    written = json.loads(gate.request.baseline.read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(schema_text("baseline"))).validate(written)
    assert [row["rule"] for row in written["findings"]] == ["RC104"]

    fixed = replace(gate.request, paths=(CASES / GOOD / "export",), candidates=(), format="json")
    assert audit(fixed, desk.around, pipeline.run) == 0
    assert "of the baseline is fixed" in desk.err
    assert prune_baseline(fixed, gate.request.baseline, desk.around, pipeline.run) == 0
    assert json.loads(gate.request.baseline.read_text(encoding="utf-8"))["findings"] == []


def test_nothing_is_pruned_where_a_file_was_not_understood(
    gate: Gate, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    baselined(gate, monkeypatch)
    file = gate.request.baseline
    assert file is not None
    before = file.read_bytes()
    broken = gate.folder / "broken"
    broken.mkdir()
    (broken / "x.yaml").write_text("inboundCall: [", encoding="utf-8")
    request = replace(gate.request, paths=(CASES / GOOD / "export", broken))
    assert prune_baseline(request, file, desk.around, pipeline.run) == 5
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema_version": "1.0"}', '{"schema_version":"9","tool":{},"findings":[]}']
)
def test_a_file_that_is_no_baseline_is_a_usage_error(text: str, gate: Gate, desk: Desk) -> None:
    gate.deploy(GOOD)
    file = gate.folder / "b.json"
    file.write_text(text, encoding="utf-8")
    gate.request = replace(gate.request, baseline=file)
    assert gate.run(desk) == 2
    assert "auditor baseline write" in desk.err


def test_the_commands_as_processes(auditor: Run, tmp_path: Path) -> None:
    export = CASES / BAD / "export"
    assert auditor("baseline", "write", export, "--output", tmp_path / "b.json").returncode == 0
    assert auditor("audit", CASES / GOOD / "export", "--candidate", export / "flows").returncode == 1
    known = ("--baseline", tmp_path / "b.json")
    assert auditor("audit", CASES / GOOD / "export", "--candidate", export / "flows", *known).returncode == 0
    assert auditor("baseline", "prune", CASES / GOOD / "export", *known).returncode == 0
    assert auditor("audit", export, *known, "--no-waivers").returncode == 1
