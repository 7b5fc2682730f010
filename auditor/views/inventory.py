"""The inventory: what an organisation holds that decides about recording, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint
from auditor.analysis.stations import Stations
from auditor.analysis.worlds import truth
from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.flows import SUPPRESSIBLE, Flow
from auditor.model.location import Location
from auditor.model.operations import EnableRecording
from auditor.model.routing import ObjectRef, Queue
from auditor.model.settings import Expression, Known, Setting
from auditor.model.sites import action_sites
from auditor.model.telephony import Phone, TrunkBase
from auditor.policy.retention import kept


class TrunkItem(Struct, frozen=True):
    """Trunk base settings. recording, gate, ...: on, off, unset, or the text of an expression."""

    name: str
    type: str
    state: str
    recording: str
    gate: str
    hold: str
    consult: str
    external_transfers: str
    location: Location


class PhoneItem(Struct, frozen=True):
    """A phone. recording: its effective setting; origin: line, line base, phone, phone base or unset."""

    name: str
    state: str
    recording: str
    origin: str
    users: tuple[str, ...]
    location: Location
    source: Location


class QueueItem(Struct, frozen=True):
    """A queue. waiting: recording, suppressed or unset; members: None when not exported; retention: in words."""

    name: str
    waiting: str
    transcription: str
    monitoring: str
    in_queue_flow: str | None
    members: int | None
    groups: int
    retention: str
    location: Location


class PointItem(Struct, frozen=True):
    """A consent point of a flow. kind: menu, collect_input, ...; confidence: high, medium or low."""

    name: str
    kind: str
    confidence: str
    location: Location


class EnableItem(Struct, frozen=True):
    """An Enable Participant Recording action."""

    name: str
    location: Location


class FlowItem(Struct, frozen=True):
    """A flow. suppress: on, off, unset, or none for a type of flow that cannot suppress."""

    name: str
    type: str
    suppress: str
    points: tuple[PointItem, ...]
    enables: tuple[EnableItem, ...]
    location: Location


class Inventory(Struct, frozen=True):
    """roaming: active users without an exported phone, who may sit at any (A5); unread: files not understood."""

    trunks: tuple[TrunkItem, ...]
    phones: tuple[PhoneItem, ...]
    roaming: tuple[str, ...]
    queues: tuple[QueueItem, ...]
    flows: tuple[FlowItem, ...]
    unread: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to list."""
        return not (self.trunks or self.phones or self.queues or self.flows)


def inventory(program: Program, points: Sequence[ConsentPoint], assumptions: Mapping[str, str]) -> Inventory:
    """What there is. assumptions: A1..A16 -> yes, no or both (A6 decides about phones)."""
    organisation = program.organisation
    stations = Stations(
        organisation,
        program.directory,
        free_seating=truth(assumptions["A5"])[-1],
        line_first=truth(assumptions["A6"])[-1],
    )
    seats = {u.id: stations.own_phones(u.id) for u in organisation.users if _active(u.state)}
    return Inventory(
        trunks=tuple(_trunk(t) for t in sorted(organisation.trunk_bases, key=lambda t: t.type != "EXTERNAL")),
        phones=tuple(_phone(stations, i, p, seats) for i, p in enumerate(organisation.phones)),
        roaming=tuple(u.name for u in organisation.users if u.id in seats and not seats[u.id]),
        queues=tuple(_queue(program, q) for q in organisation.queues),
        flows=tuple(_flow(i, f, points) for i, f in enumerate(organisation.flows)),
        unread=sum(p.unread for p in organisation.problems),
    )


def _active(state: str | None) -> bool:
    return (state or "active").casefold() == "active"


def _word(setting: Setting[bool], on: str = "on", off: str = "off") -> str:
    match setting:
        case Known(value=value):
            return on if value else off
        case Expression(text=text):
            return text
        case _:
            return "unset"


def _trunk(trunk: TrunkBase) -> TrunkItem:
    switched_off = isinstance(trunk.enabled, Known) and not trunk.enabled.value
    return TrunkItem(
        name=trunk.name,
        type=trunk.type.casefold(),
        state="switched off" if switched_off else (trunk.state or "active"),
        recording=_word(trunk.line),
        gate=_word(trunk.gate),
        hold=_word(trunk.hold_suppressed, "suppressed", "recorded"),
        consult=_word(trunk.consult, "recorded", "not recorded"),
        external_transfers=_word(trunk.external_transfers, "recorded", "not recorded"),
        location=trunk.location,
    )


def _phone(stations: Stations, index: int, phone: Phone, seats: Mapping[str, frozenset[int]]) -> PhoneItem:
    origin = stations.origins[index]
    names = [u.name for u in stations.organisation.users if index in seats.get(u.id, ())]
    known = origin.setting.location if isinstance(origin.setting, Known) else phone.location
    return PhoneItem(
        name=phone.name,
        state=phone.state or "active",
        recording=_word(origin.setting),
        origin=origin.where,
        users=tuple(names),
        location=phone.location,
        source=known if known.file else phone.location,
    )


def _queue(program: Program, queue: Queue) -> QueueItem:
    return QueueItem(
        name=queue.name,
        waiting=_word(queue.suppress, "suppressed", "recorded"),
        transcription=_word(queue.transcription),
        monitoring=_word(queue.monitoring),
        in_queue_flow=_in_queue_flow(program, queue),
        members=None if queue.members is None else len(queue.members),
        groups=len(queue.groups),
        retention=kept(queue, program.organisation).words,
        location=queue.location,
    )


def _in_queue_flow(program: Program, queue: Queue) -> str | None:
    if queue.in_queue_flow is None and queue.in_queue_flow_name is None:
        return None
    found = program.directory.flow(ObjectRef(queue.in_queue_flow, queue.in_queue_flow_name), None, queue.division)
    if isinstance(found, Found):
        return program.organisation.flows[found.object].name
    return queue.in_queue_flow_name or queue.in_queue_flow


def _flow(index: int, flow: Flow, points: Sequence[ConsentPoint]) -> FlowItem:
    return FlowItem(
        name=flow.name,
        type=flow.type.value,
        suppress=_word(flow.suppress_recording) if flow.type in SUPPRESSIBLE else "none",
        points=tuple(_point(flow, p) for p in points if p.place.flow == index),
        enables=tuple(_enables(flow)),
        location=flow.location,
    )


def _point(flow: Flow, point: ConsentPoint) -> PointItem:
    places = {s.number: s.action.location for s in action_sites(flow)}
    container = next((c.location for c in flow.containers if c.id == point.place.container), flow.location)
    number = point.place.number
    location = container if number is None else places.get(number, container)
    return PointItem(point.name, point.kind.value, point.confidence.value, location)


def _enables(flow: Flow) -> Iterator[EnableItem]:
    for site in action_sites(flow):
        if isinstance(site.action.operation, EnableRecording):
            yield EnableItem(site.action.name, site.action.location)
