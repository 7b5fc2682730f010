"""An audit in numbers, for those who look at many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.findings import Audit, Severity, VerdictWord

SEVERITIES = tuple(severity.word for severity in sorted(Severity, reverse=True))
VERDICTS = tuple(word.value for word in VerdictWord)
Numbers = tuple[tuple[str, int], ...]
"""Words with how often each occurs; none with 0."""


class Counts(Struct, frozen=True):
    """What an audit holds, in numbers. findings: those that count, by severity; set_aside: waived or in a baseline.

    rules: the findings that count, by rule; verdicts, problems: by word and by code.
    """

    entries: int
    flows: int
    actions: int
    verdicts: Numbers
    findings: Numbers
    rules: Numbers
    set_aside: int
    problems: Numbers


def counts_of(audit: Audit) -> Counts:
    """The numbers of an audit."""
    counting = [finding for finding in audit.findings if finding.counts]
    return Counts(
        entries=audit.coverage.entries,
        flows=audit.coverage.flows,
        actions=audit.coverage.actions,
        verdicts=_ordered(Counter(each.verdict.value for each in audit.verdicts), VERDICTS),
        findings=_ordered(Counter(each.severity.word for each in counting), SEVERITIES),
        rules=_sorted(Counter(each.rule for each in counting)),
        set_aside=len(audit.findings) - len(counting),
        problems=_sorted(Counter(each.code for each in audit.problems)),
    )


def together(every: Iterable[Counts]) -> Counts:
    """The numbers of all organisations that were audited."""
    known = list(every)
    return Counts(
        entries=sum(each.entries for each in known),
        flows=sum(each.flows for each in known),
        actions=sum(each.actions for each in known),
        verdicts=_ordered(_sum(each.verdicts for each in known), VERDICTS),
        findings=_ordered(_sum(each.findings for each in known), SEVERITIES),
        rules=_sorted(_sum(each.rules for each in known)),
        set_aside=sum(each.set_aside for each in known),
        problems=_sorted(_sum(each.problems for each in known)),
    )


def _sum(every: Iterable[Numbers]) -> Counter[str]:
    total: Counter[str] = Counter()
    for numbers in every:
        total.update(dict(numbers))
    return total


def _ordered(counter: Counter[str], words: Sequence[str]) -> Numbers:
    return tuple((word, counter[word]) for word in words if counter[word])


def _sorted(counter: Counter[str]) -> Numbers:
    return _ordered(counter, sorted(counter))
