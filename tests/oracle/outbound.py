"""Calls that begin inside: manual outbound, campaigns, callbacks (semantics, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model.operations import CreateCallback, Reference
from auditor.model.organisation import Organisation
from auditor.model.routing import CallbackSettings, Campaign, ObjectRef
from auditor.model.settings import Known
from tests.oracle.machine import Machine
from tests.oracle.state import Config, arrive, lost

CALL = Config("flow", None, -9)
LIVE = ("callable_lineconnected", "callable_person")


def manual(machine: Machine) -> Iterator[tuple[str, list[Config], frozenset[str] | None]]:
    """Name of each active user, beginnings, trunk bases."""
    for user in machine.organisation.users:
        if user.state in ("active", None):
            phones = machine.endpoints.of_user(Reference("user", user.id))
            starts = [arrive(CALL, "internal", p) for p in phones]
            yield user.name, starts, trunks_of(machine.organisation, [user.site], None)


def campaigns(machine: Machine) -> Iterator[tuple[str, list[Config], frozenset[str] | None]]:
    """Name of each campaign, beginnings, trunk bases."""
    for campaign in machine.organisation.campaigns:
        over = trunks_of(machine.organisation, [campaign.site], campaign.edge_group)
        yield campaign.name, list(_answered(machine, campaign)), over


def _answered(machine: Machine, campaign: Campaign) -> Iterator[Config]:
    """What happens to a party who answers; without a reaction to a live party, an agent has the call."""
    o = machine.organisation
    sets = [r for r in o.response_sets if r.id == campaign.response_set]
    if campaign.response_set is not None and not sets:
        yield lost(CALL)
    agents = list(_agents(machine, next((i for i, q in enumerate(o.queues) if q.id == campaign.queue), -1)))
    reactions = sets[0].reactions if sets else ()
    for reaction in reactions:
        if reaction.type == "transfer":
            yield from agents
        elif reaction.type == "transfer_flow":
            yield _to_flow(machine, reaction.data, reaction.name)
        else:
            yield arrive(CALL, "ended")
    if campaign.mode != "agentless" and not any(r.event in LIVE for r in reactions):
        yield from agents


def _agents(machine: Machine, queue: int) -> Iterator[Config]:
    """An agent of the queue has the call; what the queue copies is copied."""
    for call in machine.queue_copies(CALL, queue):
        yield from machine.people(call, machine.endpoints.of_queue(queue))


def callbacks(machine: Machine) -> Iterator[tuple[str, list[Config], frozenset[str] | None, bool]]:
    """Name of each queue with callbacks, beginnings, trunk bases, whether the customer is rung first."""
    ordered = {
        s.action.operation.queue.id
        for s in machine.program.actions
        if s.action is not None and isinstance(s.action.operation, CreateCallback)
        and isinstance(s.action.operation.queue, Reference)
    }  # fmt: skip
    for index, queue in enumerate(machine.organisation.queues):
        offers = queue.callback is not None and queue.callback.mode is not None and queue.callback.enabled is not False
        if queue.id not in ordered and not offers:
            continue
        settings = queue.callback
        first = settings is not None and settings.mode == "CustomerFirst"
        if first and settings is not None:
            starts = list(_customer_first(machine, index, settings))
        else:
            starts = list(_agents(machine, index))
        site, group = (settings.site, settings.edge_group) if settings is not None else (None, None)
        yield queue.name, starts, trunks_of(machine.organisation, [site], group), first


def _customer_first(machine: Machine, index: int, settings: CallbackSettings) -> Iterator[Config]:
    """Live voice goes to the queue unless something else is set, an answering machine is hung up on."""
    pairs = (
        (settings.live_voice_reaction or "TransferToQueue", settings.live_voice_flow),
        (settings.answering_machine_reaction or "HangUp", settings.answering_machine_flow),
    )
    for reaction, flow in pairs:
        if reaction == "TransferToQueue":
            yield from machine.enter_queue(index, machine.queue_flow(index), CALL, None)
        elif reaction == "TransferToFlow":
            yield _to_flow(machine, flow.id if flow else None, flow.name if flow else None)
        else:
            yield arrive(CALL, "ended")


def _to_flow(machine: Machine, flow_id: str | None, name: str | None) -> Config:
    index = machine.program.flow_of(ObjectRef(flow_id, name))
    return lost(CALL) if index is None else machine.enter_flow(index)


def trunks_of(organisation: Organisation, sites: Iterable[str | None], group: str | None) -> frozenset[str] | None:
    """Trunk bases of an edge group, else of the enabled outbound routes of the sites, else of all routes, else any."""
    for edge_group in organisation.edge_groups:
        if edge_group.id == group:
            return frozenset(edge_group.trunk_bases)
    enabled = [r for r in organisation.outbound_routes if not (isinstance(r.enabled, Known) and not r.enabled.value)]
    known = {s for s in sites if s is not None}
    mine = [r for r in enabled if r.site in known] if known else enabled
    return frozenset(t for r in mine for t in r.trunk_bases) or None
