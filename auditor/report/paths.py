"""The path that leads to a finding, in numbered plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.findings import Finding
from auditor.report.text import listed, place, safe
from auditor.report.words import UNASKED, entry_words, full_message, standing, state_changes, subject_words
from auditor.report.wrap import wrapped


def finding_lines(number: int, finding: Finding, width: int) -> Iterator[str]:
    """What is wrong, where it begins, each step with its place and what it changed, and what to do."""
    title = f"{safe(finding.rule)} {safe(finding.name)} ({standing(finding)}; mode {safe(finding.mode)})"
    yield from wrapped(f"{number}. {title}", width, rest="   ")
    yield from wrapped(safe(full_message(finding)), width, "   ", "   ")
    where = place(finding.location)
    yield from wrapped(subject_words(finding.subject) + (f" ({where})" if where else ""), width, "   ", "   ")
    if finding.entries:
        names = listed(tuple(entry_words(entry) for entry in finding.entries))
        yield from wrapped(f"Reached from {names}.", width, "   ", "   ")
    if finding.waived:
        text = f"Waived by {finding.waived.owner} until {finding.waived.expires}: {finding.waived.reason}"
        yield from wrapped(safe(text), width, "   ", "   ")
    yield from _path(finding, width)
    if finding.remediation:
        yield from wrapped(f"What to do: {safe(finding.remediation)}", width, "   ", "   ")


def _path(finding: Finding, width: int) -> Iterator[str]:
    if not finding.witness:
        return
    yield "   Path:"
    before = UNASKED
    digits = len(str(len(finding.witness)))
    for number, step in enumerate(finding.witness, 1):
        first = f"   {number:>{digits + 2}}. "
        changes = "; ".join(state_changes(before, step.state))
        where = place(step.location)
        text = safe(step.text) + (f" ({where})" if where else "") + (f" [{changes}]" if changes else "")
        yield from wrapped(text, width, first, " " * len(first))
        before = step.state
