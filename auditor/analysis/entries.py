"""Entries: every way in which a call can begin (semantics, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.legs import Direction
from auditor.analysis.places import Endpoint, OneGroup, OnePhone, OneUser
from auditor.graph.program import Program
from auditor.model.directory import NAME_ID, Found
from auditor.model.flows import FlowType
from auditor.model.location import Location
from auditor.model.routing import CallRoute, Did, ObjectRef
from auditor.model.settings import Known


class EntryKind(StrEnum):
    """Kinds of entries, as reports name them."""

    ROUTE = "route"
    NUMBER = "number"
    ORPHAN = "orphan"
    MANUAL = "manual"
    CAMPAIGN = "campaign"
    CALLBACK = "callback"
    INTERNAL = "internal"


class Slot(Struct, frozen=True):
    """The first branch of an entry: a flow, an endpoint, or a queue. taint: what is not understood about it."""

    why: str
    flow: int | None = None
    endpoint: Endpoint | None = None
    queue: int | None = None
    taint: str = ""


class Way(Struct, frozen=True):
    """An entry. notes: what the report says of it beside the verdict; customer_first: a callback that rings the
    customer before an agent; trunks: indexes of the trunk bases it can go over, None: every external one;
    doubts: what is not known of it, which stands against a proof.
    """

    kind: EntryKind
    name: str
    id: str | None
    numbers: tuple[str, ...]
    direction: Direction
    slots: tuple[Slot, ...]
    division: str | None
    location: Location
    notes: tuple[str, ...] = ()
    trunks: tuple[int, ...] | None = None
    customer_first: bool = False
    doubts: tuple[str, ...] = ()


def routes(program: Program) -> Iterator[Way]:
    """Call routes: one entry each; the slots are its first branch."""
    for route in program.organisation.routes:
        if route.deleted:
            continue
        slots, notes = _slots(program, route)
        yield Way(
            EntryKind.ROUTE, route.name, route.id, route.dnis, Direction.INBOUND, slots, route.division,
            route.location, notes,
        )  # fmt: skip


def _slots(program: Program, route: CallRoute) -> tuple[tuple[Slot, ...], tuple[str, ...]]:
    slots = []
    if route.open_flow is not None:
        slots.append(_slot(program, route, route.open_flow, "open hours" if route.schedule_group else "at any time"))
    else:
        slots.append(Slot("open hours", taint=f'call route "{route.name}" does not say which flow answers'))
    for reference, when in ((route.closed_flow, "closed hours"), (route.holiday_flow, "a holiday")):
        if reference is not None:
            slot = _slot(program, route, reference, when)
            unsaid = f'call route "{route.name}" names a flow for {when} and no schedule group'
            slots.append(slot if route.schedule_group else replace(slot, taint=slot.taint or unsaid))
        elif route.schedule_group is not None:
            slots.append(Slot(f"{when}: no flow answers"))
    notes = []
    for group in program.organisation.emergency_groups:
        if group.flows is None or any(row.routes is None for row in group.flows):
            why = f'emergency group "{group.name}" is active'
            slots.append(Slot(why, taint=f'emergency group "{group.name}" does not say whose calls it answers'))
        for row in group.flows or ():
            if any(_unclear(program, each) for each in row.routes or ()):
                why = f'emergency group "{group.name}" is active'
                slots.append(Slot(why, taint=f'emergency group "{group.name}" names a call route that is not known'))
            if route.id in (row.routes or ()):
                slots.append(_slot(program, route, row.flow, f'emergency group "{group.name}" is active'))
                if isinstance(group.enabled, Known) and group.enabled.value:
                    notes.append(f'emergency group "{group.name}" is active now for call route "{route.name}"')
    return tuple(slots), tuple(notes)


def _unclear(program: Program, route: str) -> bool:
    """Whether a reference may mean this call route or another: it is by a name that no or several routes have."""
    return route.startswith(NAME_ID) and not isinstance(program.directory.route(ObjectRef(route)), Found)


def _slot(program: Program, route: CallRoute, reference: ObjectRef, when: str) -> Slot:
    types = frozenset({FlowType.INBOUND_CALL})
    found = program.directory.flow(reference, types, route.division)
    if not isinstance(found, Found) and reference.id:
        found = program.directory.flow(reference, None, route.division)
    named = reference.name or reference.id or "?"
    if isinstance(found, Found):
        flow = program.organisation.flows[found.object]
        return Slot(f'{when}: flow "{flow.name}" answers', found.object)
    return Slot(f'{when}: flow "{named}" answers', taint=f'flow "{named}" is not in the export or not unique')


def numbers(program: Program) -> Iterator[Way]:
    """Direct numbers of users, phones and groups; and those of somebody who is not known."""
    organisation = program.organisation
    for did in organisation.dids:
        kind = _owner_kind(program, did)
        if kind is None or did.deleted:
            continue
        endpoint, division = _owner(program, did, kind), None
        if isinstance(endpoint, OneUser) and endpoint.user >= 0:
            division = organisation.users[endpoint.user].division
        who = f'"{did.owner_name or did.owner}"'
        slot = Slot(f"the {kind.lower()} {who} answers", endpoint=endpoint)
        if endpoint is None:
            slot = Slot(f"{who} answers", taint=f"the export does not say whether {who} is a user, a group or a phone")
        yield Way(
            EntryKind.NUMBER, did.number, did.id, (did.number,), Direction.INBOUND, (slot,), division, did.location
        )  # fmt: skip


def _owner_kind(program: Program, did: Did) -> str | None:
    """Whose number it is; None for nobody's, or a call route's, which is an entry of its own."""
    if did.owner_type:
        return None if did.owner_type.upper() == "IVR_CONFIG" else did.owner_type.upper()
    if not (did.owner or did.owner_name):
        return None
    owner, directory = ObjectRef(did.owner, did.owner_name), program.directory
    found = {
        "USER": directory.user(owner), "GROUP": directory.group(owner), "PHONE": directory.phone(owner),
        "IVR_CONFIG": directory.route(owner),
    }  # fmt: skip
    kinds = [kind for kind, each in found.items() if isinstance(each, Found)]
    if kinds == ["IVR_CONFIG"]:
        return None
    return kinds[0] if len(kinds) == 1 else "SOMEBODY"


def _owner(program: Program, did: Did, kind: str) -> Endpoint | None:
    organisation = program.organisation
    owner = ObjectRef(did.owner, did.owner_name)
    match kind:
        case "USER":
            user = program.directory.user(owner)
            return OneUser(organisation.users.index(user.object) if isinstance(user, Found) else -1)
        case "GROUP":
            group = program.directory.group(owner)
            return OneGroup(organisation.groups.index(group.object) if isinstance(group, Found) else -1)
        case "PHONE":
            phone = program.directory.phone(owner)
            return OnePhone(organisation.phones.index(phone.object) if isinstance(phone, Found) else -1)
        case _:
            return None


ORPHAN_TYPES = {
    FlowType.INBOUND_CALL: Direction.INBOUND,
    FlowType.OUTBOUND_CALL: Direction.OUTBOUND,
    FlowType.IN_QUEUE_CALL: Direction.INBOUND,
}


def orphan(program: Program, index: int) -> Way:
    """A flow as an entry of its own; an in-queue flow waits in each queue that names it."""
    flow = program.organisation.flows[index]
    if flow.type is FlowType.IN_QUEUE_CALL:
        waiting = [
            i
            for i, queue in enumerate(program.organisation.queues)
            if _names(queue.in_queue_flow, queue.in_queue_flow_name, flow.id, flow.name)
        ]
        slots = tuple(
            Slot(f'the call waits in queue "{program.organisation.queues[i].name}"', index, queue=i) for i in waiting
        ) or (Slot("the call waits in a queue", index, queue=-1),)
    else:
        slots = (Slot(f'flow "{flow.name}" answers', index),)
    return Way(EntryKind.ORPHAN, flow.name, flow.id, (), ORPHAN_TYPES[flow.type], slots, flow.division, flow.location)


def _names(id: str | None, name: str | None, flow_id: str | None, flow_name: str) -> bool:
    if id is not None and flow_id is not None:
        return id.casefold() == flow_id.casefold()
    return name is not None and name.casefold() == flow_name.casefold()
