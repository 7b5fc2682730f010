"""The picture of the whole organisation: over which lines calls come in, and to whom they can go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import networkx as nx
from msgspec import Struct

from auditor.analysis.entries import EntryKind
from auditor.analysis.legs import Switch, switch
from auditor.analysis.places import Endpoint, InQueue, OneGroup, OnePhone, OneUser
from auditor.findings import VerdictWord
from auditor.graph.organisation import ANYONE, OUTSIDE, WHY, Thing, ThingKind, link, object_references
from auditor.model.operations import EnableRecording
from auditor.model.settings import Known, Setting
from auditor.policy.judgement import Judgement
from auditor.policy.naming import organisation_name
from auditor.views.picture import Edge, Node, NodeKind, Picture

_WORST = (VerdictWord.VIOLATED, VerdictWord.UNKNOWN, VerdictWord.PROVED)
_LOOKS = {VerdictWord.VIOLATED: NodeKind.BAD, VerdictWord.UNKNOWN: NodeKind.START, VerdictWord.PROVED: NodeKind.FINE}
_VERDICTS = {VerdictWord.VIOLATED: "not safe", VerdictWord.UNKNOWN: "not decided", VerdictWord.PROVED: "safe"}
_USUAL = ("transfers", "answers")
"""Reasons that are not written at every edge of a picture for people."""
_FOLDED = (ThingKind.TRUNK, ThingKind.ENTRY, ThingKind.USER)
_DIALS = "user who dials out"
_MANY = {"trunk": "trunks", _DIALS: "users who dial out", "user": "users"}


class _Look(Struct, frozen=True):
    """How a thing is drawn. name: its own name; title: what a node says that stands for this one alone."""

    kind: NodeKind
    name: str
    title: str
    caption: str
    notes: tuple[str, ...] = ()


def organisation_picture(judgement: Judgement, *, everybody: bool) -> Picture:
    """All of it. everybody: a node for each user and phone; else those of whom the same is to be said are one."""
    graph = _graph(judgement, everybody)
    looks = _Looks(judgement)
    things = sorted(graph, key=lambda thing: (list(ThingKind).index(thing.kind), thing.number))
    groups = [(thing,) for thing in things] if everybody else _folded(graph, things, looks)
    number = {thing: index for index, group in enumerate(groups) for thing in group}
    edges: dict[tuple[int, int], dict[str, None]] = {}
    for source, target in graph.edges:
        reasons = str(graph.edges[source, target][WHY]).split("; ")
        told = [each for each in reasons if each and (everybody or each not in _USUAL)]
        edges.setdefault((number[source], number[target]), {}).update(dict.fromkeys(told))
    name = organisation_name(judgement.analysis.organisation)
    return Picture(
        name,
        f"The organisation {name}: {len(groups)} nodes, from the lines over which calls come to those who answer.",
        tuple(_node(index, [looks.of(thing) for thing in group]) for index, group in enumerate(groups)),
        tuple(Edge(f"o{a}", f"o{b}", "; ".join(why)) for (a, b), why in sorted(edges.items())),
    )


def _graph(judgement: Judgement, everybody: bool) -> nx.DiGraph[Thing]:
    """The references of the objects, with entries and trunks before them, and phones behind them."""
    analysis = judgement.analysis
    graph = object_references(analysis.program)
    for index in analysis.audited_ways:
        entry, way = Thing(ThingKind.ENTRY, index), analysis.ways[index]
        graph.add_node(entry)
        for leg in analysis.legs_of(way):
            for trunk in leg.trunks:
                link(graph, Thing(ThingKind.TRUNK, trunk), entry)
        for slot in way.slots:
            if slot.flow is not None:
                link(graph, entry, Thing(ThingKind.FLOW, slot.flow), slot.why.partition(":")[0])
            elif slot.queue is not None and slot.queue >= 0:
                link(graph, entry, Thing(ThingKind.QUEUE, slot.queue))
            elif slot.endpoint is not None and (everybody or way.kind is not EntryKind.MANUAL):
                for target in _at(slot.endpoint):
                    link(graph, entry, target)
    if everybody:
        for index, user in enumerate(analysis.organisation.users):
            for phone in sorted(analysis.stations.own_phones(user.id)):
                link(graph, Thing(ThingKind.USER, index), Thing(ThingKind.PHONE, phone), "sits at")
    else:
        graph.remove_nodes_from([t for t in graph if t.kind is ThingKind.USER and not graph.in_degree(t)])
    return graph


def _at(endpoint: Endpoint) -> Iterator[Thing]:
    match endpoint:
        case InQueue(queue=index) if index >= 0:
            yield Thing(ThingKind.QUEUE, index)
        case OneUser(user=index) if index >= 0:
            yield Thing(ThingKind.USER, index)
        case OneGroup(group=index) if index >= 0:
            yield Thing(ThingKind.GROUP, index)
        case OnePhone(phone=index) if index >= 0:
            yield Thing(ThingKind.PHONE, index)
        case _:
            yield ANYONE


def _folded(graph: nx.DiGraph[Thing], things: Iterable[Thing], looks: _Looks) -> list[tuple[Thing, ...]]:
    """Trunks, entries without a flow and users of whom the same is to be said, together; everything else alone."""
    groups: dict[object, list[Thing]] = {}
    for thing in things:
        look = looks.of(thing)
        near = (frozenset(graph.pred[thing]), frozenset(graph.succ[thing]))
        folds = thing.kind in _FOLDED and (thing.kind is not ThingKind.ENTRY or looks.dials_out(thing))
        notes = () if thing.kind is ThingKind.TRUNK else look.notes
        key = (thing.kind, look.kind, look.caption, notes, near) if folds else thing
        groups.setdefault(key, []).append(thing)
    return [tuple(group) for group in groups.values()]


def _node(index: int, looks: list[_Look]) -> Node:
    first = looks[0]
    if len(looks) == 1:
        return Node(f"o{index}", first.kind, first.title, caption=first.caption, changes=first.notes)
    notes = tuple(f"{look.name}: {', '.join(look.notes)}" for look in looks)
    same = len({look.notes for look in looks}) == 1
    title = f"{len(looks)} {_MANY[first.caption]}"
    return Node(f"o{index}", first.kind, title, changes=first.notes if same else notes)


class _Looks:
    """What is to be said of each thing."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement, self.analysis = judgement, judgement.analysis
        self._faults = _faults(judgement)
        self._verdicts = _verdicts(judgement)
        self._asking = {self.analysis.program.points[point].flow for point in self.analysis.facts.points}
        self._enabling = {point.flow for point, _ in self.analysis.program.acting(EnableRecording)}
        self._known: dict[Thing, _Look] = {}

    def of(self, thing: Thing) -> _Look:
        """The look of a thing."""
        found = self._known.get(thing)
        if found is None:
            found = self._known[thing] = self._look(thing)
        return found

    def dials_out(self, thing: Thing) -> bool:
        """Whether an entry is a user who dials out."""
        return self.analysis.ways[thing.number].kind is EntryKind.MANUAL

    def _look(self, thing: Thing) -> _Look:
        o, index = self.analysis.organisation, thing.number
        faults = self._faults.get(thing, ())
        kind = NodeKind.BAD if faults else NodeKind.STEP
        match thing.kind:
            case ThingKind.TRUNK:
                trunk = o.trunk_bases[index]
                words = _line(switch(trunk.line), switch(trunk.gate))
                return _Look(kind, trunk.name, trunk.name, "trunk", (words, *faults))
            case ThingKind.ENTRY:
                return self._entry(index)
            case ThingKind.FLOW:
                flow = o.flows[index]
                notes = [word for word, those in self._deeds() if index in those]
                return _Look(kind, flow.name, flow.name, f"flow ({flow.type.value})", (*notes, *faults))
            case ThingKind.USER:
                return self._user(index)
            case ThingKind.PHONE:
                phone, words = o.phones[index], _recording(self.analysis.stations.recording[index])
                return _Look(kind, phone.name, phone.name, "phone", (words, *faults))
            case ThingKind.QUEUE | ThingKind.GROUP:
                name = (o.queues if thing.kind is ThingKind.QUEUE else o.groups)[index].name
                return _Look(kind, name, name, thing.kind.value, faults)
            case ThingKind.OUTSIDE:
                return _Look(NodeKind.STEP, OUTSIDE[index], OUTSIDE[index], "")

    def _deeds(self) -> Iterator[tuple[str, set[int]]]:
        yield "asks about recording", self._asking
        yield "enables recording", self._enabling
        yield "no call comes here", set(range(len(self.analysis.organisation.flows))) - self._reached

    @property
    def _reached(self) -> set[int]:
        return set().union(*(self.analysis.flows_of(way) for way in self.analysis.audited_ways))

    def _entry(self, index: int) -> _Look:
        way = self.analysis.ways[index]
        verdict = self._verdicts.get(index, VerdictWord.UNKNOWN)
        numbers = ", ".join(way.numbers)
        title = f"{numbers} {way.name}" if way.kind is EntryKind.ROUTE and numbers else way.name
        caption = _DIALS if way.kind is EntryKind.MANUAL else way.kind.value
        return _Look(_LOOKS[verdict], way.name, title, caption, (_VERDICTS[verdict],))

    def _user(self, index: int) -> _Look:
        stations = self.analysis.stations
        user = self.analysis.organisation.users[index]
        own = stations.own_phones(user.id)
        words = {f"phone {_recording(stations.recording[phone])}" for phone in own} or {"no phone of their own"}
        faults = {code for phone in own for code in self._faults.get(Thing(ThingKind.PHONE, phone), ())}
        kind = NodeKind.BAD if faults else NodeKind.STEP
        return _Look(kind, user.name, user.name, "user", (*sorted(words), *sorted(faults)))


def _line(line: Switch, gate: Switch) -> str:
    match line, gate:
        case Switch.OFF, _:
            return "does not record"
        case Switch.ON, Switch.ON:
            return "records once it is enabled"
        case Switch.ON, Switch.OFF:
            return "records every call at once"
        case _:
            return "not known whether it records"


def _recording(setting: Setting[bool]) -> str:
    if isinstance(setting, Known):
        return "records" if setting.value else "does not record"
    return "may record"


def _verdicts(judgement: Judgement) -> Mapping[int, VerdictWord]:
    """The worst verdict of each entry."""
    worst: dict[int, VerdictWord] = {}
    for case, verdict in zip(judgement.analysis.cases, judgement.verdicts, strict=True):
        worst[case.way] = min(worst.get(case.way, VerdictWord.PROVED), verdict.verdict, key=_WORST.index)
    return worst


def _faults(judgement: Judgement) -> Mapping[Thing, tuple[str, ...]]:
    """The codes of certain findings about recording without consent, in one text, by what they are about."""
    points = judgement.analysis.program.points
    found: dict[Thing, dict[str, None]] = {}
    for (code, key), evidence in sorted(judgement.judged.found.items(), key=lambda item: item[0][0]):
        if not code.startswith("RC") or not evidence.locals or not evidence.certain or evidence.latent:
            continue
        if key.kind == "point" and key.index in points:
            found.setdefault(Thing(ThingKind.FLOW, points[key.index].flow), {})[code] = None
        elif key.kind in ("trunk", "phone", "queue"):
            found.setdefault(Thing(ThingKind(key.kind), key.index), {})[code] = None
    return {thing: (", ".join(codes),) for thing, codes in found.items()}
