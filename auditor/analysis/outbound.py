"""Entries that nobody calls in on: manual outbound, campaigns, callbacks, internal (semantics, section 2);

and the list of all entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.analysis.entries import EntryKind, Slot, Way, numbers, routes
from auditor.analysis.legs import Direction, external_trunks, in_service
from auditor.analysis.places import Anyone, InQueue, OneUser
from auditor.analysis.stations import Stations
from auditor.graph.program import Program
from auditor.model.directory import INBOUND_FLOWS, OUTBOUND_FLOWS, Ambiguous, Found
from auditor.model.flows import FlowType
from auditor.model.location import NOWHERE
from auditor.model.operations import CreateCallback, Reference
from auditor.model.routing import CallbackSettings, Campaign, ObjectRef, Reaction, User
from auditor.model.settings import Known

_LIVE = ("callable_lineconnected", "callable_person")
_AGENT_MODES = ("preview", "progressive", "power", "predictive", "external")


class Outbound:
    """Finds the trunk bases over which outbound calls leave, and the entries that begin with one."""

    def __init__(self, program: Program, stations: Stations) -> None:
        self.program, self.organisation, self.stations = program, program.organisation, stations
        self._queues = {q.id: i for i, q in enumerate(self.organisation.queues)}
        self._trunks = {t.id: i for i, t in enumerate(self.organisation.trunk_bases)}

    def trunks(self, sites: Iterable[str | None], edge_group: str | None = None) -> tuple[int, ...]:
        """Trunk bases of the enabled outbound routes of sites; of an edge group; of all routes; all external ones."""
        wanted = {s for s in sites if s is not None}
        if edge_group is not None:
            group = self.program.directory.edge_group(ObjectRef(edge_group))
            if isinstance(group, Found):
                found = self._in_service(group.object.trunk_bases)
                if found:
                    return found
        routes = [r for r in self.organisation.outbound_routes if not _off(r.enabled)]
        mine = [r for r in routes if r.site in wanted] if wanted else routes
        found = self._in_service(t for r in mine for t in r.trunk_bases)
        return found or external_trunks(self.organisation)

    def doubts(self, sites: Iterable[str | None], edge_group: str | None = None) -> tuple[str, ...]:
        """The edge group, or outbound routes of these sites, whose trunk bases are not all in the export."""
        wanted = {s for s in sites if s is not None}
        group = self.program.directory.edge_group(ObjectRef(edge_group)) if edge_group is not None else None
        if group is not None and not isinstance(group, Found):
            return ("the edge group over which calls go out is not in the export",)
        if isinstance(group, Found) and any(self._trunk(t) is None for t in group.object.trunk_bases):
            return (f'edge group "{group.object.name}" names a trunk that is not in the export',)
        if isinstance(group, Found) and self._in_service(group.object.trunk_bases):
            return ()
        routes = [r for r in self.organisation.outbound_routes if not _off(r.enabled)]
        mine = [r for r in routes if not wanted or r.site in wanted] or routes
        lost = [r.name for r in mine if any(self._trunk(t) is None for t in r.trunk_bases)]
        return tuple(f'outbound route "{name}" leads to a trunk that is not in the export' for name in lost)

    def _trunk(self, id: str) -> int | None:
        found = self.program.directory.trunk_base(ObjectRef(id))
        return self._trunks[found.object.id] if isinstance(found, Found) else None

    def _in_service(self, ids: Iterable[str]) -> tuple[int, ...]:
        indexes = dict.fromkeys(index for id in ids if (index := self._trunk(id)) is not None)
        return tuple(sorted(i for i in indexes if in_service(self.organisation.trunk_bases[i])))

    def manual(self) -> Iterator[Way]:
        """A user dials out; no flow runs."""
        for index, user in enumerate(self.organisation.users):
            if (user.state or "active").casefold() == "active":
                slot = Slot(f'user "{user.name}" dials out and the called party answers', endpoint=OneUser(index))
                sites = self._sites(user, index)
                yield Way(
                    EntryKind.MANUAL, user.name, user.id, (), Direction.OUTBOUND, (slot,), user.division, user.location,
                    trunks=self.trunks(sites), doubts=self.doubts(sites),
                )  # fmt: skip

    def _sites(self, user: User, index: int) -> set[str | None]:
        if user.site is not None:
            return {user.site}
        own = self.stations.own_phones(user.id)
        return {self.organisation.phones[p].site for p in own}

    def campaigns(self) -> Iterator[Way]:
        """Campaigns: what the call analysis response does with a live person or a machine."""
        for campaign in self.organisation.campaigns:
            yield Way(
                EntryKind.CAMPAIGN, campaign.name, campaign.id, (), Direction.OUTBOUND,
                tuple(self._reactions(campaign)), campaign.division, campaign.location,
                trunks=self.trunks([campaign.site], campaign.edge_group),
                doubts=self.doubts([campaign.site], campaign.edge_group),
            )  # fmt: skip

    def _reactions(self, campaign: Campaign) -> Iterator[Slot]:
        agents = (campaign.mode or "").casefold() in _AGENT_MODES or campaign.mode is None
        reference = ObjectRef(campaign.response_set) if campaign.response_set else None
        found = self.program.directory.response_set(reference) if reference else None
        if reference is not None and not isinstance(found, Found):
            yield Slot("the called party answers", taint="the call analysis response set is not in the export")
        reactions = found.object.reactions if isinstance(found, Found) else ()
        for reaction in reactions:
            yield self._reaction(campaign, reaction)
        if agents and not any(r.event.casefold() in _LIVE for r in reactions):
            yield self._agent(campaign, "the called party answers")
        if not agents and not reactions:
            yield Slot("the called party answers, and nothing is configured to happen")

    def _reaction(self, campaign: Campaign, reaction: Reaction) -> Slot:
        event = reaction.event.removeprefix("callable_").removeprefix("uncallable_")
        match reaction.type.casefold():
            case "transfer":
                return self._agent(campaign, f"call analysis says {event}")
            case "transfer_flow":
                why = f"call analysis says {event}: an outbound flow runs"
                return self._flow(ObjectRef(reaction.data, reaction.name), why, OUTBOUND_FLOWS, campaign.division)
            case _:
                return Slot(f"call analysis says {event}: {reaction.type}")

    def _agent(self, campaign: Campaign, why: str) -> Slot:
        queue = self._queues.get(campaign.queue or "", -1)
        return Slot(f"{why}: an agent of the campaign has the call", endpoint=InQueue(queue))

    def _flow(self, reference: ObjectRef, why: str, types: frozenset[FlowType], division: str | None) -> Slot:
        found = self.program.directory.flow(reference, types, division)
        if isinstance(found, Found):
            return Slot(f'{why} ("{self.organisation.flows[found.object].name}")', found.object)
        return Slot(why, taint=f'flow "{reference.name or reference.id}" is not in the export or not unique')

    def callbacks(self) -> Iterator[Way]:
        """Callbacks of a queue: ordered by a flow, or offered by the queue itself."""
        ordered = self._ordered()
        for index, queue in enumerate(self.organisation.queues):
            settings = queue.callback
            if index not in ordered and (settings is None or settings.mode is None or settings.enabled is False):
                continue
            first = settings is not None and _may_ring_customer_first(settings)
            slots = tuple(self._customer_first(index, settings)) if first and settings else (self._agent_first(index),)
            if first and settings and settings.mode is None:
                slots = (*slots, self._agent_first(index))
            sites, group = ((settings.site,), settings.edge_group) if settings else ((None,), None)
            yield Way(
                EntryKind.CALLBACK, queue.name, queue.id, (), Direction.OUTBOUND, slots, queue.division,
                queue.location, trunks=self.trunks(sites, group), customer_first=first,
                doubts=self.doubts(sites, group),
            )  # fmt: skip

    def _ordered(self) -> set[int]:
        """Queues in which a flow orders a callback: all that it may mean, any when it is computed at run time."""
        found: set[int] = set()
        for point, operation in self.program.acting(CreateCallback):
            if isinstance(operation, CreateCallback) and isinstance(operation.queue, Reference):
                match self.program.directory.queue(operation.queue, self.program.codes[point.flow].flow.division):
                    case Found(object=queue):
                        found.add(self._queues[queue.id])
                    case Ambiguous(candidates=queues):
                        found.update(self._queues[queue.id] for queue in queues)
            else:
                found.update(self._queues.values())
        return found

    def _agent_first(self, queue: int) -> Slot:
        return Slot("an agent takes the callback, the customer answers", endpoint=InQueue(queue))

    def _customer_first(self, index: int, settings: CallbackSettings) -> Iterator[Slot]:
        pairs = (
            (settings.live_voice_reaction or "TransferToQueue", settings.live_voice_flow, "a customer answers"),
            (settings.answering_machine_reaction or "HangUp", settings.answering_machine_flow, "a machine answers"),
        )
        for reaction, flow, why in pairs:
            match reaction.casefold():
                case "transfertoqueue":
                    yield Slot(f"{why}: the call goes to the queue", queue=index)
                case "transfertoflow":
                    division = self.organisation.queues[index].division
                    yield self._flow(flow or ObjectRef(None), f"{why}: a flow runs", INBOUND_FLOWS, division)
                case _:
                    yield Slot(f"{why}: the call is hung up")

    def internal(self) -> Iterator[Way]:
        """User to user: no trunk, no flow."""
        if self.organisation.users:
            slot = Slot("a user calls another user", endpoint=Anyone())
            yield Way(EntryKind.INTERNAL, "internal calls", None, (), Direction.INTERNAL, (slot,), None, NOWHERE)


def ordinary_ways(program: Program, stations: Stations, *, internal: bool) -> Iterator[Way]:
    """Every entry but orphan flows. internal: also calls from user to user."""
    outbound = Outbound(program, stations)
    yield from routes(program)
    yield from numbers(program)
    yield from outbound.manual()
    yield from outbound.campaigns()
    yield from outbound.callbacks()
    if internal:
        yield from outbound.internal()


def _may_ring_customer_first(settings: CallbackSettings) -> bool:
    """Whether callbacks ring the customer first, or may: the mode is not told, and what happens then is."""
    if settings.mode is None:
        return settings.live_voice_reaction is not None or settings.live_voice_flow is not None
    return settings.mode.casefold() == "customerfirst"


def _off(setting: object) -> bool:
    return isinstance(setting, Known) and setting.value is False
