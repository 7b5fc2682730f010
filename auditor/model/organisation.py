"""An organisation as loaded: every kind of object by id, and what could not be read."""

from __future__ import annotations

from msgspec import Struct, field

from auditor.model.flows import Flow
from auditor.model.problems import InputFile, Problem
from auditor.model.routing import (
    CallRoute,
    Campaign,
    DataTable,
    Did,
    EmergencyGroup,
    Group,
    Prompt,
    Queue,
    ResponseSet,
    RetentionPolicy,
    Schedule,
    ScheduleGroup,
    User,
)
from auditor.model.telephony import (
    EdgeGroup,
    Line,
    LineBase,
    OutboundRoute,
    Phone,
    PhoneBase,
    Site,
    Station,
    Trunk,
    TrunkBase,
)


class Organisation(Struct, frozen=True, gc=False):
    """Objects in an order that depends on the input alone (kind, name, id, location).

    An object without an id in the export gets id "name:<name>" (flows keep id None). notes: what a reader should know
    that is no problem, such as drafts that were left aside; name: as a manifest of `auditor collect` tells it.
    """

    flows: tuple[Flow, ...] = ()
    trunk_bases: tuple[TrunkBase, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    phones: tuple[Phone, ...] = ()
    phone_bases: tuple[PhoneBase, ...] = ()
    line_bases: tuple[LineBase, ...] = ()
    lines: tuple[Line, ...] = ()
    stations: tuple[Station, ...] = ()
    sites: tuple[Site, ...] = ()
    outbound_routes: tuple[OutboundRoute, ...] = ()
    edge_groups: tuple[EdgeGroup, ...] = ()
    queues: tuple[Queue, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    dids: tuple[Did, ...] = ()
    routes: tuple[CallRoute, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    schedule_groups: tuple[ScheduleGroup, ...] = ()
    emergency_groups: tuple[EmergencyGroup, ...] = ()
    policies: tuple[RetentionPolicy, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    response_sets: tuple[ResponseSet, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    data_tables: tuple[DataTable, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    notes: tuple[str, ...] = ()
    name: str = ""
