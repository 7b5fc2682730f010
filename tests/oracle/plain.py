"""The plain rule by plain reachability: remove the consenting edges; is an enable action still reachable?

Calls are put in line (a copy of the task or module for each call), so nothing has to be matched; organisations
with recursion are not for this engine. No values: conditions go either way or raise, answers are not compared.

An enable action is found when recording is not yet enabled and the last answer that counts is not a grant. So
there are two kinds of starting places: the entries, and what follows a refusal; from there on no granting edge
is used, and nothing behind an enable action, because a second run of one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint
from auditor.model.flows import Action, Choice, Container, ContainerKind, FlowType, Handling, Menu, Task
from auditor.model.operations import (
    CallModule,
    CallTask,
    Decide,
    Disconnect,
    EnableRecording,
    EndTask,
    Jump,
    Loop,
    LoopExit,
    LoopNext,
    Reference,
    Target,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.organisation import Organisation

Node = tuple[object, ...]
Ways = Callable[[str], Node]
"""Where an output leads."""

GRANTED, REFUSED, OTHER = "granted", "refused", "other"
START: Node = ("start",)
END: Node = ("end",)
TRANSFERS = (
    TransferQueue, TransferFlow, TransferUser, TransferGroup, TransferNumber, TransferVoicemail, TransferExtension,
)  # fmt: skip


def unconsented(organisation: Organisation, points: tuple[ConsentPoint, ...], starts: list[str]) -> frozenset[str]:
    """Names of enable actions that a call from one of these flows reaches without a grant that still counts."""
    picture = _Picture(organisation, points)
    graph, enables = picture.draw(starts), picture.enables
    before = nx.subgraph_view(graph, filter_edge=lambda a, _b, _kind: a not in enables)
    reached = nx.descendants(before, START) | {START}
    without = nx.subgraph_view(before, filter_edge=lambda _a, _b, kind: str(kind) != GRANTED)
    sources = {START} | {b for a, b in picture.refusals if a in reached and a not in enables}
    found = sources.union(*(nx.descendants(without, source) for source in sources))
    return frozenset(name for node, name in enables.items() if node in found)


class _Frame(Struct, frozen=True):
    """A copy of something called. id: unlike any other's; back: where its outputs return to; host: the call flow."""

    id: Node
    back: Ways
    host: int


class _At(Struct, frozen=True):
    """Where a block stands. base: the copy of the flow or module; frame: that of the task, if it was called."""

    base: _Frame
    frame: _Frame
    flow: int
    container: Container
    after: Node
    head: Node = END
    exit: Node = END
    menu: Node | None = None


class _Picture:
    """Draws an organisation as one graph; the key of an edge is granted, refused or other."""

    def __init__(self, organisation: Organisation, points: tuple[ConsentPoint, ...]) -> None:
        self.organisation = organisation
        self.graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph()
        self.points = {p.name: p for p in points}
        self.refusals: list[tuple[Node, Node]] = []
        self.enables: dict[Node, str] = {}
        self.drawn: set[Node] = set()
        self.todo: list[Callable[[], None]] = []

    def draw(self, starts: list[str]) -> nx.MultiDiGraph[Node]:
        """The graph of everything that calls to these flows reach."""
        self.graph.add_node(START)
        for name in starts:
            self._edge(START, self._flow(name))
        while self.todo:
            self.todo.pop()()
        return self.graph

    def _edge(self, a: Node, b: Node, kind: str = OTHER) -> None:
        self.graph.add_edge(a, b, key=kind)
        if kind == REFUSED:
            self.refusals.append((a, b))

    # -- flows and containers ---------------------------------------------------------------------------------

    def _flow(self, name: str | None) -> Node:
        """The start of a flow that hosts the call (a call flow or an in-queue flow)."""
        for index, flow in enumerate(self.organisation.flows):
            if flow.id == name and flow.start is not None:
                frame = _Frame(("host", index), lambda _output: END, index)
                return self._container(frame, frame, index, flow.start)
        return END

    def _container(self, base: _Frame, frame: _Frame, index: int, name: str) -> Node:
        node: Node = ("container", frame.id, index, name)
        if node not in self.drawn:
            self.drawn.add(node)
            container = next(c for c in self.organisation.flows[index].containers if c.id == name)
            at = _At(base, frame, index, container, frame.back("default"))
            self.todo.append(lambda: self._draw(at, node))
        return node

    def _draw(self, at: _At, node: Node) -> None:
        match at.container:
            case Menu():
                self._menu(at, at.container, node)
            case Task(kind=ContainerKind.LOOP_TASK, block=block):
                self._edge(node, self._block(block, replace(at, after=node), (node,)))
            case Task(block=block):
                self._edge(node, self._block(block, at, (node,)))

    def _menu(self, at: _At, menu: Menu, node: Node) -> None:
        point = self.points.get(menu.name)
        menus = [c for c in self.organisation.flows[at.flow].containers if isinstance(c, Menu)]
        for home, choice in [(m, c) for m in menus for c in m.choices if m is menu or c.global_dtmf]:
            chosen: Node = (*node, choice.id)
            self._action(choice.action, replace(at, menu=node), chosen, lambda _output: END)
            self._edge(node, chosen, _choice_kind(point, choice, own=home is menu))
            if choice.id == menu.default:
                self._edge(node, chosen)

    def _block(self, block: tuple[Action, ...], at: _At, path: Node) -> Node:
        """The first node of a block; what follows it, when it is empty."""
        following = at.after
        for position in reversed(range(len(block))):
            action, node = block[position], (*path, position)
            inner = replace(at, after=following)
            if isinstance(action.operation, Loop):
                again: Node = (*node, "again")
                self._edge(again, following)
                inner = replace(at, after=again, head=again, exit=following)
            outs = {o.key: self._block(o.block, inner, (*node, o.key)) for o in action.outputs}
            self._action(action, at, node, _ways(outs, following))
            if inner.after != following:
                self._edge(inner.after, outs["loop"])
            following = node
        return following

    # -- actions ----------------------------------------------------------------------------------------------

    def _action(self, action: Action, at: _At, node: Node, out: Ways) -> None:
        operation = action.operation
        match operation:
            case EnableRecording():
                self.enables[node] = action.name
                self._edge(node, out(""))
            case Jump():
                self._edge(node, self._jump(at, operation))
            case Disconnect():
                self.graph.add_node(node)
            case EndTask(output=output):
                self._edge(node, at.frame.back(output))
            case LoopExit() | LoopNext():
                self._edge(node, at.exit if isinstance(operation, LoopExit) else at.head)
            case CallTask(container=container):
                self._edge(node, self._container(at.base, _Frame(node, out, at.base.host), at.flow, container or ""))
            case CallModule(module=module):
                self._edge(node, self._called(module, _Frame(node, out, at.base.host)))
            case _:
                self._leaving(action, at, node, out)

    def _jump(self, at: _At, operation: Jump) -> Node:
        if operation.menu is not None:
            return at.menu or END
        return self._container(at.base, at.base, at.flow, operation.container or "")

    def _called(self, module: Target, frame: _Frame) -> Node:
        for index, flow in enumerate(self.organisation.flows):
            if isinstance(module, Reference) and flow.id == module.id and flow.start is not None:
                return self._container(frame, frame, index, flow.start)
        return frame.back("default")

    def _leaving(self, action: Action, at: _At, node: Node, out: Ways) -> None:
        operation = action.operation
        if isinstance(operation, TRANSFERS):
            self._transfer(operation, at, node)
            if self._secure(at):
                return
            if at.menu is not None:
                self._edge(node, at.menu)
                return
        if isinstance(operation, Decide):
            self._error(at, node)
        if not action.outputs:
            self._edge(node, out(""))
        for output in action.outputs:
            for kind in self._kinds(action, output.key):
                self._edge(node, out(output.key), kind)

    def _kinds(self, action: Action, output: str) -> list[str]:
        """What it says that a question is left by an output."""
        point = self.points.get(action.name)
        if point is None or output in ("failure", "notFound", "timeout"):
            return [OTHER]
        if output == "success":
            return [GRANTED, REFUSED]
        return [_kind(point, {output})]

    def _transfer(self, operation: object, at: _At, node: Node) -> None:
        self.graph.add_node(node)
        match operation:
            case TransferFlow(flow=Reference(id=name)):
                self._edge(node, self._flow(name))
            case TransferQueue(queue=queue):
                self._edge(node, self._queue(queue))
            case _:
                pass

    def _queue(self, target: Target) -> Node:
        for queue in self.organisation.queues:
            if isinstance(target, Reference) and queue.id == target.id and queue.in_queue_flow is not None:
                return self._flow(queue.in_queue_flow)
        return END

    def _secure(self, at: _At) -> bool:
        return any(self.organisation.flows[f].type is FlowType.SECURE_CALL for f in (at.flow, at.base.host))

    def _error(self, at: _At, node: Node) -> None:
        handling = self.organisation.flows[at.flow].error_handling
        match handling.kind if handling is not None else Handling.DISCONNECT:
            case Handling.QUEUE if handling is not None:
                self._edge(node, self._queue(handling.queue))
            case Handling.TASK | Handling.MENU if handling is not None:
                self._edge(node, self._container(at.base, at.base, at.flow, handling.container or ""))
            case _:
                pass


def _ways(outs: dict[str, Node], following: Node) -> Ways:
    return lambda output: outs.get(output, following)


def _kind(point: ConsentPoint, terms: set[str]) -> str:
    wanted = point.granting if point.granting is not None else point.refusing or ()
    return GRANTED if bool(terms & set(wanted)) is (point.granting is not None) else REFUSED


def _choice_kind(point: ConsentPoint | None, choice: Choice, *, own: bool) -> str:
    if point is None or choice.id in point.ignored:
        return OTHER
    return _kind(point, {choice.digit or "", choice.name}) if own else REFUSED
