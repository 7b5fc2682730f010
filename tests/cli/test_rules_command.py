from __future__ import annotations

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner, Result

from auditor.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "fixtures" / "own-rules"
BAD = OWN / "recorded-at-once"


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_cases_of_own_rules_are_run() -> None:
    result = call("rules", "test", OWN)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "RC901 recorded-unannounced: a line that records at once: as expected",
        "RC901 recorded-unannounced: the announcement is heard first: as expected",
        "1 rule: 2 passed, 0 failed",
    ]


def test_a_case_that_shows_something_else_fails(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(OWN, own)
    file = own / "RC901-recorded-unannounced.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Carrier trunk"', '"Other trunk"'), encoding="utf-8")
    result = call("rules", "test", own)
    assert result.exit_code == 1
    assert 'not found: "Other trunk"; not expected: "Carrier trunk"' in result.stdout
    file.write_text(text.split("[[case]]")[0], encoding="utf-8")
    bare = call("rules", "test", own)
    assert bare.exit_code == 1
    assert "has no case in which it finds something" in bare.stdout
    assert "has no case in which it finds nothing" in bare.stdout


def test_an_audit_with_own_rules_finds_what_they_say() -> None:
    result = call("audit", BAD, "--rules", OWN, "--format", "json")
    rules = {finding["rule"] for finding in json.loads(result.stdout)["findings"]}
    assert {"RC101", "RC901"} <= rules
    without = {finding["rule"] for finding in json.loads(call("audit", BAD, "--format", "json").stdout)["findings"]}
    assert rules - without == {"RC901"}


def test_own_rules_are_listed_and_explained() -> None:
    assert "RC901" in call("rules", "--rules", OWN).stdout
    assert "RC901" not in call("rules").stdout
    assert "works agreement" in call("explain", "RC901", "--rules", OWN).stdout
    assert call("explain", "RC901").exit_code == 2


def test_a_mistake_in_an_own_rule_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "RC901-x.toml").write_text('code = "RC901"\n', encoding="utf-8")
    result = call("audit", BAD, "--rules", tmp_path)
    assert result.exit_code == 2
    assert '"name" is missing' in result.stderr
