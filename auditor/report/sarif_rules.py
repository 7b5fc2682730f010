"""Rules and kinds of problems as SARIF describes them (SARIF 2.1.0, section 3.49)."""

from __future__ import annotations

from auditor.findings import Audit, Severity
from auditor.model.rules import ProblemKind, Rule
from auditor.report.json_text import JsonObject
from auditor.report.text import safe

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
"""`security-severity` as code scanning reads it: from 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low."""
UNDECIDED = "undecided"
"""Id of the rule under which an unknown verdict is listed."""
_GROUPS = {"RC": "recording-without-consent", "RN": "consent-without-recording", "RQ": "quality-of-consent"}


def rule_descriptors(audit: Audit, *, undecided: bool) -> list[JsonObject]:
    """The rules in effect, then what findings name besides, in the order in which results point to them."""
    known = [rule for rule in audit.rules.rules if rule.on]
    codes = {rule.code for rule in known}
    others = {f.rule: f.name for f in audit.findings if f.rule not in codes}
    descriptors = [_rule(rule) for rule in known]
    descriptors += [{"id": code, "name": safe(name)} for code, name in sorted(others.items())]
    return [*descriptors, _UNDECIDED_RULE] if undecided else descriptors


def problem_descriptors(audit: Audit) -> list[JsonObject]:
    """The kinds of problems, for notifications."""
    return [_problem(kind) for kind in audit.rules.problems]


def _rule(rule: Rule) -> JsonObject:
    severity = Severity[rule.severity.upper()]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(rule.fix, 1))
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ").capitalize() + "."},
        "fullDescription": {"text": rule.why.split("\n\n")[0]},
        "help": {
            "text": f"{rule.why}\n\nWhat to do:\n{steps}",
            "markdown": _markdown(rule, steps),
        },
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {
            "security-severity": SCORES[severity],
            "precision": "high",
            "tags": ["security", "recording-consent", _GROUPS.get(rule.code[:2], "other")],
        },
    }


def _markdown(rule: Rule, steps: str) -> str:
    parts = (
        rule.why,
        f"**What to do**\n\n{steps}",
        f"**Wrong**\n\n```text\n{rule.example.bad.rstrip()}\n```",
        f"**Right**\n\n```text\n{rule.example.ok.rstrip()}\n```",
        "**See also**\n\n" + "\n".join(f"- {each}" for each in rule.references) if rule.references else "",
    )
    return "\n\n".join(part for part in parts if part)


def _problem(kind: ProblemKind) -> JsonObject:
    return {
        "id": kind.code,
        "name": kind.name,
        "shortDescription": {"text": kind.name.replace("-", " ").capitalize() + "."},
        "fullDescription": {"text": kind.meaning},
        "help": {"text": f"{kind.meaning}\n\nWhat to do: {kind.fix}"},
    }


_UNDECIDED_RULE: JsonObject = {
    "id": UNDECIDED,
    "name": "verdict-unknown",
    "shortDescription": {"text": "The verdict on an entry is unknown."},
    "fullDescription": {
        "text": "Something on the way of these calls could not be decided; the message lists what. It is no finding,"
        " and it is no proof that nothing is wrong."
    },
    "help": {"text": "Export what is missing, or declare it in the policy file, and run the audit again."},
    "defaultConfiguration": {"level": "none"},
    "properties": {"tags": ["recording-consent"]},
}
