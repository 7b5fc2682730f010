"""The organisation as a networkx graph: who can be reached from where, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import networkx as nx

from auditor.graph.program import Program
from auditor.graph.references import REFERRING, in_queue_flow, named_flows, resolved
from auditor.model.directory import Found
from auditor.model.operations import (
    CreateCallback,
    Reference,
    Target,
    TransferExtension,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)


class ThingKind(StrEnum):
    """What a node of the organisation stands for, in the order in which calls come to them."""

    TRUNK = "trunk"
    ENTRY = "entry"
    FLOW = "flow"
    QUEUE = "queue"
    GROUP = "group"
    USER = "user"
    PHONE = "phone"
    OUTSIDE = "outside"


class Thing(NamedTuple):
    """A node. number: of the object in the organisation, of the entry in the analysis, of the name in OUTSIDE."""

    kind: ThingKind
    number: int


OUTSIDE = ("an external number", "voicemail", "any internal participant")
NUMBER, VOICEMAIL, ANYONE = (Thing(ThingKind.OUTSIDE, index) for index in range(len(OUTSIDE)))

WHY = "why"
"""The attribute of an edge that says in words why a call goes there; several reasons are parted by a semicolon."""


def object_references(program: Program) -> nx.DiGraph[Thing]:
    """Every flow, queue, group and user, and how one hands calls to the other; also where no run can follow it."""
    organisation = program.organisation
    graph: nx.DiGraph[Thing] = nx.DiGraph()
    graph.add_nodes_from(Thing(ThingKind.FLOW, index) for index in range(len(organisation.flows)))
    kinds = (ThingKind.QUEUE, organisation.queues), (ThingKind.GROUP, organisation.groups)
    known: dict[int, Thing] = {}
    for kind, objects in (*kinds, (ThingKind.USER, organisation.users)):
        known.update({id(each): Thing(kind, index) for index, each in enumerate(objects)})
    graph.add_nodes_from(known.values())
    for point, operation in program.acting(*_LEADING):
        source = Thing(ThingKind.FLOW, point.flow)
        for target, why in (*named_flows(operation), *_people(operation)):
            for each in _things(program, target, point.flow, known):
                link(graph, source, each, why)
        for each, why in _outside(operation):
            link(graph, source, each, why)
    _add_members(graph, program, known)
    return graph


_LEADING = (
    *REFERRING, TransferUser, TransferGroup, CreateCallback, TransferNumber, TransferVoicemail, TransferExtension,
)  # fmt: skip


def link(graph: nx.DiGraph[Thing], source: Thing, target: Thing, why: str = "") -> None:
    """Adds an edge, or one more reason to an edge that is there."""
    reasons = graph.edges[source, target][WHY].split("; ") if graph.has_edge(source, target) else []
    graph.add_edge(source, target, **{WHY: "; ".join(dict.fromkeys([*reasons, *([why] if why else [])]))})


def _people(operation: object) -> Iterator[tuple[Target, str]]:
    """The queues, groups and users that an operation names."""
    match operation:
        case TransferQueue(queue=target) | TransferUser(user=target) | TransferGroup(group=target):
            yield target, "transfers"
        case CreateCallback(queue=target):
            yield target, "orders a callback"


def _outside(operation: object) -> Iterator[tuple[Thing, str]]:
    match operation:
        case TransferNumber():
            yield NUMBER, "transfers"
        case TransferVoicemail():
            yield VOICEMAIL, "transfers"
        case TransferExtension():
            yield ANYONE, "the caller dials an extension"


def _add_members(graph: nx.DiGraph[Thing], program: Program, known: dict[int, Thing]) -> None:
    """From queues to their in-queue flows and to who answers, from groups to their members."""
    organisation = program.organisation
    for index, queue in enumerate(organisation.queues):
        source = Thing(ThingKind.QUEUE, index)
        for flow in resolved(program, in_queue_flow(queue), None):
            link(graph, source, Thing(ThingKind.FLOW, flow), "while waiting")
        for kind, ids in (("user", [m.user for m in queue.members or ()]), ("group", queue.groups)):
            for each in ids:
                for target in _things(program, Reference(kind, each), None, known):
                    link(graph, source, target, "answers")
    for index, group in enumerate(organisation.groups):
        for user in group.members or ():
            for target in _things(program, Reference("user", user), None, known):
                link(graph, Thing(ThingKind.GROUP, index), target, "answers")


def _things(program: Program, target: Target, flow: int | None, known: dict[int, Thing]) -> Iterator[Thing]:
    if isinstance(target, Reference):
        division = program.codes[flow].flow.division if flow is not None else None
        match program.directory.resolve(target, division):
            case Found(object=int(index)):
                yield Thing(ThingKind.FLOW, index)
            case Found(object=each) if id(each) in known:
                yield known[id(each)]
