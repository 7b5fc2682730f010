from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.findings import Audit
from auditor.report.options import ReportOptions
from auditor.report.table import table_report
from auditor.report.text import UNSAFE
from auditor.report.wrap import columns
from tests.builders import CLEAN, EMPTY, FINDING, FULL, PROBLEM, hostile

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def report(audit: Audit, width: int = 100, colour: bool = False) -> str:
    return table_report(audit, ReportOptions(exit_code=1, version="9.9", width=width, colour=colour))


def test_the_whole_report() -> None:
    """full.txt is what a reader of the sample audit sees; read it when it changes."""
    assert report(FULL) == (Path(__file__).parent / "full.txt").read_text(encoding="utf-8")


def test_sections_come_in_order() -> None:
    text = report(FULL)
    places = [text.index(word) for word in ("FINDINGS (3)", "1. RC103", "VERDICTS (", "NOT UNDERSTOOD (1)", "ASSUMED")]
    assert places == sorted(places)


@pytest.mark.parametrize(("audit", "said"), [(EMPTY, "No findings: no call was audited."), (CLEAN, "No findings.\n")])
def test_a_report_without_findings_says_so(audit: Audit, said: str) -> None:
    text = report(audit)
    assert said in text
    assert "Path:" not in text
    assert "Outside the model: ad-hoc and snippet recording by users" in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 133, 250])
@pytest.mark.parametrize("colour", [False, True])
def test_every_line_fits_the_width(width: int, colour: bool) -> None:
    name = "Ein sehr langer Name für eine Aktion, wie sie in Wirklichkeit vorkommt " * 3
    deep = "export/" + "a-very-long-folder-name/" * 6 + "flow.yaml"
    long = replace(
        FINDING,
        subject=replace(FINDING.subject, name=name, flow="録音同意フロー" * 9),
        location=replace(FINDING.location, file=deep),
    )
    audit = replace(FULL, findings=(long, *FULL.findings), problems=(replace(PROBLEM, location=long.location),))
    for line in ANSI.sub("", report(audit, width, colour)).splitlines():
        assert columns(line) <= width, line


def test_nothing_is_lost_by_wrapping() -> None:
    narrow, wide = report(FULL, 40), report(FULL, 200)
    for word in ("enabled-after-refusal", "presses", "Outside", "Hamburg", "refused"):
        assert word in re.sub(r"-\s+", "-", wide)
    assert re.sub(r"\s", "", narrow.split("1. RC103")[1].split("VERDICTS")[0]) == re.sub(
        r"\s", "", wide.split("1. RC103")[1].split("VERDICTS")[0]
    )


def test_colours_only_when_asked_and_only_on_severities() -> None:
    assert "\x1b" not in report(FULL)
    coloured = report(FULL, colour=True)
    assert "\x1b[1;31mcritical\x1b[0m" in coloured
    assert ANSI.sub("", coloured) == report(FULL)
    assert len(ANSI.findall(coloured)) == 2 * len(FULL.findings)


def test_hostile_text_cannot_act_on_the_terminal() -> None:
    text = report(hostile())
    assert UNSAFE.sub("", text.replace("\n", "")) == text.replace("\n", "")
    assert "\\x1b[2J" in text
    assert "\\u202e" in text
    text.encode("utf-8")


def test_hostile_text_adds_no_lines_of_its_own() -> None:
    assert "\\r\\n\\t" in re.sub(r"\s", "", report(hostile(), 250))


def test_many_problems_are_cut_off_and_counted() -> None:
    text = report(replace(FULL, problems=(PROBLEM,) * 130))
    assert "NOT UNDERSTOOD (130)" in text
    assert "and 30 more; --format json lists all of them" in text


def test_the_same_reason_is_said_once() -> None:
    verdict = FULL.verdicts[0]
    others = tuple(replace(verdict, entry=replace(verdict.entry, name=f"Line {n}")) for n in range(8))
    text = report(replace(FULL, verdicts=others), 200)
    assert text.count("a file was not understood") == 1
    assert 'call route "Line 2" and 5 more' in text
