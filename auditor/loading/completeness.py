"""Settings the verdict reads that the export does not hold (RX902), and kinds of object it lacks altogether (RX908)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.flows import SUPPRESSIBLE, Flow
from auditor.model.location import NOWHERE, Location
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.routing import Queue
from auditor.model.settings import Unset
from auditor.model.telephony import Phone, PhoneBase, TrunkBase

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
        "Which numbers lead to which flow is not known; flows to which none leads are audited by themselves.",
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


def _settings(organisation: Organisation) -> Iterator[Problem]:
    for trunk in organisation.trunk_bases:
        yield from _of_trunk(trunk)
    for queue in organisation.queues:
        yield from _of_queue(queue)
    for flow in organisation.flows:
        yield from _of_flow(flow)
    bases = {base.id: base for base in organisation.phone_bases}
    lines = {base.id for base in organisation.line_bases if not isinstance(base.recording, Unset)}
    for phone in organisation.phones:
        if phone.state != "deleted" and not _says(phone, bases, lines):
            yield _missing("phone", phone.name, phone.location, ["station_recording_enabled"])


def _of_trunk(trunk: TrunkBase) -> Iterator[Problem]:
    if trunk.type not in ("EXTERNAL", "") or trunk.state == "deleted":
        return
    settings = {"trunk_recording_enabled": trunk.line, "trunk_recording_consent_required": trunk.gate}
    absent = [key for key, setting in settings.items() if isinstance(setting, Unset)]
    if absent:
        yield _missing("trunk", trunk.name, trunk.location, absent)


def _of_queue(queue: Queue) -> Iterator[Problem]:
    settings = {
        "suppressInQueueCallRecording": queue.suppress,
        "enableTranscription": queue.transcription,
        "enableAudioMonitoring": queue.monitoring,
    }
    absent = [key for key, setting in settings.items() if isinstance(setting, Unset)]
    if queue.members is None:
        absent.append("members")
    if absent:
        yield _missing("queue", queue.name, queue.location, absent)


def _of_flow(flow: Flow) -> Iterator[Problem]:
    if flow.body and flow.type in SUPPRESSIBLE and isinstance(flow.suppress_recording, Unset):
        yield _missing("flow", flow.name, flow.location, ["suppressRecording"])


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
        f"{kind}:{name}",
    )
