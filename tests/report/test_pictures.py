"""Pictures: what is in them, that nothing overlaps, and that each language can be read."""

from __future__ import annotations

import io
import re
from itertools import combinations
from xml.etree import ElementTree

import networkx as nx
import pytest
from msgspec.structs import replace

from auditor.findings import Audit, Finding
from auditor.report.drawing import drawn
from auditor.report.layers import WIDTH, layered
from auditor.report.picture_texts import FORMATS
from auditor.views.picture import Edge, EdgeKind, Node, NodeKind, Picture, finding_picture
from tests.builders import FINDING, state, step
from tests.report.hostile import MARKUP
from tests.report.samples import LONG, TWIN, WITH_TWIN


def picture(finding: Finding = WITH_TWIN) -> Picture:
    found = finding_picture(finding)
    assert found is not None
    return found


def test_the_witness_and_its_twin_with_the_branch_between_them() -> None:
    found = picture()
    assert [(node.id, node.kind, node.column) for node in found.nodes] == [
        ("w0", NodeKind.START, 0),
        ("w1", NodeKind.BRANCH, 0),
        ("w2", NodeKind.BAD, 0),
        ("t0", NodeKind.STEP, 1),
        ("fine", NodeKind.FINE, 1),
    ]
    sides = {(edge.source, edge.target): (edge.kind, edge.label, edge.changes) for edge in found.edges}
    assert sides["w1", "w2"] == (EdgeKind.TAKEN, "caller presses 2", ("consent refused", "notice heard"))
    assert sides["w1", "t0"] == (EdgeKind.INSTEAD, "caller presses 1", ("consent granted", "notice heard"))
    assert found.nodes[2].changes == ("recording enabled",)


def test_a_finding_without_a_run_has_no_picture() -> None:
    assert finding_picture(replace(FINDING, witness=())) is None


def test_what_begins_at_the_end_is_a_node_of_its_own() -> None:
    last = replace(
        step("x", 1, state(place="queue")), what="a call comes in", why="it is open", event="recording starts"
    )
    found = picture(replace(FINDING, witness=(last,), twin=replace(TWIN, parting=0)))
    assert [node.title for node in found.nodes[:2]] == ["a call comes in", "recording starts"]
    assert found.nodes[0].kind is NodeKind.BRANCH
    assert found.edges[0] == Edge("w0", "end", "it is open", EdgeKind.TAKEN)


def test_the_twin_may_end_at_once() -> None:
    found = picture(replace(FINDING, twin=replace(TWIN, steps=(), after=None)))
    assert found.nodes[-1].title == "the call ends, and nothing is wrong"
    assert found.edges[-1].label == "caller presses 1"


def test_a_long_witness_is_shown_with_its_ends_and_what_is_left_out_is_counted() -> None:
    found = picture(LONG)
    hidden = sum(int(node.title.split()[0]) for node in found.nodes if node.kind is NodeKind.GAP)
    shown = [node for node in found.nodes if node.kind is not NodeKind.GAP]
    assert hidden + len(shown) == 2500
    assert len(found.nodes) < 20
    assert [found.nodes[0].number, found.nodes[-1].number] == [1, 2500]


def test_in_a_long_witness_every_change_is_shown() -> None:
    steps = list(LONG.witness)
    steps[700] = replace(steps[700], state=state("refused"))
    for index in range(701, 2500):
        steps[index] = replace(steps[index], state=state("refused"))
    found = picture(replace(LONG, witness=tuple(steps)))
    assert [edge.source for edge in found.edges if "consent refused" in edge.changes] == ["w700"]
    assert "w700" in {node.id for node in found.nodes}


def overlapping(boxes: list[tuple[int, int, int, int]]) -> list[tuple[tuple[int, int, int, int], ...]]:
    return [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
    ]


def test_cards_never_overlap_and_stay_on_the_paper(demo: Audit) -> None:
    drawings = [drawn(found) for found in map(finding_picture, demo.findings) if found is not None]
    assert len(drawings) > 30
    for drawing in drawings:
        boxes = [(card.x, card.y, card.width, card.height) for card in drawing.cards]
        assert overlapping(boxes) == []
        assert max(x + w for x, _, w, _ in boxes) <= drawing.width
        assert max(y + h for _, y, _, h in boxes) <= drawing.height


def graph(*pairs: tuple[int, int], count: int = 8) -> Picture:
    nodes = tuple(Node(f"n{n}", NodeKind.STEP, f"node {n}") for n in range(count))
    return Picture("graph", "a graph", nodes, tuple(Edge(f"n{a}", f"n{b}", f"{a} to {b}") for a, b in pairs))


GRAPHS = [
    graph((0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (0, 4), (4, 1), (4, 5), (5, 5), (4, 6), (6, 7), (0, 7)),
    graph(),
    graph((0, 1), (1, 0), (1, 2), (2, 0), count=3),
    graph(*((0, n) for n in range(1, 8))),
    graph(*((n, 7) for n in range(7))),
]


@pytest.mark.parametrize("found", GRAPHS)
def test_layers_lead_down_and_nothing_overlaps(found: Picture) -> None:
    layout = layered(found)
    assert overlapping([(box.x, box.y, WIDTH, box.height) for box in layout.boxes]) == []
    assert min(box.x for box in layout.boxes) >= 0
    assert max(box.x + WIDTH for box in layout.boxes) <= layout.width
    top = {box.node.id: box.y for box in layout.boxes}
    for link in layout.links:
        if link.edge.source != link.edge.target:
            assert (top[link.edge.source] > top[link.edge.target]) is link.back
    assert len(layout.links) == len(found.edges)


def test_only_loops_lead_back() -> None:
    assert [(k.edge.source, k.edge.target) for k in layered(GRAPHS[0]).links if k.back] == [("n4", "n1"), ("n5", "n5")]


def hostile(text: str) -> Picture:
    found = picture()
    nodes = tuple(replace(node, title=text, caption=text) for node in found.nodes)
    edges = tuple(replace(edge, label=text) for edge in found.edges)
    return Picture(text, text, nodes, edges)


TEXTS = [*MARKUP, 'a"b\\c', "a\nb", "end", "x]-->y", "%%{init}%%", "\x00\ufffe", "あいう" * 40]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("make", [hostile, lambda text: replace(GRAPHS[0], title=text)])
def test_svg_is_xml_with_the_text_as_text(text: str, make: object) -> None:
    found = make(text) if callable(make) else picture()
    root = ElementTree.fromstring(FORMATS["svg"](found))
    tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
    assert tags <= {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "polyline",
        "polygon",
        "line",
        "text",
        "g",
        "circle",
        "path",
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)


@pytest.mark.parametrize("text", TEXTS)
def test_graphml_is_read_by_networkx(text: str) -> None:
    read = nx.read_graphml(io.BytesIO(FORMATS["graphml"](hostile(text)).encode()))
    assert sorted(read.edges) == sorted((edge.source, edge.target) for edge in picture().edges)
    if text in MARKUP:
        assert read.nodes["w0"]["title"] == text
        assert read.edges["w0", "w1"]["why"] == text


STRING = r'"(?:[^"\\]|\\.)*"'
DOT_LINES = (
    r"digraph \{",
    rf"  label={STRING};",
    r"  node \[shape=box, style=rounded\];",
    rf"  {STRING} \[label={STRING}(, shape=\w+)?(, color={STRING})?\];",
    rf"  {STRING} -> {STRING} \[label={STRING}(, color={STRING})?\];",
    r"\}",
)


@pytest.mark.parametrize("text", TEXTS)
def test_dot_keeps_texts_in_their_strings(text: str) -> None:
    lines = FORMATS["dot"](hostile(text)).splitlines()
    for line in lines:
        assert any(re.fullmatch(pattern, line) for pattern in DOT_LINES), line
    assert sum(" -> " in re.sub(STRING, "", line) for line in lines) == len(picture().edges)


@pytest.mark.parametrize("text", TEXTS)
def test_mermaid_keeps_texts_in_their_quotes(text: str) -> None:
    first, *lines = FORMATS["mermaid"](hostile(text)).splitlines()
    assert first == "flowchart TD"
    word = r'"(?:[\w .,+/:-]|#\d+;|<br/>)*"'
    node, edge = rf"  \w+(\(\[{word}\]\)|\{{{word}\}}|\[{word}\])", rf"  \w+ -->(\|{word}\|)? \w+"
    for line in lines:
        assert re.fullmatch(rf"{node}|{edge}|  classDef .*|  class [\w,]+ \w+", line), line
    assert sum("-->" in re.sub(word, "", line) for line in lines) == len(picture().edges)
