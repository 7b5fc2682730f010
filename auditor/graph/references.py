"""Which flow refers to which, as plain sets: every audit asks, and few need a graph with names and reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.operations import CallBot, CallModule, Reference, SetPostFlow, Target, TransferFlow, TransferQueue
from auditor.model.routing import Queue

REFERRING = (TransferFlow, SetPostFlow, CallModule, CallBot, TransferQueue)
"""The operations that lead into flows."""


def flow_references(program: Program) -> dict[int, frozenset[int]]:
    """Flows (by index) and those to which they refer, through queues too; also where no run can follow."""
    found: dict[int, set[int]] = {flow: set() for flow in range(len(program.codes))}
    for point, operation in program.acting(*REFERRING):
        found[point.flow].update(flow_targets(program, operation, point.flow))
    return {flow: frozenset(targets) for flow, targets in found.items()}


def reachable(successors: Mapping[int, Collection[int]], start: int) -> frozenset[int]:
    """A node and every other to which edges lead from it."""
    return reached((start,), successors)


def reached(starts: Iterable[int], successors: Mapping[int, Collection[int]]) -> frozenset[int]:
    """Nodes and every other to which edges lead from one of them."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for target in successors.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return frozenset(found)


def flow_targets(program: Program, operation: object, flow: int) -> Iterator[int]:
    """The flows that an action of this flow calls or hands over to, those of queues included."""
    for target, _ in named_flows(operation):
        yield from resolved(program, target, flow)
    if isinstance(operation, TransferQueue) and isinstance(operation.queue, Reference):
        found = program.directory.queue(operation.queue, program.codes[flow].flow.division)
        if isinstance(found, Found):
            yield from resolved(program, in_queue_flow(found.object), flow)


def named_flows(operation: object) -> Iterator[tuple[Target, str]]:
    """The flows that an operation names itself."""
    match operation:
        case TransferFlow(flow=target):
            yield target, "transfers"
        case SetPostFlow(flow=target):
            yield target, "after the agent"
        case CallModule(module=target) | CallBot(bot=target):
            yield target, "calls"
        case TransferQueue(in_queue_flow=target):
            yield target, "while waiting"


def in_queue_flow(queue: Queue) -> Target:
    """The in-queue flow that a queue has of its own."""
    if queue.in_queue_flow or queue.in_queue_flow_name:
        return Reference("flow", queue.in_queue_flow, queue.in_queue_flow_name)
    return None


def resolved(program: Program, target: Target, flow: int | None) -> Iterator[int]:
    """The flow that a reference names, none if it names none or several. flow: where the reference stands."""
    if isinstance(target, Reference):
        found = program.directory.flow(target, None, program.codes[flow].flow.division if flow is not None else None)
        if isinstance(found, Found):
            yield found.object
