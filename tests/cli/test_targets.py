from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from auditor.cli.audit import AuditRequest, Outcome, audit, with_targets
from auditor.cli.parameters import Format
from auditor.cli.targets import Target, paired
from auditor.errors import UsageError
from auditor.report.formats import FORMATS
from tests.builders import CLEAN, EMPTY, FULL
from tests.cli.conftest import Desk

REQUEST = AuditRequest(paths=(Path("export"),))


def paths(*names: str) -> list[Path]:
    return [Path(name) for name in names]


def test_the_command_line_knows_every_format() -> None:
    assert [each.value for each in Format] == list(FORMATS)


@pytest.mark.parametrize(
    ("formats", "outputs", "targets"),
    [
        ([], [], [Target("table")]),
        (["sarif"], [], [Target("sarif")]),
        ([], ["a.txt"], [Target("table", Path("a.txt"))]),
        (["json"], ["-"], [Target("json")]),
        (["sarif", "html"], ["a", "b"], [Target("sarif", Path("a")), Target("html", Path("b"))]),
        (["table", "html"], ["-", "b"], [Target("table"), Target("html", Path("b"))]),
    ],
)
def test_pairs(formats: list[str], outputs: list[str], targets: list[Target]) -> None:
    assert list(paired(formats, paths(*outputs))) == targets


@pytest.mark.parametrize(
    ("formats", "outputs", "words"),
    [
        (["sarif", "html"], [], "--format is given twice, --output never"),
        (["sarif", "html"], ["a"], "--format is given twice, --output once"),
        (["sarif"], ["a", "b"], "--format is given once, --output twice"),
        ([], ["a", "b", "c"], "--format is given never, --output 3 times"),
        (["sarif", "html"], ["a", "a"], "--output a is given for two reports"),
        (["sarif", "html"], ["a", "./a"], "is given for two reports"),
        (["sarif", "html"], ["-", "-"], "--output - is given for two reports"),
    ],
)
def test_what_does_not_match_is_told(formats: list[str], outputs: list[str], words: str) -> None:
    with pytest.raises(UsageError) as told:
        paired(formats, paths(*outputs))
    assert words in told.value.message
    assert told.value.exit_code == 2


def test_one_run_writes_every_report_with_the_same_exit_code(desk: Desk, tmp_path: Path) -> None:
    names = [name for name in FORMATS if name != "table"]
    outputs = [tmp_path / name for name in names]
    request = with_targets(REQUEST, ["table", *names], [Path("-"), *outputs])
    assert audit(request, desk.around, lambda _, __: Outcome(FULL)) == 1
    assert "exit code 1" in desk.out
    assert json.loads((tmp_path / "json").read_text())["exit_code"] == 1
    assert json.loads((tmp_path / "sarif").read_text())["runs"][0]["invocations"][0]["exitCode"] == 1
    assert ElementTree.parse(tmp_path / "junit").getroot().get("failures") == "4"
    for path in outputs:
        assert path.stat().st_size > 100, path
        assert f"report written to {path}" in desk.err


def test_a_folder_that_is_missing_is_told_before_any_work(desk: Desk, tmp_path: Path) -> None:
    request = with_targets(REQUEST, ["json", "html"], [tmp_path / "a", tmp_path / "missing" / "b"])
    with pytest.raises(UsageError, match="does not exist"):
        audit(request, desk.around, lambda _, __: pytest.fail("the audit ran"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("result", "code"), [(FULL, 1), (CLEAN, 0), (EMPTY, 4), (replace(CLEAN, incomplete=True), 5)])
def test_the_format_never_changes_the_exit_code(form: str, result: object, code: int, desk: Desk) -> None:
    assert isinstance(result, type(FULL))
    assert audit(replace(REQUEST, format=form), desk.around, lambda _, __: Outcome(result)) == code
    assert desk.out
