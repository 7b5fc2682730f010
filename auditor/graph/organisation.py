"""The organisation as a networkx graph: which flow refers to which, and who can be reached from where."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.operations import CallBot, CallModule, Reference, SetPostFlow, Target, TransferFlow, TransferQueue


def flow_references(program: Program) -> nx.DiGraph[int]:
    """Flows (by index) and references between them, through queues too; also where no run can follow them."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(program.codes)))
    for point in program.site_points():
        assert point.site is not None
        for target in flow_targets(program, point.site.action.operation, point.flow):
            graph.add_edge(point.flow, target)
    return graph


def flow_targets(program: Program, operation: object, flow: int) -> Iterator[int]:
    """The flows that an action of this flow calls or hands over to, those of queues included."""
    match operation:
        case TransferFlow(flow=target) | SetPostFlow(flow=target):
            yield from _resolved(program, target, flow)
        case CallModule(module=target) | CallBot(bot=target):
            yield from _resolved(program, target, flow)
        case TransferQueue(queue=queue, in_queue_flow=override):
            yield from _resolved(program, override, flow)
            if isinstance(queue, Reference):
                found = program.directory.queue(queue, program.codes[flow].flow.division)
                if isinstance(found, Found) and (found.object.in_queue_flow or found.object.in_queue_flow_name):
                    reference = Reference("flow", found.object.in_queue_flow, found.object.in_queue_flow_name)
                    yield from _resolved(program, reference, flow)


def _resolved(program: Program, target: Target, flow: int) -> Iterator[int]:
    if isinstance(target, Reference):
        found = program.directory.flow(target, None, program.codes[flow].flow.division)
        if isinstance(found, Found):
            yield found.object
