"""Differences of two audits for code scanning and builds: what is new and worse, as SARIF, JUnit, GitLab and GitHub.

The path of a new finding is in the report of an audit; here it has its place, its message and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.etree import ElementTree  # nosec B405 # writes XML, reads none

from auditor.findings import Audit, Confidence, Coverage, Finding, Subject
from auditor.model.location import Location
from auditor.model.rules import RuleSet
from auditor.model.snapshot import FindingLine
from auditor.policy.differences import Condition, Differences, severity
from auditor.report.diff_words import entry_of, finding_of, leg_of
from auditor.report.github import annotation, command
from auditor.report.gitlab import gitlab_report
from auditor.report.junit import write_suites
from auditor.report.options import ReportOptions
from auditor.report.sarif import sarif_report
from auditor.report.text import safe
from auditor.report.xml_text import xml_text

Told = tuple[str, str] | None
"""What JUnit says of a case: failure or skipped, and why; None: it passed."""


def diff_sarif(found: Differences, rules: RuleSet, options: ReportOptions) -> str:
    """The findings that are new or more severe, as results of one run."""
    return sarif_report(_audit(found, rules), options)


def diff_gitlab(found: Differences, rules: RuleSet, options: ReportOptions) -> str:
    """The same as issues of code quality."""
    return gitlab_report(_audit(found, rules), options)


def diff_github(found: Differences, rules: RuleSet, options: ReportOptions, summary: str) -> str:
    """The summary, the same as annotations, worst first, and what is not known any more."""
    lines = [command("error" if options.exit_code else "notice", {"title": "Recording consent, what changed"}, summary)]
    findings = sorted(_audit(found, rules).findings, key=lambda finding: -finding.severity)
    lines += [annotation(finding) for finding in findings]
    lines += [command("warning", {"title": "Recording consent, less is known"}, text) for text, _ in _unknown(found)]
    return "".join(line + "\n" for line in lines)


def diff_junit(found: Differences, condition: Condition) -> str:
    """Failures are what --fail-on refuses; what it lets pass is skipped, and what was fixed has passed."""

    def new(line: FindingLine) -> Told:
        return _told(f"{line.severity}: {line.message}", condition.refuses(line))

    def still(line: FindingLine) -> Told:
        return "skipped", f"{line.severity}: was there before"

    worse = set(found.worse)
    open_ = [pair.new for pair in found.still if pair.new is not None and pair.new not in worse]
    known = ElementTree.Element("testsuite", name="what is known")
    for text, counts in _unknown(found):
        _case(known, text, _told(text, counts and condition.unknown))
    suites = (
        _suite("new findings", (*found.new, *found.worse), new),
        _suite("findings still open", open_, still),
        _suite("fixed findings", found.fixed, lambda _: None),
        known,
    )
    return write_suites("what changed", suites)


def _suite(name: str, lines: Iterable[FindingLine], told: Callable[[FindingLine], Told]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=name)
    for line in lines:
        _case(suite, finding_of(line), told(line))
    return suite


def _case(suite: ElementTree.Element, name: str, told: Told) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=xml_text(name))
    if told is not None:
        ElementTree.SubElement(case, told[0], message=xml_text(told[1]))


def _told(text: str, refused: bool) -> Told:
    return ("failure", text) if refused else ("skipped", f"{text} (--fail-on lets it pass)")


def _unknown(found: Differences) -> Iterator[tuple[str, bool]]:
    """What is not known any more, in words, and whether it counts for `--fail-on new-unknown`."""
    for pair in found.unknowns:
        assert pair.new is not None
        yield f"{entry_of(pair.new.entry)}, {leg_of(pair.new.direction, pair.trunks)}: unknown now", True
    for problem in found.unread:
        yield f"{safe(problem.code)} {safe(problem.message)}", True
    for shrunk in found.lost:
        yield f"{safe(shrunk.what)}: {shrunk.old} before, {shrunk.new} now", False


class _Known(Finding, frozen=True):
    """A finding out of a comparison, which knows its fingerprint but not every part of its object."""

    known: str = ""

    @property
    def fingerprint(self) -> str:
        """As the audit told it."""
        return self.known


def _audit(found: Differences, rules: RuleSet) -> Audit:
    """What is new or more severe, in the shape that the forms of an audit take."""
    findings = tuple(_finding(line, rules) for line in (*found.new, *found.worse))
    return Audit((), Coverage((), 0, 0, 0, 0, 0, ()), (), (), findings, (), False, organisation="changes", rules=rules)


def _finding(line: FindingLine, rules: RuleSet) -> Finding:
    rule = rules.find(line.rule)
    return _Known(
        rule=line.rule,
        name=line.title,
        severity=severity(line),
        confidence=Confidence.HIGH,
        latent=line.latent,
        mode="",
        message=line.message,
        remediation=rule.remediation if rule is not None else "",
        subject=Subject(line.kind, line.name, line.id, line.flow, line.division),
        location=Location(line.file, line.line),
        entries=(),
        witness=(),
        known=line.fingerprint,
    )
