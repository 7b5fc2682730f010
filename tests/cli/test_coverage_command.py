from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from auditor.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo" / "organisation"
CASE = ROOT / "fixtures" / "cases" / "RX902-bad-gate-key-missing" / "export"


def coverage(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["coverage", *map(str, arguments), "--quiet", "--width", "100"])


def test_it_shows_files_shares_and_problems() -> None:
    done = coverage(CASE)
    assert done.exit_code == 0
    assert "FILES (" in done.stdout and "COVERAGE" in done.stdout
    assert "RX902" in done.stdout and "trunk_recording_consent_required" in done.stdout
    words = [line.split() for line in done.stdout.splitlines()]
    shares = {line[0]: line for line in words if line and line[0] in ("entries", "flows", "actions", "settings")}
    assert set(shares) == {"entries", "flows", "actions", "settings"}
    assert shares["settings"][1:3] != ["100.0", "%"]


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("1", 5)])
def test_a_share_that_is_too_small_can_fail_a_gate(least: str, code: int) -> None:
    done = coverage(CASE, "--coverage-min", least)
    assert done.exit_code == code
    assert ("less than 1" in done.stderr) == (code == 5)


def test_the_demonstration_organisation_is_covered() -> None:
    done = coverage(DEMO, "--coverage-min", "0.9")
    assert done.exit_code == 0, done.stderr


def test_nothing_to_audit_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    done = coverage(tmp_path)
    assert done.exit_code == 4
    assert "no Genesys Cloud export" in done.stdout


def test_a_share_is_between_nothing_and_all() -> None:
    assert coverage(CASE, "--coverage-min", "1.5").exit_code == 2
