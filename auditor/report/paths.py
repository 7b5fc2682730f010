"""The path that leads to a finding, in numbered plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.findings import Finding, Step, StepState
from auditor.report.text import listed, place, safe
from auditor.report.words import (
    UNASKED,
    entry_words,
    full_message,
    remediation_steps,
    standing,
    state_changes,
    subject_words,
)
from auditor.report.wrap import wrapped


def findings_lines(findings: Sequence[Finding], width: int) -> Iterator[Iterator[str]]:
    """The lines of every finding; what to do is said once, at the first finding that asks for it."""
    said: dict[str, int] = {}
    for number, finding in enumerate(findings, 1):
        yield _finding(number, finding, said.setdefault(finding.remediation, number), width)


def _finding(number: int, finding: Finding, said: int, width: int) -> Iterator[str]:
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
    yield from _twin(finding, width)
    if said < number:
        yield f"   What to do: as for finding {said}."
    elif finding.remediation:
        yield from _remediation(safe(finding.remediation), width)


def _twin(finding: Finding, width: int) -> Iterator[str]:
    """The nearest call that is fine, and where it parts from the path."""
    if finding.twin is None:
        return
    twin = finding.twin
    at = finding.witness[twin.parting].subject.name if twin.parting < len(finding.witness) else ""
    text = (
        f'Nearest call that is fine: it parts at step {twin.parting + 1} ("{safe(at)}"). '
        f"On the path: {safe(twin.taken) or 'goes on'}. Instead: {safe(twin.instead) or 'goes on'}."
    )
    yield from wrapped(text, width, "   ", "   ")


def _path(finding: Finding, width: int) -> Iterator[str]:
    if not finding.witness:
        return
    yield "   Path:"
    yield from steps_lines(finding.witness, width)


def steps_lines(steps: Sequence[Step], width: int) -> Iterator[str]:
    """The steps of a run, numbered, each with its place and what it changed."""
    before = UNASKED
    digits = len(str(len(steps)))
    for number, step in enumerate(steps, 1):
        yield from step_lines(f"   {number:>{digits + 2}}. ", step, before, width)
        before = step.state


def step_lines(first: str, step: Step, before: StepState, width: int) -> Iterator[str]:
    """One step behind its number; before: the state in which it is taken."""
    changes = "; ".join(state_changes(before, step.state))
    where = place(step.location)
    text = safe(step.text) + (f" ({where})" if where else "") + (f" [{changes}]" if changes else "")
    yield from wrapped(text, width, first, " " * len(first))


def _remediation(text: str, width: int) -> Iterator[str]:
    """Numbered steps one below the other; anything else as it is."""
    steps = remediation_steps(text)
    if len(steps) == 1:
        yield from wrapped(f"What to do: {text}", width, "   ", "   ")
        return
    yield "   What to do:"
    for number, step in enumerate(steps, 1):
        yield from wrapped(step, width, f"     {number}. ", "        ")
