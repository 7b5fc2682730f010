"""What stands in an Archy flow where nothing reads it: actions under unknown keys, references of other names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from auditor.loading.action_table import action_table
from auditor.loading.archy_outline import Outline
from auditor.loading.notes import Notes
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlList, YamlMap
from auditor.model.location import Location

_CONTAINERS = frozenset({"task", "menu", "state"})
"""Keys of the action table that are containers in other places."""
_REFERENCES = frozenset({"startUpRef", "defaultChildMenuRef", "targetTaskRef", "targetMenuRef", "targetStateRef"})


_SPEAKING = re.compile(r"[a-z]\w*", re.ASCII)
_ABOUT_RECORDING = re.compile("consent|recording", re.IGNORECASE)
_KNOWN = frozenset({"suppressRecording"})

_Step = tuple["_Step | None", str | int]
"""A key below another."""


class _Stray(NamedTuple):
    what: str
    line: int
    pointer: str


def note_strays(
    body: YamlMap, pointer: str, file: str, outline: Outline, read: Set[int], notes: Notes
) -> None:  # fmt: skip
    """Notes each part of the flow that looks as if calls went through it and that no reader has taken.

    read: the identities of the lists of actions that were read.
    """
    actions = action_table().actions.keys() - _CONTAINERS
    unread = (found for found in outline.lists if id(found) not in read)
    if any(map(_is_odd, outline.keys)) or any(_holds_action(found, actions) for found in unread):
        for stray in _strays(body, pointer, read, actions):
            notes.unreadable(stray.what, Location(file, stray.line, stray.pointer))


@lru_cache(maxsize=4096)
def _is_odd(key: str) -> bool:
    """Whether it depends on its place whether the key is a stray."""
    return key == "<<" or about_recording(key) or (key.endswith("Ref") and key not in _REFERENCES)


def _strays(root: YamlMap, pointer: str, read: Set[int], actions: Set[str]) -> Iterator[_Stray]:
    """Pointers are spelled where one is needed: almost all of a flow is read."""
    open_nodes: list[tuple[YamlMap | YamlList, _Step | None]] = [(root, None)]
    while open_nodes:
        node, at = open_nodes.pop()
        if isinstance(node, YamlMap):
            if "<<" in node:
                what = "a mapping is merged into another one (<<); that is no part of YAML 1.2 and is not followed"
                yield _Stray(what, node.line_of("<<"), _spelled(pointer, (at, "<<")))
            for key, value in node.items():
                if about_recording(key) and _of_architect(at):
                    what = f'the key "{key}" may be about recording and is not known; it is not followed'
                    yield _Stray(what, node.line_of(key), _spelled(pointer, (at, key)))
                if not isinstance(value, str):
                    open_nodes.append((value, (at, key)))
                elif value and key.endswith("Ref") and key not in _REFERENCES:
                    what = f'the key "{key}" is no reference that flows have; where it leads is not followed'
                    yield _Stray(what, node.line_of(key), _spelled(pointer, (at, key)))
            continue
        if id(node) in read or not _holds_action(node, actions):
            open_nodes += [(x, (at, n)) for n, x in enumerate(node) if not isinstance(x, str)]
            continue
        place = _spelled(pointer, at)
        above = "/".join(place.split("/")[-3:])
        yield _Stray(f'the actions under "{above}" stand where no actions are read', node.line, place)


def _of_architect(at: _Step | None) -> bool:
    """Whether only Architect gives the keys there: those of the flow, its settings, an action or a menu."""
    return at is None or (isinstance(at[1], str) and (at[1].startswith("settings") or _in_list(at)))


@lru_cache(maxsize=4096)
def about_recording(key: str) -> bool:
    """Whether a key may say something about recording or consent."""
    return key not in _KNOWN and bool(_ABOUT_RECORDING.search(key) and _SPEAKING.fullmatch(key))


def _in_list(at: _Step) -> bool:
    return at[0] is not None and isinstance(at[0][1], int)


def _spelled(pointer: str, step: _Step | None) -> str:
    keys: list[str] = []
    while step is not None:
        step, key = step
        keys.append(escaped(str(key)))
    return "/".join((pointer, *reversed(keys)))


def _holds_action(items: YamlList, actions: Set[str]) -> bool:
    """Whether an item of the list is an action: one key of the action table, with a body."""
    for item in items:
        if isinstance(item, YamlMap) and len(item) == 1:
            ((key, body),) = item.items()
            if key in actions and isinstance(body, YamlMap):
                return True
    return False
