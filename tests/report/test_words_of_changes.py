"""Findings in what-if and fix: those of objects with one name are one line."""

from __future__ import annotations

from auditor.model.snapshot import FindingLine
from auditor.report.diff_words import findings_of


def finding(fingerprint: str, name: str) -> FindingLine:
    return FindingLine(fingerprint, "RN203", "medium", "action", name, None, "Main", None, "")


def test_objects_of_one_name_are_one_line() -> None:
    assert list(findings_of([finding("a", "Enable"), finding("b", "Other"), finding("c", "Enable")])) == [
        'RN203 of action "Enable" in flow "Main" (medium), 2 objects of this name',
        'RN203 of action "Other" in flow "Main" (medium)',
    ]
