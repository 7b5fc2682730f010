"""Where the parts of a picture of an entry stand: in layers, each way leading down; loops lead back up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from auditor.report.drawing import LINE, SMALL, shortened
from auditor.views.picture import Edge, Node, NodeKind, Picture

WIDTH, BETWEEN, LAYER, BEND = 206, 36, 56, 22
MARGIN = 14
SWEEPS = 6
TITLE_COLUMNS, LABEL_COLUMNS, WHY_COLUMNS = 26, 31, 24


class Box(Struct, frozen=True):
    """A node in its place."""

    node: Node
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    caption: str
    notes: tuple[str, ...]


class Link(Struct, frozen=True):
    """An edge in its place. back: it leads to an earlier layer; at: where its label stands."""

    edge: Edge
    corners: tuple[tuple[int, int], ...]
    label: str
    at: tuple[int, int]
    back: bool


class Layout(Struct, frozen=True):
    """Everything in its place."""

    picture: Picture
    width: int
    height: int
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]


class _Graph(Struct):
    """Nodes and the bends of long edges as numbers; layers of them in their order."""

    rank: dict[int, int]
    up: dict[int, list[int]] = field(default_factory=dict)
    down: dict[int, list[int]] = field(default_factory=dict)
    layers: list[list[int]] = field(default_factory=list)

    def join(self, above: int, below: int) -> None:
        """Two neighbours in neighbouring layers."""
        self.down.setdefault(above, []).append(below)
        self.up.setdefault(below, []).append(above)


def layered(picture: Picture) -> Layout:
    """The picture with each part in its place."""
    number = {node.id: index for index, node in enumerate(picture.nodes)}
    pairs = [(number[edge.source], number[edge.target]) for edge in picture.edges]
    back = _loops(len(picture.nodes), pairs)
    graph = _Graph(_ranks(len(picture.nodes), pairs, back))
    bends = [_bent(graph, pair, index in back) for index, pair in enumerate(pairs)]
    order = sorted(graph.rank, key=lambda each: (graph.rank[each], each))
    for each in order:
        while len(graph.layers) <= graph.rank[each]:
            graph.layers.append([])
        graph.layers[graph.rank[each]].append(each)
    _untangle(graph)
    return _placed(picture, graph, pairs, bends, back)


def _loops(count: int, pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The edges that lead back to where a walk has come from."""
    ways: dict[int, list[tuple[int, int]]] = {}
    for index, (source, target) in enumerate(pairs):
        ways.setdefault(source, []).append((index, target))
    back: set[int] = set()
    colour = [0] * count
    for start in range(count):
        stack = [(start, iter(ways.get(start, ())))] if not colour[start] else []
        colour[start] = colour[start] or 1
        while stack:
            node, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                colour[node] = 2
                stack.pop()
            elif colour[step[1]] == 1:
                back.add(step[0])
            elif not colour[step[1]]:
                colour[step[1]] = 1
                stack.append((step[1], iter(ways.get(step[1], ()))))
    return back


def _ranks(count: int, pairs: Sequence[tuple[int, int]], back: set[int]) -> dict[int, int]:
    """Each node one layer below the lowest of those that lead to it."""
    rank = dict.fromkeys(range(count), 0)
    onward = [pair for index, pair in enumerate(pairs) if index not in back]
    for _ in range(count):
        changed = False
        for source, target in onward:
            if rank[target] <= rank[source]:
                rank[target] = rank[source] + 1
                changed = True
        if not changed:
            break
    return rank


def _bent(graph: _Graph, pair: tuple[int, int], back: bool) -> list[int]:
    """The bends of an edge, one in each layer that it passes, from its upper end down."""
    above, below = reversed(pair) if back else pair
    found: list[int] = []
    for rank in range(graph.rank[above] + 1, graph.rank[below]):
        bend = len(graph.rank)
        graph.rank[bend] = rank
        found.append(bend)
    chain = [above, *found, below]
    if above != below:
        for one, other in pairwise(chain):
            graph.join(one, other)
    return found


def _untangle(graph: _Graph) -> None:
    """Each layer in the order of the middle of its neighbours, down and up again."""
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = graph.up if down else graph.down
        layers = graph.layers if down else graph.layers[::-1]
        for before, layer in pairwise(layers):
            at = {each: index for index, each in enumerate(before)}
            middle = {e: _middle([at[n] for n in near.get(e, ()) if n in at], i) for i, e in enumerate(layer)}
            layer.sort(key=middle.__getitem__)


def _middle(places: Sequence[int], otherwise: int) -> float:
    return sum(places) / len(places) if places else float(otherwise)


def _places(graph: _Graph, count: int) -> dict[int, float]:
    """The middle of each node and bend: near the middle of its neighbours, none closer than there is room for."""
    room = {each: (WIDTH + BETWEEN if each < count else BEND) / 2 for each in graph.rank}
    middle: dict[int, float] = {}
    for layer in graph.layers:
        _apart(layer, dict.fromkeys(layer, 0.0), room, middle)
    for sweep in range(2 * SWEEPS):
        layers = graph.layers if sweep % 2 else graph.layers[::-1]
        for layer in layers:
            wanted = {}
            for each in layer:
                near = [middle[n] for n in (*graph.up.get(each, ()), *graph.down.get(each, ()))]
                wanted[each] = sum(near) / len(near) if near else middle[each]
            _apart(layer, wanted, room, middle)
    left = min((middle[each] - room[each] for each in middle), default=0.0)
    return {each: middle[each] - left + MARGIN - BETWEEN / 2 for each in middle}


def _apart(
    layer: Sequence[int], wanted: Mapping[int, float], room: Mapping[int, float], middle: dict[int, float]
) -> None:
    """Puts a layer where it is wanted, its order kept: those that are too close are shared out around their middle."""
    groups: list[tuple[list[int], float]] = []
    for each in layer:
        members, start = [each], wanted[each] - room[each]
        while groups and groups[-1][1] + _length(groups[-1][0], room) > start:
            before, _ = groups.pop()
            members = [*before, *members]
            offset, total = 0.0, 0.0
            for member in members:
                total += wanted[member] - offset - room[member]
                offset += 2 * room[member]
            start = total / len(members)
        groups.append((members, start))
    for members, start in groups:
        for member in members:
            middle[member] = start + room[member]
            start += 2 * room[member]


def _length(members: Sequence[int], room: Mapping[int, float]) -> float:
    return sum(2 * room[member] for member in members)


def _placed(
    picture: Picture, graph: _Graph, pairs: Sequence[tuple[int, int]], bends: Sequence[Sequence[int]], back: set[int]
) -> Layout:  # fmt: skip
    middle = {each: round(x) for each, x in _places(graph, len(picture.nodes)).items()}
    y: dict[int, int] = {}
    boxes: dict[int, Box] = {}
    top = MARGIN
    for layer in graph.layers:
        made = {each: _box(picture.nodes[each], middle[each], top) for each in layer if each < len(picture.nodes)}
        height = max((box.height for box in made.values()), default=0)
        y.update(dict.fromkeys(layer, top))
        boxes.update(made)
        top += height + LAYER
    links = tuple(
        _link(edge, pair, bend, index in back, middle, y, boxes)
        for index, (edge, pair, bend) in enumerate(zip(picture.edges, pairs, bends, strict=True))
    )
    width = max((x for x in middle.values()), default=0) + WIDTH // 2 + 2 * MARGIN
    return Layout(picture, width, top - LAYER + MARGIN, tuple(boxes[each] for each in sorted(boxes)), links)


def _box(node: Node, middle: int, y: int) -> Box:
    x = middle - WIDTH // 2
    if node.kind is NodeKind.GAP:
        return Box(node, x, y, 24, shortened(node.title, TITLE_COLUMNS, 1), "", ())
    lines = shortened(node.title, TITLE_COLUMNS, 3)
    caption = shortened(node.caption, LABEL_COLUMNS, 1)[0] if node.caption else ""
    notes = tuple(line for change in node.changes for line in shortened(change, LABEL_COLUMNS, 2))
    height = 14 + len(lines) * LINE + (SMALL if caption else 0) + len(notes) * SMALL
    return Box(node, x, y, height, lines, caption, notes)


def _link(
    edge: Edge, pair: tuple[int, int], bends: Sequence[int], back: bool, x: Mapping[int, int], y: Mapping[int, int],
    boxes: Mapping[int, Box],
) -> Link:  # fmt: skip
    above, below = reversed(pair) if back else pair
    points = [(x[above], y[above] + boxes[above].height)]
    points += [(x[bend], y[bend] + 10) for bend in bends]
    points.append((x[below], y[below]))
    if above == below:
        right = x[above] + WIDTH // 2
        points = [(right, y[above] + 8), (right + 16, y[above] + 14), (right, y[above] + 20)]
    label = shortened(edge.label, WHY_COLUMNS, 1)[0] if edge.label else ""
    (x1, y1), (x2, y2) = points[0], points[1]
    at = ((x1 * 2 + x2 * 3) // 5, (y1 * 2 + y2 * 3) // 5 + 4)
    return Link(edge, tuple(reversed(points) if back else points), label, at, back)
