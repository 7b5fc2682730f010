"""GitHub annotations: workflow commands that a job prints, shown beside the lines they are about."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.findings import Audit, Finding, Severity
from auditor.report.headline import summary_sentence
from auditor.report.options import ReportOptions
from auditor.report.text import safe
from auditor.report.words import full_message, standing

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_SUMMARY = {0: "notice", 1: "error"}


def github_report(audit: Audit, options: ReportOptions) -> str:
    """A summary line, then the findings that count, worst first: a job shows only the first few of each level."""
    return "".join(line + "\n" for line in _lines(audit, options))


def _lines(audit: Audit, options: ReportOptions) -> Iterator[str]:
    level = _SUMMARY.get(int(options.exit_code), "warning")
    yield command(level, {"title": "Recording consent"}, summary_sentence(audit, options))
    counting = [finding for finding in audit.findings if finding.counts]
    yield from (annotation(finding) for finding in sorted(counting, key=lambda finding: -finding.severity))


def annotation(finding: Finding) -> str:
    """A finding beside its line, or in the log where it has none."""
    where = {}
    if finding.location.file:
        where = {"file": finding.location.file, "line": str(finding.location.line or 1)}
    title = f"{finding.rule} {finding.name} ({standing(finding)})"
    return command(_LEVELS[finding.severity], {**where, "title": title}, full_message(finding))


def command(level: str, properties: dict[str, str], message: str) -> str:
    """A workflow command, from which nothing that an export says can break out."""
    parts = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {parts}::{_data(message)}"


def _data(text: str) -> str:
    return safe(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
