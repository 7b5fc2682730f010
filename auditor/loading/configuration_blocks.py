"""Flat action lists of configuration JSON, linked by ids, to blocks of nested actions (reference of formats, 3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from auditor.errors import DocumentError
from auditor.loading.action_table import ActionType, action_table, output_key, output_label, unknown
from auditor.loading.archy_cases import case_key
from auditor.loading.archy_strays import about_recording
from auditor.loading.configuration_fields import ConfigurationFields, Resolve, case_name, cases_of
from auditor.loading.configuration_values import as_list, as_map, as_text
from auditor.loading.notes import Notes
from auditor.loading.operations import filled_besides, operation_of
from auditor.loading.outputs import in_order
from auditor.model.flows import Action, Output
from auditor.model.location import Location
from auditor.model.operations import Unmodelled

MAX_NESTING = 200
_WAYS = frozenset({"paths", "path"})
_OLD_CASE = re.compile(r"__(\d{1,4})__")


class _Way(Struct):
    """An output of a node: its key and label, and the chain of nodes behind it."""

    key: str
    label: str
    disabled: bool
    chain: list[_Node]


class _Node(Struct):
    """An action on the way to its place in the tree."""

    body: dict[str, Any]
    pointer: str
    depth: int
    ways: list[_Way] = field(default_factory=list)
    action: Action | None = None


class Blocks(Struct):
    """Reads the actions of one flow. paths: names of the output paths of tasks, by their ids.

    plain: keys of actions that say nothing about recording.
    """

    file: str
    notes: Notes
    resolve: Resolve
    paths: Mapping[str, str]
    plain: set[str] = field(default_factory=set)

    def block(self, container: Mapping[str, Any], pointer: str) -> tuple[Action, ...]:
        """The actions of a container, from its start action on."""
        listed = {
            id: _Node(action, f"{pointer}/actionList/{index}", 0)
            for index, action in enumerate(as_list(container.get("actionList")))
            if isinstance(action, dict) and (id := as_text(action.get("id")))
        }
        given = container.get("actionList")
        if given and not isinstance(given, list):
            what = "actionList is no list; its actions are left out"
            self.notes.unreadable(what, Location(self.file, None, f"{pointer}/actionList"))
        count = len(as_list(given))
        nodes: list[_Node] = []
        first = self._chain(as_text(container.get("startAction")), 0, listed, nodes, pointer)
        for node in nodes:  # grows while it is read
            if not _WAYS.isdisjoint(node.body):
                self._follow(node, listed, nodes)
        if len(nodes) < count:
            left = next(iter(listed.values()), None)
            named = f', the first is "{as_text(left.body.get("name")) or "?"}"' if left else ""
            what = f"{count - len(nodes)} of {count} actions stand on no path from the start{named}"
            self.notes.unreadable(what, Location(self.file, None, left.pointer if left else pointer))
        for node in reversed(nodes):  # inner actions come after outer ones
            node.action = self._finished(node)
        return _actions(first)

    def make(self, type: ActionType, body: dict[str, Any], location: Location, outputs: tuple[Output, ...]) -> Action:
        """One action."""
        fields = ConfigurationFields(type, body, location, self.resolve, self.paths)
        operation = operation_of(fields)
        given = body.get("name")
        name = given if isinstance(given, str) else type.title
        if isinstance(operation, Unmodelled):
            self.notes.unknown_action(type.key, name, location)
        return Action(
            as_text(body.get("id")) or "",
            as_text(body.get("trackingId")),
            name,
            type.key,
            operation,
            outputs,
            location,
            filled_besides(fields, operation),
        )

    def _chain(
        self, start: str | None, depth: int, listed: dict[str, _Node], nodes: list[_Node], pointer: str
    ) -> list[_Node]:
        """The actions from start on along nextAction; each is taken once, so that a ring ends."""
        if depth > MAX_NESTING:
            raise DocumentError(f"Actions are nested deeper than {MAX_NESTING} levels.", None, "Split the task in two.")
        chain: list[_Node] = []
        next_id = start
        while next_id is not None:
            node = listed.pop(next_id, None)
            if node is None:
                self._lost(next_id, nodes, Location(self.file, None, chain[-1].pointer if chain else pointer))
                break
            node.depth = depth
            chain.append(node)
            nodes.append(node)
            next_id = as_text(node.body.get("nextAction"))
        return chain

    def _lost(self, id: str, nodes: list[_Node], location: Location) -> None:
        if any(as_text(node.body.get("id")) == id for node in nodes):
            self.notes.unreadable("two links lead to the same action; only the first is followed", location)
        else:
            self.notes.dangling(f"the next action {id} does not exist", location)

    def _follow(self, node: _Node, listed: dict[str, _Node], nodes: list[_Node]) -> None:
        for key, label, path in _paths(node.body, self.paths):
            chain = self._chain(as_text(path.get("nextActionId")), node.depth + 1, listed, nodes, node.pointer)
            node.ways.append(_Way(key, label, _is_disabled(path, key), chain))

    def _finished(self, node: _Node) -> Action:
        if not self.plain.issuperset(node.body):
            self._note_odd_keys(node)
        json_type = as_text(node.body.get("__type")) or "?"
        type = action_table().json_actions.get(json_type) or unknown(json_type)
        outputs = [
            Output(
                way.key,
                output_label(way.key) if way.key in type.outputs else way.label,
                _actions(way.chain),
                way.disabled,
            )
            for way in node.ways
        ]
        return self.make(type, node.body, Location(self.file, None, node.pointer), in_order(type, outputs))

    def _note_odd_keys(self, node: _Node) -> None:
        for key in node.body:
            if about_recording(key):
                what = f'the key "{key}" may be about recording and is not known; it is not followed'
                self.notes.unreadable(what, Location(self.file, None, f"{node.pointer}/{key}"))
            else:
                self.plain.add(key)


def _actions(chain: list[_Node]) -> tuple[Action, ...]:
    return tuple(node.action for node in chain if node.action is not None)


def _paths(body: dict[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Key, label and body of each way out: `paths`, or the one `path` of a loop. names: of paths of tasks, by id.

    The label at a call is a copy, which may be older than the name that the called task gives the path now.
    """
    cases = cases_of(body)
    numbers = {as_text(case.get("referenceId")): number for number, case in enumerate(cases, 1)}
    for path in (*as_list(body.get("paths")), *([body["path"]] if isinstance(body.get("path"), dict) else [])):
        path = as_map(path)
        output_id, label = as_text(path.get("outputId")) or "", as_text(path.get("label"))
        number = numbers.get(output_id)
        if number is None and cases and (old := _OLD_CASE.fullmatch(output_id)):
            number = int(old.group(1))
        if number is not None:
            case = cases[number - 1] if number <= len(cases) else {}
            yield case_key(number), case_name(case, number) or f"Case {number}", path
        else:
            key = names.get(output_id) or output_key(output_id) or label or output_id
            yield key, label or key, path


def _is_disabled(path: Mapping[str, Any], key: str) -> bool:
    """Marked unreachable, or a handler of a bot switched off (the default way out is never a handler)."""
    if path.get("disabled") is True or path.get("unreachable") is True:
        return True
    return path.get("outOfService") is True and key != "default"
