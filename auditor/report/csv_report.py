"""Findings as a table for spreadsheets: one row a finding."""

from __future__ import annotations

from auditor.findings import Audit, Finding
from auditor.report.csv_text import csv_text
from auditor.report.options import ReportOptions
from auditor.report.words import entry_words, full_message

COLUMNS = (
    "severity", "rule", "name", "confidence", "latent", "counts", "object_kind", "object", "object_id", "flow",
    "division", "file", "line", "entries", "mode", "message", "remediation", "steps", "waived_by", "waived_until",
    "waived_because", "baselined", "fingerprint",
)  # fmt: skip


def csv_report(audit: Audit, options: ReportOptions) -> str:
    """Every finding, also those that do not count; no cell is ever a formula."""
    return csv_text(COLUMNS, (_row(finding) for finding in audit.findings))


def _row(finding: Finding) -> tuple[str, ...]:
    subject, location, waiver = finding.subject, finding.location, finding.waived
    waived = (waiver.owner, waiver.expires, waiver.reason) if waiver else ("", "", "")
    return (
        finding.severity.word, finding.rule, finding.name, finding.confidence.value, _word(finding.latent),
        _word(finding.counts), subject.kind, subject.name, subject.id or "", subject.flow or "",
        subject.division or "", location.file, "" if location.line is None else str(location.line),
        "; ".join(entry_words(entry) for entry in finding.entries), finding.mode, full_message(finding),
        finding.remediation, str(len(finding.witness)), *waived, _word(finding.baselined), finding.fingerprint,
    )  # fmt: skip


def _word(value: bool) -> str:
    return "yes" if value else "no"
