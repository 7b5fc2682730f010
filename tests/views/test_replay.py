"""Witnesses are runs: a call takes their steps one by one and ends where they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.findings import Finding, StepState
from auditor.policy.witness import Witnesses
from auditor.views.replay import Replay, replay
from tests.views.looking import demo, exports, judged

FINDINGS = [finding for finding in demo().findings if finding.witness]


def test_every_finding_that_a_run_shows_has_a_witness() -> None:
    without = {finding.rule for finding in demo().findings if not finding.witness}
    assert without <= {"RN206", "RN212"}
    assert len(FINDINGS) > 50


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda f: f"{f.rule} {f.subject.name}")
def test_every_witness_of_the_demonstration_organisation_replays_to_its_end(finding: Finding) -> None:
    assert replay(demo().analysis, finding.witness) == finding.witness[-1].state


@pytest.mark.parametrize("folder", exports()[1:], ids=lambda folder: folder.parent.name)
def test_every_witness_of_every_case_replays_to_its_end(folder: Path) -> None:
    found = judged(folder)
    replays = Replay(found.analysis)
    for finding in found.findings:
        if finding.witness:
            assert replays.end(finding.witness) == finding.witness[-1].state, finding.rule


def test_a_long_witness_that_passes_over_calls_replays(monkeypatch: pytest.MonkeyPatch) -> None:
    found = demo()
    monkeypatch.setattr("auditor.policy.witness.MOST_STEPS", 1)
    witnesses = Witnesses(found.analysis, found.subjects)
    runs = [e.witness() for e in found.judged.found.values()]
    brief = [steps for steps in (witnesses.steps(run) for run in runs if run is not None) if steps]
    replays = Replay(found.analysis)
    assert len(brief) > 50
    assert all(replays.end(steps) == steps[-1].state for steps in brief)


LONG = max(FINDINGS, key=lambda finding: len(finding.witness))


@pytest.mark.parametrize("place", range(len(LONG.witness)))
def test_a_witness_that_lacks_a_step_does_not_replay(place: int) -> None:
    steps = LONG.witness[:place] + LONG.witness[place + 1 :]
    assert replay(demo().analysis, steps) is None


@pytest.mark.parametrize("place", range(len(LONG.witness)))
def test_a_witness_with_another_state_does_not_replay(place: int) -> None:
    before = LONG.witness[place].state
    wrong = StepState(before.consent, not before.noticed, before.enabled, before.place)
    steps = list(LONG.witness)
    steps[place] = replace(steps[place], state=wrong)
    assert replay(demo().analysis, steps) is None


def test_a_witness_told_of_another_place_does_not_replay() -> None:
    steps = list(LONG.witness)
    steps[-1] = replace(steps[-1], text="something else happens")
    assert replay(demo().analysis, steps) is None
    assert replay(demo().analysis, ()) is None
