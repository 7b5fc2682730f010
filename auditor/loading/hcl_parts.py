"""An expression of HCL, taken apart into its operator or function and the operands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from auditor.errors import DocumentError
from auditor.loading.hcl import read_expression, tree_of

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 2000
"""Characters of an expression that is looked into; nobody writes longer ones by hand."""
Parts = tuple[str, tuple[object, ...]]


@lru_cache(maxsize=4096)
def taken_apart(text: str) -> Parts | None:
    """The operator, `?` for a condition, or name of the function, and the operands as `read_expression` has them.

    None for any other expression, and for those that are long.
    """
    if len(text) > LONGEST:
        return None
    node = tree_of(f"x = {text}\n")
    if node.has_error:
        return None
    while node.type != "expression" and node.named_children:
        node = node.named_children[-1]
    while node.type in ("expression", "operation") and len(node.named_children) == 1:
        node = node.named_children[0]
    found = _parts(node)
    try:
        return None if found is None else (found[0], tuple(read_expression(operand) for operand in found[1]))
    except DocumentError:
        return None


def _parts(node: Node) -> tuple[str, list[str]] | None:
    """The operator and the texts of the operands."""
    match node.type:
        case "conditional":
            return "?", [_text(child) for child in node.named_children if child.type == "expression"]
        case "binary_operation" | "unary_operation":
            sign = next((child for child in node.children if not child.is_named), None)
            if sign is None:
                return None
            whole, start = node.text or b"", node.start_byte
            sides = whole[: sign.start_byte - start], whole[sign.end_byte - start :]
            return _text(sign), [text for side in sides if (text := side.decode("utf-8", "replace").strip())]
        case "function_call":
            inner = [child for each in node.named_children[1:] for child in each.named_children]
            operands = [child for child in inner if child.type != "comment"]
            plain = all(child.type == "expression" for child in operands)
            return (_text(node.named_children[0]), list(map(_text, operands))) if plain else None
        case _:
            return None


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
