"""`--rules` and `--substitutions` do the same in every command that reads an export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from auditor.cli.main import app
from tests.cli.conftest import ROOT

OWN = ROOT / "fixtures" / "own-rules"
FIRST = ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"


def auditor(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "100"})


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy file that speaks of a rule that only --rules knows."""
    path = tmp_path / "quiet.toml"
    path.write_text('[severity]\nRC901 = "high"\n', encoding="utf-8")
    return path


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """An export whose flow has a template for its name."""
    export = shutil.copytree(FIRST, tmp_path / "export")
    (flow,) = (export / "flows").glob("*.yaml")
    flow.write_text(flow.read_text(encoding="utf-8").replace("name: Hotline flow", "name: '{{line}}'"), "utf-8")
    (tmp_path / "texts.yaml").write_text("line: Hotline flow\n", encoding="utf-8")
    return export


COMMANDS = {
    "audit": ("audit", "bad"),
    "coverage": ("coverage", "bad"),
    "matrix": ("matrix", "bad"),
    "inventory": ("inventory", "bad"),
    "paths": ("paths", "bad", "--to", "recording"),
    "simulate": ("simulate", "bad", "--from", "Hotline"),
    "draw": ("draw", "bad", "--entry", "Hotline"),
    "consent-points": ("consent-points", "bad"),
    "baseline write": ("baseline", "write", "bad", "--output", "b.json"),
    "diff": ("diff", "bad", "good"),
    "what-if": ("what-if", "bad", "--set", "queue:Service.enableTranscription=false"),
    "fix": ("fix", "bad", "--rule", "RC901"),
    "history add": ("history", "add", "bad"),
    "pack": ("pack", "bad", "--output", "p.zip"),
    "anonymize": ("anonymize", "bad", "--output", "copy"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_policy_for_rules_of_ones_own_is_understood_with_them_only(name: str, policy: Path, tmp_path: Path) -> None:
    for folder, export in (("bad", "recorded-at-once"), ("good", "heard-first")):
        shutil.copytree(OWN / export, tmp_path / folder)
    without = auditor(*COMMANDS[name], "--policy", policy)
    assert without.exit_code == 2 and "RC901" in without.stderr
    done = auditor(*COMMANDS[name], "--policy", policy, "--rules", OWN)
    assert done.exit_code in (0, 1), done.stderr


def test_findings_of_own_rules_are_compared_fixed_and_drawn() -> None:
    rules = ("--rules", OWN)
    done = auditor("diff", OWN / "heard-first", OWN / "recorded-at-once", *rules, "--format", "json")
    assert "RC901" in {found["rule"] for found in json.loads(done.stdout)["findings"]["new"]}
    change = 'trunk:"Carrier trunk".trunk_recording_consent_required=true'
    done = auditor("what-if", OWN / "recorded-at-once", *rules, "--set", change, "--format", "json")
    assert "RC901" in {found["rule"] for found in json.loads(done.stdout)["differences"]["findings"]["fixed"]}
    done = auditor("fix", OWN / "recorded-at-once", *rules, "--rule", "RC901", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)["open"]) == (0, [])
    report = json.loads(auditor("audit", OWN / "recorded-at-once", *rules, "--format", "json").stdout)
    [print_] = [found["fingerprint"] for found in report["findings"] if found["rule"] == "RC901"]
    assert auditor("draw", OWN / "recorded-at-once", *rules, "--finding", print_).stdout.startswith("<svg")


def test_a_baseline_holds_findings_of_own_rules(tmp_path: Path) -> None:
    export, baseline = OWN / "recorded-at-once", tmp_path / "b.json"
    assert auditor("baseline", "write", export, "--rules", OWN, "--output", baseline).exit_code == 0
    assert '"RC901"' in baseline.read_text(encoding="utf-8")
    assert auditor("audit", export, "--rules", OWN, "--baseline", baseline).exit_code == 0
    assert "0 taken out" in auditor("baseline", "prune", export, "--rules", OWN, "--baseline", baseline).stderr


def test_templates_are_filled_in_everywhere(templates: Path, tmp_path: Path) -> None:
    texts = ("--substitutions", tmp_path / "texts.yaml")
    found = json.loads(auditor("diff", templates, FIRST, *texts, "--format", "json").stdout)
    assert (found["renames"], found["verdicts"], found["findings"]["new"]) == ([], [], [])
    assert json.loads(auditor("diff", templates, FIRST, "--format", "json").stdout)["verdicts"] != []
    done = auditor("matrix", templates, *texts, "--format", "json")
    assert done.stdout == auditor("matrix", FIRST, "--format", "json").stdout
    done = auditor("fix", templates, *texts, "--output", tmp_path / "plan")
    assert done.exit_code == 0, done.stderr
    [patched] = (tmp_path / "plan" / "overlay").rglob("*.yaml")
    assert "name: '{{line}}'" in patched.read_text(encoding="utf-8")
    overlay = ("--candidate", tmp_path / "plan" / "overlay")
    again = json.loads(auditor("audit", templates, *texts, *overlay, "--format", "json").stdout)
    assert not [found for found in again["findings"] if found["rule"].startswith("RC")]
