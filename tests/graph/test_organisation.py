from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from auditor.graph.organisation import WHY, Thing, ThingKind, link, object_references
from auditor.graph.program import Program
from auditor.graph.references import flow_references, reachable
from auditor.loading.load import load

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EXPORTS = [
    FIXTURES / "demo" / "organisation",
    *(FIXTURES / "cases" / name / "export" for name in ("RC106-bad-in-queue-loop", "RC104-bad-module-timeout-is-yes")),
]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.parent.name)
def test_references_of_flows_are_references_of_objects(export: Path) -> None:
    program = Program(load([export]))
    objects = object_references(program)
    found = flow_references(program)
    flows = {(source, target) for source, targets in found.items() for target in targets}
    assert flows
    for source, target in flows:
        one, other = Thing(ThingKind.FLOW, source), Thing(ThingKind.FLOW, target)
        queues = {thing for thing in objects.succ[one] if thing.kind is ThingKind.QUEUE}
        assert objects.has_edge(one, other) or any(objects.has_edge(queue, other) for queue in queues)
    straight = {(a.number, b.number) for a, b in objects.edges if a.kind is b.kind is ThingKind.FLOW}
    assert straight <= flows


def test_who_answers_a_queue_is_a_member_or_in_one_of_its_groups() -> None:
    organisation = load([EXPORTS[0]])
    objects = object_references(Program(organisation))
    for index, queue in enumerate(organisation.queues):
        near = objects.succ[Thing(ThingKind.QUEUE, index)]
        named = {organisation.users[thing.number].id for thing in near if thing.kind is ThingKind.USER}
        assert named == {member.user for member in queue.members or ()}
        assert sum(thing.kind is ThingKind.GROUP for thing in near) == len(queue.groups)


def test_reasons_are_told_once_in_the_order_in_which_they_come() -> None:
    graph: nx.DiGraph[Thing] = nx.DiGraph()
    one, other = Thing(ThingKind.FLOW, 0), Thing(ThingKind.QUEUE, 0)
    for why in ("transfers", "", "orders a callback", "transfers"):
        link(graph, one, other, why)
    assert graph.edges[one, other][WHY] == "transfers; orders a callback"


def test_what_is_reachable_is_what_the_graph_has_behind_a_node() -> None:
    graph: nx.DiGraph[int] = nx.gnp_random_graph(40, 0.04, seed=5, directed=True)
    edges = {node: set(graph.successors(node)) for node in graph if graph.out_degree(node)}
    for node in graph:
        assert reachable(edges, node) == {node, *nx.descendants(graph, node)}
