"""JSON lines: the parts of the JSON report, one a line, for programs that read a stream."""

from __future__ import annotations

from auditor.findings import Audit
from auditor.report.json_report import (
    coverage_json,
    finding_json,
    head_json,
    input_json,
    problem_json,
    verdict_json,
)
from auditor.report.json_text import JsonObject, json_line
from auditor.report.options import ReportOptions


def jsonl_report(audit: Audit, options: ReportOptions) -> str:
    """First a line of type `audit`, then inputs, verdicts, findings and problems; each line says its type."""
    head: JsonObject = {
        **head_json(options),
        "organisation": audit.organisation,
        "coverage": coverage_json(audit.coverage),
        "assumptions": dict(audit.assumptions),
    }
    lines: list[JsonObject] = [{"type": "audit", **head}]
    lines += [{"type": "input", **input_json(file)} for file in audit.inputs]
    lines += [{"type": "verdict", **verdict_json(verdict)} for verdict in audit.verdicts]
    lines += [{"type": "finding", **finding_json(finding)} for finding in audit.findings]
    lines += [{"type": "problem", **problem_json(problem)} for problem in audit.problems]
    return "".join(json_line(line) for line in lines)
