"""Several organisations in one run: a row each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.findings import Audit, Severity, VerdictWord
from auditor.report.grid import grid
from auditor.report.text import safe

HEADERS = ("organisation", "exit", "findings", "verdicts", "not understood")
NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Audited:
    """What came of one organisation. audit: None when it could not be audited at all."""

    name: str
    code: int
    audit: Audit | None


def summary(organisations: Sequence[Audited], width: int) -> str:
    """The table of all organisations, in the order in which they were named."""
    title = f"SUMMARY ({len(organisations)})"
    return f"{title}\n{grid(HEADERS, [_row(each) for each in organisations], max(width, NARROWEST))}\n"


def _row(each: Audited) -> tuple[str, ...]:
    if each.audit is None:
        return safe(each.name), str(each.code), "not audited", "", ""
    severities = Counter(finding.severity for finding in each.audit.findings)
    found = ", ".join(f"{severities[s]} {s.word}" for s in sorted(Severity, reverse=True) if severities[s])
    words = Counter(verdict.verdict for verdict in each.audit.verdicts)
    judged = ", ".join(f"{words[word]} {word.value}" for word in VerdictWord if words[word])
    return safe(each.name), str(each.code), found or "none", judged or "none", str(len(each.audit.problems))
