"""Formats that list findings: JSON lines, GitLab, GitHub, CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from msgspec.structs import replace

from auditor.findings import Audit, Severity
from auditor.report.csv_report import COLUMNS, csv_report
from auditor.report.github import github_report
from auditor.report.gitlab import gitlab_report
from auditor.report.json_report import json_report
from auditor.report.jsonl import jsonl_report
from auditor.report.text import UNSAFE
from tests.builders import CLEAN, EMPTY, FINDING, FULL, hostile
from tests.report.conftest import OPTIONS
from tests.report.samples import AUDIT


def lines(audit: Audit) -> list[Any]:
    return [json.loads(line) for line in jsonl_report(audit, OPTIONS).splitlines()]


@pytest.mark.parametrize("audit", [FULL, CLEAN, EMPTY, hostile()])
def test_json_lines_are_the_parts_of_the_json_report(audit: Audit) -> None:
    whole = json.loads(json_report(audit, OPTIONS))
    found = lines(audit)
    assert found[0].pop("type") == "audit"
    for key, value in found[0].items():
        assert key == "organisation" or whole[key] == value
    for part in ("input", "verdict", "finding", "problem"):
        mine = [{k: v for k, v in each.items() if k != "type"} for each in found if each.get("type") == part]
        assert mine == whole[part + "s"]


def test_json_lines_hold_one_object_a_line() -> None:
    text = jsonl_report(hostile(), OPTIONS)
    assert UNSAFE.sub("", text.replace("\n", "")) == text.replace("\n", "")


def gitlab(audit: Audit) -> Any:
    return json.loads(gitlab_report(audit, OPTIONS))


def test_gitlab_fingerprints_are_unique_and_stable(demo: Audit) -> None:
    for audit in (demo, AUDIT):
        prints = [issue["fingerprint"] for issue in gitlab(audit)]
        assert len(set(prints)) == len(prints) > 2
    moved = replace(FINDING, location=replace(FINDING.location, file="elsewhere.yaml", line=99))
    first, second = (gitlab(replace(FULL, findings=(each,)))[0]["fingerprint"] for each in (FINDING, moved))
    assert first == second


def test_gitlab_issues_have_what_the_format_requires(demo: Audit) -> None:
    for issue in [*gitlab(demo), *gitlab(AUDIT)]:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("blocker", "critical", "major", "minor", "info")
        assert issue["location"]["path"] and issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith("./")
    assert gitlab(AUDIT)[0]["severity"] == "blocker"
    assert len(gitlab(AUDIT)) == sum(finding.counts for finding in AUDIT.findings)


@pytest.mark.parametrize("audit", [EMPTY, CLEAN])
def test_gitlab_without_findings_is_an_empty_list(audit: Audit) -> None:
    assert gitlab(audit) == []


COMMAND = re.compile(r"::(error|warning|notice) ([a-z]+=[^,:]*(?:,[a-z]+=[^,:]*)*)::(.*)")


def commands(audit: Audit) -> list[tuple[str, str, str]]:
    found = []
    for line in github_report(audit, OPTIONS).splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        found.append((match[1], match[2], match[3]))
    return found


def test_github_says_the_summary_first_and_the_worst_next() -> None:
    low = replace(FINDING, severity=Severity.INFO, rule="RN211")
    found = commands(replace(AUDIT, findings=(low, *AUDIT.findings)))
    assert found[0] == ("error", "title=Recording consent", found[0][2])
    assert found[0][2].startswith("4 findings (2 critical, 1 low, 1 info), 2 waived or in the baseline; 3 verdicts")
    assert [level for level, _, _ in found[1:]] == ["error", "error", "notice", "notice"]
    assert found[1][1].startswith("file=export/main.yaml,line=31,title=RC103")


@pytest.mark.parametrize(("code", "level"), [(0, "notice"), (1, "error"), (4, "warning"), (5, "warning")])
def test_the_level_of_the_summary_follows_the_exit_code(code: int, level: str) -> None:
    assert github_report(CLEAN, replace(OPTIONS, exit_code=code)).startswith(f"::{level} title=")


def test_github_escapes_what_would_end_a_command() -> None:
    bad = replace(FINDING, name="a,b::c%", message="50% done\r\n::error::no", entries=())
    _, (_, properties, message) = commands(replace(FULL, findings=(bad,)))
    assert "title=RC103 a%2Cb%3A%3Ac%25 (critical)" in properties
    assert message == r"50%25 done\r\n::error::no"
    counting = tuple(replace(finding, waived=None) for finding in hostile().findings)
    assert len(commands(replace(hostile(), findings=counting))) == 2


def rows(audit: Audit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_report(audit, OPTIONS))))


def test_csv_has_a_row_for_each_finding() -> None:
    found = rows(AUDIT)
    assert tuple(found[0]) == COLUMNS
    assert [row["rule"] for row in found] == [finding.rule for finding in AUDIT.findings]
    assert [row["counts"] for row in found] == ["yes", "yes", "no", "no", "yes"]
    assert found[0]["entries"] == 'call route "Support"; direct number "+49 30 77"'
    assert (found[2]["waived_by"], found[2]["waived_until"]) == ("Compliance", "2031-05-01")
    assert (found[0]["file"], found[0]["line"], found[0]["steps"]) == ("export/main.yaml", "31", "3")


@pytest.mark.parametrize("start", ["=1+1", "+49 30", "-2", "@SUM(A1)", " =1", "\uff1d1"])
def test_no_cell_is_a_formula(start: str) -> None:
    subject = replace(FINDING.subject, name=start)
    (row,) = rows(replace(FULL, findings=(replace(FINDING, subject=subject, message=start),)))
    assert row["object"] == "'" + start
    assert row["message"] == "'" + start
    for row in rows(hostile()):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())
