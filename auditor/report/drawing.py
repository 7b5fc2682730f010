"""Where the parts of a finding's picture stand: a line downwards with cards beside it; the twin in a second column."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.findings import StepState
from auditor.report.text import safe
from auditor.report.wrap import columns, wrapped
from auditor.views.picture import Edge, EdgeKind, Node, NodeKind, Picture

CARD = 268
GAP = 48
MARGIN = 14
RAIL = 20
"""Left edge of a column to its line."""
INDENT = 42
"""Left edge of a column to its cards."""
LINE, SMALL, CHIP = 17, 15, 20
TITLE_COLUMNS, LABEL_COLUMNS = 35, 39
MOST_LINES = 3


class Card(Struct, frozen=True):
    """A node in its place. lines: its title, broken; caption: where it stands."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    caption: str


class Way(Struct, frozen=True):
    """An edge in its place: corners of its line, where its label begins, and the state along it."""

    edge: Edge
    corners: tuple[tuple[int, int], ...]
    label: tuple[str, ...]
    at: tuple[int, int]
    state: StepState | None


class Drawing(Struct, frozen=True):
    """Everything in its place. heads: (text, x, y, column) above the two columns."""

    picture: Picture
    width: int
    height: int
    cards: tuple[Card, ...]
    ways: tuple[Way, ...]
    heads: tuple[tuple[str, int, int, int], ...] = ()


def shortened(text: str, width: int, most: int) -> tuple[str, ...]:
    """The text in at most so many lines, with three dots where it goes on."""
    lines = [line for line in wrapped(safe(text), width) if line]
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while columns(last) > width - 4:
        last = last[:-1]
    return (*lines[: most - 1], f"{last} ...")


def drawn(picture: Picture) -> Drawing:
    """The picture of a finding with each part in its place."""
    first = [node for node in picture.nodes if node.column == 0]
    second = [node for node in picture.nodes if node.column == 1]
    into = {edge.target: edge for edge in picture.edges}
    sign = next((edge.source for edge in picture.edges if edge.kind is EdgeKind.INSTEAD), "")
    head = 22 if second else 0
    cards, ways, bottom = _column(first, into, 0, MARGIN, sign, head)
    heads: tuple[tuple[str, int, int, int], ...] = ()
    if second:
        above = next(card for card in cards if card.node.id == sign)
        y = above.y + above.height
        beside, more, end = _column(second, into, 1, y, "", 0, above, head)
        cards, ways, bottom = [*cards, *beside], [*ways, *more], max(bottom, end)
        words = ("this call", "nearest call that is fine")
        heads = tuple((word, _left(c) + INDENT, y + 20, c) for c, word in enumerate(words))
    width = MARGIN + _left(1 if second else 0) + INDENT + CARD
    return Drawing(picture, width, bottom + MARGIN, tuple(cards), tuple(ways), heads)


def _left(column: int) -> int:
    return MARGIN + column * (INDENT + CARD + GAP)


def _column(
    nodes: Sequence[Node], into: dict[str, Edge], column: int, y: int, sign: str, head: int,
    above: Card | None = None, first: int = 0,
) -> tuple[list[Card], list[Way], int]:  # fmt: skip
    """One column from y downwards. above: the card from which it branches off; head, first: room for headings."""
    cards: list[Card] = []
    ways: list[Way] = []
    rail = _left(column) + RAIL
    before = above
    for node in nodes:
        if before is not None:
            edge = into[node.id]
            room = first if before is above else head if before.node.id == sign else 0
            label = shortened(edge.label, LABEL_COLUMNS, 2) if edge.label else ()
            top = before.y + before.height + 10 + room
            y = top + max(len(label) * SMALL + (CHIP + 2 if edge.changes else 0), 4) + 10
            corners = _corners(before, rail, y)
            ways.append(Way(edge, corners, label, (_left(column) + INDENT, top), node.state))
        card = _card(node, _left(column) + INDENT, y)
        cards.append(card)
        before, y = card, y + card.height
    return cards, ways, y


def _corners(before: Card, rail: int, y: int) -> tuple[tuple[int, int], ...]:
    own = before.x - INDENT + RAIL
    bottom = before.y + before.height // 2
    if own == rail:
        return ((rail, bottom), (rail, y + 12))
    return ((before.x + before.width, bottom), (rail, bottom), (rail, y + 12))


def _card(node: Node, x: int, y: int) -> Card:
    if node.kind is NodeKind.GAP:
        return Card(node, x, y, CARD, 22, shortened(node.title, TITLE_COLUMNS, 1), "")
    lines = shortened(node.title, TITLE_COLUMNS, MOST_LINES)
    caption = shortened(node.caption, LABEL_COLUMNS, 1)[0] if node.caption else ""
    height = 14 + len(lines) * LINE + (SMALL if caption else 0) + (CHIP + 4 if node.changes else 0)
    return Card(node, x, y, CARD, height, lines, caption)
