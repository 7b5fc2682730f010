"""HCL text (`*.tf`, `*.tfvars`) -> the values that the JSON syntax of Terraform would hold, and the line of each.

Strings keep their templates (`${...}`, `$${`); an expression that is no literal becomes the text `${expression}`, as in
`.tf.json`; `jsonencode(...)` becomes what it encodes. Blocks of one type are a list, labels are keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from auditor.errors import DocumentError
from auditor.loading.limits import MIB, check_values
from auditor.loading.pointers import escaped

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_DEPTH = 100
PIECE = 128 * 1024
LARGEST = MIB
"""Bytes parsed at once; up to the second number where the first ends inside of something.

The parser takes 80 to 600 bytes of memory for each byte, and longest where it has to guess what was meant.
"""
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_SPACES = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
_NAMED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LAST_CODE_POINT = 0x10FFFF
_TRUTHS = {"true": True, "false": False}


class HclBlock(Struct):
    """A block: `resource "type" "label" { ... }`. values: its content; lines: pointer below it -> line.

    dynamic: types of inner blocks that an expression makes -> what makes them; empty further inside, where that is
    not followed.
    """

    type: str
    labels: tuple[str, ...]
    line: int
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    dynamic: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def read_hcl(text: str) -> HclBlock:
    """The document as a block without a type. Raises DocumentError with the line where it goes wrong."""
    source = text.removeprefix("\ufeff").encode("utf-8", "replace")
    check_values(sum(map(source.count, (b"\n", b",", b"{", b"["))))
    document = HclBlock("", (), 1)
    for root in _roots(source):
        for body in root.named_children:
            if body.type == "body":
                _body(body, document, "", 0)
    return document


def _roots(source: bytes) -> Iterator[Node]:
    """The trees of the pieces of a document, each with the places of the whole.

    A piece that is right by itself is right in the document; one that is not may end inside of something.
    """
    start = row = 0
    while start < len(source):
        size = PIECE
        while (root := _parsed(source, start, end := _end(source, start, size), row)).has_error:
            if end == len(source):
                hint = "Export the file again, or mend the line by hand."
                raise DocumentError("This is not valid HCL.", _broken_line(root), hint)
            if size >= LARGEST:
                message = f"This is not valid HCL, or a block is larger than {LARGEST // MIB} MiB."
                raise DocumentError(message, _broken_line(root), "Divide the block, or mend the line by hand.")
            size *= 2
        yield root
        row += source.count(b"\n", start, end)
        start = end


def _end(source: bytes, start: int, size: int) -> int:
    """Where a piece of about this size ends: behind a block, else behind a line."""
    if len(source) - start <= size:
        return len(source)
    for sign in (b"\n}\n", b"\n}\r\n", b"\n"):
        found = source.rfind(sign, start, start + size)
        if found >= 0:
            return found + len(sign)
    return start + size


def _parsed(source: bytes, start: int, end: int, row: int) -> Node:
    from tree_sitter import Range

    parser = _parser()
    parser.included_ranges = [Range((row, 0), (row + source.count(b"\n", start, end), 0), start, end)]
    return parser.parse(source).root_node


def tree_of(text: str) -> Node:
    """The tree of a short document."""
    source = text.encode("utf-8", "replace")
    return _parsed(source, 0, len(source), 0)


def read_expression(text: str) -> object:
    """The value of an expression, as in `read_hcl`. Raises DocumentError."""
    return read_hcl(f"x = {text}\n").values.get("x")


def blocks_of(document: HclBlock) -> Iterator[HclBlock]:
    """The blocks at the top of a document, in order."""
    for held in document.values.values():
        if isinstance(held, list):
            yield from (block for block in held if isinstance(block, HclBlock))


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _broken_line(root: Node) -> int:
    node = root
    while not node.is_missing and node.type != "ERROR":
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    return node.start_point[0] + 1


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _body(body: Node, into: HclBlock, pointer: str, depth: int) -> None:
    """Attributes and blocks of a body. Only the blocks at the top stay blocks; inner ones become their values."""
    for node in body.named_children:
        if node.type == "attribute":
            name, expression = node.named_children[0], node.named_children[-1]
            key = _text(name)
            place = f"{pointer}/{escaped(key)}"
            if key in into.values:
                raise DocumentError(f"The attribute {key} stands twice in one block.", _line(node), "Remove one.")
            into.lines[place] = _line(node)
            into.values[key] = _Reader(into).value(expression, place, depth)
        elif node.type == "block":
            _block(node, into, pointer, depth)


def _block(node: Node, into: HclBlock, pointer: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _too_deep(node)
    head = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
    type, *labels = (_label(child) for child in head)
    block = HclBlock(type, tuple(labels), _line(node))
    if type == "dynamic" and labels and into.type:
        _dynamic(node, block, into, f"{pointer}/{escaped(labels[0])}", depth)
        return
    held = into.values.setdefault(type, [])
    if not isinstance(held, list):
        raise DocumentError(f"{type} is an attribute and a block at once.", _line(node), "Remove one of them.")
    place = f"{pointer}/{escaped(type)}/{len(held)}" if into.type else ""
    for body in node.named_children:
        if body.type == "body":
            _body(body, block, place, depth + 1)
    if into.type:
        into.lines[place] = block.line
        into.lines.update(block.lines)
        into.dynamic.update((name, [{}]) for name in block.dynamic)
        held.append(block.values)
    else:
        held.append(block)


def _dynamic(node: Node, block: HclBlock, into: HclBlock, place: str, depth: int) -> None:
    """A block that makes others: `dynamic "name" { for_each = ..., content { ... } }`."""
    for body in node.named_children:
        if body.type == "body":
            _body(body, block, place, depth + 1)
    into.lines[place] = block.line
    into.dynamic.setdefault(block.labels[0], []).append({} if block.dynamic else block.values)


def _label(node: Node) -> str:
    return _unescaped(_text(node).strip('"')) if node.type == "string_lit" else _text(node)


class _Reader(Struct):
    """Values of expressions; lines of what they hold go to the block."""

    block: HclBlock

    def value(self, node: Node, place: str, depth: int) -> object:
        """A literal, a list, an object, a template, or `${expression}`."""
        if depth > MAX_DEPTH:
            raise _too_deep(node)
        while node.type in ("expression", "literal_value", "template_expr", "collection_value"):
            inner = [child for child in node.named_children if child.type != "comment"]
            if len(inner) != 1:
                return _expression(node)
            node = inner[0]
        match node.type:
            case "string_lit" | "quoted_template":
                return _template(node)
            case "numeric_lit" | "operation" if _NUMBER.fullmatch(_text(node)):
                return _number(_text(node))
            case "bool_lit":
                return _TRUTHS[_text(node)]
            case "null_lit":
                return None
            case "heredoc_template":
                return _heredoc(_text(node))
            case "tuple":
                return self._list(node, place, depth)
            case "object":
                return self._object(node, place, depth)
            case "function_call":
                return self._call(node, place, depth)
            case _:
                return _expression(node)

    def _list(self, node: Node, place: str, depth: int) -> list[object]:
        items = [child for child in node.named_children if child.type == "expression"]
        values = []
        for index, item in enumerate(items):
            self.block.lines[f"{place}/{index}"] = _line(item)
            values.append(self.value(item, f"{place}/{index}", depth + 1))
        return values

    def _object(self, node: Node, place: str, depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        for element in node.named_children:
            if element.type != "object_elem":
                continue
            name, expression = element.named_children[0], element.named_children[-1]
            key = _key(name)
            below = f"{place}/{escaped(key)}"
            self.block.lines[below] = _line(element)
            result[key] = self.value(expression, below, depth + 1)
        return result

    def _call(self, node: Node, place: str, depth: int) -> object:
        arguments = [c for n in node.named_children if n.type == "function_arguments" for c in n.named_children]
        if _text(node.named_children[0]) == "jsonencode" and len(arguments) == 1:
            return self.value(arguments[0], place, depth + 1)
        return _expression(node)


def _key(node: Node) -> str:
    inner = node
    while inner.type in ("expression", "literal_value", "template_expr", "variable_expr") and inner.named_children:
        if len(inner.named_children) != 1:
            return str(_expression(node))
        inner = inner.named_children[0]
    if inner.type in ("string_lit", "quoted_template"):
        return _template(inner)
    return _text(inner)


def _expression(node: Node) -> str:
    while node.type == "expression" and node.children[0].type == "(" and len(node.named_children) == 1:
        node = node.named_children[0]
    return "${" + _SPACES.sub(lambda found: found[1] or " ", _text(node)).strip() + "}"


def _number(text: str) -> int | float | str:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _template(node: Node) -> str:
    """The text between the quotes: escapes resolved in what is literal, templates kept as they stand."""
    source, offset = node.text or b"", node.start_byte
    kept = [c for c in node.named_children if c.type in ("template_interpolation", "template_directive")]
    parts, position = [], 1
    for child in kept:
        parts.append(_unescaped(source[position : child.start_byte - offset].decode("utf-8", "replace")))
        parts.append(_text(child))
        position = child.end_byte - offset
    parts.append(_unescaped(source[position:-1].decode("utf-8", "replace")))
    return "".join(parts)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2] or match[3], 16)
    return chr(code) if code <= _LAST_CODE_POINT and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _heredoc(text: str) -> str:
    """The lines between the markers; `<<-` takes the common indentation away."""
    first, _, rest = text.partition("\n")
    lines = rest.split("\n")[:-1]
    if first.startswith("<<-"):
        margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        cut = min(margins, default=0)
        lines = [line[cut:] for line in lines]
    return "\n".join(line.removesuffix("\r") for line in lines) + ("\n" if lines else "")


def _too_deep(node: Node) -> DocumentError:
    message = f"The text is nested more than {MAX_DEPTH} levels deep."
    return DocumentError(message, _line(node), "No export looks like this.")
