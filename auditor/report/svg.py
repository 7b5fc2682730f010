"""Drawings as SVG: inside the HTML report, whose style sheet colours them, or as a file of their own."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree  # nosec B405 # writes XML, reads none

from auditor.report.drawing import CHIP, INDENT, LINE, RAIL, SMALL, Card, Drawing, Way
from auditor.report.wrap import columns
from auditor.report.xml_text import xml_text
from auditor.views.picture import EdgeKind, NodeKind, Picture

Element = ElementTree.Element
NAMESPACE = "http://www.w3.org/2000/svg"
_SIGNS = {NodeKind.BAD: "✕", NodeKind.FINE: "✓", NodeKind.GAP: "⋮"}
_STRAIGHT = 2
_GOOD = ("consent granted",)
_BAD = ("consent refused", "consent unanswered", "recording enabled")


def svg(drawing: Drawing, name: str = "", style: str = "") -> str:
    """The drawing. name: prefix of its ids, different for each drawing of a page; style: for a file of its own."""
    root = canvas(drawing.picture, drawing.width, drawing.height, name, style)
    for way in drawing.ways:
        _line(root, way)
    for words, x, y, column in drawing.heads:
        write(root, x, y, words, "head good" if column else "head bad")
    for way in drawing.ways:
        _label(root, way)
    for card in drawing.cards:
        _card(root, card)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def canvas(picture: Picture, width: int, height: int, name: str, style: str) -> Element:
    """An empty drawing with its title and description."""
    root = ElementTree.Element(
        "svg",
        {
            "class": "flow",
            "role": "img",
            "width": str(width),
            "height": str(height),
            "viewBox": f"0 0 {width} {height}",
            "aria-labelledby": f"{name}t {name}d",
        },
    )
    add(root, "title", xml_text(picture.title), id=f"{name}t")
    add(root, "desc", xml_text(picture.description), id=f"{name}d")
    if style:
        root.set("xmlns", NAMESPACE)
        add(root, "style", style)
        add(root, "rect", x="0", y="0", width="100%", height="100%", **{"class": "paper"})
    return root


def _line(root: Element, way: Way) -> None:
    points = " ".join(f"{x},{y}" for x, y in way.corners)
    consent = way.state.consent if way.state is not None else "unasked"
    consent = consent if consent in ("unasked", "unanswered", "refused", "granted") else "unasked"
    add(root, "polyline", points=points, **{"class": f"way {consent}"})
    if way.state is not None and way.state.enabled:
        (x, top), (_, bottom) = way.corners[-2:]
        add(root, "line", x1=str(x - 7), x2=str(x - 7), y1=str(top), y2=str(bottom), **{"class": "rec"})


def _label(root: Element, way: Way) -> None:
    x, y = way.at
    kind = "why bad" if way.edge.kind is EdgeKind.TAKEN else "why good" if len(way.corners) > _STRAIGHT else "why"
    for number, line in enumerate(way.label):
        text = write(root, x, y + 11 + number * SMALL, line, kind)
        if number == 0 and len(way.edge.label) > sum(len(each) for each in way.label) + 1:
            add(text, "title", xml_text(way.edge.label))
    fine = way.edge.kind is EdgeKind.INSTEAD
    _chips(root, way.edge.changes, x, y + len(way.label) * SMALL + 2, fine=fine)


def _card(root: Element, card: Card) -> None:
    node = card.node
    rail, middle = card.x - INDENT + RAIL, card.y + min(card.height // 2, 20)
    if node.kind is NodeKind.GAP:
        write(root, rail - 2, middle + 4, _SIGNS[node.kind], "gap")
        write(root, card.x, middle + 4, card.lines[0], "gap")
        return
    group = add(root, "g", **{"class": f"node {node.kind.value}"})
    add(group, "title", xml_text(node.title))
    add(group, "rect", x=str(card.x), y=str(card.y), width=str(card.width), height=str(card.height), rx="7")
    if node.kind is NodeKind.BRANCH:
        d = f"M{rail} {middle - 14}L{rail + 14} {middle}L{rail} {middle + 14}L{rail - 14} {middle}Z"
        add(group, "path", d=d, **{"class": "sign"})
    else:
        add(group, "circle", cx=str(rail), cy=str(middle), r="11", **{"class": "sign"})
    sign = _SIGNS.get(node.kind, "") if not node.number or node.kind is NodeKind.BAD else str(node.number)
    write(group, rail, middle + 4, sign, "number")
    y = card.y + 7
    if card.caption:
        write(group, card.x + 11, y + 10, card.caption, "caption")
        y += SMALL
    for line in card.lines:
        write(group, card.x + 11, y + 12, line, "")
        y += LINE
    _chips(group, node.changes, card.x + 11, y + 2)


def _chips(root: Element, words: Iterable[str], x: int, y: int, *, fine: bool = False) -> None:
    for word in words:
        shown = xml_text(word)
        width = round(columns(shown) * 6.9) + 14
        kind = "good" if word in _GOOD else "bad" if word in _BAD and not fine else "plain"
        chip = add(root, "g", **{"class": f"chip {kind}"})
        add(chip, "rect", x=str(x), y=str(y), width=str(width), height=str(CHIP - 3), rx="8")
        write(chip, x + 7, y + 12, shown, "")
        x += width + 6


def write(parent: Element, x: int, y: int, words: str, kind: str) -> Element:
    """A line of text."""
    attributes = {"x": str(x), "y": str(y)}
    if kind:
        attributes["class"] = kind
    return add(parent, "text", xml_text(words), **attributes)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """An element inside another; whatever is in the text, the library escapes it."""
    element = ElementTree.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element
