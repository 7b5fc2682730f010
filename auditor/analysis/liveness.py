"""Which tracked variables will still be read behind a point; the others need not be told apart.

A backward fixed point over the points of one flow. Calls add what the called task reads and what its callers read
after it; jumps add what their target reads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from auditor.analysis.tracking import scoped
from auditor.graph.points import FlowCode, Point, PointKind
from auditor.model.flows import Task
from auditor.model.operations import Assign, CallTask, CollectInput, EndTask, GetParticipantData, Jump


def live_keys(
    code: FlowCode,
    tracked: frozenset[str],
    reading: Sequence[frozenset[str]],
    returned: frozenset[str],
    keeps: bool,
) -> list[frozenset[str]]:
    """Tracked variables read at each point or behind it, in the order of points.

    reading: what each point reads; returned: what callers of the flow read when it is over;
    keeps: a failed input may keep old values (A11).
    """
    bits = {key: 1 << at for at, key in enumerate(sorted(tracked))}
    flowing = _Flowing(code, bits, reading, _mask(bits, returned), keeps)
    live = flowing.run()
    spelled = {mask: frozenset(key for key, bit in bits.items() if mask & bit) for mask in set(live)}
    return [spelled[mask] for mask in live]


class _Flowing:
    """The fixed point over one flow; variables are bits, points are numbered from 0. live: what was found so far.

    Only points behind which something was found since they were looked at are looked at again.
    """

    def __init__(
        self, code: FlowCode, bits: Mapping[str, int], reading: Sequence[frozenset[str]], outputs: int, keeps: bool
    ) -> None:
        """outputs: what callers of the flow read of it."""
        self._outside_tasks = _mask(bits, frozenset(key for key in bits if not key.startswith("task.")))
        masks = {keys: _mask(bits, keys) for keys in set(reading)}
        self.live = [masks[keys] | outputs for keys in reading]
        self._ends = _ends(code)
        self._returned_to = _mask(bits, self._ends.outputs)
        first = code.points[0].id if code.points else 0
        self._everywhere = None if (target := _error_target(code)) is None else target - first
        self._behind_calls = [point - first for point in self._ends.behind]
        tasks = frozenset(c.id for c in code.flow.containers if isinstance(c, Task))
        self._kept: dict[int, int] = {}
        self._begun: dict[int, int] = {}
        self._successors: list[Collection[int]] = []
        self._before: list[list[int]] = [[] for _ in code.points]
        for here, point in enumerate(code.points):
            begun = _begun(code, point, tasks)
            after = [target - first for target in _successors(code, point, begun is not None)]
            self._successors.append(after)
            if begun is not None:
                self._begun[here] = begun - first
                after = [*after, begun - first]
            for target in after:
                self._before[target].append(here)
            killed = _kills(point, keeps)
            if not killed.isdisjoint(bits):
                self._kept[here] = ~_mask(bits, killed)

    def run(self) -> list[int]:
        """What is read at each point or behind it."""
        live, known = self.live, (-1, -1)
        while True:
            common = live[self._everywhere] if self._everywhere is not None else 0
            returning = self._returned_to
            for point in self._behind_calls:
                returning |= live[point] & self._outside_tasks
            if known == (common, returning):
                return live
            known = (common, returning)
            if common:
                live[:] = [mask | common for mask in live]
            for point in self._ends.points:
                live[point] |= returning
            self._spread()

    def _spread(self) -> None:
        live, waiting = self.live, list(range(len(self.live) - 1, -1, -1))
        queued = [True] * len(live)
        while waiting:
            here = waiting.pop()
            queued[here] = False
            behind = 0
            for point in self._successors[here]:
                behind |= live[point]
            behind &= self._kept.get(here, -1)
            if here in self._begun:
                behind |= live[self._begun[here]] & self._outside_tasks
            total = live[here] | behind
            if total != live[here]:
                live[here] = total
                for point in self._before[here]:
                    if not queued[point]:
                        queued[point] = True
                        waiting.append(point)


def _mask(bits: Mapping[str, int], keys: Collection[str]) -> int:
    """Keys as bits; those that are not tracked are none."""
    return sum(bits[key] for key in keys if key in bits)


def _error_target(code: FlowCode) -> int | None:
    handling = code.flow.error_handling
    return code.starts.get(handling.container) if handling is not None and handling.container is not None else None


def _successors(code: FlowCode, point: Point, begins: bool) -> Collection[int]:
    """begins: a task with variables of its own begins here."""
    targets = {out.target for out in point.outs}
    if point.next >= 0:
        targets.add(point.next)
    if point.kind is PointKind.MENU:
        targets.update(code.choices.values())
    if point.site is not None and isinstance(operation := point.site.action.operation, Jump):
        if operation.container is None:
            targets.update(p.id for p in code.points if p.kind is PointKind.MENU)
        elif operation.container in code.starts and not begins:
            targets.add(code.starts[operation.container])
    return targets


def _begun(code: FlowCode, point: Point, tasks: frozenset[str]) -> int | None:
    """The first point of the task that begins here, with variables of its own."""
    operation = point.site.action.operation if point.site is not None else None
    if isinstance(operation, Jump | CallTask) and operation.container in tasks:
        return code.starts.get(operation.container)
    return None


class _Ends(NamedTuple):
    """Ends of tasks, by place among the points. behind: points at which calls of tasks go on; outputs: what these calls

    read of the tasks.
    """

    points: list[int]
    behind: set[int]
    outputs: set[str]


def _ends(code: FlowCode) -> _Ends:
    """A jump may have led to an end out of another called task (A10), so every caller counts."""
    points, behind, outputs = list[int](), set[int](), set[str]()
    for number, point in enumerate(code.points):
        operation = point.site.action.operation if point.site is not None else None
        if (point.kind is PointKind.TASK_END and not point.restarts) or isinstance(operation, EndTask):
            points.append(number)
        if isinstance(operation, CallTask) and operation.container is not None:
            behind |= {point.next, *(o.target for o in point.outs)} - {-1}
            outputs |= {scoped(b.output, "task") for b in operation.bindings}
    return _Ends(points, behind, outputs)


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
