"""Settings that can be set: kinds of objects, their keys as the platform calls them, and the organisation after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.editing.edits import SetSetting
from auditor.model.organisation import Organisation
from auditor.model.settings import UNSET, Known, Setting
from auditor.model.telephony import Line, LineBase, Phone, PhoneBase

RECORDS = "station_recording_enabled"
T = TypeVar("T", bound=object)


class Settable(Struct, frozen=True):
    """A kind of object with settings. plural: field of the organisation; fields: platform key -> our field."""

    kind: str
    plural: str
    fields: Mapping[str, str]


_ALL = (
    Settable(
        "trunk",
        "trunk_bases",
        {
            "trunk_enabled": "enabled",
            "trunk_recording_enabled": "line",
            "trunk_recording_consent_required": "gate",
            "trunk_disallow_recording_during_hold": "hold_suppressed",
            "trunk_consult_recording_enabled": "consult",
            "trunk_recording_externalTransfersEnabled": "external_transfers",
            "trunk_transfer_takeback_enabled": "takeback",
        },
    ),
    Settable("phone", "phones", {RECORDS: "recording"}),
    Settable("line", "lines", {RECORDS: "recording"}),
    Settable("line-base", "line_bases", {RECORDS: "recording"}),
    Settable("phone-base", "phone_bases", {RECORDS: "recording"}),
    Settable(
        "queue",
        "queues",
        {
            "suppressInQueueCallRecording": "suppress",
            "enableTranscription": "transcription",
            "enableAudioMonitoring": "monitoring",
        },
    ),
    Settable("flow", "flows", {"suppressRecording": "suppress_recording"}),
    Settable("outbound-route", "outbound_routes", {"enabled": "enabled"}),
    Settable("emergency-group", "emergency_groups", {"enabled": "enabled"}),
)
KINDS: Mapping[str, Settable] = MappingProxyType({each.kind: each for each in _ALL})
"""Kinds of objects by the word that users type."""


def with_setting(organisation: Organisation, edit: SetSetting) -> Organisation:
    """The organisation in which the setting has the value, wherever the object is held."""
    settable = KINDS[edit.kind]
    field = settable.fields[edit.key]
    if edit.kind == "flow":
        flows = list(organisation.flows)
        index = int(edit.id)
        flows[index] = _set(flows[index], field, edit.value)
        return replace(organisation, flows=tuple(flows))
    known = getattr(organisation, settable.plural)
    things: dict[str, Any] = {settable.plural: _each(known, edit.id, lambda thing: _own(thing, field, edit.value))}
    changed = replace(organisation, **things)
    match edit.kind:
        case "phone":
            return _with_lines(changed, edit)
        case "line":
            return _in_phones(changed, {edit.id}, edit.value)
        case "phone-base":
            return _with_line_bases(changed, edit)
        case "line-base":
            return _in_phone_bases(changed, {edit.id}, edit.value)
        case _:
            return changed


def value_of(thing: object, kind: str, key: str) -> Setting[bool]:
    """The setting as it is."""
    found: Setting[bool] = getattr(thing, KINDS[kind].fields[key])
    return found


def _own(thing: Any, field: str, value: bool) -> Any:
    """The object with its own value; one with lines keeps it there, unless it has one of its own too."""
    return thing if getattr(thing, "lines", ()) and getattr(thing, field) is UNSET else _set(thing, field, value)


def _set(thing: Any, field: str, value: bool) -> Any:
    old = getattr(thing, field)
    new = Known(value) if old is UNSET or not hasattr(old, "location") else Known(value, old.location)
    return replace(thing, **{field: new})


def _each(things: Iterable[Any], id: str, change: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(change(thing) if thing.id == id else thing for thing in things)


def _with_lines(organisation: Organisation, edit: SetSetting) -> Organisation:
    """A phone records by its lines: they get the value too."""
    lines = {line.id for phone in organisation.phones if phone.id == edit.id for line in phone.lines}
    changed = tuple(_line(line, edit.value) if line.id in lines else line for line in organisation.lines)
    return _in_phones(replace(organisation, lines=changed), lines, edit.value)


def _in_phones(organisation: Organisation, lines: set[str], value: bool) -> Organisation:
    def changed(phone: Phone) -> Phone:
        if not any(line.id in lines for line in phone.lines):
            return phone
        return replace(phone, lines=tuple(_line(x, value) if x.id in lines else x for x in phone.lines))

    return replace(organisation, phones=tuple(changed(phone) for phone in organisation.phones))


def _with_line_bases(organisation: Organisation, edit: SetSetting) -> Organisation:
    bases = {base.id for phone in organisation.phone_bases if phone.id == edit.id for base in phone.lines}
    changed = tuple(_line_base(b, edit.value) if b.id in bases else b for b in organisation.line_bases)
    return _in_phone_bases(replace(organisation, line_bases=changed), bases, edit.value)


def _in_phone_bases(organisation: Organisation, bases: set[str], value: bool) -> Organisation:
    def changed(phone: PhoneBase) -> PhoneBase:
        return replace(phone, lines=tuple(_line_base(b, value) if b.id in bases else b for b in phone.lines))

    return replace(organisation, phone_bases=tuple(changed(phone) for phone in organisation.phone_bases))


def _line(line: Line, value: bool) -> Line:
    changed: Line = _set(line, "recording", value)
    return changed


def _line_base(base: LineBase, value: bool) -> LineBase:
    changed: LineBase = _set(base, "recording", value)
    return changed
