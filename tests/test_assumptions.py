"""Every named assumption that can be switched: the same export under yes, no and both gives different reports.

fixtures/assumptions/A1: an export, the policy files yes.toml, no.toml and both.toml, and what each shows (shows.toml).
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.tables import read_assumptions
from tests.cases import Case, run
from tests.declared import FIXTURES, declared, differences

ASSUMPTIONS = FIXTURES / "assumptions"
SWITCHABLE = [each for each in read_assumptions() if each.switchable]
NAMES = [each.id for each in SWITCHABLE]
WORDS = ("yes", "no", "both")

each_assumption = pytest.mark.parametrize("name", NAMES)


def shows(name: str) -> dict[str, Any]:
    return tomllib.loads((ASSUMPTIONS / name / "shows.toml").read_text(encoding="utf-8"))


@cache
def report(name: str, word: str | None) -> dict[str, Any]:
    """The report on the export of an assumption under a value; None: without the assumption in the policy."""
    folder = ASSUMPTIONS / name
    done = run(Case(folder, "export"), ["export", *(["--policy", f"{word}.toml"] if word else [])])
    assert done.text, done.errors
    found: dict[str, Any] = json.loads(done.text)
    return found


def findings(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(each["rule"], each["object"]["name"], each["confidence"]) for each in found["findings"]}


def verdicts(found: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(each["entry"]["name"], str(each["leg"]["trunks"])): each["verdict"] for each in found["verdicts"]}


def test_every_assumption_that_can_be_switched_has_a_case() -> None:
    assert sorted(NAMES) == sorted(folder.name for folder in ASSUMPTIONS.iterdir())
    assert len(NAMES) == 15


@pytest.mark.parametrize("word", WORDS)
@each_assumption
def test_a_value_shows_what_it_says(name: str, word: str) -> None:
    assert differences(declared(shows(name)[word]), report(name, word)) == []


@pytest.mark.parametrize("word", WORDS)
@each_assumption
def test_the_report_names_the_value(name: str, word: str) -> None:
    assert report(name, word)["assumptions"][name] == word


@each_assumption
def test_the_switch_changes_the_report(name: str) -> None:
    yes, no = report(name, "yes"), report(name, "no")
    assert findings(yes) != findings(no) or verdicts(yes) != verdicts(no)


@each_assumption
def test_what_hangs_on_an_assumption_says_so(name: str) -> None:
    both = report(name, "both")
    unknown = [verdict for verdict in both["verdicts"] if verdict["verdict"] == "unknown"]
    assert all(any(f"({name})" in reason for reason in verdict["reasons"]) for verdict in unknown)
    changing = findings(report(name, "yes")) ^ findings(report(name, "no"))
    possible = [finding for finding in both["findings"] if finding["confidence"] == "low"]
    assert unknown or possible
    assert all(f"({name})" in finding["message"] for finding in possible)
    assert {rule for rule, _, _ in changing if rule.startswith("RC")} <= {finding["rule"] for finding in possible}


@each_assumption
def test_without_a_word_the_default_applies(name: str) -> None:
    if (ASSUMPTIONS / name / "yes.toml").read_text(encoding="utf-8").startswith("[rules]"):
        assert shows(name)["yes"] != shows(name)["no"]  # the rule is off by default, so nothing shows without a policy
        return
    default = next(each.default for each in SWITCHABLE if each.id == name)
    assert findings(report(name, None)) == findings(report(name, default))
    assert verdicts(report(name, None)) == verdicts(report(name, default))


def test_the_fixed_assumption_cannot_be_switched(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[assumptions]\nA9 = "no"\n', encoding="utf-8")
    done = run(Case(ASSUMPTIONS / "A1", "export"), ["export", "--policy", str(tmp_path / "policy.toml")])
    assert done.exit_code == 2
    assert "A9" in done.errors
