"""JSON report: its own frozen shape (schema_version), never a dump of the types inside.

Keys stand in the documented order; the schema is rules/schemas/report.schema.json.
"""

from __future__ import annotations

from auditor.findings import Audit, Coverage, Entry, EntryVerdict, Finding, Step, StepState, Subject
from auditor.model.location import Location
from auditor.model.problems import InputFile, Problem
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.words import full_message

SCHEMA_VERSION = "1.0"


def json_report(audit: Audit, options: ReportOptions) -> str:
    """The audit as JSON; its bytes depend on the audit, the exit code and the tool's version alone."""
    report: JsonObject = {
        **head_json(options),
        "inputs": [input_json(file) for file in audit.inputs],
        "coverage": coverage_json(audit.coverage),
        "assumptions": dict(audit.assumptions),
        "verdicts": [verdict_json(verdict) for verdict in audit.verdicts],
        "findings": [finding_json(finding) for finding in audit.findings],
        "problems": [problem_json(problem) for problem in audit.problems],
    }
    return json_text(report)


def head_json(options: ReportOptions) -> JsonObject:
    """Version of the shape, tool and exit code."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "exit_code": int(options.exit_code),
    }


def input_json(file: InputFile) -> JsonObject:
    """One file that was looked at."""
    return {
        "path": file.path,
        "sha256": file.sha256,
        "kind": file.kind,
        "status": file.status,
        "objects": file.objects,
    }


def coverage_json(coverage: Coverage) -> JsonObject:
    """What the verdicts rest on."""
    return {
        "objects": dict(coverage.objects),
        "entries": coverage.entries,
        "flows": coverage.flows,
        "flows_reached": coverage.flows_reached,
        "actions": coverage.actions,
        "actions_reached": coverage.actions_reached,
        "unmodelled": dict(coverage.unmodelled),
    }


def verdict_json(verdict: EntryVerdict) -> JsonObject:
    """The verdict on an entry on a leg."""
    leg = verdict.leg
    return {
        "entry": _entry(verdict.entry),
        "leg": {"direction": leg.direction, "line": leg.line, "gate": leg.gate, "trunks": list(leg.trunks)},
        "mode": verdict.mode,
        "verdict": verdict.verdict.value,
        "effect": verdict.effect.value,
        "findings": list(verdict.findings),
        "reasons": list(verdict.reasons),
    }


def _entry(entry: Entry) -> JsonObject:
    return {"kind": entry.kind, "name": entry.name, "id": entry.id, "numbers": list(entry.numbers)}


def finding_json(finding: Finding) -> JsonObject:
    """A finding with its witness."""
    waiver = finding.waived
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.word,
        "confidence": finding.confidence.value,
        "latent": finding.latent,
        "mode": finding.mode,
        "fingerprint": finding.fingerprint,
        "message": full_message(finding),
        "remediation": finding.remediation,
        "object": _subject(finding.subject),
        "location": location_json(finding.location),
        "entries": [{"kind": entry.kind, "name": entry.name} for entry in finding.entries],
        "witness": [_step(step) for step in finding.witness],
        "waived": waiver and {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires},
        "baselined": finding.baselined,
    }


def _subject(subject: Subject) -> JsonObject:
    return {
        "kind": subject.kind,
        "name": subject.name,
        "id": subject.id,
        "flow": subject.flow,
        "division": subject.division,
    }


def _step(step: Step) -> JsonObject:
    return {
        "object": _subject(step.subject),
        "location": location_json(step.location),
        "text": step.text,
        "state": _state(step.state),
    }


def _state(state: StepState) -> JsonObject:
    return {"consent": state.consent, "noticed": state.noticed, "enabled": state.enabled, "place": state.place}


def location_json(location: Location) -> JsonObject:
    """Where it was read."""
    return {"file": location.file, "line": location.line, "pointer": location.pointer}


def problem_json(problem: Problem) -> JsonObject:
    """What was not understood."""
    return {
        "code": problem.code,
        "message": problem.message,
        "location": location_json(problem.location),
        "hint": problem.hint,
    }
