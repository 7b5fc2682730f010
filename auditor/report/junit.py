"""JUnit XML: a suite an entry, a test case a rule; what does not count is skipped with its reason.

It fails where the exit code is 1, and has an error where it is 5: a gate on this file decides as the exit code does.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree  # nosec B405 # writes XML, reads none

from auditor.errors import ExitCode
from auditor.findings import Audit, EntryName, Finding
from auditor.report.options import TOOL, ReportOptions
from auditor.report.text import place
from auditor.report.words import entry_words, full_message, standing, subject_words
from auditor.report.xml_text import xml_text

NO_ENTRY = "no entry"
"""The suite of findings that no run shows, such as an action that no call reaches."""


def junit_report(audit: Audit, options: ReportOptions) -> str:
    """One document; counts stand at each suite and at the whole."""
    suites = [_suite(entry, findings, _rules(audit), options) for entry, findings in _by_entry(audit).items()]
    return write_suites(audit.organisation, [*suites, _completeness(audit, options)])


def write_suites(about: str, suites: Iterable[ElementTree.Element]) -> str:
    """The document of these suites, counted; about: what they are about."""
    root = ElementTree.Element("testsuites", name=f"{TOOL} {xml_text(about)}".strip())
    for suite in suites:
        _count(suite)
        root.append(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _by_entry(audit: Audit) -> dict[str, list[Finding]]:
    """Every entry with the findings that calls from it show."""
    found: dict[str, list[Finding]] = {}
    for verdict in audit.verdicts:
        found.setdefault(entry_words(EntryName(verdict.entry.kind, verdict.entry.name)), [])
    for finding in audit.findings:
        names = [entry_words(entry) for entry in finding.entries] or [NO_ENTRY]
        for name in names:
            found.setdefault(name, []).append(finding)
    return found


def _rules(audit: Audit) -> dict[str, str]:
    """Codes and names of the rules in effect, and of any other that fired."""
    known = {rule.code: rule.name for rule in audit.rules.rules if rule.on}
    return dict(sorted({**{finding.rule: finding.name for finding in audit.findings}, **known}.items()))


def _suite(
    entry: str, findings: Iterable[Finding], rules: dict[str, str], options: ReportOptions
) -> ElementTree.Element:  # fmt: skip
    suite = ElementTree.Element("testsuite", name=xml_text(entry))
    fired: dict[str, list[Finding]] = {}
    for finding in findings:
        fired.setdefault(finding.rule, []).append(finding)
    for code, name in rules.items():
        if entry != NO_ENTRY or code in fired:
            _case(suite, entry, f"{code} {name}", fired.get(code, []), options)
    return suite


def _case(
    suite: ElementTree.Element, entry: str, name: str, findings: list[Finding], options: ReportOptions
) -> None:  # fmt: skip
    case = ElementTree.SubElement(suite, "testcase", classname=xml_text(entry), name=xml_text(name))
    failing = [finding for finding in findings if finding.counts and finding.severity >= options.fail_on]
    if failing:
        worst = failing[0]
        where = worst.location.file
        if where:
            case.set("file", xml_text(where))
            case.set("line", str(worst.location.line or 1))
        failure = ElementTree.SubElement(
            case, "failure", message=xml_text(full_message(worst)), type=worst.severity.word
        )
        failure.text = "\n\n".join(_told(finding) for finding in failing)
    elif findings:
        reasons = dict.fromkeys(_why_not(finding, options) for finding in findings)
        ElementTree.SubElement(case, "skipped", message=xml_text("; ".join(reasons)))


def _why_not(finding: Finding, options: ReportOptions) -> str:
    waiver = finding.waived
    if waiver is not None:
        return f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    if finding.baselined:
        return "in the baseline"
    return f"{finding.severity.word}: below the threshold {options.fail_on.word}"


def _told(finding: Finding) -> str:
    """The finding and its path as text."""
    lines = [f"{full_message(finding)} ({standing(finding)})", subject_words(finding.subject), place(finding.location)]
    lines += [f"  {number}. {step.text}" for number, step in enumerate(finding.witness, 1)]
    lines += [finding.remediation, finding.fingerprint]
    return "\n".join(xml_text(line) for line in lines if line)


def _completeness(audit: Audit, options: ReportOptions) -> ElementTree.Element:
    """A case of its own for what the exit codes 4 and 5 say."""
    suite = ElementTree.Element("testsuite", name="completeness of the audit")
    case = ElementTree.SubElement(suite, "testcase", classname="completeness of the audit", name="nothing is unknown")
    if options.exit_code == ExitCode.NOTHING:
        ElementTree.SubElement(case, "error", message="nothing to audit", type="nothing")
    elif options.exit_code == ExitCode.INCOMPLETE:
        ElementTree.SubElement(case, "error", message="the audit is incomplete", type="incomplete")
    elif audit.incomplete:
        ElementTree.SubElement(case, "skipped", message="the audit is incomplete")
    doubts = [f"{problem.code} {problem.message}" for problem in audit.problems]
    doubts += [f"{entry_words(v.entry)}: {reason}" for v in audit.verdicts for reason in v.reasons]
    if doubts:
        ElementTree.SubElement(case, "system-out").text = "\n".join(xml_text(doubt) for doubt in dict.fromkeys(doubts))
    return suite


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")
