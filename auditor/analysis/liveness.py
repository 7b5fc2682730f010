"""Which tracked variables will still be read behind a point; the others need not be told apart.

A backward fixed point over the points of one flow. Calls add what the called task reads and what its callers read
after it; jumps add what their target reads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from auditor.analysis.tracking import scoped
from auditor.graph.points import FlowCode, Point, PointKind
from auditor.model.flows import Task
from auditor.model.operations import Assign, CallTask, CollectInput, EndTask, GetParticipantData, Jump, Operation

_TELLING = frozenset({Assign, CallTask, CollectInput, EndTask, GetParticipantData, Jump})
"""Operations of which more must be known than where they lead."""


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
        self._code, self._bits, self._keeps = code, bits, keeps
        self._outside_tasks = _mask(bits, [key for key in bits if not key.startswith("task.")])
        masks = {keys: _mask(bits, keys) | outputs for keys in set(reading)}
        self.live = [masks[keys] for keys in reading]
        self._first = first = code.points[0].id if code.points else 0
        self._everywhere = None if (target := _error_target(code)) is None else target - first
        self._tasks = frozenset(c.id for c in code.flow.containers if isinstance(c, Task))
        self._kept: dict[int, int] = {}
        self._begun: dict[int, int] = {}
        self._ends: list[int] = []
        self._behind_calls: set[int] = set()
        self._returned_to = 0
        self._successors: list[list[int]] = []
        self._before: list[list[int]] = [[] for _ in code.points]
        for here, point in enumerate(code.points):
            after = [out.target - first for out in point.outs]
            if point.next >= 0:
                after.append(point.next - first)
            self._successors.append(after)
            if point.site is None:
                self._between(here, point, after)
            elif type(point.site.action.operation) in _TELLING:
                self._act(here, point, point.site.action.operation, after)
            for target in after:
                self._before[target].append(here)

    def _between(self, here: int, point: Point, after: list[int]) -> None:
        """What stands at a point without an action: a menu, or the end of a task.

        A jump may have led to an end out of another called task (A10), so every caller counts.
        """
        if point.kind is PointKind.MENU:
            after.extend(target - self._first for target in self._code.choices.values())
        elif point.kind is PointKind.TASK_END and not point.restarts:
            self._ends.append(here)

    def _act(self, here: int, point: Point, operation: Operation, after: list[int]) -> None:
        match operation:
            case CallTask(container=str() as container, bindings=bindings):
                self._behind_calls.update(after)
                self._returned_to |= _mask(self._bits, {scoped(b.output, "task") for b in bindings})
                self._begin(here, container)
            case Jump(container=str() as container):
                if not self._begin(here, container) and container in self._code.starts:
                    after.append(self._code.starts[container] - self._first)
            case Jump():
                after.extend(p.id - self._first for p in self._code.points if p.kind is PointKind.MENU)
            case EndTask():
                self._ends.append(here)
            case _ if point.kind is PointKind.ACTION:
                killed = _kills(operation, self._keeps)
                if not killed.isdisjoint(self._bits):
                    self._kept[here] = ~_mask(self._bits, killed)

    def _begin(self, here: int, container: str) -> bool:
        """Whether a task begins here, with variables of its own, which is noted."""
        start = self._code.starts.get(container) if container in self._tasks else None
        if start is None:
            return False
        self._begun[here] = start - self._first
        self._before[start - self._first].append(here)
        return True

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
            for point in self._ends:
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


def _kills(operation: Operation, keeps: bool) -> frozenset[str]:
    """Variables that an action writes whatever happens; a failed input leaves them unless it keeps old values."""
    match operation:
        case Assign(assignments=((variable, _),)):
            return frozenset({variable.casefold()})
        case CollectInput(variable=str() as variable) if not keeps:
            return frozenset({variable.casefold()})
        case GetParticipantData(attributes=attributes):
            return frozenset(variable.casefold() for _, variable in attributes)
        case _:
            return frozenset()
