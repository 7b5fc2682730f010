"""Queues, users, groups, numbers, call routes, campaigns, policies: how calls reach flows and people."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.location import Location
from auditor.model.settings import Setting


class Member(Struct, frozen=True, gc=False):
    """A member of a queue. ring: bullseye ring number or None."""

    user: str
    joined: bool | None = None
    ring: int | None = None


class CallbackSettings(Struct, frozen=True, gc=False):
    """Queue media settings for callbacks. mode: AgentFirst, CustomerFirst or None."""

    mode: str | None
    live_voice_reaction: str | None
    live_voice_flow: ObjectRef | None
    answering_machine_reaction: str | None
    answering_machine_flow: ObjectRef | None
    site: str | None
    edge_group: str | None
    enabled: bool | None = None


class Queue(Struct, frozen=True, gc=False):
    """An ACD queue. members: None when the export does not hold them; groups: user, team and skill groups."""

    id: str
    name: str
    division: str | None
    in_queue_flow: str | None
    suppress: Setting[bool]
    transcription: Setting[bool]
    monitoring: Setting[bool]
    members: tuple[Member, ...] | None
    groups: tuple[str, ...]
    backup_queue: str | None
    callback: CallbackSettings | None
    location: Location
    in_queue_flow_name: str | None = None


class User(Struct, frozen=True, gc=False):
    """A user. state: active, inactive, deleted or None; default_station: id; extensions and numbers as text."""

    id: str
    name: str
    email: str | None
    state: str | None
    division: str | None
    default_station: str | None
    associated_station: str | None
    numbers: tuple[str, ...]
    extensions: tuple[str, ...]
    location: Location
    site: str | None = None


class Group(Struct, frozen=True, gc=False):
    """A group. members: None when not exported; numbers: addresses of type GROUPRING or GROUPPHONE."""

    id: str
    name: str
    members: tuple[str, ...] | None
    numbers: tuple[str, ...]
    extensions: tuple[str, ...]
    calls_enabled: bool | None
    location: Location
    division: str | None = None


class Did(Struct, frozen=True, gc=False):
    """A direct number. owner_type: USER, PHONE, IVR_CONFIG, GROUP or None; pool: id of the DID pool.

    state: as exported.
    """

    id: str
    number: str
    owner: str | None
    owner_name: str | None
    owner_type: str | None
    pool: str | None
    location: Location
    pool_provider: str | None = None
    state: str | None = None

    @property
    def deleted(self) -> bool:
        """Whether no call comes in on it any more."""
        return self.state == "deleted"


class ObjectRef(Struct, frozen=True, gc=False):
    """A reference by id, name or both, as the export gives it."""

    id: str | None
    name: str | None = None


class CallRoute(Struct, frozen=True, gc=False):
    """An IVR configuration: numbers and the flows of its four slots. schedule_group: reference or None.

    state: as exported.
    """

    id: str
    name: str
    division: str | None
    dnis: tuple[str, ...]
    open_flow: ObjectRef | None
    closed_flow: ObjectRef | None
    holiday_flow: ObjectRef | None
    schedule_group: ObjectRef | None
    location: Location
    state: str | None = None

    @property
    def deleted(self) -> bool:
        """Whether no call comes in on it any more."""
        return self.state == "deleted"


class Schedule(Struct, frozen=True, gc=False):
    """A schedule: ISO 8601 local start and end, RRULE or None."""

    id: str
    name: str
    start: str | None
    end: str | None
    rrule: str | None
    location: Location


class ScheduleGroup(Struct, frozen=True, gc=False):
    """A schedule group: ids of its open, closed and holiday schedules."""

    id: str
    name: str
    open: tuple[str, ...]
    closed: tuple[str, ...]
    holiday: tuple[str, ...]
    location: Location


class EmergencyFlow(Struct, frozen=True, gc=False):
    """One row of an emergency group: the flow that answers and the call routes it replaces; None: they are not said."""

    flow: ObjectRef
    routes: tuple[str, ...] | None


class EmergencyGroup(Struct, frozen=True, gc=False):
    """An emergency group; while enabled its flows answer for the routes. flows: None when the export has none of it."""

    id: str
    name: str
    enabled: Setting[bool]
    flows: tuple[EmergencyFlow, ...] | None
    location: Location


class RetentionPolicy(Struct, frozen=True, gc=False):
    """A recording (retention) policy. queues, users: ids, None when it names none (applies to all).

    directions: INBOUND, OUTBOUND; media: as exported; conditions: other conditions in words; days: after which
    kept recordings are deleted, None when never or not exported.
    """

    id: str
    name: str
    order: int | None
    enabled: Setting[bool]
    queues: tuple[str, ...] | None
    users: tuple[str, ...] | None
    directions: tuple[str, ...]
    media: tuple[str, ...]
    conditions: tuple[str, ...]
    retain: Setting[bool]
    delete: Setting[bool]
    always_delete: Setting[bool]
    location: Location
    days: int | None = None


class Reaction(Struct, frozen=True, gc=False):
    """Reaction of a call analysis response set: e.g. callable_lineconnected -> transfer_flow. data: flow id."""

    event: str
    type: str
    data: str | None
    name: str | None


class ResponseSet(Struct, frozen=True, gc=False):
    """A call analysis response set."""

    id: str
    name: str
    reactions: tuple[Reaction, ...]
    location: Location


class Campaign(Struct, frozen=True, gc=False):
    """An outbound campaign. mode: agentless, preview, power, predictive, progressive, external."""

    id: str
    name: str
    division: str | None
    mode: str | None
    status: str | None
    queue: str | None
    site: str | None
    edge_group: str | None
    response_set: str | None
    location: Location


class Prompt(Struct, frozen=True, gc=False):
    """A user prompt: words by language, from its text-to-speech resources."""

    id: str
    name: str
    texts: tuple[tuple[str, str], ...]
    location: Location


class DataTable(Struct, frozen=True, gc=False):
    """A data table: columns, and its rows when exported (column -> value as text)."""

    id: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...] | None
    location: Location
