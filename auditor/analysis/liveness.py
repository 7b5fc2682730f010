"""Which tracked variables will still be read behind a point; the others need not be told apart.

A backward fixed point over the points of one flow. Calls add what the called task reads and what its callers read
after it; jumps add what their target reads.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.analysis.tracking import attribute, conditions, scoped, values_of
from auditor.graph.points import FlowCode, Point, PointKind
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Expr
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
    SetParticipantData,
    TransferQueue,
)


def live_keys(
    code: FlowCode,
    tracked: frozenset[str],
    stored: Mapping[int, frozenset[str]],
    returned: frozenset[str],
    keeps: bool,
) -> dict[int, frozenset[str]]:
    """Point -> tracked variables read at it or behind it.

    stored: variables tested by a stored-consent point; returned: what callers of the flow read when it is over;
    keeps: a failed input may keep old values (A11).
    """
    outputs = returned & tracked
    reads = {p.id: (reads_of(p) | stored.get(p.id, frozenset())) & tracked for p in code.points}
    after = {p.id: _successors(code, p) for p in code.points}
    _returns(code, after)
    live: dict[int, frozenset[str]] = {p.id: reads[p.id] | outputs for p in code.points}
    everywhere = _error_target(code)
    changed = True
    while changed:
        changed = False
        common = live[everywhere] if everywhere is not None else frozenset()
        for point in code.points:
            behind = frozenset[str]().union(*(live[s] for s in after[point.id])) - _kills(point, keeps)
            total = behind | common | reads[point.id] | outputs
            if total != live[point.id]:
                live[point.id] = total
                changed = True
    return live


def _error_target(code: FlowCode) -> int | None:
    handling = code.flow.error_handling
    return code.starts.get(handling.container) if handling is not None and handling.container is not None else None


def _successors(code: FlowCode, point: Point) -> set[int]:
    targets = {out.target for out in point.outs}
    if point.next >= 0:
        targets.add(point.next)
    if point.kind is PointKind.MENU:
        targets |= set(code.choices.values())
    if point.site is not None:
        match point.site.action.operation:
            case Jump(container=str() as container) | CallTask(container=str() as container):
                if container in code.starts:
                    targets.add(code.starts[container])
            case Jump():
                targets |= {p.id for p in code.points if p.kind is PointKind.MENU}
    return targets


def _returns(code: FlowCode, after: dict[int, set[int]]) -> None:
    """Ends of tasks go on where their callers go on."""
    behind: dict[str, set[int]] = {}
    for point in code.points:
        if point.site is not None and isinstance(point.site.action.operation, CallTask):
            container = point.site.action.operation.container
            if container is not None:
                behind.setdefault(container, set()).update(
                    {point.id, point.next, *(o.target for o in point.outs)} - {-1}
                )
    if not behind:
        return
    everywhere = set().union(*behind.values())
    for point in code.points:
        ends = point.kind is PointKind.TASK_END and not point.restarts
        if ends or (point.site is not None and isinstance(point.site.action.operation, EndTask)):
            # A jump may have led here out of another called task (A10), so every caller counts.
            after[point.id] = after[point.id] | everywhere


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
        case CallTask(inputs=inputs, bindings=bindings):
            read.update(a.value for a in inputs)
            keys.update(scoped(b.output, "task") for b in bindings)
        case CallModule(inputs=inputs) | CallBot(inputs=inputs) | Jump(inputs=inputs):
            read.update(a.value for a in inputs)
        case TransferQueue(queue=Dynamic(expression=expression)):
            read.add(expression)
    return frozenset(keys).union(*(variables_in(e) for e in read)) if read else frozenset(keys)
