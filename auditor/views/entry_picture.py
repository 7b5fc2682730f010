"""The picture of one entry: where its calls can go, each place once, on one leg."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct, field

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.calls import Call, Calls
from auditor.findings import Subject
from auditor.policy.subjects import Subjects
from auditor.policy.witness import Witnesses
from auditor.views.picture import Edge, Node, NodeKind, Picture

MOST_PLACES = 120
MOST_SITUATIONS = 20_000
CROWDED = 3
"""A place from which calls do not go on, and to which so many ways lead, is drawn once and named at the others."""


class _Found(Struct):
    """Places in the order in which they are reached, and the reasons of the ways between them; -1 is the end."""

    places: dict[int, None] = field(default_factory=dict)
    ways: dict[tuple[int, int], dict[str, None]] = field(default_factory=dict)
    asking: set[int] = field(default_factory=set)
    whole: bool = True


def entry_picture(analysis: Analysis, case: Case, wrong: Collection[Subject] = ()) -> Picture:
    """Every place that a call of the case can reach. wrong: objects of findings, which are marked."""
    found = _walk(analysis, case)
    way = analysis.ways[case.way]
    shown = list(found.places)[:MOST_PLACES]
    drawer = _Drawer(Witnesses(analysis, Subjects(analysis)), found, set(wrong))
    known = set(shown)
    ends = _gathering(found)
    edges: list[Edge] = []
    told: dict[int, list[str]] = {point: [] for point in shown}
    for (a, b), why in found.ways.items():
        if a not in known or (b >= 0 and b not in known):
            continue
        if b < 0 or (b in ends and ends[b] != a):
            told[a].append(drawer.note(b, why))
        else:
            edges.append(drawer.edge(a, b))
    nodes = [drawer.node(point, told[point]) for point in shown]
    hidden = len(found.places) - len(shown)
    onward = dict.fromkeys(a for a, b in found.ways if a in known and b >= 0 and b not in known)
    if onward or not found.whole:
        nodes.append(Node("more", NodeKind.GAP, f"{hidden} more places" if found.whole else "more places"))
        edges += [Edge(f"p{point}", "more") for point in onward]
    title = f'{way.kind.value} "{way.name}"'
    return Picture(title, f"Where calls of {title} can go: {len(shown)} places.", tuple(nodes), tuple(edges))


def _walk(analysis: Analysis, case: Case) -> _Found:
    found = _Found()
    calls = Calls(analysis, case.worlds[0].regime)
    waiting = [calls.begin(case.way)]
    seen: set[Call] = set(waiting)
    for call in waiting:
        found.places[call.point] = None
        if call.point in analysis.facts.points:
            found.asking.add(call.point)
        for move in calls.moves(call)[0]:
            target = -1 if move.after is None else move.after.point
            found.ways.setdefault((call.point, target), {})[move.why] = None
            if move.after is not None and move.after not in seen:
                if len(seen) >= MOST_SITUATIONS:
                    found.whole = False
                    continue
                seen.add(move.after)
                waiting.append(move.after)
    return found


class _Drawer(Struct, frozen=True):
    witnesses: Witnesses
    found: _Found
    wrong: set[Subject]

    def node(self, point: int, told: Sequence[str]) -> Node:
        subject, _ = self.witnesses.subjects.point(point)
        kind = NodeKind.STEP
        if subject in self.wrong:
            kind = NodeKind.BAD
        elif point in self.found.asking:
            kind = NodeKind.BRANCH
        elif point == next(iter(self.found.places)):
            kind = NodeKind.START
        caption = " › ".join(part for part in (subject.flow, subject.container) if part)
        return Node(f"p{point}", kind, self.witnesses.place(point), caption=caption, changes=tuple(dict.fromkeys(told)))

    def edge(self, source: int, target: int) -> Edge:
        reasons = [why for why in self.found.ways[source, target] if why]
        return Edge(f"p{source}", f"p{target}", "; ".join(reasons))

    def note(self, target: int, why: Iterable[str]) -> str:
        """A way that is not drawn, in words."""
        reasons = "; ".join(reason for reason in why if reason)
        return f"→ {self.witnesses.place(target)}" if target >= 0 else f"→ end: {reasons}"


def _gathering(found: _Found) -> dict[int, int]:
    """Places where calls from everywhere come to rest, each with the first place that leads there."""
    onward = {a for a, b in found.ways if b >= 0}
    into: dict[int, list[int]] = {}
    for a, b in found.ways:
        if b >= 0 and b not in onward:
            into.setdefault(b, []).append(a)
    return {b: sources[0] for b, sources in into.items() if len(sources) >= CROWDED}
