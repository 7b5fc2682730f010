"""The HTML report: one file that needs nothing else, for people who have never seen the tool.

Every text goes through a template that escapes it; a content security policy lets run only the script that belongs
to the report. Nothing in it depends on the day or the machine.
"""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup
from msgspec import Struct, field

from auditor.findings import Audit, Finding, Severity, VerdictWord
from auditor.report.headline import summary_sentence
from auditor.report.html_findings import Filters, anchors_of, below, finding_views
from auditor.report.html_matrix import answers, matrix_view
from auditor.report.html_page import environment, part, source_hash
from auditor.report.matrix import MODES
from auditor.report.options import TOOL, ReportOptions
from auditor.report.words import OUTSIDE, common_folder, entry_words, rule_words, subject_words

MOST_CAUSES = 6
"""How many objects are named at once as what makes calls unsafe."""
GROUPS = {
    "RC": "recording could start without consent",
    "RN": "consent never leads to a recording, or asking is for show",
    "RQ": "the quality of the consent",
}


def html_report(audit: Audit, options: ReportOptions) -> str:
    """The page."""
    filters, folder = Filters(), common_folder(audit)
    findings = finding_views(audit, filters)
    matrix = matrix_view(audit, anchors_of(audit), filters)
    style = Markup(part("flow.css") + part("report.css"))  # nosec B704 # files that ship
    script = Markup(part("report.js"))  # nosec B704 # a file that ships
    return (
        environment()
        .get_template("report.html")
        .render(
            audit=audit,
            options=options,
            tool=TOOL,
            style=style,
            script=script,
            style_hash=source_hash(style),
            script_hash=source_hash(script),
            answers=answers(audit, filters),
            causes=_causes(audit),
            most_causes=MOST_CAUSES,
            groups=_groups(audit),
            modes=MODES,
            in_words=rule_words,
            matrix=matrix,
            findings=findings,
            filters=filters,
            severities=[(s, n) for s in sorted(Severity, reverse=True) if (n := _of(audit, s))],
            rules=_fired(audit),
            reasons=_reasons(audit),
            summary=summary_sentence(audit, options),
            outside=OUTSIDE,
            place=lambda location: below(location, folder),
            folder=folder,
            assumed={assumption.id: assumption for assumption in audit.assumed},
        )
    )


def _of(audit: Audit, severity: Severity) -> int:
    return sum(finding.severity is severity for finding in audit.findings)


def _fired(audit: Audit) -> list[tuple[str, str, int, str]]:
    """Code, name, how many findings, and why the rule exists; in the order of severity of the findings."""
    counts = Counter(finding.rule for finding in audit.findings)
    names = {finding.rule: finding.name for finding in audit.findings}
    why = {rule.code: rule.why for rule in audit.rules.rules}
    return [(code, names[code], count, why.get(code, "")) for code, count in counts.items()]


class Cause(Struct):
    """An object that makes entries unsafe. entries: which; rules: name of the rule -> anchor of the finding."""

    subject: str
    entries: set[str] = field(default_factory=set)
    rules: dict[str, str] = field(default_factory=dict)


def _causes(audit: Audit) -> list[Cause]:
    """The objects whose findings make most entries unsafe, those of most entries first."""
    unsafe = {entry_words(v.entry) for v in audit.verdicts if v.verdict is VerdictWord.VIOLATED}
    found: dict[str, Cause] = {}
    for finding, anchor in zip(audit.findings, anchors_of(audit), strict=True):
        names = {entry_words(entry) for entry in finding.entries} & unsafe
        if _breach(finding) and names:
            subject = subject_words(finding.subject)
            cause = found.setdefault(subject, Cause(subject))
            cause.entries |= names
            cause.rules.setdefault(rule_words(finding.name), anchor)
    return sorted(found.values(), key=lambda cause: -len(cause.entries))


def _breach(finding: Finding) -> bool:
    return finding.rule.startswith("RC") and not finding.possible and not finding.latent


def _groups(audit: Audit) -> list[tuple[str, str, int]]:
    """The groups of rules that fired: how their codes begin, what they are about, how many findings."""
    counts = Counter(finding.rule[:2] for finding in audit.findings)
    return [(code, about, counts[code]) for code, about in GROUPS.items() if counts[code]]


def _reasons(audit: Audit) -> list[tuple[str, list[str]]]:
    """Why verdicts are unknown or in doubt, each reason once with its entries."""
    found: dict[str, dict[str, None]] = {}
    for verdict in audit.verdicts:
        for reason in verdict.reasons:
            found.setdefault(reason, {})[entry_words(verdict.entry)] = None
    return [(reason, list(entries)) for reason, entries in found.items()]
