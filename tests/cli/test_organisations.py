from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.cli.audit import AuditRequest, Outcome, Pipeline
from auditor.cli.organisations import WORST_FIRST, audit_paths, named
from auditor.cli.progress import Progress
from auditor.errors import ExitCode, PolicyError, UsageError
from auditor.findings import Audit
from auditor.report.counts import counts_of
from auditor.report.summary import Audited, summary
from tests.builders import CLEAN, EMPTY, FULL
from tests.cli.conftest import Desk

INCOMPLETE = replace(CLEAN, incomplete=True)
REQUEST = AuditRequest(paths=())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the exports a to e lie."""
    monkeypatch.chdir(tmp_path)
    for name in "abcde":
        (tmp_path / name).mkdir()
    return tmp_path


def by_path(results: Mapping[str, Audit | Exception | type[KeyboardInterrupt]]) -> Pipeline:
    def run(request: AuditRequest, progress: Progress) -> Outcome:
        found = results["+".join(str(path) for path in request.paths)]
        if isinstance(found, Audit):
            return Outcome(found)
        raise found

    return run


def test_each_organisation_has_a_report_and_all_have_a_summary(desk: Desk) -> None:
    results = {"a": FULL, "b": CLEAN, "c": INCOMPLETE}
    orgs = ["North=a", "South=b", "East coast=c"]
    assert audit_paths(REQUEST, orgs, desk.around, by_path(results)) == 1
    headings = [line for line in desk.out.splitlines() if line.startswith(("ORGANISATION", "SUMMARY", "recording-"))]
    assert [line.split(":")[0].split()[0] for line in headings] == ["ORGANISATION", "recording-consent-auditor"] * 3 + [
        "SUMMARY"
    ]
    rows = desk.out.partition("SUMMARY (3)\n")[2].splitlines()
    assert rows[0].split()[:2] == ["organisation", "exit"]
    assert [row.split("  ")[0] for row in rows[2:] if row[:1].strip()] == [
        "North",
        "South",
        "East coast",
        "3 of 3 audited",
    ]
    assert [row.split()[1] for row in rows[2:4]] == ["1", "0"]


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ({"a": CLEAN, "b": CLEAN}, 0),
        ({"a": CLEAN, "b": INCOMPLETE}, 5),
        ({"a": EMPTY, "b": INCOMPLETE}, 4),
        ({"a": FULL, "b": EMPTY}, 1),
        ({"a": FULL, "b": PolicyError("wrong")}, 2),
        ({"a": PolicyError("wrong"), "b": ValueError("broken")}, 3),
    ],
)
def test_the_worst_exit_code_counts(results: dict[str, Audit | Exception], code: int, desk: Desk) -> None:
    for orgs in (["A=a", "B=b"], ["B=b", "A=a"]):
        assert audit_paths(REQUEST, orgs, desk.around, by_path(results)) == code


def test_every_exit_code_has_its_rank() -> None:
    assert sorted(WORST_FIRST) == sorted(ExitCode)


def test_what_is_wrong_with_one_does_not_stop_the_others(desk: Desk) -> None:
    results: dict[str, Audit | Exception] = {"a": PolicyError("a mistake in the policy"), "b": FULL}
    assert audit_paths(REQUEST, ["A=a", "B=b"], desk.around, by_path(results)) == 2
    assert "a mistake in the policy" in desk.err
    assert "the organisation A was not audited (exit code 2)" in desk.err
    assert "ORGANISATION B" in desk.out
    assert "ORGANISATION A" not in desk.out
    assert "not audited" in desk.out.partition("SUMMARY")[2]


def test_an_interruption_ends_all_of_it(desk: Desk) -> None:
    results: dict[str, Audit | type[KeyboardInterrupt]] = {"a": KeyboardInterrupt, "b": FULL}
    assert audit_paths(REQUEST, ["A=a", "B=b"], desk.around, by_path(results)) == 130
    assert desk.out == ""


def test_reports_for_programs_go_into_a_folder(desk: Desk, folder: Path) -> None:
    request = replace(REQUEST, format="json", output=Path("reports"))
    assert audit_paths(request, ["A=a", "B=b"], desk.around, by_path({"a": FULL, "b": CLEAN})) == 1
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (folder / "reports").iterdir()}
    assert {name: report["exit_code"] for name, report in found.items()} == {"A.json": 1, "B.json": 0}
    assert desk.out.startswith("SUMMARY (2)\n")


def test_tables_can_go_into_a_folder_too(desk: Desk, folder: Path) -> None:
    request = replace(REQUEST, output=Path("reports"), quiet=True)
    assert audit_paths(request, ["A=a"], desk.around, by_path({"a": CLEAN})) == 0
    assert [path.name for path in (folder / "reports").iterdir()] == ["A.txt"]
    assert desk.err == ""


def test_an_organisation_may_have_several_paths(desk: Desk) -> None:
    assert [(each.name, len(each.paths)) for each in named(["A=a", "B=b", "a=c"])] == [("A", 2), ("B", 1)]
    assert audit_paths(REQUEST, ["A=a", "A=b"], desk.around, by_path({"a+b": CLEAN})) == 0


@pytest.mark.parametrize("word", ["a", "=a", "A=", "A=nothing", "../A=a", ".A=a", "A/B=a", "A\\B=a", "A\x1b=a", " =a"])
def test_what_is_no_organisation_is_a_usage_error(word: str) -> None:
    with pytest.raises(UsageError):
        named([word])


@pytest.mark.parametrize(
    ("request_", "orgs"),
    [
        (replace(REQUEST, paths=(Path("a"),)), ["A=a"]),
        (REQUEST, []),
        (replace(REQUEST, format="json"), ["A=a"]),
        (replace(REQUEST, format="json", output=Path("file")), ["A=a"]),
        (replace(REQUEST, format="json", output=Path("no/such/folder")), ["A=a"]),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(
    request_: AuditRequest, orgs: list[str], desk: Desk, folder: Path
) -> None:
    (folder / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError):
        audit_paths(request_, orgs, desk.around, by_path({"a": CLEAN}))


def test_one_organisation_by_its_paths_is_audited_as_before(desk: Desk) -> None:
    request = replace(REQUEST, paths=(Path("a"), Path("b")))
    assert audit_paths(request, [], desk.around, by_path({"a+b": CLEAN})) == 0
    assert "SUMMARY" not in desk.out
    assert "ORGANISATION" not in desk.out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_summary_fits_its_width(width: int) -> None:
    rows = [
        Audited("A company with a long name\x1b[31m", 1, counts_of(FULL)),
        Audited("B", 3, None),
        Audited("C", 0, counts_of(CLEAN)),
    ]
    text = summary(rows, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
