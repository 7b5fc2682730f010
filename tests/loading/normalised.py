"""Flows without what differs between forms of export, and where two of them still differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from auditor.model.expressions import Literal
from auditor.model.flows import Action, Choice, ErrorHandling, Flow, Menu, Task
from auditor.model.location import Location
from auditor.model.operations import CallTask, Jump, Lookup, PromptRef, Reference

Tree = str | None | bool | int | tuple["Tree", ...] | dict[str, "Tree"]

_DROPPED: dict[type, frozenset[str]] = {
    Flow: frozenset({"id", "version", "division", "type_name", "templates", "published"}),
    Task: frozenset({"id"}),
    Menu: frozenset({"id"}),
    Choice: frozenset({"id"}),
    Action: frozenset({"id", "tracking_id"}),
    Reference: frozenset({"id"}),
    PromptRef: frozenset({"id"}),
    Lookup: frozenset({"source_id"}),
    Literal: frozenset({"type"}),
}
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}")


def normalised(flow: Flow) -> Tree:
    """The program of a flow: no ids, places, versions or types of literals; containers by name."""
    names = {c.id: c.name for c in flow.containers}
    for container in flow.containers:
        if isinstance(container, Menu):
            names |= {choice.id: choice.name for choice in container.choices}
    tree = _tree(flow, names)
    assert isinstance(tree, dict)
    containers = tree["containers"]
    assert isinstance(containers, tuple)
    tree["containers"] = tuple(sorted(containers, key=lambda c: repr((_at(c, ""), _at(c, "name")))))
    return tree


def _at(tree: Tree, key: str) -> Tree:
    return tree[key] if isinstance(tree, dict) else None


def _tree(value: object, names: Mapping[str, str]) -> Tree:
    if isinstance(value, tuple):
        return tuple(_tree(item, names) for item in value)
    if isinstance(value, Location) or value is None:
        return None
    if isinstance(value, Literal):
        return {"": "Literal", "value": str(value.value).lower() if isinstance(value.value, bool) else str(value.value)}
    if isinstance(value, Struct):
        dropped = _DROPPED.get(type(value), frozenset())
        tree: dict[str, Tree] = {"": type(value).__name__}
        for name in value.__struct_fields__:
            if name not in dropped:
                tree[name] = _tree(getattr(value, name), names)
        for key in _references(value):
            id = getattr(value, key)
            tree[key] = names.get(id, id)
        return tree
    assert isinstance(value, str | int), value
    return value


def _references(value: object) -> tuple[str, ...]:
    match value:
        case CallTask() | Jump() | ErrorHandling():
            return ("container",)
        case Flow():
            return ("start",)
        case Menu():
            return ("default",)
        case _:
            return ()


def differences(one: Tree, other: Tree, place: str = "") -> Iterator[str]:
    """Where two programs differ. Text with a template in it stands for any text."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{place}/{key}")
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{place}/{index}")
    elif one != other and not _stands_for(one, other) and not _stands_for(other, one):
        yield f"{place}: {_short(one)} | {_short(other)}"


def _stands_for(one: Tree, other: Tree) -> bool:
    """Whether text with templates can become the other text."""
    if not isinstance(one, str) or not isinstance(other, str) or not _TEMPLATE.search(one):
        return False
    pattern = ".*".join(re.escape(part) for part in _TEMPLATE.split(one))
    return re.fullmatch(pattern, other, re.DOTALL) is not None


def _short(tree: Tree) -> str:
    return repr(tree)[:300]
