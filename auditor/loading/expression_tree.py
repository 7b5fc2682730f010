"""The expression tree delivered in configuration JSON to the typed tree (reference of formats, section 3.6)."""

from __future__ import annotations

import math
from functools import lru_cache

from auditor.loading.expressions import MAX_DEPTH, parse, unparsed, variable
from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed

_NAMES = {"?": "if", "?:": "if", "? :": "if", "ter": "if", "not": "!"}
_SWAPPED = frozenset({".", "["})
_MAX_DIGITS = 4_000
_SHORT = 200
_EMPTY = Empty()


class _TooDeep(Exception):
    """The tree is deeper than walks over it may go."""


def from_config(config: object) -> Expr:
    """The typed tree of a `config` node, or of the whole value (`{text, type, config, ...}`) that holds it.

    The same tree as the parser yields for the text, but with the casts that Architect added. Never raises:
    what is not a known node is parsed from its text, or stays as text.
    """
    node = config["config"] if isinstance(config, dict) and "config" in config else config
    try:
        tree = _node(node, 0)
    except _TooDeep:
        return unparsed(_text_of(config) or _text_of(node))
    if not isinstance(tree, Unparsed):
        return tree
    text = _text_of(config) or _text_of(node)
    return parse(text) if text else tree


def _text_of(config: object) -> str:
    """The text a node or value was made from, or nothing."""
    if not isinstance(config, dict):
        return config if isinstance(config, str) else ""
    text = config.get("text")
    if text is None and len(config) == 1:
        (body,) = config.values()
        text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else ""


def _node(node: object, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        raise _TooDeep
    if not isinstance(node, dict) or len(node) != 1:
        return unparsed(_text_of(node))
    ((name, body),) = node.items()
    if not isinstance(name, str) or not isinstance(body, dict):
        return unparsed(_text_of(node))
    match name:
        case "lit":
            return _literal(body, depth)
        case "ref" | "sysref":
            return variable(_text_of(body))
        case "emp":
            return _EMPTY
        case "nul":
            return NotSet()
        case _:
            return _apply(name, body, depth)


def _apply(name: str, body: dict[object, object], depth: int) -> Expr:
    operands = body.get("operands")
    if not isinstance(operands, list):
        return unparsed(_text_of(body))
    trees = tuple([_node(operand, depth + 1) for operand in operands])
    function = _function(name)
    if function in _SWAPPED:
        trees = trees[::-1]
    if function == "-" and len(trees) == 1:
        function = "neg"
    return Apply(function, trees)


@lru_cache(maxsize=1024)
def _function(name: str) -> str:
    return _NAMES.get(name.casefold(), name.casefold())


def _literal(body: dict[object, object], depth: int) -> Expr:
    text, kind, items = body.get("text"), body.get("type"), body.get("items")
    if not isinstance(text, str):
        text = _text_of(body)
    type_code = kind if isinstance(kind, str) else ""
    if isinstance(items, list):
        inner = [item["config"] if isinstance(item, dict) and "config" in item else item for item in items]
        return Apply("makelist", tuple(_node(item, depth + 1) for item in inner))
    return _plain(text, type_code) if len(text) < _SHORT else _typed(text, type_code)


@lru_cache(maxsize=4096)
def _plain(text: str, type_code: str) -> Literal:
    """A short literal; flows repeat most of them."""
    return _typed(text, type_code)


def _typed(text: str, type_code: str) -> Literal:
    match type_code:
        case "bln" if text.lower() in ("true", "false"):
            return Literal(text.lower() == "true", "bln")
        case "int" | "dec":
            return _number(text, type_code)
        case _:
            return Literal(text, type_code)


def _number(text: str, type_code: str) -> Literal:
    """A number, or the text as it stands when it is none."""
    try:
        if len(text) <= _MAX_DIGITS:
            value = int(text) if type_code == "int" else float(text)
            return Literal(value if math.isfinite(value) else text, type_code)
    except ValueError:
        pass
    return Literal(text, type_code)
