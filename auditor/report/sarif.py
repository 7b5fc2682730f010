"""SARIF 2.1.0: one run, full rule metadata, each finding with its path as a code flow."""

from __future__ import annotations

from auditor.findings import Audit, EntryVerdict, Finding, Subject, VerdictWord
from auditor.model.location import Location
from auditor.model.problems import Problem
from auditor.report.json_text import JsonObject, json_text
from auditor.report.options import TOOL, ReportOptions
from auditor.report.sarif_places import Places, message
from auditor.report.sarif_rules import LEVELS, SCORES, UNDECIDED, problem_descriptors, rule_descriptors
from auditor.report.text import safe
from auditor.report.words import entry_words, full_message, leg_words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "recordingConsentAuditor/v1"


def sarif_report(audit: Audit, options: ReportOptions) -> str:
    """The audit as SARIF. What does not count, and unknown verdicts, only when asked for: viewers show all results."""
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(audit, options).value()]})


class _Run:
    """Writes the run of one audit."""

    def __init__(self, audit: Audit, options: ReportOptions) -> None:
        self._audit, self._options = audit, options
        self._places = Places(audit.inputs)
        self._rules = rule_descriptors(audit, undecided=options.sarif_all)
        self._index = {rule["id"]: index for index, rule in enumerate(self._rules)}
        self._seen: dict[str, int] = {}

    def value(self) -> JsonObject:
        """The run. The slash ends a category: uploads for several organisations stand beside each other."""
        audit = self._audit
        return {
            "tool": {"driver": self._driver()},
            "automationDetails": {"id": f"{safe(audit.organisation)}/"},
            "columnKind": "unicodeCodePoints",
            "invocations": [self._invocation()],
            "artifacts": self._places.artifacts,
            "results": self._results(),
            "properties": {
                "assumptions": {safe(name): safe(value) for name, value in audit.assumptions},
                "notes": [safe(note) for note in audit.notes],
            },
        }

    def _driver(self) -> JsonObject:
        return {
            "name": TOOL,
            "semanticVersion": self._options.version,
            "rules": self._rules,
            "notifications": problem_descriptors(self._audit),
        }

    def _invocation(self) -> JsonObject:
        kinds = {kind.code: index for index, kind in enumerate(self._audit.rules.problems)}
        return {
            "executionSuccessful": True,
            "exitCode": int(self._options.exit_code),
            "toolExecutionNotifications": [self._notification(p, kinds) for p in self._audit.problems],
        }

    def _notification(self, problem: Problem, kinds: dict[str, int]) -> JsonObject:
        descriptor: JsonObject = {"id": safe(problem.code)}
        if problem.code in kinds:
            descriptor["index"] = kinds[problem.code]
        place = self._places.location(problem.location)
        return {
            "descriptor": descriptor,
            "level": "warning",
            "message": message(f"{problem.message} {problem.hint}".strip()),
            "locations": [place] if place else [],
        }

    def _results(self) -> list[JsonObject]:
        audit, everything = self._audit, self._options.sarif_all
        results = [self._result(finding) for finding in audit.findings if finding.counts or everything]
        if everything:
            results += [self._undecided(v) for v in audit.verdicts if v.verdict is VerdictWord.UNKNOWN]
        return results

    def _result(self, finding: Finding) -> JsonObject:
        result: JsonObject = {
            "ruleId": finding.rule,
            "ruleIndex": self._index[finding.rule],
            "kind": "fail",
            "level": LEVELS[finding.severity],
            "message": message(full_message(finding)),
            "locations": [self._where(finding.location, finding.subject)],
            "partialFingerprints": self._fingerprints(finding),
            "properties": _properties(finding),
        }
        if finding.witness:
            result["codeFlows"] = [self._places.code_flow(finding.witness)]
        related = self._related(finding)
        if related:
            result["relatedLocations"] = related
        if finding.baselined:
            result["baselineState"] = "unchanged"
        if not finding.counts:
            result["suppressions"] = [_suppression(finding)]
        return result

    def _where(self, location: Location, subject: Subject | None) -> JsonObject:
        """A result needs a file: without one it stands at the first that was read."""
        if not location.file and self._audit.inputs:
            location = Location(self._audit.inputs[0].path)
        return self._places.location(location, subject)

    def _fingerprints(self, finding: Finding) -> JsonObject:
        """Ours, and the one that code scanning compares: stable when files move; a number tells equals apart."""
        turn = self._seen[finding.fingerprint] = self._seen.get(finding.fingerprint, 0) + 1
        value = finding.fingerprint.removeprefix("v1:")
        return {FINGERPRINT: value, "primaryLocationLineHash": f"{value}:{turn}"}

    def _related(self, finding: Finding) -> list[JsonObject]:
        """Where the nearest call that is fine parts from the path."""
        twin = finding.twin
        if twin is None or twin.parting >= len(finding.witness):
            return []
        step = finding.witness[twin.parting]
        place = self._places.location(step.location, step.subject)
        text = f"The nearest call that is fine parts here: {twin.instead or 'goes on'}; not: {twin.taken or 'goes on'}."
        return [{"id": 1, **place, "message": message(text)}] if step.location.file else []

    def _undecided(self, verdict: EntryVerdict) -> JsonObject:
        text = f"{entry_words(verdict.entry)}, {leg_words(verdict.leg)}: unknown. {'; '.join(verdict.reasons)}"
        return {
            "ruleId": UNDECIDED,
            "ruleIndex": self._index[UNDECIDED],
            "kind": "open",
            "level": "none",
            "message": message(text),
            "locations": [self._where(verdict.location, None)],
        }


def _properties(finding: Finding) -> JsonObject:
    return {
        "security-severity": SCORES[finding.severity],
        "severity": finding.severity.word,
        "confidence": finding.confidence.value,
        "latent": finding.latent,
        "mode": safe(finding.mode),
        "remediation": safe(finding.remediation),
        "entries": [entry_words(entry) for entry in finding.entries],
    }


def _suppression(finding: Finding) -> JsonObject:
    waiver = finding.waived
    if waiver is None:
        return {"kind": "external", "status": "accepted", "justification": "in the baseline"}
    text = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
    return {"kind": "external", "status": "accepted", "justification": safe(text)}
