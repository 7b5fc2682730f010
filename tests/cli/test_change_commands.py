"""`auditor what-if` and `auditor fix` as commands."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.editing.edits import SetSetting
from auditor.errors import UsageError
from auditor.fixing.what_if import setting_of
from auditor.loading.load import load
from auditor.loading.toml_shape import did_you_mean
from auditor.resources import schema_text
from tests.cli.conftest import ROOT, Run

DEMO = ROOT / "fixtures" / "demo"
ORGANISATION = DEMO / "organisation"
POLICY = ("--policy", DEMO / "auditor.toml")
CASES = ROOT / "fixtures" / "cases"
GATE = 'trunk:"SIP Altanschluss Chemnitz".trunk_recording_consent_required=true'


def valid(name: str, text: str) -> Any:
    value = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(value)
    Draft202012Validator(
        {"$ref": "#/$defs/d", "$defs": {"d": {"required": ["verdicts", "findings", "matrix"]}}}
    ).validate(value["differences"])
    return value


def test_what_if_answers_three_questions(auditor: Run) -> None:
    done = auditor("what-if", ORGANISATION, *POLICY, "--set", GATE, "--format", "json")
    value = valid("what-if", done.stdout)
    assert (done.returncode, value["good"]) == (1, False)
    assert value["answers"]["new"] == 2 and value["answers"]["other_verdicts"] == 0
    gone = {f["rule"] for f in value["differences"]["findings"]["fixed"]}
    assert {"RC101", "RC107", "RC121"} <= gone
    text = auditor("what-if", ORGANISATION, *POLICY, "--set", GATE).stdout
    assert "New: 2 findings" in text and "Look again: it brings 2 findings." in text


def test_a_change_that_is_good(auditor: Run) -> None:
    setting = "queue:Geschäftskunden.enableTranscription=false"
    done = auditor("what-if", ORGANISATION, *POLICY, "--set", setting)
    assert done.returncode == 0
    assert "Gone: 1 finding\n  - RC141" in done.stdout and "nothing else" in done.stdout


def test_a_change_that_does_harm(auditor: Run) -> None:
    setting = 'trunk:"SIP Telko Sachsen".trunk_recording_consent_required=false'
    done = auditor("what-if", ORGANISATION, *POLICY, "--set", setting)
    assert done.returncode == 1
    assert "Changed besides: no verdict" not in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trunk.x=true", "is not understood"),
        ("trnk:Berlin.trunk_enabled=true", 'did you mean "trunk"?'),
        ("trunk:SIP Telko Sachse.trunk_enabled=true", 'did you mean "SIP Telko Sachsen"?'),
        ("trunk:SIP Telko Sachsen.trunk_enabeld=true", 'did you mean "trunk_enabled"?'),
        ("trunk:SIP Telko Sachsen.trunk_enabled=maybe", "neither true nor false"),
        ("queue:.enableTranscription=true", "is not understood"),
    ],
)
def test_a_setting_that_does_not_exist(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        setting_of(text, load([ORGANISATION]), did_you_mean)
    assert told in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        'trunk:"SIP Kampagnen".trunk_enabled=true',
        "trunk:SIP Kampagnen.trunk_enabled=true",
        "Trunk:sip kampagnen.TRUNK_ENABLED = on",
    ],
)
def test_a_setting_is_named_in_several_ways(text: str) -> None:
    organisation = load([ORGANISATION])
    trunk = next(t for t in organisation.trunk_bases if t.name == "SIP Kampagnen")
    assert setting_of(text, organisation, did_you_mean) == SetSetting(
        "trunk", trunk.id, trunk.name, "trunk_enabled", True
    )


def test_what_if_wants_a_change_and_something_to_change(auditor: Run, tmp_path: Path) -> None:
    assert auditor("what-if", ORGANISATION).returncode == 2
    (tmp_path / "empty").mkdir()
    (tmp_path / "none").mkdir()
    assert auditor("what-if", tmp_path / "empty", "--overlay", tmp_path / "none").returncode == 4


def test_fix_writes_what_the_gate_accepts(auditor: Run, tmp_path: Path) -> None:
    done = auditor("fix", ORGANISATION, *POLICY, "--output", tmp_path / "plan")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("8 edits (11 changes) clear all ")
    assert "audited once more: the same" in " ".join(done.stdout.split())
    assert {p.name for p in (tmp_path / "plan").iterdir()} == {"overlay", "flows.patch", "instructions.md"}
    after = auditor("audit", ORGANISATION, "--candidate", tmp_path / "plan" / "overlay", *POLICY, "--format", "json")
    assert [f for f in json.loads(after.stdout)["findings"] if f["rule"].startswith("RC")] == []
    answer = auditor("what-if", ORGANISATION, "--overlay", tmp_path / "plan" / "overlay", *POLICY, "--format", "json")
    value = valid("what-if", answer.stdout)
    assert [f["rule"] for f in value["differences"]["findings"]["new"]] == ["RN208", "RN208"]
    assert auditor("fix", ORGANISATION, "--output", tmp_path / "plan").returncode == 2
    export, plan = shutil.copytree(ORGANISATION, tmp_path / "export"), tmp_path / "plan"
    subprocess.run(["git", "apply", plan / "flows.patch"], cwd=export, check=True, timeout=60)
    subprocess.run(["git", "apply", "-R", plan / "flows.patch"], cwd=export, check=True, timeout=60)
    if shutil.which("patch"):  # which ends a name at its first space, unless a tab does
        with (plan / "flows.patch").open("rb") as patch:
            subprocess.run(["patch", "-p1", "-s"], stdin=patch, cwd=export, check=True, timeout=60)
        flows = list((plan / "overlay" / "flows").iterdir())
        assert any(" " in flow.name for flow in flows)
        assert all((export / "flows" / flow.name).read_bytes() == flow.read_bytes() for flow in flows)


def test_fix_as_json_and_for_some_rules(auditor: Run) -> None:
    done = auditor("fix", ORGANISATION, *POLICY, "--rule", "RC141", "--format", "json")
    value = valid("fix", done.stdout)
    assert (done.returncode, value["findings"], value["open"]) == (0, 1, [])
    assert [(e["object"]["kind"], e["clears"]) for e in value["edits"]] == [
        ("queue", ['RC141 of queue "Geschäftskunden"'])
    ]
    wrong = auditor("fix", ORGANISATION, "--rule", "RC104x")
    assert (wrong.returncode, 'did you mean "RC104"?' in wrong.stderr) == (2, True)


def test_fix_with_nothing_to_fix_or_to_audit(auditor: Run, tmp_path: Path) -> None:
    fine = auditor("fix", CASES / "RC104-ok-task-output-path" / "export")
    assert (fine.returncode, fine.stdout.startswith("There is nothing to fix.")) == (0, True)
    (tmp_path / "empty").mkdir()
    assert auditor("fix", tmp_path / "empty").returncode == 4


def test_fix_of_a_form_that_cannot_be_patched_gives_instructions(auditor: Run, tmp_path: Path) -> None:
    done = auditor("fix", CASES / "RC104-bad-configuration-json" / "export", "--output", tmp_path / "plan")
    assert done.returncode == 0
    assert "Not written, do it by hand:" in done.stdout
    assert "only Archy YAML can be patched" in done.stdout
    assert "What to change" in (tmp_path / "plan" / "instructions.md").read_text(encoding="utf-8")
