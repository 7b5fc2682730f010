"""The words in which reports speak of entries, legs, objects and states of a call."""

from __future__ import annotations

import os.path
from collections.abc import Iterator

from auditor.findings import Audit, Effect, Entry, EntryName, Finding, LegName, StepState, Subject
from auditor.report.text import listed, safe

ENTRY_KINDS = {
    "route": "call route",
    "number": "direct number",
    "manual": "outbound calls of",
    "campaign": "campaign",
    "callback": "callback",
    "internal": "internal call",
    "orphan": "flow without entry",
}

EFFECTS = {
    Effect.ALWAYS: "always",
    Effect.SOMETIMES: "sometimes",
    Effect.NEVER: "never",
    Effect.NOT_APPLICABLE: "not applicable",
    Effect.UNKNOWN: "unknown",
}

OUTSIDE = (
    "ad-hoc and snippet recording by users",
    "screen recording",
    "secure pause",
    "recordingstate calls from data actions or scripts",
    "trunk diagnostics",
)
"""What the model does not cover (semantics, section 7)."""

UNASKED = StepState("unasked", noticed=False, enabled=False, place="")


def entry_words(entry: Entry | EntryName) -> str:
    """`call route "Support"`."""
    return f'{ENTRY_KINDS.get(entry.kind, safe(entry.kind))} "{safe(entry.name)}"'


def leg_words(leg: LegName) -> str:
    """`inbound, line on, gate on (Trunk A, Trunk B)`."""
    trunks = f" ({listed(tuple(safe(name) for name in leg.trunks))})" if leg.trunks else ""
    return f"{safe(leg.direction)}, line {safe(leg.line)}, gate {safe(leg.gate)}{trunks}"


def subject_words(subject: Subject) -> str:
    """`action "Enable" in flow "Main"`."""
    inside = f' in flow "{safe(subject.flow)}"' if subject.flow and subject.kind != "flow" else ""
    return f'{safe(subject.kind)} "{safe(subject.name)}"{inside}'


def state_changes(before: StepState, after: StepState) -> Iterator[str]:
    """What a step changed in the state of the call, in words."""
    if after.consent != before.consent:
        yield f"consent: {safe(after.consent)}"
    if after.noticed != before.noticed:
        yield "caller knows of the recording" if after.noticed else "caller does not know of the recording"
    if after.enabled != before.enabled:
        yield "recording enabled" if after.enabled else "recording not enabled"
    if after.place != before.place:
        yield f"place: {safe(after.place)}"


def rule_words(name: str) -> str:
    """`enabled-after-refusal` as words."""
    return safe(name).replace("-", " ")


def full_message(finding: Finding) -> str:
    """The message of a finding; a possible one says what it hangs on."""
    missing = [reason for reason in finding.hangs_on if reason not in finding.message]
    if not missing:
        return finding.message
    return f"{finding.message} This hangs on: {'; '.join(missing)}."


def standing(finding: Finding) -> str:
    """`high`, `high, possible`, `low, latent`, `high, waived`."""
    marks = {
        "possible": finding.possible,
        "latent": finding.latent,
        "waived": finding.waived is not None,
        "baselined": finding.baselined,
    }
    return ", ".join((finding.severity.word, *(word for word, holds in marks.items() if holds)))


def remediation_steps(text: str) -> list[str]:
    """`1. Do this. 2. Do that.` in parts; one part when the text is not numbered."""
    if not text.startswith("1. "):
        return [text]
    steps: list[str] = []
    rest = text.removeprefix("1. ")
    while True:
        step, mark, behind = rest.partition(f" {len(steps) + 2}. ")
        steps.append(step)
        if not mark:
            return steps
        rest = behind


def common_folder(audit: Audit) -> str:
    """The folder below which all files lie, with a slash behind it; empty when there is none."""
    common = os.path.commonprefix([file.path for file in audit.inputs])  # noqa: RUF071 - cut at a slash below
    return common[: common.rfind("/") + 1]
