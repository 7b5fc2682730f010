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
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": options.version},
        "exit_code": int(options.exit_code),
        "inputs": [_input(file) for file in audit.inputs],
        "coverage": _coverage(audit.coverage),
        "assumptions": dict(audit.assumptions),
        "verdicts": [_verdict(verdict) for verdict in audit.verdicts],
        "findings": [_finding(finding) for finding in audit.findings],
        "problems": [_problem(problem) for problem in audit.problems],
    }
    return json_text(report)


def _input(file: InputFile) -> JsonObject:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "kind": file.kind,
        "status": file.status,
        "objects": file.objects,
    }


def _coverage(coverage: Coverage) -> JsonObject:
    return {
        "objects": dict(coverage.objects),
        "entries": coverage.entries,
        "flows": coverage.flows,
        "flows_reached": coverage.flows_reached,
        "actions": coverage.actions,
        "actions_reached": coverage.actions_reached,
        "unmodelled": dict(coverage.unmodelled),
    }


def _verdict(verdict: EntryVerdict) -> JsonObject:
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


def _finding(finding: Finding) -> JsonObject:
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
        "location": _location(finding.location),
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
        "location": _location(step.location),
        "text": step.text,
        "state": _state(step.state),
    }


def _state(state: StepState) -> JsonObject:
    return {"consent": state.consent, "noticed": state.noticed, "enabled": state.enabled, "place": state.place}


def _location(location: Location) -> JsonObject:
    return {"file": location.file, "line": location.line, "pointer": location.pointer}


def _problem(problem: Problem) -> JsonObject:
    return {
        "code": problem.code,
        "message": problem.message,
        "location": _location(problem.location),
        "hint": problem.hint,
    }
