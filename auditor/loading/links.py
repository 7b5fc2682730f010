"""Every reference in an organisation, flows and objects alike, as one kind of thing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from auditor.loading.values import down
from auditor.model.directory import CALL_FLOWS, IN_QUEUE_FLOWS, INBOUND_FLOWS, OUTBOUND_FLOWS, SECURE_FLOWS
from auditor.model.flows import Flow, FlowType
from auditor.model.location import Location
from auditor.model.operations import (
    CallBot,
    CallModule,
    CreateCallback,
    Operation,
    Reference,
    Schedule,
    SetPostFlow,
    Target,
    TransferFlow,
    TransferGroup,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.organisation import Organisation
from auditor.model.routing import CallRoute, Campaign, ObjectRef, Queue
from auditor.model.sites import actions_of


class Link(Struct, frozen=True):
    """A reference. where: who refers, in words; what: the role of the target; subject: as in Problem.

    types: of which types a flow meant by its name may be; needed: a call goes there, so nothing at all is a fault.
    """

    where: str
    what: str
    target: Target
    location: Location
    subject: str
    division: str | None = None
    types: frozenset[FlowType] | None = None
    needed: bool = False


_REFERRING = frozenset(
    {
        TransferQueue,
        TransferFlow,
        TransferUser,
        TransferGroup,
        TransferVoicemail,
        CreateCallback,
        SetPostFlow,
        CallModule,
        CallBot,
        Schedule,
    }
)
"""The operations that refer to something; most actions do not."""

_Role = tuple[str, Target, frozenset[FlowType] | None, bool]


def links(organisation: Organisation) -> Iterator[Link]:
    """Every reference that matters to calls, in a fixed order."""
    for flow in organisation.flows:
        if flow.type is not FlowType.OTHER:
            yield from _of_flow(flow)
    for queue in organisation.queues:
        yield from _of_queue(queue)
    for route in organisation.routes:
        yield from _of_route(route)
    for campaign in organisation.campaigns:
        yield from _of_campaign(campaign)
    yield from _of_emergencies(organisation)
    yield from _of_telephony(organisation)
    yield from _of_numbers(organisation)


def _of_flow(flow: Flow) -> Iterator[Link]:
    subject = f"flow:{flow.name}"
    for action in (action for container in flow.containers for action in actions_of(container)):
        if type(action.operation) not in _REFERRING:
            continue
        for what, target, types, needed in _of_operation(action.operation):
            where = f'In flow "{flow.name}", action "{action.name}"'
            yield Link(where, what, target, action.location, subject, flow.division, types, needed)
    handling = flow.error_handling
    if handling is not None:
        where = f'In flow "{flow.name}", error handling'
        yield Link(where, "queue", handling.queue, handling.location, subject, flow.division)


def _of_operation(operation: Operation) -> Iterator[_Role]:
    match operation:
        case TransferQueue(queue=queue, in_queue_flow=flow, direct_agent=agent):
            yield "queue", queue, None, True
            yield "in-queue flow", flow, IN_QUEUE_FLOWS, False
            yield "agent", agent, None, False
        case TransferFlow(flow=flow, secure=secure):
            yield "flow", flow, SECURE_FLOWS if secure else CALL_FLOWS, True
        case TransferUser(user=user):
            yield "user", user, None, True
        case TransferGroup(group=group):
            yield "group", group, None, True
        case TransferVoicemail(destination=destination):
            yield "voicemail box", destination, None, False
        case CreateCallback(queue=queue):
            yield "callback queue", queue, None, False
        case SetPostFlow(flow=flow):
            yield "post flow", flow, None, False
        case CallModule(module=module):
            yield "common module", module, None, True
        case CallBot(bot=bot):
            yield "bot", bot, None, False
        case Schedule(schedule=schedule, group=group, emergency_group=emergency):
            yield "schedule", schedule, None, False
            yield "schedule group", group, None, False
            yield "emergency group", emergency, None, False
        case _:
            return


def _of_queue(queue: Queue) -> Iterator[Link]:
    where, subject = f'Queue "{queue.name}"', f"queue:{queue.name}"
    flow = Reference("flow", queue.in_queue_flow, queue.in_queue_flow_name)
    place = down(queue.location, "queueFlow")
    yield Link(where, "in-queue flow", _given(flow), place, subject, queue.division, IN_QUEUE_FLOWS)
    place = down(queue.location, "directRouting")
    yield Link(where, "backup queue", _by_id("queue", queue.backup_queue), place, subject)
    if queue.callback is not None:
        place = down(queue.location, "mediaSettings", "callback")
        for flow_ref in (queue.callback.live_voice_flow, queue.callback.answering_machine_flow):
            target = _as("flow", flow_ref)
            yield Link(where, "callback flow", target, place, subject, queue.division, INBOUND_FLOWS)


def _of_route(route: CallRoute) -> Iterator[Link]:
    slots = (
        ("flow for open hours", "openHoursFlow", route.open_flow),
        ("flow for closed hours", "closedHoursFlow", route.closed_flow),
        ("flow for holidays", "holidayHoursFlow", route.holiday_flow),
    )
    where, subject = f'Call route "{route.name}"', f"route:{route.name}"
    for what, key, ref in slots:
        yield Link(where, what, _as("flow", ref), down(route.location, key), subject, route.division, CALL_FLOWS)
    place = down(route.location, "scheduleGroup")
    yield Link(where, "schedule group", _as("schedule_group", route.schedule_group), place, subject)


def _of_campaign(campaign: Campaign) -> Iterator[Link]:
    where, subject = f'Campaign "{campaign.name}"', f"campaign:{campaign.name}"
    roles = (
        ("queue", "queue", campaign.queue, "queue"),
        ("site", "site", campaign.site, "site"),
        ("edge group", "edge_group", campaign.edge_group, "edgeGroup"),
        ("call analysis response set", "response_set", campaign.response_set, "callAnalysisResponseSet"),
    )
    for what, kind, id, key in roles:
        yield Link(where, what, _by_id(kind, id), down(campaign.location, key), subject)


def _of_emergencies(organisation: Organisation) -> Iterator[Link]:
    for group in organisation.emergency_groups:
        where, subject = f'Emergency group "{group.name}"', f"emergency_group:{group.name}"
        for row in group.flows or ():
            yield Link(where, "flow", _as("flow", row.flow), group.location, subject, types=CALL_FLOWS, needed=True)
            for route in row.routes or ():
                yield Link(where, "call route", _by_id("route", route), group.location, subject)
    for schedules in organisation.schedule_groups:
        where, subject = f'Schedule group "{schedules.name}"', f"schedule_group:{schedules.name}"
        for id in (*schedules.open, *schedules.closed, *schedules.holiday):
            yield Link(where, "schedule", _by_id("schedule", id), schedules.location, subject)


def _of_telephony(organisation: Organisation) -> Iterator[Link]:
    for route in organisation.outbound_routes:
        where, subject = f'Outbound route "{route.name}"', f"outbound_route:{route.name}"
        place = down(route.location, "externalTrunkBases")
        for id in route.trunk_bases:
            yield Link(where, "trunk", _by_id("trunk_base", id), place, subject)
        yield Link(where, "site", _by_id("site", route.site), route.location, subject)
    for group in organisation.edge_groups:
        where, subject = f'Edge group "{group.name}"', f"edge_group:{group.name}"
        for id in group.trunk_bases:
            yield Link(where, "trunk base", _by_id("trunk_base", id), group.location, subject)
    for trunk in organisation.trunks:
        where, subject = f'Trunk "{trunk.name}"', f"trunk:{trunk.name}"
        place = down(trunk.location, "trunkBase")
        yield Link(where, "trunk base", _by_id("trunk_base", trunk.trunk_base), place, subject)
    for phone in organisation.phones:
        where, subject = f'Phone "{phone.name}"', f"phone:{phone.name}"
        place = down(phone.location, "phoneBaseSettings")
        yield Link(where, "phone base", _by_id("phone_base", phone.base), place, subject)
        yield Link(where, "user", _by_id("user", phone.web_rtc_user), down(phone.location, "webRtcUser"), subject)


def _of_numbers(organisation: Organisation) -> Iterator[Link]:
    owners = {"USER": "user", "PHONE": "phone", "GROUP": "group", "IVR_CONFIG": "route"}
    for did in organisation.dids:
        kind = owners.get((did.owner_type or "").upper())
        if kind is not None:
            owner = _given(Reference(kind, did.owner, did.owner_name))
            where, subject = f"Number {did.number}", f"number:{did.number}"
            yield Link(where, f"owner ({kind})", owner, down(did.location, "owner"), subject)
    for responses in organisation.response_sets:
        where, subject = f'Call analysis response set "{responses.name}"', f"response_set:{responses.name}"
        for reaction in responses.reactions:
            if reaction.type.lower() == "transfer_flow":
                target = _given(Reference("flow", reaction.data, reaction.name))
                place = down(responses.location, "responses", reaction.event)
                what = f"flow for {reaction.event}"
                yield Link(where, what, target, place, subject, types=OUTBOUND_FLOWS, needed=True)


def _as(kind: str, ref: ObjectRef | None) -> Target:
    return None if ref is None else _given(Reference(kind, ref.id, ref.name))


def _by_id(kind: str, id: str | None) -> Target:
    return Reference(kind, id) if id else None


def _given(ref: Reference) -> Target:
    return ref if ref.id or ref.name else None
