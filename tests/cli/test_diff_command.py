from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from junitparser import JUnitXml

from auditor.cli.gating import DiffFormat
from auditor.report.diff import FORMATS
from auditor.resources import schema_text
from tests.cli.conftest import ROOT, Run
from tests.report.test_sarif import schema

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


def test_every_form_in_one_run_with_the_same_exit_code(
    folders: tuple[Path, Path], auditor: Run, tmp_path: Path
) -> None:  # fmt: skip
    pairs = [word for form in FORMATS for word in ("--format", form, "--output", f"diff.{form}")]
    done = auditor("diff", *folders, "--fail-on", "new:high", *pairs)
    assert (done.returncode, done.stdout) == (1, "")
    texts = {form: (tmp_path / f"diff.{form}").read_text(encoding="utf-8") for form in FORMATS}
    assert all("RC104" in text for text in texts.values())
    assert [each.value for each in DiffFormat] == list(FORMATS)
    found = json.loads(texts["json"])
    [new] = found["findings"]["new"]

    sarif = json.loads(texts["sarif"])
    Draft7Validator(schema()).validate(sarif)
    [result] = sarif["runs"][0]["results"]
    assert result["partialFingerprints"]["recordingConsentAuditor/v1"] == new["fingerprint"].removeprefix("v1:")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 1

    [issue] = json.loads(texts["gitlab"])
    assert issue["location"]["lines"]["begin"] == result["locations"][0]["physicalLocation"]["region"]["startLine"]
    notes = texts["github"].splitlines()
    assert notes[0].startswith("::error title=Recording consent%2C what changed::")
    assert re.match(r"::error file=.*\.yaml,line=\d+,title=RC104 ", notes[1])

    [suite, *others] = JUnitXml.fromstring(texts["junit"].encode())
    assert (suite.name, suite.failures, sum(each.failures for each in others)) == ("new findings", 1, 0)
    rows = list(csv.DictReader(io.StringIO(texts["csv"])))
    assert Counter(row["change"] for row in rows) == {"verdict changed": 1, "new finding": 1, "matrix changed": 1}
    lines = [json.loads(line) for line in texts["jsonl"].splitlines()]
    assert [line["type"] for line in lines] == ["diff", "verdict", "finding", "cell"]
    assert (lines[0]["exit_code"], lines[2]["change"]) == (1, "new")


@pytest.mark.parametrize(("options", "failures"), [((), 0), (("--fail-on", "new:critical"), 0)])
def test_junit_fails_only_where_the_exit_code_is_1(
    folders: tuple[Path, Path], auditor: Run, options: tuple[str, ...], failures: int
) -> None:
    done = auditor("diff", *folders, *options, "--format", "junit")
    suites = list(JUnitXml.fromstring(done.stdout.encode()))
    assert (done.returncode, sum(suite.failures for suite in suites)) == (0, failures)
    assert suites[0].skipped == 1


def test_what_is_not_known_any_more_is_told_in_every_form(auditor: Run) -> None:
    old, new = (CASES / name / "export" for name in ("RX903-ok-known-actions", "RX903-bad-unknown-action"))
    done = auditor("diff", old, new, "--fail-on", "new-unknown", "--format", "junit")
    [*_, known] = JUnitXml.fromstring(done.stdout.encode())
    assert (done.returncode, known.name, known.failures) == (1, "what is known", 1)
    assert (
        "::warning title=Recording consent%2C less is known::call route"
        in auditor("diff", old, new, "--format", "github").stdout
    )


def test_the_page_says_what_changed_and_needs_nothing(folders: tuple[Path, Path], auditor: Run, tmp_path: Path) -> None:
    page = auditor("diff", *folders, "--format", "html").stdout
    assert "New findings (1)" in page and '<span class="badge high">high</span>' in page
    assert "http" not in page.replace("Content-Security-Policy", "").replace("http-equiv", "")
    assert "Nothing behaves differently." in auditor("diff", folders[0], folders[0], "--format", "html").stdout


def test_names_full_of_markup_stay_text(folders: tuple[Path, Path], auditor: Run) -> None:
    bad = json.dumps('=Hot\n::error::"><img src=x onerror=alert(1)>', ensure_ascii=False)
    for folder in folders:
        file = folder / "ivrs.json"
        file.write_text(file.read_text(encoding="utf-8").replace('"Hotline"', bad), encoding="utf-8")
    page = auditor("diff", *folders, "--format", "html").stdout
    assert "<img" not in page and page.count("&lt;img") >= 3
    assert auditor("diff", *folders, "--format", "github").stdout.count("\n::error") == 1
    assert not re.search(r"(?<!\\)<img", auditor("diff", *folders, "--format", "markdown").stdout)
    rows = list(csv.DictReader(io.StringIO(auditor("diff", *folders, "--format", "csv").stdout)))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_what_is_no_report(folders: tuple[Path, Path], auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"schema_version": "1.0", "tool": {"name": "recording-consent-auditor"}}')
    done = auditor("diff", folders[0], tmp_path / "b.json")
    assert (done.returncode, "is no report of this version" in done.stderr) == (2, True)
    (tmp_path / "empty").mkdir()
    assert auditor("diff", tmp_path / "empty", tmp_path / "empty").returncode == 4
