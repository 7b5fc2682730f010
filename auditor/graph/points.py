"""Program points of one flow: structured bodies flattened, so that every edge is explicit.

Fall-through, loops, switches that run every true case and the end of tasks become edges here (semantics,
section 3); what an edge does to the state of the call is the business of the analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from msgspec import Struct

from auditor.graph import words
from auditor.model.expressions import Literal
from auditor.model.flows import Action, ContainerKind, Flow, Menu, Task
from auditor.model.operations import Case, Loop, LoopExit, LoopNext, Switch, SwitchStyle
from auditor.model.sites import ActionSite, action_sites

_Frame = tuple[int, int]
_NO_LOOP: _Frame = (-1, -1)
_STEERING = frozenset({Switch, Loop, LoopNext, LoopExit})


class PointKind(IntEnum):
    """What stands at a point."""

    ACTION = 0
    MENU = 1
    TASK_END = 2  # control fell off the end of a task
    ROUND = 3  # head of a loop after a round
    FIRST_ROUND = 4  # a loop that runs its body at least once, before its first round
    CASE = 5  # one case of a switch that runs every true case (no case: the end of the chain)


class Out(Struct, frozen=True):
    """A way out of an action. target: point; words: why it is taken."""

    key: str
    words: str
    target: int


class Point(Struct):
    """A program point. next: where control falls through to; restarts: a TASK_END that starts over."""

    id: int
    kind: PointKind
    flow: int
    container: str
    next: int = -1
    outs: tuple[Out, ...] = ()
    site: ActionSite | None = None
    menu: Menu | None = None
    case: Case | None = None
    restarts: bool = False

    def out(self, key: str) -> Out | None:
        """The output of that name, None when the action has none or it is disabled."""
        for out in self.outs:
            if out.key == key:
                return out
        return None


_Link = tuple[Case, tuple[Point, ...], int]


class FlowCode(Struct, frozen=True):
    """The points of a flow. starts: first point of each container; choices: point of each choice's action.

    sites: all its actions; start: first point of the flow, None when the export does not say where it begins.
    """

    flow: Flow
    sites: tuple[ActionSite, ...]
    points: tuple[Point, ...]
    starts: dict[str, int]
    choices: dict[tuple[str, str], int]
    start: int | None


class _Compiler:
    """Places actions from the end of a block to its start; inner blocks wait in `todo`, so nothing recurses."""

    def __init__(self, sites: Sequence[ActionSite], index: int, base: int) -> None:
        self.index, self.base = index, base
        self.points: list[Point] = []
        self.todo: list[Callable[[], None]] = []
        self.sites = {id(site.action): site for site in sites}

    def new(self, kind: PointKind, container: str, after: int, site: ActionSite | None = None) -> Point:
        point = Point(self.base + len(self.points), kind, self.index, container, after, site=site)
        self.points.append(point)
        return point

    def task(self, task: Task) -> int:
        end = self.new(PointKind.TASK_END, task.id, -1)
        start = self.block(task.block, task.id, end.id, _NO_LOOP)
        if task.kind is ContainerKind.LOOP_TASK:
            end.next, end.restarts = start, True
        return start

    def block(self, block: tuple[Action, ...], container: str, after: int, loop: _Frame) -> int:
        """Places a block. after: where its end leads; loop: (next round, behind the loop). Returns its start."""
        for action in reversed(block):
            after = self.action(action, container, after, loop)
        return after

    def action(self, action: Action, container: str, after: int, loop: _Frame) -> int:
        """Places one action and returns the point at which it begins."""
        operation, site = action.operation, self.sites[id(action)]
        if type(operation) not in _STEERING:
            return self.plain(action, site, container, after, loop)
        if isinstance(operation, Switch) and operation.style is SwitchStyle.ALL_TRUE:
            return self.every_case(operation, site, container, after, loop)
        if isinstance(operation, Loop):
            return self.loop(operation, site, container, after, loop)
        if isinstance(operation, (LoopNext, LoopExit)) and loop is not _NO_LOOP:
            after = loop[0] if isinstance(operation, LoopNext) else loop[1]
        return self.plain(action, site, container, after, loop)

    def plain(self, action: Action, site: ActionSite, container: str, after: int, loop: _Frame) -> int:
        """Places an action that is a point of its own."""
        point = self.new(PointKind.ACTION, container, after, site)
        if action.outputs:
            self.todo.append(lambda: self.fill(point, action, {}, after, loop))
        return point.id

    def fill(self, point: Point, action: Action, inner: dict[str, _Frame], after: int, loop: _Frame) -> None:
        """Gives a point its outputs; an empty one falls through. inner: outputs that are the body of a loop."""
        outs = []
        for output in action.outputs:
            if output.disabled:
                continue
            frame = inner.get(output.key, loop)
            end = frame[0] if output.key in inner else after
            start = self.block(output.block, point.container, end, frame) if output.block else end
            outs.append(Out(output.key, words.outcome(action, output.key, output.label), start))
        point.outs = tuple(outs)

    def loop(self, operation: Loop, site: ActionSite, container: str, after: int, loop: _Frame) -> int:
        """The head of a loop; a loop with a constant count runs its body at least once."""
        head = self.new(PointKind.ROUND, container, after, site)
        first = head if not _at_least_once(operation) else self.new(PointKind.FIRST_ROUND, container, head.id, site)

        def fill() -> None:
            self.fill(head, site.action, {"loop": (head.id, after)}, after, loop)
            first.outs = head.outs

        self.todo.append(fill)
        return first.id

    def every_case(self, operation: Switch, site: ActionSite, container: str, after: int, loop: _Frame) -> int:
        """A switch that runs every true case: a chain of cases, in two copies (one was true, none yet)."""
        ends = (self.new(PointKind.CASE, container, after, site), self.new(PointKind.CASE, container, after, site))
        chain = []
        following = (ends[0].id, ends[1].id)
        for case in reversed(operation.cases):
            pair = tuple(self.new(PointKind.CASE, container, following[some], site) for some in (0, 1))
            chain.append((case, pair, following[1]))
            following = (pair[0].id, pair[1].id)
        self.todo.append(lambda: self.fill_cases(site.action, chain, ends[0], loop))
        return following[0]

    def fill_cases(self, action: Action, chain: Sequence[_Link], none: Point, loop: _Frame) -> None:
        """Outputs of such a switch; `none` is where no case was true, so the default runs."""
        blocks = {o.key: o.block for o in action.outputs if not o.disabled}
        none.next = self.block(blocks.get("default", ()), none.container, none.next, loop)
        for case, pair, following in chain:
            why = words.outcome(action, case.output, case.name or "")
            for point in pair:
                start = self.block(blocks.get(case.output, ()), point.container, following, loop)
                point.case = case
                point.outs = (Out("yes", why, start), Out("no", f"not: {why}", point.next))

    def run(self) -> None:
        while self.todo:
            self.todo.pop()()


def _at_least_once(operation: Loop) -> bool:
    match operation.count:
        case Literal(value=value):
            return (isinstance(value, int | float) and value >= 1) or (str(value).isdigit() and int(str(value)) >= 1)
        case _:
            return False


def compile_flow(flow: Flow, index: int, base: int) -> FlowCode:
    """The points of a flow; ids start at base. index: position of the flow in the organisation."""
    sites = tuple(action_sites(flow))
    compiler = _Compiler(sites, index, base)
    starts: dict[str, int] = {}
    choices: dict[tuple[str, str], int] = {}
    for container in flow.containers:
        match container:
            case Task():
                starts[container.id] = compiler.task(container)
            case Menu():
                menu = compiler.new(PointKind.MENU, container.id, -1)
                menu.menu = container
                starts[container.id] = menu.id
                for choice in container.choices:
                    point = compiler.action(choice.action, container.id, menu.id, _NO_LOOP)
                    choices[container.id, choice.id] = point
        compiler.run()
    start = starts.get(flow.start) if flow.start is not None else None
    return FlowCode(flow, sites, tuple(compiler.points), starts, choices, start)
