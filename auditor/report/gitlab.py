"""GitLab code quality report: an array of issues, shown in merge requests."""

from __future__ import annotations

import hashlib
from collections import Counter

from auditor.findings import Audit, Finding, Severity
from auditor.report.json_text import JsonObject, json_list
from auditor.report.options import ReportOptions
from auditor.report.text import safe
from auditor.report.words import full_message

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
NO_FILE = "export"
"""Stands for the file of an object that is not in the export: the format requires one."""


def gitlab_report(audit: Audit, options: ReportOptions) -> str:
    """Every finding that counts. Fingerprints are unique, also for two objects of one name."""
    seen: Counter[str] = Counter()
    issues: list[JsonObject] = []
    for finding in audit.findings:
        if finding.counts:
            seen[finding.fingerprint] += 1
            issues.append(_issue(finding, seen[finding.fingerprint]))
    return json_list(issues)


def _issue(finding: Finding, turn: int) -> JsonObject:
    text = finding.fingerprint if turn == 1 else f"{finding.fingerprint}#{turn}"
    return {
        "description": f"{finding.rule} {safe(finding.name)}: {safe(full_message(finding))}",
        "check_name": f"{finding.rule}-{safe(finding.name)}",
        "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": safe(finding.location.file) or NO_FILE,
            "lines": {"begin": finding.location.line or 1},
        },
    }
