"""All report formats by the name users type; each is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Literal, assert_never, get_args

from auditor.findings import Audit
from auditor.report.options import ReportOptions

DETAILED = ("html",)
"""Formats that show the matrix and the settings in effect."""

RULED = ("html", "junit", "sarif")
"""Formats that say more of the rules than their codes and names."""

Name = Literal["table", "json", "jsonl", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html"]
Reporter = Callable[[Audit, ReportOptions], str]


def _reporter(name: Name) -> Reporter:
    match name:
        case "table":
            from auditor.report.table import table_report

            return table_report
        case "json":
            from auditor.report.json_report import json_report

            return json_report
        case "jsonl":
            from auditor.report.jsonl import jsonl_report

            return jsonl_report
        case "sarif":
            from auditor.report.sarif import sarif_report

            return sarif_report
        case "junit":
            from auditor.report.junit import junit_report

            return junit_report
        case "gitlab":
            from auditor.report.gitlab import gitlab_report

            return gitlab_report
        case "github":
            from auditor.report.github import github_report

            return github_report
        case "markdown":
            from auditor.report.markdown import markdown_report

            return markdown_report
        case "csv":
            from auditor.report.csv_report import csv_report

            return csv_report
        case "html":
            from auditor.report.html_report import html_report

            return html_report
        case _:
            assert_never(name)


def _write(name: Name, audit: Audit, options: ReportOptions) -> str:
    return _reporter(name)(audit, options)


FORMATS: Mapping[str, Reporter] = MappingProxyType({name: partial(_write, name) for name in get_args(Name)})
