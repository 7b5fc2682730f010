"""Small pictures of calls as data: nodes and edges, without a thought of how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.findings import Finding, Step, StepState, Twin

UNASKED = StepState("unasked", noticed=False, enabled=False, place="")
MOST_NODES, MOST_BESIDE = 14, 9
"""In the first and second column of a finding's picture; steps at which nothing happens are left out first."""


class NodeKind(StrEnum):
    """What a node is, for its looks."""

    START = "start"
    STEP = "step"
    BRANCH = "branch"
    BAD = "bad"
    FINE = "fine"
    GAP = "gap"


class EdgeKind(StrEnum):
    """On which side of the parting an edge is."""

    PLAIN = "plain"
    TAKEN = "taken"
    INSTEAD = "instead"


class Node(Struct, frozen=True):
    """A place of a call. number: of the step, 0 without one; caption: where it stands; changes: of the state, in words.

    state: of the call when it comes here, None where several are possible; column: 1 for the compliant twin.
    """

    id: str
    kind: NodeKind
    title: str
    number: int = 0
    caption: str = ""
    changes: tuple[str, ...] = ()
    state: StepState | None = None
    column: int = 0


class Edge(Struct, frozen=True):
    """A way on, why it is taken, and what it changes in the state."""

    source: str
    target: str
    label: str = ""
    kind: EdgeKind = EdgeKind.PLAIN
    changes: tuple[str, ...] = ()


class Picture(Struct, frozen=True):
    """Nodes in an order in which most edges lead forward. title, description: for those who cannot see it."""

    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def finding_picture(finding: Finding) -> Picture | None:
    """The witness, and beside it the nearest call that is fine; None where no run shows the finding."""
    if not finding.witness:
        return None
    twin = finding.twin
    onward = len(finding.witness) - (0 if finding.witness[-1].event else 1)
    parting = twin.parting if twin is not None and twin.parting < onward else None
    nodes, edges = _witness(finding.witness, parting)
    about = f"{finding.rule} {finding.name}: the call that shows it, {len(finding.witness)} steps"
    if twin is not None and parting is not None:
        sign = next(node.id for node in nodes if node.number == parting + 1)
        beside, ways = _twin(twin, finding.witness[parting - 1].state if parting else UNASKED, sign, parting)
        edges = [_taken(edge, twin) if edge.source == sign else edge for edge in edges] + ways
        nodes += beside
        about += f"; the nearest call that is fine parts from it after step {parting + 1}"
    return Picture(f"{finding.rule} {finding.name}", about + ".", tuple(nodes), tuple(edges))


def state_words(before: StepState, after: StepState) -> Iterator[str]:
    """What changed in the state, in the few words that fit into a picture."""
    if after.consent != before.consent:
        yield f"consent {after.consent}"
    if after.noticed and not before.noticed:
        yield "notice heard"
    if after.enabled != before.enabled:
        yield "recording enabled" if after.enabled else "recording not enabled"


def _witness(steps: Sequence[Step], parting: int | None) -> tuple[list[Node], list[Edge]]:
    nodes = list(_nodes(steps, "w", 1, UNASKED))
    nodes[0] = replace(nodes[0], kind=NodeKind.START)
    if parting is not None:
        nodes[parting] = replace(nodes[parting], kind=NodeKind.BRANCH)
    edges = list(_chain(nodes, steps, UNASKED))
    last = steps[-1]
    changes = tuple(state_words(steps[-2].state if len(steps) > 1 else UNASKED, last.state))
    if last.event:
        edges.append(Edge(nodes[-1].id, "end", last.why))
        nodes.append(Node("end", NodeKind.BAD, last.event, changes=changes, state=last.state))
    else:
        nodes[-1] = replace(nodes[-1], kind=NodeKind.BAD, changes=changes)
    return _fewer(nodes, edges, MOST_NODES)


def _twin(twin: Twin, before: StepState, sign: str, parting: int) -> tuple[list[Node], list[Edge]]:
    after = twin.after or before
    nodes = [replace(node, column=1) for node in _nodes(twin.steps, "t", parting + 2, after)]
    words = "goes on, and nothing is wrong" if nodes else "the call ends, and nothing is wrong"
    nodes.append(Node("fine", NodeKind.FINE, words, state=twin.steps[-1].state if nodes else after, column=1))
    edges = [replace(edge, kind=EdgeKind.INSTEAD) for edge in _chain(nodes, twin.steps, after)]
    nodes, edges = _fewer(nodes, edges, MOST_BESIDE)
    first = Edge(sign, nodes[0].id, twin.instead, EdgeKind.INSTEAD, tuple(state_words(before, after)))
    return nodes, [first, *edges]


def _taken(edge: Edge, twin: Twin) -> Edge:
    return replace(edge, kind=EdgeKind.TAKEN, label=edge.label or twin.taken)


def _nodes(steps: Sequence[Step], prefix: str, number: int, before: StepState) -> Iterator[Node]:
    caption = ""
    for index, step in enumerate(steps):
        stands = _caption(step)
        shown = stands if stands != caption else ""
        yield Node(f"{prefix}{index}", NodeKind.STEP, step.what or step.text, number + index, shown, state=before)
        before, caption = step.state, stands


def _chain(nodes: Sequence[Node], steps: Sequence[Step], before: StepState) -> Iterator[Edge]:
    """Edges between neighbours, each with why the step before goes on, and what changes by it."""
    for (node, after), step in zip(pairwise(nodes), steps, strict=False):
        yield Edge(node.id, after.id, step.why, changes=tuple(state_words(before, step.state)))
        before = step.state


def _caption(step: Step) -> str:
    subject = step.subject
    if not subject.flow:
        return ""
    return f"{subject.flow} › {subject.container}" if subject.container else subject.flow


def _fewer(nodes: list[Node], edges: list[Edge], most: int) -> tuple[list[Node], list[Edge]]:
    """All nodes if they are few, else those at which something happens; others become one that says how many."""
    kept = _kept(nodes, edges, most)
    shown: list[Node] = []
    stands: dict[str, str] = {}
    hidden = 0
    for node in nodes:
        hidden = 0 if node.id in kept else hidden + 1
        if hidden == 0:
            shown.append(node)
        elif hidden == 1:
            shown.append(Node(f"g{node.id}", NodeKind.GAP, "1 more step", column=node.column))
        else:
            shown[-1] = replace(shown[-1], title=f"{hidden} more steps")
        stands[node.id] = shown[-1].id
    moved = [replace(edge, source=stands[edge.source], target=stands[edge.target]) for edge in edges]
    return shown, [edge for edge in moved if edge.source != edge.target]


def _kept(nodes: Sequence[Node], edges: Sequence[Edge], most: int) -> set[str]:
    if len(nodes) <= most:
        return {node.id for node in nodes}
    told = {node.id for node in nodes if node.kind is not NodeKind.STEP or node.changes}
    told.update(edge.source for edge in edges if edge.changes)
    signs = {node.id for node in nodes if node.kind is NodeKind.BRANCH}
    told.update(edge.target for edge in edges if edge.source in signs)
    wanted = [nodes[0].id, nodes[-1].id, nodes[-2].id, *(node.id for node in nodes if node.id in told)]
    wanted += [node.id for node in nodes if node.caption]
    wanted += [node.id for node in nodes]
    return set(list(dict.fromkeys(wanted))[: most - 3])
