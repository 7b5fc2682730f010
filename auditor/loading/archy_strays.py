"""What stands in an Archy flow where nothing reads it: actions under unknown keys, references of other names."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from auditor.loading.action_table import action_table
from auditor.loading.notes import Notes
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlList, YamlMap
from auditor.model.location import Location

_CONTAINERS = frozenset({"task", "menu", "state"})
"""Keys of the action table that are containers in other places."""
_REFERENCES = frozenset({"startUpRef", "defaultChildMenuRef", "targetTaskRef", "targetMenuRef", "targetStateRef"})


class _Stray(NamedTuple):
    what: str
    line: int
    pointer: str


def note_strays(body: YamlMap, pointer: str, file: str, read: Set[int], notes: Notes) -> None:
    """Notes each part of the flow that looks as if calls went through it and that no reader has taken.

    read: the identities of the lists of actions that were read.
    """
    actions = action_table().actions.keys() - _CONTAINERS
    for stray in _strays(body, pointer, read, actions):
        notes.unreadable(stray.what, Location(file, stray.line, stray.pointer))


def _strays(root: YamlMap, pointer: str, read: Set[int], actions: Set[str]) -> Iterator[_Stray]:
    open_nodes: list[tuple[YamlMap | YamlList, str]] = [(root, pointer)]
    while open_nodes:
        node, at = open_nodes.pop()
        if isinstance(node, YamlMap):
            for key, value in node.items():
                if isinstance(value, YamlMap | YamlList):
                    open_nodes.append((value, f"{at}/{escaped(key)}"))
                elif value and key.endswith("Ref") and key not in _REFERENCES:
                    what = f'the key "{key}" is no reference that flows have; where it leads is not followed'
                    yield _Stray(what, node.line_of(key), f"{at}/{escaped(key)}")
            continue
        if id(node) not in read and _holds_action(node, actions):
            yield _Stray(
                f'the actions under "{"/".join(at.split("/")[-3:])}" stand where no actions are read', node.line, at
            )
            continue
        open_nodes += [(item, f"{at}/{n}") for n, item in enumerate(node) if isinstance(item, YamlMap | YamlList)]


def _holds_action(items: YamlList, actions: Set[str]) -> bool:
    """Whether an item of the list is an action: one key of the action table, with a body."""
    return any(
        isinstance(body, YamlMap) and key in actions
        for item in items
        if isinstance(item, YamlMap) and len(item) == 1
        for key, body in item.items()
    )
