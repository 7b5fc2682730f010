"""Pictures in the languages of drawing programs: DOT, Mermaid, GraphML; and as SVG files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from types import MappingProxyType

from auditor.report.drawing import drawn
from auditor.report.layers import layered
from auditor.report.svg import svg
from auditor.report.svg_layers import svg_layers
from auditor.report.text import safe
from auditor.report.xml_text import xml_text
from auditor.views.picture import Edge, EdgeKind, Node, NodeKind, Picture

_SHAPES = {NodeKind.START: "oval", NodeKind.BRANCH: "diamond", NodeKind.GAP: "plaintext"}
_COLOURS = {NodeKind.BAD: "#a8071a", NodeKind.FINE: "#17603a"}
_SIDES = {EdgeKind.TAKEN: "#a8071a", EdgeKind.INSTEAD: "#17603a"}


def to_svg(picture: Picture) -> str:
    """A file of its own, light or dark as the viewer is."""
    style = resources.files("auditor.report").joinpath("templates", "flow.css").read_text(encoding="utf-8")
    finding = any(node.number for node in picture.nodes)
    return (svg(drawn(picture), style=style) if finding else svg_layers(layered(picture), style)) + "\n"


def to_dot(picture: Picture) -> str:
    """The language of Graphviz."""
    lines = ["digraph {", f"  label={_quoted(picture.title)};", "  node [shape=box, style=rounded];"]
    for node in picture.nodes:
        colour = f", color={_quoted(_COLOURS[node.kind])}" if node.kind in _COLOURS else ""
        shape = f", shape={_SHAPES[node.kind]}" if node.kind in _SHAPES else ""
        lines.append(f"  {_quoted(node.id)} [label={_quoted(_words(node))}{shape}{colour}];")
    for edge in picture.edges:
        colour = f", color={_quoted(_SIDES[edge.kind])}" if edge.kind in _SIDES else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(_why(edge))}{colour}];")
    return "\n".join([*lines, "}"]) + "\n"


def to_mermaid(picture: Picture) -> str:
    """The language that many wikis draw; nothing from an export can leave its quotes."""
    lines = ["flowchart TD"]
    for node in picture.nodes:
        left, right = {NodeKind.START: ("([", "])"), NodeKind.BRANCH: ("{", "}")}.get(node.kind, ("[", "]"))
        lines.append(f'  {node.id}{left}"{_entities(_words(node))}"{right}')
    for edge in picture.edges:
        why = _why(edge)
        lines.append(f"  {edge.source} -->" + (f'|"{_entities(why)}"| ' if why else " ") + edge.target)
    for kind, colour in _COLOURS.items():
        ids = ",".join(node.id for node in picture.nodes if node.kind is kind)
        if ids:
            lines += [f"  classDef {kind.value} stroke:{colour},stroke-width:3px", f"  class {ids} {kind.value}"]
    return "\n".join(lines) + "\n"


def to_graphml(picture: Picture) -> str:
    """XML for graph programs such as yEd and Gephi."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in picture.nodes:
        texts = {
            "title": node.title,
            "kind": node.kind.value,
            "caption": node.caption,
            "notes": "; ".join(node.changes),
        }
        graph.add_node(node.id, number=node.number, **_xml(texts))
    for edge in picture.edges:
        texts = {"why": edge.label, "side": edge.kind.value, "changes": "; ".join(edge.changes)}
        graph.add_edge(edge.source, edge.target, **_xml(texts))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join([head, *nx.generate_graphml(graph, named_key_ids=True)]) + "\n"


def _xml(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: xml_text(text) for name, text in texts.items()}


def _words(node: Node) -> str:
    number = f"{node.number}. " if node.number else ""
    return "\n".join([f"{number}{node.title}", *([node.caption] if node.caption else []), *node.changes])


def _why(edge: Edge) -> str:
    return "\n".join(part for part in (edge.label, *edge.changes) if part)


def _quoted(text: str) -> str:
    lines = (safe(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'


def _entities(text: str) -> str:
    """Mermaid writes entities with a number sign; whatever is not plain becomes one."""
    return "".join(_entity(sign) for sign in "\n".join(safe(line) for line in text.split("\n")))


def _entity(sign: str) -> str:
    if sign == "\n":
        return "<br/>"
    return sign if sign.isalnum() or sign in " .,-+/:" else f"#{ord(sign)};"


Writer = Callable[[Picture], str]
FORMATS: Mapping[str, Writer] = MappingProxyType(
    {"svg": to_svg, "dot": to_dot, "mermaid": to_mermaid, "graphml": to_graphml}
)
