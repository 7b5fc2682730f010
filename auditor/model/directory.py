"""Which object a reference means: by id, else by name in the same division, else by a unique name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from auditor.model.flows import Flow, FlowType
from auditor.model.operations import Reference
from auditor.model.organisation import Organisation
from auditor.model.routing import (
    CallRoute,
    DataTable,
    EmergencyGroup,
    Group,
    ObjectRef,
    Prompt,
    Queue,
    ResponseSet,
    Schedule,
    ScheduleGroup,
    User,
)
from auditor.model.telephony import EdgeGroup, LineBase, Phone, PhoneBase, Site, Station, TrunkBase

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

NAME_ID = "name:"
"""Prefix of the id given to objects whose export has no id."""


class Found(Struct, Generic[T_co], frozen=True, gc=False):
    """The reference means this object (a flow: its index in Organisation.flows)."""

    object: T_co


class Missing(Struct, frozen=True, gc=False):
    """Nothing in the export has this id or name."""


class Ambiguous(Struct, Generic[T_co], frozen=True, gc=False):
    """Several objects have this name, and nothing tells them apart."""

    candidates: tuple[T_co, ...]


MISSING = Missing()
Resolution = Found[T_co] | Missing | Ambiguous[T_co]
AnyRef = Reference | ObjectRef


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)

MODULES = frozenset({FlowType.COMMON_MODULE})
BOTS = frozenset({FlowType.BOT})
IN_QUEUE_FLOWS = frozenset({FlowType.IN_QUEUE_CALL})
SECURE_FLOWS = frozenset({FlowType.SECURE_CALL})
INBOUND_FLOWS = frozenset({FlowType.INBOUND_CALL})
OUTBOUND_FLOWS = frozenset({FlowType.OUTBOUND_CALL})
CALL_FLOWS = frozenset({FlowType.INBOUND_CALL, FlowType.OUTBOUND_CALL, FlowType.VOICE})
"""What Transfer to Flow may name in a call flow."""


class _Entry(Struct, Generic[T_co], frozen=True, gc=False):
    """An object as the index sees it. id: None or `name:...` when the export has none."""

    id: str | None
    name: str
    division: str | None
    object: T_co


class _Index(Generic[T]):
    """One kind of object by id and by name."""

    def __init__(self, entries: Iterable[_Entry[T]]) -> None:
        self._ids: dict[str, T] = {}
        self._names: dict[str, list[_Entry[T]]] = {}
        for entry in entries:
            if entry.id is not None:
                self._ids.setdefault(entry.id.casefold(), entry.object)
            self._names.setdefault(entry.name.casefold(), []).append(entry)

    def resolve(self, id: str | None, name: str | None, division: str | None = None) -> Resolution[T]:
        """The object of that id; else of that name, in that division when several share the name."""
        if id and id.casefold() in self._ids:
            return Found(self._ids[id.casefold()])
        if id and id.startswith(NAME_ID) and not name:
            name, id = id.removeprefix(NAME_ID), None
        if not name:
            return MISSING
        entries = self._names.get(name.casefold(), [])
        if id:
            entries = [e for e in entries if e.id is None or e.id.startswith(NAME_ID)]
        return _choose(entries, name, division)


def _choose(entries: Sequence[_Entry[T]], name: str, division: str | None) -> Resolution[T]:
    if not entries:
        return MISSING
    for narrower in (
        [e for e in entries if e.name == name],
        [e for e in entries if e.name == name and division is not None and e.division == division],
        [e for e in entries if division is not None and e.division == division],
    ):
        if len(narrower) == 1:
            return Found(narrower[0].object)
    if len(entries) == 1:
        return Found(entries[0].object)
    return Ambiguous(tuple(e.object for e in entries))


def _division_of(thing: object) -> str | None:
    division = getattr(thing, "division", None)
    return division if isinstance(division, str) else None


def _named(objects: Sequence[N]) -> _Index[N]:
    return _Index(_Entry(o.id, o.name, _division_of(o), o) for o in objects)


class Directory:
    """Finds the objects of an organisation; each kind is indexed at its first use."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._built: dict[str, object] = {}
        self._flows: dict[frozenset[FlowType] | None, _Index[int]] = {}

    def _find(self, kind: str, objects: Sequence[N], ref: AnyRef, division: str | None = None) -> Resolution[N]:
        index = self._built.get(kind)
        if not isinstance(index, _Index):
            index = self._built[kind] = _named(objects)
        found: Resolution[N] = index.resolve(ref.id, ref.name, division)
        return found

    def flow(
        self, ref: AnyRef, types: frozenset[FlowType] | None = None, division: str | None = None
    ) -> Resolution[int]:
        """Index of the flow in Organisation.flows; types: of which types a flow meant by its name may be."""
        if types is not None and ref.id and isinstance(found := self.flow(ObjectRef(ref.id)), Found):
            return found
        index = self._flows.get(types)
        if index is None:
            index = self._flows[types] = _Index(_flow_entries(self.organisation.flows, types))
        return index.resolve(ref.id, ref.name, division)

    def module(self, ref: AnyRef, division: str | None = None) -> Resolution[int]:
        """A common module, as index into Organisation.flows."""
        return self.flow(ref, MODULES, division)

    def bot(self, ref: AnyRef, division: str | None = None) -> Resolution[int]:
        """A bot flow, as index into Organisation.flows."""
        return self.flow(ref, BOTS, division)

    def queue(self, ref: AnyRef, division: str | None = None) -> Resolution[Queue]:
        """A queue."""
        return self._find("queue", self.organisation.queues, ref, division)

    def user(self, ref: AnyRef, division: str | None = None) -> Resolution[User]:
        """A user, by id, by name, or by e-mail address in place of the name."""
        found = self._find("user", self.organisation.users, ref, division)
        if not isinstance(found, Missing) or ref.id or not ref.name:
            return found
        index = self._built.get("email")
        if not isinstance(index, _Index):
            users = self.organisation.users
            index = self._built["email"] = _Index(_Entry(u.id, u.email, u.division, u) for u in users if u.email)
        by_email: Resolution[User] = index.resolve(None, ref.name, division)
        return by_email

    def group(self, ref: AnyRef, division: str | None = None) -> Resolution[Group]:
        """A group of users."""
        return self._find("group", self.organisation.groups, ref, division)

    def schedule(self, ref: AnyRef) -> Resolution[Schedule]:
        """A schedule."""
        return self._find("schedule", self.organisation.schedules, ref)

    def schedule_group(self, ref: AnyRef) -> Resolution[ScheduleGroup]:
        """A schedule group."""
        return self._find("schedule_group", self.organisation.schedule_groups, ref)

    def emergency_group(self, ref: AnyRef) -> Resolution[EmergencyGroup]:
        """An emergency group."""
        return self._find("emergency_group", self.organisation.emergency_groups, ref)

    def route(self, ref: AnyRef, division: str | None = None) -> Resolution[CallRoute]:
        """A call route (IVR configuration)."""
        return self._find("route", self.organisation.routes, ref, division)

    def prompt(self, ref: AnyRef) -> Resolution[Prompt]:
        """A user prompt."""
        return self._find("prompt", self.organisation.prompts, ref)

    def data_table(self, ref: AnyRef) -> Resolution[DataTable]:
        """A data table."""
        return self._find("data_table", self.organisation.data_tables, ref)

    def response_set(self, ref: AnyRef) -> Resolution[ResponseSet]:
        """A call analysis response set."""
        return self._find("response_set", self.organisation.response_sets, ref)

    def trunk_base(self, ref: AnyRef) -> Resolution[TrunkBase]:
        """Trunk base settings."""
        return self._find("trunk_base", self.organisation.trunk_bases, ref)

    def phone(self, ref: AnyRef) -> Resolution[Phone]:
        """A phone."""
        return self._find("phone", self.organisation.phones, ref)

    def phone_base(self, ref: AnyRef) -> Resolution[PhoneBase]:
        """Phone base settings."""
        return self._find("phone_base", self.organisation.phone_bases, ref)

    def line_base(self, ref: AnyRef) -> Resolution[LineBase]:
        """Line base settings, also those inside phone base settings."""
        bases = (*self.organisation.line_bases, *(b for p in self.organisation.phone_bases for b in p.lines))
        return self._find("line_base", bases, ref)

    def station(self, ref: AnyRef) -> Resolution[Station]:
        """A station."""
        return self._find("station", self.organisation.stations, ref)

    def site(self, ref: AnyRef) -> Resolution[Site]:
        """A site."""
        return self._find("site", self.organisation.sites, ref)

    def edge_group(self, ref: AnyRef) -> Resolution[EdgeGroup]:
        """An edge group."""
        return self._find("edge_group", self.organisation.edge_groups, ref)

    def resolve(self, ref: Reference, division: str | None = None) -> Resolution[object] | None:
        """Whatever ref.kind names; None: a kind of object that the organisation does not hold."""
        finder = self._with_division().get(ref.kind)
        if finder is not None:
            return finder(ref, division)
        plain = self._without_division().get(ref.kind)
        return None if plain is None else plain(ref)

    def _with_division(self) -> dict[str, Callable[[AnyRef, str | None], Resolution[object]]]:
        return {
            "flow": lambda ref, division: self.flow(ref, None, division),
            "module": self.module,
            "bot": self.bot,
            "queue": self.queue,
            "user": self.user,
            "group": self.group,
            "route": self.route,
        }

    def _without_division(self) -> dict[str, Callable[[AnyRef], Resolution[object]]]:
        return {
            "schedule": self.schedule,
            "schedule_group": self.schedule_group,
            "emergency_group": self.emergency_group,
            "prompt": self.prompt,
            "data_table": self.data_table,
            "response_set": self.response_set,
            "trunk_base": self.trunk_base,
            "phone": self.phone,
            "phone_base": self.phone_base,
            "line_base": self.line_base,
            "station": self.station,
            "site": self.site,
            "edge_group": self.edge_group,
        }


def _flow_entries(flows: Sequence[Flow], types: frozenset[FlowType] | None) -> Iterable[_Entry[int]]:
    for index, flow in enumerate(flows):
        if types is None or flow.type in types:
            yield _Entry(flow.id, flow.name, flow.division, index)
