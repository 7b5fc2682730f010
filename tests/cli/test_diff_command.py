from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from auditor.resources import schema_text
from tests.cli.conftest import ROOT, Run

CASES = ROOT / "fixtures" / "cases"
GOOD, BAD = "RC104-ok-task-output-path", "RC104-bad-task-output-path"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """An export, and the same with the flow of the bad case."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, flows in ((old, GOOD), (new, BAD)):
        shutil.copytree(CASES / GOOD / "export", folder)
        shutil.rmtree(folder / "flows")
        shutil.copytree(CASES / flows / "export" / "flows", folder / "flows")
    return old, new


@pytest.mark.parametrize(
    ("turned", "options", "code"),
    [
        (False, (), 0),
        (False, ("--fail-on", "new:high"), 1),
        (False, ("--fail-on", "new:critical"), 0),
        (False, ("--fail-on", "new:critical", "--fail-on", "new:info"), 1),
        (True, ("--fail-on", "new:info", "--fail-on", "new-unknown"), 0),
        (False, ("--fail-on", "new:hihg"), 2),
    ],
)
def test_exit_codes(
    folders: tuple[Path, Path], auditor: Run, turned: bool, options: tuple[str, ...], code: int
) -> None:
    old, new = folders[::-1] if turned else folders
    done = auditor("diff", old, new, *options)
    assert done.returncode == code
    if code == 2:
        assert 'did you mean "new:high"?' in done.stderr


def test_the_same_from_reports_but_for_the_matrix(folders: tuple[Path, Path], auditor: Run, tmp_path: Path) -> None:
    reports = [tmp_path / "old.json", tmp_path / "new.json"]
    for folder, report in zip(folders, reports, strict=True):
        auditor("audit", folder, "--format", "json", "--output", report)
    exports = json.loads(auditor("diff", *folders, "--format", "json").stdout)
    read = json.loads(auditor("diff", *reports, "--format", "json").stdout)
    mixed = json.loads(auditor("diff", folders[0], reports[1], "--format", "json").stdout)
    for value in (exports, read, mixed):
        Draft202012Validator(json.loads(schema_text("diff"))).validate(value)
    assert [f["rule"] for f in exports["findings"]["new"]] == ["RC104"]
    assert {(c["cell"], c["old"], c["new"]) for c in exports["matrix"]} == {
        ("recorded without answer", "not_recorded", "recorded")
    }
    assert read["matrix"] is None
    for part in ("verdicts", "findings", "problems", "renames"):
        assert exports[part] == read[part] == mixed[part]


def test_markdown_and_table(folders: tuple[Path, Path], auditor: Run, tmp_path: Path) -> None:
    table = auditor("diff", *folders).stdout
    assert "VERDICTS CHANGED (1)" in table and "NEW FINDINGS (1)" in table and "Exit code 0." in table
    auditor("diff", *folders, "--format", "markdown", "--output", tmp_path / "d.md")
    text = (tmp_path / "d.md").read_text(encoding="utf-8")
    assert "## New findings (1)" in text and "| proved | violated |" in text
    assert "Nothing behaves differently." in auditor("diff", folders[0], folders[0]).stdout


def test_what_is_no_report(folders: tuple[Path, Path], auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"schema_version": "1.0", "tool": {"name": "recording-consent-auditor"}}')
    done = auditor("diff", folders[0], tmp_path / "b.json")
    assert (done.returncode, "is no report of this version" in done.stderr) == (2, True)
    (tmp_path / "empty").mkdir()
    assert auditor("diff", tmp_path / "empty", tmp_path / "empty").returncode == 4
