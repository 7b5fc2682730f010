from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.cli.policy import policy_for, show
from auditor.errors import PolicyError
from tests.cli.conftest import Desk, Run

POLICY = """
default_mode = "opt_out"

[[mode]]
route = "Hotline \\u001B[2J"
mode = "announcement"
from = 2030-06-01
"""


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export with a policy file beside it, in the working directory."""
    (tmp_path / "export").mkdir()
    (tmp_path / "auditor.toml").write_text(POLICY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("export")


def test_the_policy_is_found_above_the_paths_and_named_relative(export: Path) -> None:
    policy = policy_for([export], None)
    assert policy.source == "auditor.toml"
    assert policy.default_mode == "opt_out"


def test_the_policy_given_wins(export: Path) -> None:
    Path("mine.toml").write_text('default_mode = "none"\n', encoding="utf-8")
    assert policy_for([export], Path("mine.toml")).default_mode == "none"


def test_a_policy_elsewhere_keeps_its_path(export: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "p.toml"
    other.write_text("", encoding="utf-8")
    assert policy_for([export], other).source == other.as_posix()


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert policy_for([tmp_path], None).source is None


def test_show_says_where_each_setting_comes_from(export: Path, desk: Desk) -> None:
    assert show([export], None, date(2030, 5, 31), desk.around) == 0
    assert "default mode: opt_out  [auditor.toml]" in desk.out
    assert "fail on: low  [default]" in desk.out
    assert "unknown region: strictest  [default]" in desk.out
    assert "not in effect yet" in desk.out
    assert "\x1b" not in desk.out
    assert "Hotline \\x1b[2J" in desk.out


def test_show_goes_by_the_calendar(export: Path, desk: Desk) -> None:
    show([export], None, date(2030, 6, 1), desk.around)
    assert "not in effect yet" not in desk.out


def test_all_mistakes_of_a_policy_file_are_told_at_once(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('default_mod = "opt_in"\nfail_on = "hihg"\n', encoding="utf-8")
    done = auditor("policy", "show")
    assert (done.returncode, done.stdout) == (2, "")
    assert "auditor.toml:1: default_mod" in done.stderr
    assert 'did you mean "default_mode"?' in done.stderr
    assert "auditor.toml:2: fail_on" in done.stderr
    assert 'did you mean "high"?' in done.stderr


def test_a_bad_policy_ends_an_audit_before_it_loads(export: Path) -> None:
    Path("auditor.toml").write_text("nonsense", encoding="utf-8")
    with pytest.raises(PolicyError):
        policy_for([export], None)
