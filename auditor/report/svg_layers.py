"""Pictures of entries as SVG."""

from __future__ import annotations

from xml.etree import ElementTree  # nosec B405 # writes XML, reads none

from auditor.report.drawing import LINE, SMALL
from auditor.report.layers import WIDTH, Box, Layout, Link
from auditor.report.svg import Element, add, canvas, write
from auditor.report.xml_text import xml_text
from auditor.views.picture import NodeKind


def svg_layers(layout: Layout, style: str) -> str:
    """The drawing as a file of its own."""
    root = canvas(layout.picture, layout.width, layout.height, "", style)
    for link in layout.links:
        _line(root, link)
    for box in layout.boxes:
        _box(root, box)
    for link in layout.links:
        if link.label:
            text = write(root, *link.at, link.label, "why over")
            add(text, "title", xml_text(link.edge.label))
    return ElementTree.tostring(root, encoding="unicode")


def _line(root: Element, link: Link) -> None:
    points = " ".join(f"{x},{y}" for x, y in link.corners)
    add(root, "polyline", points=points, **{"class": "link back" if link.back else "link"})
    (x1, y1), (x2, y2) = link.corners[-2:]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    dx, dy = (x2 - x1) / length * 8, (y2 - y1) / length * 8
    left, right = (x2 - dx - dy / 2, y2 - dy + dx / 2), (x2 - dx + dy / 2, y2 - dy - dx / 2)
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((x2, y2), left, right))
    add(root, "polygon", points=head, **{"class": "arrow"})


def _box(root: Element, box: Box) -> None:
    node = box.node
    group = add(root, "g", **{"class": f"node {node.kind.value}"})
    add(group, "title", xml_text(node.title))
    radius = "12" if node.kind is NodeKind.GAP else "7"
    add(group, "rect", x=str(box.x), y=str(box.y), width=str(WIDTH), height=str(box.height), rx=radius)
    y = box.y + (4 if node.kind is NodeKind.GAP else 7)
    if box.caption:
        write(group, box.x + 9, y + 10, box.caption, "caption")
        y += SMALL
    for line in box.lines:
        write(group, box.x + 9, y + 12, line, "")
        y += LINE
    for note in box.notes:
        write(group, box.x + 9, y + 11, note, "caption")
        y += SMALL
