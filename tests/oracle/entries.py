"""The ways in which a call can begin, and every configuration that each of them reaches."""

from __future__ import annotations

from collections import deque

from msgspec import Struct, field

from auditor.model.flows import Flow, FlowType
from auditor.model.operations import CallBot, CallModule, TransferFlow, TransferQueue
from auditor.model.routing import CallRoute, Did, ObjectRef
from auditor.model.settings import Known
from tests.oracle.endpoints import NO_QUEUE
from tests.oracle.machine import Machine
from tests.oracle.outbound import callbacks, campaigns, manual
from tests.oracle.program import Program, Spot
from tests.oracle.state import Config, Event, arrive, lost

ORPHANS = (FlowType.INBOUND_CALL, FlowType.OUTBOUND_CALL, FlowType.IN_QUEUE_CALL)


class TooBig(Exception):
    """The organisation has more configurations than are worth enumerating."""


class Run(Struct):
    """Every configuration of an entry. edges: per configuration (label, event, index of the target).

    over: ids of the trunk bases over which its calls go (None: any); customer_first: a callback of that kind.
    """

    kind: str
    name: str
    direction: str
    starts: list[Config]
    over: frozenset[str] | None = None
    customer_first: bool = False
    configs: list[Config] = field(default_factory=list)
    edges: list[list[tuple[Spot | None, Event | None, int]]] = field(default_factory=list)
    index: dict[Config, int] = field(default_factory=dict)

    def explore(self, machine: Machine, cap: int) -> None:
        """Breadth first, to state repetition."""
        todo: deque[int] = deque(self._add(c) for c in dict.fromkeys(self.starts))
        seen = len(self.configs)
        while todo:
            here = todo.popleft()
            out = self.edges[here]
            for edge in machine.successors(self.configs[here]):
                target = self._add(edge.target)
                if target == seen:
                    seen += 1
                    todo.append(target)
                out.append((edge.label, edge.event, target))
            if seen > cap:
                raise TooBig
        self.edges = [list(dict.fromkeys(out)) for out in self.edges]

    def _add(self, config: Config) -> int:
        number = self.index.setdefault(config, len(self.configs))
        if number == len(self.configs):
            self.configs.append(config)
            self.edges.append([])
        return number

    @property
    def flows(self) -> set[int]:
        """Flows in which some configuration stands."""
        return {c.spot.flow for c in self.configs if c.spot is not None}


def runs_of(machine: Machine, cap: int) -> tuple[list[Run], list[Run]]:
    """Entries that are always audited, and orphan flows, each explored."""
    runs: list[Run] = []
    for route in machine.organisation.routes:
        starts = [
            machine.enter_flow(i) if i is not None else lost(Config("flow", None, -9))
            for i in _slots(machine.program, route)
        ]
        runs.append(Run("route", route.name, "inbound", starts))
    for did in machine.organisation.dids:
        if did.owner_type in ("USER", "PHONE", "GROUP"):
            runs.append(Run("number", did.number, "inbound", _ringing(machine, did)))
    runs += [Run("manual", name, "outbound", starts, over) for name, starts, over in manual(machine)]
    runs += [Run("campaign", name, "outbound", starts, over) for name, starts, over in campaigns(machine)]
    runs += [Run("callback", name, "outbound", starts, over, first) for name, starts, over, first in callbacks(machine)]
    for run in runs:
        run.explore(machine, cap)
    return runs, _orphans(machine, runs, cap)


def _slots(program: Program, route: CallRoute) -> list[int | None]:
    """The flows of a route's slots, None for one that is not in the export.

    Closed and holiday exist only with a schedule group. An enabled emergency group answers instead of the open
    flow; one that may be enabled answers as well.
    """
    refs: list[ObjectRef | None] = [route.open_flow]
    if route.schedule_group is not None:
        refs += [route.closed_flow, route.holiday_flow]
    for group in program.organisation.emergency_groups:
        for row in group.flows or ():
            enabled = group.enabled.value if isinstance(group.enabled, Known) else None
            if route.id in (row.routes or ()) and enabled is not False:
                refs = [*(r for r in refs if enabled is None or r is not route.open_flow), row.flow]
    return list(dict.fromkeys(program.flow_of(r) for r in refs if r is not None))


def _ringing(machine: Machine, did: Did) -> list[Config]:
    call = Config("flow", None, -9)
    return [arrive(call, "internal", p) for p in machine.endpoints.of_number(did)]


def _orphans(machine: Machine, runs: list[Run], cap: int) -> list[Run]:
    """Flows that no run reaches: first those to which no other orphan refers, then by name."""
    flows = machine.organisation.flows
    reached = set[int]().union(*(r.flows for r in runs)) if runs else set()
    orphans = [i for i, f in enumerate(flows) if f.type in ORPHANS and i not in reached and f.body]
    refers = {i: _references(machine, i) for i in orphans}
    named = {j for i in orphans for j in refers[i] if j != i}
    found: list[Run] = []
    for index in sorted(orphans, key=lambda i: (i in named, flows[i].name)):
        if index in reached:
            continue
        run = _orphan(machine, index, flows[index])
        run.explore(machine, cap)
        reached |= run.flows
        found.append(run)
    return found


def _orphan(machine: Machine, index: int, flow: Flow) -> Run:
    direction = "outbound" if flow.type is FlowType.OUTBOUND_CALL else "inbound"
    if flow.type is not FlowType.IN_QUEUE_CALL:
        return Run("orphan", flow.name, direction, [machine.enter_flow(index)])
    queues = [i for i in range(len(machine.organisation.queues)) if machine.queue_flow(i) == index]
    call = Config("flow", None, -9)
    return Run(
        "orphan",
        flow.name,
        direction,
        [c for q in queues or [NO_QUEUE] for c in machine.enter_queue(q, index, call, None)],
    )


def _references(machine: Machine, flow: int, seen: frozenset[int] = frozenset()) -> set[int]:
    """Flows that a flow names: by transfer, by its queues' in-queue flows, and through modules and bots it calls."""
    found: set[int] = set()
    program = machine.program
    for spot in program.actions:
        operation = spot.action.operation if spot.flow == flow and spot.action is not None else None
        match operation:
            case TransferFlow(flow=target):
                found |= {i for i in (program.flow_of(target),) if i is not None}
            case TransferQueue(queue=queue, in_queue_flow=override):
                at = machine.endpoints.queue_index(queue)
                own = machine.queue_flow(at) if at is not None else None
                named = program.flow_of(override) if override is not None else own
                found |= {i for i in (named,) if i is not None}
            case CallModule(module=target) | CallBot(bot=target):
                called = program.flow_of(target)
                if called is not None and called not in seen:
                    found |= {called} | _references(machine, called, seen | {flow})
            case _:
                pass
    return found
