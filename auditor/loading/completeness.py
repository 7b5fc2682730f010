"""Settings the verdict reads that the export does not hold (RX902), and kinds of object it lacks altogether (RX908)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from auditor.model.flows import SUPPRESSIBLE
from auditor.model.location import NOWHERE, Location
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.routing import Queue
from auditor.model.settings import Expression, Known, Setting, Unset
from auditor.model.telephony import Phone, PhoneBase

_ABSENT = {
    "flows": ("flow", "flow bodies", "What callers hear and decide is not known; no route can be judged."),
    "trunk_bases": (
        "trunk_base",
        "trunk base settings",
        "Whether lines record and whether they wait for consent is not known; both are assumed.",
    ),
    "routes": (
        "route",
        "call routes",
        "Which numbers lead to which flow is not known; "
        "without any number, flows to which none leads are audited by themselves.",
    ),
    "dids": ("did", "direct numbers", "Calls that reach people without any flow are not audited."),
    "queues": ("queue", "queues", "In-queue flows, suppression and agents are not known."),
    "users": ("user", "users", "Agents, their stations and their own outbound calls are not known."),
    "phones": ("phone", "phones", "Whether stations record is not known."),
    "outbound_routes": (
        "outbound_route",
        "outbound routes",
        "Outbound calls may use any external trunk.",
    ),
    "campaigns": ("campaign", "campaigns", "Outbound dialling by campaigns is not audited."),
    "policies": ("policy", "retention policies", "Whether recordings are deleted again is not known."),
}
"""Field of the organisation -> kind, in words, and what its absence leaves undecided."""


def incomplete(organisation: Organisation, listed: frozenset[str]) -> list[Problem]:
    """RX902 and RX908. listed: kinds of which the export has a listing, even an empty one."""
    problems = list(_settings(organisation))
    if _anything(organisation):
        problems.extend(_kinds(organisation, listed))
    return problems


def _anything(organisation: Organisation) -> bool:
    return bool(organisation.flows) or any(getattr(organisation, field) for field in _ABSENT)


def _kinds(organisation: Organisation, listed: frozenset[str]) -> Iterator[Problem]:
    for field, (kind, words, consequence) in _ABSENT.items():
        things = getattr(organisation, field)
        if field == "flows":
            things = [flow for flow in organisation.flows if flow.body]
        elif kind in listed:
            continue
        if not things:
            message = f"The export holds no {words}. {consequence}"
            hint = f"Export the {words} too; an empty listing says that there are none."
            yield Problem("RX908", message, NOWHERE, hint, f"kind:{field}")


class _Asked(Struct, frozen=True):
    """An object and the settings of it that verdicts read: key -> whether the export holds it.

    None: it holds a template of which nothing says what it stands for; that is told where it was read.
    """

    kind: str
    name: str
    location: Location
    known: Mapping[str, bool | None]


def known_settings(organisation: Organisation) -> tuple[int, int]:
    """How many of the settings that verdicts read the export holds, and how many there are."""
    known = [value for asked in _asked(organisation) for value in asked.known.values()]
    return known.count(True), len(known)


def _settings(organisation: Organisation) -> Iterator[Problem]:
    for asked in _asked(organisation):
        absent = [key for key, known in asked.known.items() if known is False]
        if absent:
            yield _missing(asked.kind, asked.name, asked.location, absent)


def _asked(organisation: Organisation) -> Iterator[_Asked]:
    for trunk in organisation.trunk_bases:
        if trunk.type in ("EXTERNAL", "") and trunk.state != "deleted":
            keys = {"trunk_recording_enabled": trunk.line, "trunk_recording_consent_required": trunk.gate}
            if not (isinstance(trunk.line, Known) and not trunk.line.value):
                keys["trunk_consult_recording_enabled"] = trunk.consult
                keys["trunk_recording_externalTransfersEnabled"] = trunk.external_transfers
            yield _Asked("trunk", trunk.name, trunk.location, _stated(keys))
    for queue in organisation.queues:
        yield _Asked("queue", queue.name, queue.location, _of_queue(queue))
    for flow in organisation.flows:
        if flow.body and flow.type in SUPPRESSIBLE:
            keys = {"suppressRecording": flow.suppress_recording}
            yield _Asked("flow", flow.name, flow.location, _stated(keys))
    for group in organisation.emergency_groups:
        rows = group.flows or ()
        says = {"emergencyCallFlows": group.flows is not None, "ivrs": all(row.routes is not None for row in rows)}
        yield _Asked("emergency group", group.name, group.location, says)
    bases = {base.id: base for base in organisation.phone_bases}
    lines = {base.id for base in organisation.line_bases if not isinstance(base.recording, Unset)}
    for phone in organisation.phones:
        if phone.state != "deleted":
            says = {"station_recording_enabled": _says(phone, bases, lines)}
            yield _Asked("phone", phone.name, phone.location, says)


def _stated(settings: Mapping[str, Setting[bool]]) -> dict[str, bool | None]:
    return {key: _held(setting) for key, setting in settings.items()}


def _held(setting: Setting[bool]) -> bool | None:
    match setting:
        case Expression(text=text) if "${" in text or "{{" in text:
            return None
        case _:
            return not isinstance(setting, Unset)


def _of_queue(queue: Queue) -> dict[str, bool | None]:
    settings = {
        "suppressInQueueCallRecording": queue.suppress,
        "enableTranscription": queue.transcription,
        "enableAudioMonitoring": queue.monitoring,
    }
    return {**_stated(settings), "members": queue.members is not None}


def _says(phone: Phone, bases: Mapping[str, PhoneBase], lines: set[str]) -> bool:
    """Whether the phone, its lines or any of their bases state whether the station records."""
    base = bases.get(phone.base or "")
    stated = [phone.recording, *(line.recording for line in phone.lines)]
    if base is not None:
        stated += [base.recording, *(line.recording for line in base.lines)]
    named = [phone.line_base, *(line.line_base for line in phone.lines)]
    return any(not isinstance(s, Unset) for s in stated) or any(name in lines for name in named)


def _missing(kind: str, name: str, location: Location, keys: list[str]) -> Problem:
    return Problem(
        "RX902",
        f'{kind.capitalize()} "{name}": the export does not hold {", ".join(keys)}.',
        location,
        "A missing setting is not false: every value is considered. Export the object with all of its settings.",
        f"{kind.replace(' ', '_')}:{name}",
    )
