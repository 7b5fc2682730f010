"""All report formats by the name users type; each is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from auditor.findings import Audit
from auditor.report.options import ReportOptions

Reporter = Callable[[Audit, ReportOptions], str]


def _table(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.table import table_report

    return table_report(audit, options)


def _json(audit: Audit, options: ReportOptions) -> str:
    from auditor.report.json_report import json_report

    return json_report(audit, options)


FORMATS: Mapping[str, Reporter] = MappingProxyType({"table": _table, "json": _json})
