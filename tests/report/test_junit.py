from __future__ import annotations

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from msgspec.structs import replace

from auditor.findings import Audit, Severity
from auditor.report.junit import NO_ENTRY, junit_report
from auditor.report.options import ReportOptions
from tests.builders import CLEAN, EMPTY, FINDING, FULL, hostile
from tests.report.conftest import OPTIONS
from tests.report.samples import AUDIT


def read(audit: Audit, options: ReportOptions = OPTIONS) -> JUnitXml:
    return JUnitXml.fromstring(junit_report(audit, options).encode("utf-8", "backslashreplace"))


def suite(audit: Audit, name: str, options: ReportOptions = OPTIONS) -> TestSuite:
    return next(each for each in read(audit, options) if each.name == name)


def case(audit: Audit, entry: str, rule: str, options: ReportOptions = OPTIONS) -> TestCase:
    return next(each for each in suite(audit, entry, options) if each.name.startswith(rule))


ENTRY = 'call route "Support"'


def test_a_case_for_each_entry_and_rule(demo: Audit) -> None:
    rules = [rule.code for rule in demo.rules.rules if rule.on]
    entries = {verdict.entry for verdict in demo.verdicts}
    suites = [each for each in read(demo) if each.name not in (NO_ENTRY, "completeness of the audit")]
    assert len(suites) == len(entries)
    for each in suites:
        assert [one.name.split()[0] for one in each] == rules
    failed = {(each.name, one.name.split()[0]) for each in suites for one in each if one.result}
    assert len(failed) == len({(e, f.rule) for f in demo.findings if f.counts for e in f.entries})


def test_the_counts_are_those_of_the_cases(demo: Audit) -> None:
    for audit in (demo, AUDIT):
        root = read(audit)
        cases = [one for each in root for one in each]
        assert root.tests == len(cases)
        assert root.failures == sum(isinstance(r, Failure) for one in cases for r in one.result) > 0
        assert root.skipped == sum(isinstance(r, Skipped) for one in cases for r in one.result)


def test_a_failure_says_what_where_and_how() -> None:
    found = case(AUDIT, ENTRY, "RC103")
    (failure,) = found.result
    assert isinstance(failure, Failure)
    assert failure.message == FINDING.message
    assert failure.type == "critical"
    for text in ("export/main.yaml:31", "2. Caller presses 2 in the menu Consent.", FINDING.fingerprint):
        assert text in failure.text


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("RC106", "waived by Compliance until 2031-05-01: old flow, switched off in May"),
        ("RN202", "in the baseline"),
    ],
)
def test_what_does_not_count_is_skipped_with_its_reason(rule: str, reason: str) -> None:
    (skipped,) = case(AUDIT, ENTRY, rule).result
    assert isinstance(skipped, Skipped)
    assert skipped.message == reason


def test_below_the_threshold_nothing_fails() -> None:
    options = replace(OPTIONS, exit_code=0, fail_on=Severity.CRITICAL)
    audit = replace(AUDIT, findings=(replace(FINDING, severity=Severity.HIGH),))
    assert read(audit, options).failures == 0
    (skipped,) = case(audit, ENTRY, "RC103", options).result
    assert skipped.message == "high: below the threshold critical"


def test_findings_without_an_entry_have_a_suite() -> None:
    assert [one.name.split()[0] for one in suite(AUDIT, NO_ENTRY)] == ["RC111"]


@pytest.mark.parametrize(("code", "kind"), [(0, Skipped), (1, Skipped), (4, Error), (5, Error)])
def test_an_incomplete_audit_is_an_error_where_the_exit_code_is(code: int, kind: type) -> None:
    (one,) = suite(FULL, "completeness of the audit", replace(OPTIONS, exit_code=code))
    assert [type(result) for result in one.result] == [kind]
    assert "RX906" in one.system_out


def test_a_clean_audit_passes() -> None:
    root = read(CLEAN, replace(OPTIONS, exit_code=0))
    assert (root.failures, root.errors, root.skipped) == (0, 0, 0)
    assert root.tests == 1


@pytest.mark.parametrize("audit", [EMPTY, hostile(), replace(AUDIT, organisation="\ufffe\uffff]]>&<x>")])
def test_any_text_gives_xml(audit: Audit) -> None:
    assert len(list(read(audit))) >= 1
