from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.cli.audit import AuditRequest
from auditor.cli.consent_points import consent_points, init
from auditor.cli.pipeline import run
from auditor.cli.progress import Progress
from auditor.cli.views import ViewRequest
from auditor.errors import UsageError
from auditor.findings import Audit
from auditor.report.text import UNSAFE, safe_toml
from auditor.resources import schema_text
from tests.cli.conftest import ROOT, Desk

DEMO = ROOT / "fixtures" / "demo" / "organisation"


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demonstration organisation without its policy file, in the working directory."""
    shutil.copytree(DEMO, tmp_path / "organisation")
    monkeypatch.chdir(tmp_path)
    return Path("organisation")


def valid(text: str) -> Any:
    policy = tomllib.loads(text)
    errors = Draft202012Validator(json.loads(schema_text("policy"))).iter_errors(policy)
    assert [error.message for error in errors] == []
    return policy


def audited(export: Path, desk: Desk) -> Audit:
    return run(AuditRequest((export,)), Progress(desk.around)).audit


def test_the_table_names_every_point_that_the_toml_pins(export: Path, desk: Desk) -> None:
    assert consent_points(ViewRequest((export,), format="toml"), desk.around) == 0
    points = valid(desk.out)["consent_point"]
    table = Desk()
    assert consent_points(ViewRequest((export,), width=300), table.around) == 0
    assert len(points) >= 2
    for point in points:
        assert point["flow"] in table.out
        assert point["action"] in table.out


def test_init_writes_a_policy_that_changes_no_verdict(export: Path, desk: Desk) -> None:
    before = audited(export, desk)
    assert init([export], Path("auditor.toml"), desk.around) == 0
    assert desk.out == ""
    assert "auditor.toml written" in desk.err
    assert valid(Path("auditor.toml").read_text(encoding="utf-8"))["default_mode"] == "opt_in"
    after = audited(export, desk)
    assert [(v.entry, v.leg, v.verdict, v.effect) for v in after.verdicts] == [
        (v.entry, v.leg, v.verdict, v.effect) for v in before.verdicts
    ]
    assert [f.fingerprint for f in after.findings] == [f.fingerprint for f in before.findings]
    assert len(before.verdicts) > 5


def test_init_leaves_a_file_that_exists_alone(export: Path, desk: Desk) -> None:
    Path("auditor.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        init([export], Path("auditor.toml"), desk.around)
    assert Path("auditor.toml").read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize("content", [None, "just words, no export"])
def test_without_flows_there_is_nothing_to_list(tmp_path: Path, content: str | None, desk: Desk) -> None:
    if content is not None:
        (tmp_path / "readme.md").write_text(content, encoding="utf-8")
    code = consent_points(ViewRequest((tmp_path,), format="toml"), desk.around)
    assert code in (4, 5)
    assert desk.err != ""
    assert init([tmp_path], tmp_path / "auditor.toml", desk.around) == code
    assert code == 5 or not (tmp_path / "auditor.toml").exists()


def test_a_broken_file_beside_the_others_makes_the_list_incomplete(export: Path, desk: Desk) -> None:
    (export / "flows" / "broken.yaml").write_text('inboundCall:\n  name: "x\n', encoding="utf-8")
    assert consent_points(ViewRequest((export,), format="toml"), desk.around) == 5
    assert "RX906" in desk.err
    assert "organisation/flows/broken.yaml" in desk.err
    assert valid(desk.out)["consent_point"]


def test_escaped_toml_keeps_its_values() -> None:
    text = 'a = "x\u202ey\x9b"\n# \x1b[2J \ud800\n'
    escaped = safe_toml(text)
    assert UNSAFE.sub("", escaped.replace("\n", "")) == escaped.replace("\n", "")
    assert tomllib.loads(escaped) == {"a": "x\u202ey\x9b"}
