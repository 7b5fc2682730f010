"""Proposals that set settings: trunks, phones and their bases, queues."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.editing.edits import SetSetting
from auditor.editing.plan import Proposal
from auditor.editing.settings import RECORDS
from auditor.findings import Finding
from auditor.fixing.world import World
from auditor.model.routing import Queue
from auditor.model.settings import Known, Setting
from auditor.model.telephony import Phone, TrunkBase

GATE, LINE = "trunk_recording_consent_required", "trunk_recording_enabled"
_THIRD = ("trunk_consult_recording_enabled", "trunk_recording_externalTransfersEnabled")

SMALL, SHARED, LOSS = 10, 12, 1000
"""Costs: a setting; one that others share; recording given up altogether."""


def settings_for(finding: Finding, world: World) -> Iterator[Proposal]:
    """Settings that could clear the finding."""
    subject = finding.subject
    match subject.kind:
        case "trunk":
            trunk = next((t for t in world.organisation.trunk_bases if t.id == subject.id), None)
            if trunk is not None:
                yield from _trunk(finding.rule, trunk)
        case "phone":
            index = next((i for i, p in enumerate(world.organisation.phones) if p.id == subject.id), None)
            if index is not None:
                yield from _phone(index, world)
        case "queue":
            queue = next((q for q in world.organisation.queues if q.id == subject.id), None)
            if queue is not None:
                yield from _queue(queue)


def _trunk(rule: str, trunk: TrunkBase) -> Iterator[Proposal]:
    if rule == "RC131":
        on = [key for key, value in zip(_THIRD, (trunk.consult, trunk.external_transfers), strict=True) if _may(value)]
        edits = tuple(SetSetting("trunk", trunk.id, trunk.name, key, False) for key in on)
        if edits:
            yield Proposal(edits, tuple(_said(edit) for edit in edits), SMALL * len(edits))
    else:
        yield _one(SetSetting("trunk", trunk.id, trunk.name, GATE, True), SMALL)
    yield _one(SetSetting("trunk", trunk.id, trunk.name, LINE, False), LOSS)


def _phone(index: int, world: World) -> Iterator[Proposal]:
    phone = world.organisation.phones[index]
    if world.stations.origins[index].where == "line base":
        for base in _bases(phone):
            known = next((b for b in world.organisation.line_bases if b.id == base), None)
            if known is not None and _may(known.recording):
                yield _one(SetSetting("line-base", known.id, known.name, RECORDS, False), SHARED)
    if world.stations.origins[index].where == "phone base":
        known_base = next((b for b in world.organisation.phone_bases if b.id == phone.base), None)
        if known_base is not None:
            yield _one(SetSetting("phone-base", known_base.id, known_base.name, RECORDS, False), SHARED)
    yield _one(SetSetting("phone", phone.id, phone.name, RECORDS, False), SMALL)


def _bases(phone: Phone) -> tuple[str, ...]:
    found = [line.line_base or phone.line_base for line in phone.lines] or [phone.line_base]
    return tuple(dict.fromkeys(base for base in found if base))


def _queue(queue: Queue) -> Iterator[Proposal]:
    keys = {"enableTranscription": queue.transcription, "enableAudioMonitoring": queue.monitoring}
    edits = tuple(SetSetting("queue", queue.id, queue.name, key, False) for key, value in keys.items() if _may(value))
    if edits:
        yield Proposal(edits, tuple(_said(edit) for edit in edits), SMALL * len(edits))


def _may(setting: Setting[bool]) -> bool:
    """Whether it is on, or may be."""
    return not (isinstance(setting, Known) and not setting.value)


def _one(edit: SetSetting, cost: int) -> Proposal:
    return Proposal((edit,), (_said(edit),), cost)


def _said(edit: SetSetting) -> str:
    what = edit.kind.replace("-", " ")
    return f'Set {edit.key} of {what} "{edit.name}" to {"true" if edit.value else "false"}.'
