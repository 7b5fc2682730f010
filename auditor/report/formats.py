"""All report formats by the name users type; each is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from auditor.findings import Audit
from auditor.report.options import ReportOptions

DETAILED = ("html",)
"""Formats that show the matrix and the settings in effect."""

Reporter = Callable[[Audit, ReportOptions], str]


def _table(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.table import table_report

    return table_report(audit, options)


def _json(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.json_report import json_report

    return json_report(audit, options)


def _jsonl(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.jsonl import jsonl_report

    return jsonl_report(audit, options)


def _sarif(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.sarif import sarif_report

    return sarif_report(audit, options)


def _junit(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.junit import junit_report

    return junit_report(audit, options)


def _gitlab(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.gitlab import gitlab_report

    return gitlab_report(audit, options)


def _github(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.github import github_report

    return github_report(audit, options)


def _markdown(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.markdown import markdown_report

    return markdown_report(audit, options)


def _csv(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.csv_report import csv_report

    return csv_report(audit, options)


def _html(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.html_report import html_report

    return html_report(audit, options)


FORMATS: Mapping[str, Reporter] = MappingProxyType(
    {
        "table": _table,
        "json": _json,
        "jsonl": _jsonl,
        "sarif": _sarif,
        "junit": _junit,
        "gitlab": _gitlab,
        "github": _github,
        "markdown": _markdown,
        "csv": _csv,
        "html": _html,
    }
)
