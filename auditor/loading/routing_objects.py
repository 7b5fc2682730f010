"""Platform API JSON -> queues, numbers, call routes, schedules, emergency groups (domain reference, 3 and 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from auditor.loading.values import (
    JsonObject,
    child,
    children,
    division,
    flag,
    identity,
    number,
    reference,
    reference_id,
    reference_ids,
    text,
    truth,
    words,
)
from auditor.model.location import Location
from auditor.model.routing import (
    CallbackSettings,
    CallRoute,
    Did,
    EmergencyFlow,
    EmergencyGroup,
    Member,
    ObjectRef,
    Queue,
    Schedule,
    ScheduleGroup,
)


class MemberOf(Struct, frozen=True):
    """A member of a queue from a listing apart from it; queue: id, None when nothing names it."""

    queue: str | None
    member: Member
    location: Location


class GroupsOf(Struct, frozen=True):
    """Groups whose members may answer calls of a queue, told apart from it; queue: as in MemberOf."""

    queue: str | None
    groups: tuple[str, ...]
    location: Location


class DidPool(Struct, frozen=True):
    """A pool of numbers; provider: PURE_CLOUD, PURE_CLOUD_VOICE."""

    id: str
    name: str
    provider: str | None
    location: Location


_QUEUE_IN_ADDRESS = re.compile(r"/queues/([^/]+)/(?:members|users)")


def queue(value: JsonObject, at: Location) -> Queue:
    """A queue without its members, which are read from their own listings."""
    id, name = identity(value)
    flow = reference(value, "queueFlow")
    direct = child(value, "directRouting")
    return Queue(
        id=id,
        name=name,
        division=division(value),
        in_queue_flow=flow.id if flow else None,
        suppress=flag(value, "suppressInQueueCallRecording", at),
        transcription=flag(value, "enableTranscription", at),
        monitoring=flag(value, "enableAudioMonitoring", at),
        members=None,
        groups=tuple(dict.fromkeys(_groups(value))),
        backup_queue=text(direct, "backupQueueId") or reference_id(direct, "backupQueue"),
        callback=_callback(child(value, "mediaSettings", "callback")),
        location=at,
        in_queue_flow_name=flow.name if flow else None,
    )


def _groups(value: JsonObject) -> Iterator[str]:
    """Groups whose members may answer, at once or under a condition."""
    yield from reference_ids(value, "memberGroups")
    for _, ring in children(child(value, "bullseye"), "rings"):
        yield from reference_ids(ring, "memberGroups")
    for key in ("conditionalGroupRouting", "conditionalGroupActivation"):
        for _, rule in children(child(value, key), "rules"):
            yield from reference_ids(rule, "groups")


def _callback(value: JsonObject) -> CallbackSettings | None:
    if not value:
        return None
    return CallbackSettings(
        mode=text(value, "mode"),
        live_voice_reaction=text(value, "liveVoiceReactionType"),
        live_voice_flow=reference(value, "liveVoiceFlow"),
        answering_machine_reaction=text(value, "answeringMachineReactionType"),
        answering_machine_flow=reference(value, "answeringMachineFlow"),
        site=reference_id(value, "site"),
        edge_group=reference_id(value, "edgeGroup"),
        enabled=truth(value, "enabled"),
    )


def member(value: JsonObject, at: Location, owner: str | None = None) -> MemberOf | None:
    """A member of a queue; the queue from its address, or from the listing it stands in."""
    user = reference_id(value, "user") or text(value, "userId", "id")
    address = _QUEUE_IN_ADDRESS.search(text(value, "selfUri") or "")
    queue_id = (address[1] if address else None) or text(value, "queueId") or reference_id(value, "queue") or owner
    if user is None:
        return None
    return MemberOf(queue_id, Member(user, truth(value, "joined"), number(value, "ringNumber")), at)


def did(value: JsonObject, at: Location) -> Did:
    """A direct number, assigned or not."""
    id, phone_number = identity(value, "phoneNumber", "number")
    owner = reference(value, "owner")
    return Did(
        id=id,
        number=phone_number,
        owner=owner.id if owner else None,
        owner_name=owner.name if owner else None,
        owner_type=text(value, "ownerType"),
        pool=reference_id(value, "didPool"),
        location=at,
        state=text(value, "state"),
    )


def did_pool(value: JsonObject, at: Location) -> DidPool:
    """A pool of numbers; it has no name, its range stands in for one."""
    id, name = identity(value, "name", "description", "startPhoneNumber")
    return DidPool(id, name, text(value, "provider"), at)


def route(value: JsonObject, at: Location) -> CallRoute:
    """A call route: IVR configuration with its three flows."""
    id, name = identity(value)
    return CallRoute(
        id=id,
        name=name,
        division=division(value),
        dnis=words(value, "dnis"),
        open_flow=reference(value, "openHoursFlow"),
        closed_flow=reference(value, "closedHoursFlow"),
        holiday_flow=reference(value, "holidayHoursFlow"),
        schedule_group=reference(value, "scheduleGroup"),
        location=at,
        state=text(value, "state"),
    )


def schedule(value: JsonObject, at: Location) -> Schedule:
    """A schedule."""
    id, name = identity(value)
    return Schedule(id, name, text(value, "start"), text(value, "end"), text(value, "rrule"), at)


def schedule_group(value: JsonObject, at: Location) -> ScheduleGroup:
    """A schedule group."""
    id, name = identity(value)
    return ScheduleGroup(
        id=id,
        name=name,
        open=reference_ids(value, "openSchedules"),
        closed=reference_ids(value, "closedSchedules"),
        holiday=reference_ids(value, "holidaySchedules"),
        location=at,
    )


def emergency_group(value: JsonObject, at: Location) -> EmergencyGroup:
    """An emergency group; a row whose flow or routes are not named is kept, so that it can be reported."""
    id, name = identity(value)
    rows = tuple(
        EmergencyFlow(
            reference(row, "emergencyFlow") or ObjectRef(None), reference_ids(row, "ivrs") if "ivrs" in row else None
        )
        for _, row in children(value, "emergencyCallFlows")
    )
    known = "emergencyCallFlows" in value or "emergency_call_flows" in value
    return EmergencyGroup(id, name, flag(value, "enabled", at), rows if known else None, at)
