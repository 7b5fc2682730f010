"""Which tracked variables will still be read behind a point; the others need not be told apart.

A backward fixed point over the points of one flow. Calls add what the called task reads and what its callers read
after it; jumps add what their target reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from auditor.analysis.tracking import attribute, conditions, scoped, values_of
from auditor.graph.points import FlowCode, Point, PointKind
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Expr
from auditor.model.flows import Task
from auditor.model.operations import (
    Assign,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    Dynamic,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    Operation,
    Pass,
    SetParticipantData,
    TransferQueue,
)


def live_keys(
    code: FlowCode,
    tracked: frozenset[str],
    reading: Mapping[int, frozenset[str]],
    returned: frozenset[str],
    keeps: bool,
) -> dict[int, frozenset[str]]:
    """Point -> tracked variables read at it or behind it.

    reading: what each point reads; returned: what callers of the flow read when it is over;
    keeps: a failed input may keep old values (A11).
    """
    bits = {key: 1 << at for at, key in enumerate(sorted(tracked))}
    outside_tasks = _mask(bits, _not_of_tasks(tracked))
    outputs = _mask(bits, returned)
    reads = {p.id: _mask(bits, reading[p.id]) | outputs for p in code.points}
    kept = {p.id: ~_mask(bits, _kills(p, keeps)) for p in code.points}
    after = {p.id: tuple(_successors(code, p)) for p in code.points}
    begun = {p.id: start for p in code.points if (start := _begun(code, p)) is not None}
    ends = _ends(code)
    returned_to = _mask(bits, ends.outputs)
    live = dict(reads)
    everywhere = _error_target(code)
    changed = True
    while changed:
        changed = False
        common = live[everywhere] if everywhere is not None else 0
        returning = returned_to
        for point in ends.behind:
            returning |= live[point] & outside_tasks
        for here, successors in after.items():
            behind = 0
            for point in successors:
                behind |= live[point]
            behind &= kept[here]
            if here in begun:
                behind |= live[begun[here]] & outside_tasks
            if here in ends.points:
                behind |= returning
            total = behind | common | reads[here]
            if total != live[here]:
                live[here] = total
                changed = True
    spelled = {mask: frozenset(key for key, bit in bits.items() if mask & bit) for mask in set(live.values())}
    return {point: spelled[mask] for point, mask in live.items()}


def _mask(bits: Mapping[str, int], keys: frozenset[str]) -> int:
    """Keys as bits; those that are not tracked are none."""
    return sum(bits[key] for key in keys if key in bits)


def _error_target(code: FlowCode) -> int | None:
    handling = code.flow.error_handling
    return code.starts.get(handling.container) if handling is not None and handling.container is not None else None


def _not_of_tasks(keys: frozenset[str]) -> frozenset[str]:
    """A task that begins has variables of its own, and one that ends leaves none."""
    return frozenset(key for key in keys if not key.startswith("task."))


def _successors(code: FlowCode, point: Point) -> set[int]:
    targets = {out.target for out in point.outs}
    if point.next >= 0:
        targets.add(point.next)
    if point.kind is PointKind.MENU:
        targets |= set(code.choices.values())
    if point.site is not None:
        match point.site.action.operation:
            case Jump(container=str() as container) if container in code.starts and _begun(code, point) is None:
                targets.add(code.starts[container])
            case Jump(container=None):
                targets |= {p.id for p in code.points if p.kind is PointKind.MENU}
    return targets


def _begun(code: FlowCode, point: Point) -> int | None:
    """The first point of the task that begins here, with variables of its own."""
    match point.site.action.operation if point.site is not None else None:
        case Jump(container=str() as container) | CallTask(container=str() as container):
            task = any(c.id == container and isinstance(c, Task) for c in code.flow.containers)
            return code.starts.get(container) if task else None
        case _:
            return None


class _Ends(NamedTuple):
    """Ends of tasks. behind: where calls of tasks go on; outputs: what these calls read of the tasks."""

    points: frozenset[int]
    behind: frozenset[int]
    outputs: frozenset[str]


def _ends(code: FlowCode) -> _Ends:
    """A jump may have led to an end out of another called task (A10), so every caller counts."""
    points, behind, outputs = set[int](), set[int](), set[str]()
    for point in code.points:
        operation = point.site.action.operation if point.site is not None else None
        if (point.kind is PointKind.TASK_END and not point.restarts) or isinstance(operation, EndTask):
            points.add(point.id)
        if isinstance(operation, CallTask) and operation.container is not None:
            behind |= {point.next, *(o.target for o in point.outs)} - {-1}
            outputs |= {scoped(b.output, "task") for b in operation.bindings}
    return _Ends(frozenset(points), frozenset(behind), frozenset(outputs))


def _kills(point: Point, keeps: bool) -> frozenset[str]:
    """Variables that an action writes whatever happens; a failed input leaves them unless it keeps old values."""
    if point.site is None or point.kind is not PointKind.ACTION:
        return frozenset()
    match point.site.action.operation:
        case Assign(assignments=((variable, _),)):
            return frozenset({variable.casefold()})
        case CollectInput(variable=str() as variable) if not keeps:
            return frozenset({variable.casefold()})
        case GetParticipantData(attributes=attributes):
            return frozenset(variable.casefold() for _, variable in attributes)
        case _:
            return frozenset()


def reads_of(point: Point) -> frozenset[str]:
    """The variables that a point reads, whichever way it leaves."""
    if point.site is None:
        return frozenset()
    operation = point.site.action.operation
    read: set[Expr] = {*conditions(operation), *values_of(operation)}
    keys: set[str] = set()
    match operation:
        case SetParticipantData(attributes=attributes):
            read.update(value for _, value in attributes)
            keys.update(attribute(name) for name, _ in attributes)
        case CallTask(inputs=inputs) | CallModule(inputs=inputs) | CallBot(inputs=inputs) | Jump(inputs=inputs):
            read.update(a.value for a in inputs)
        case TransferQueue(queue=Dynamic(expression=expression)):
            read.add(expression)
    return frozenset(keys).union(*(variables_in(e) for e in read)) if read else frozenset(keys)


def written_by(operation: Operation) -> set[str]:
    """The variables and participant data that an action which only looks at and stores values may write."""
    match operation:
        case Assign(assignments=assignments):
            return {variable.casefold() for variable, _ in assignments}
        case Pass(bindings=bindings):
            return {b.variable.casefold() for b in bindings}
        case Lookup(bindings=bindings, failure_bindings=others):
            return {b.variable.casefold() for b in (*bindings, *others)}
        case SetParticipantData(attributes=attributes):
            return {attribute(name) for name, _ in attributes}
        case GetParticipantData(attributes=attributes):
            return {key for name, variable in attributes for key in (variable.casefold(), attribute(name))}
        case CollectInput(variable=str() as variable):
            return {variable.casefold()}
        case Loop(index=str() as index):
            return {index.casefold()}
        case _:
            return set()
