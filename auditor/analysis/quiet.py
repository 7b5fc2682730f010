"""Tasks and common modules in which nothing happens: whatever is decided there, a call comes back the same way.

Most of what is called only looks something up or says something. A call of it is passed over like an idle point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field

from auditor.analysis.regions import Ways
from auditor.graph.points import Point, PointKind
from auditor.graph.program import Program
from auditor.model.operations import CallModule, CallTask, EndFlow, EndState, EndTask


class Body(Struct, frozen=True):
    """A flow as it is passed over. ways, marks: of idle points; calls: points that call a task or module and leave

    nothing in variables that are followed, with the first point of what they call.
    """

    ways: Mapping[int, Sequence[int]]
    marks: Mapping[int, int]
    calls: Mapping[int, int]


class Back(Struct, frozen=True, gc=False):
    """How a call comes back. target: where it goes on; marks: of what may have been met; length: moves there."""

    target: int
    marks: int
    length: int


Labels = Callable[[Ways, Mapping[int, int], Mapping[int, int]], Mapping[int, tuple[int, int, int]]]
"""ways, marks, lengths of points -> the place, the marks and the length of the way of each point between."""


class _Inside(Struct):
    """A flow as it is left: its ends lead to places of their own, one for each output."""

    ways: dict[int, Sequence[int]]
    marks: dict[int, int]
    outputs: dict[int, str]
    lengths: dict[int, int] = field(default_factory=dict)
    back: dict[int, Back] = field(default_factory=dict)
    labels: Mapping[int, tuple[int, int, int]] | None = None


class Quiet:
    """Finds the calls in which nothing happens, under certain variables that are followed."""

    def __init__(self, program: Program, body: Callable[[int], Body], labels: Labels) -> None:
        """body: of a flow, by its index."""
        self._program, self._body, self._labels = program, body, labels
        self._known: dict[int, dict[int, Back]] = {}
        self._inside: dict[int, _Inside] = {}
        self._open: set[int] = set()
        self._ends: dict[int, list[tuple[int, str]]] = {}

    def forget(self, flows: Iterable[int]) -> None:
        """These flows are passed over in another way by now, and so are all that call them, which are among them."""
        for flow in flows:
            self._known.pop(flow, None)
            self._inside.pop(flow, None)

    def through(self, flow: int) -> Mapping[int, Back]:
        """The points of a flow that call something in which nothing happens."""
        found = self._known.get(flow)
        if found is None:
            if flow in self._open:
                return {}  # a module that calls itself is looked into
            self._open.add(flow)
            body = self._body(flow)
            found = self._known[flow] = self._resolved(flow, body) if body.calls else {}
            self._open.discard(flow)
        return found

    def _resolved(self, flow: int, body: Body) -> dict[int, Back]:
        points, found = self._program.points, dict[int, Back]()
        todo = {point for point in body.calls if point not in body.ways}
        while todo:
            more = {
                point: back for point in sorted(todo) if (back := self._back(flow, point, body.calls[point], found))
            }
            if not more:
                break
            found |= more
            todo -= more.keys()
            if not any(points[body.calls[point]].flow == flow for point in todo):
                break
        return found

    def _back(self, flow: int, point: int, start: int, known: Mapping[int, Back]) -> Back | None:
        """How a call made at a point comes back; known: of the calls of this flow."""
        called = self._program.points[start].flow
        inside = self._left(called, known if called == flow else self.through(called))
        label = inside.labels.get(start) if inside.labels is not None else None
        if label is None or label[0] not in inside.outputs:
            return None
        return Back(_after(self._program.points[point], inside.outputs[label[0]]), label[1], label[2] + 1)

    def _left(self, flow: int, calls: Mapping[int, Back]) -> _Inside:
        inside = self._inside.get(flow)
        if inside is None:
            inside = self._inside[flow] = self._ending(flow)
        if inside.labels is None or inside.back.keys() != calls.keys():
            inside.back = dict(calls)
            inside.ways.update((point, (back.target,)) for point, back in calls.items())
            inside.marks.update((point, back.marks) for point, back in calls.items())
            inside.lengths.update((point, back.length) for point, back in calls.items())
            inside.labels = self._labels(inside.ways, inside.marks, inside.lengths)
        return inside

    def _ending(self, flow: int) -> _Inside:
        body = self._body(flow)
        ways, places = dict(body.ways), dict[str, int]()
        ends = self._ends.get(flow)
        if ends is None:
            points = self._program.codes[flow].points
            ends = [(p.id, output) for p in points if (output := _output(p)) is not None]
            self._ends[flow] = ends
        for point, output in ends:
            ways[point] = (places.setdefault(output, -1 - len(places)),)
        return _Inside(ways, dict(body.marks), {place: output for output, place in places.items()})


def bound(point: Point) -> list[str]:
    """The variables that a call of a task or module fills when it comes back."""
    match point.site.action.operation if point.site is not None else None:
        case CallTask(bindings=bindings) | CallModule(bindings=bindings):
            return [binding.variable.casefold() for binding in bindings]
        case _:
            return []


def _output(point: Point) -> str | None:
    """The output by which a called task or module ends at a point."""
    if point.kind is PointKind.TASK_END:
        return None if point.restarts else "default"
    match point.site.action.operation if point.site is not None else None:
        case EndTask(output=output):
            return output
        case EndFlow() | EndState():
            return "default"
        case _:
            return None


def _after(point: Point, output: str) -> int:
    """Where a call made at a point goes on when what it calls ends by this output."""
    out = point.out(output)
    return out.target if out is not None else point.next
