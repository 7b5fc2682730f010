"""Lists of actions in Archy YAML, with their outputs, to blocks of Action."""

from __future__ import annotations

from collections.abc import Iterator, Set
from sys import intern
from typing import NamedTuple

from msgspec import Struct, field

from auditor.loading.action_table import ActionType, action_table, output_label, unknown
from auditor.loading.archy_cases import CASES, NO_CASES, case_key, case_name, cases_of
from auditor.loading.archy_fields import ArchyFields
from auditor.loading.archy_references import References
from auditor.loading.archy_values import NOTHING, as_list, as_map, as_text, name_of, only
from auditor.loading.notes import Notes
from auditor.loading.operations import filled_besides, operation_of
from auditor.loading.outputs import in_order
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlList, YamlMap, YamlValue
from auditor.model.flows import Action, Output
from auditor.model.location import Location
from auditor.model.operations import Unmodelled

_STRUCTURE = frozenset({"outputs", "evaluate", "until", "task", "menu"})
"""Keys of an action that hold actions in a way of their own."""


class _Raw(NamedTuple):
    """An output as exported. key: "" when it names itself (intents, paths)."""

    key: str
    label: str
    actions: YamlValue | None
    pointer: str
    disabled: bool = False


class Blocks(Struct):
    """Reads the actions of one flow. naming: as in its outline; read: the identities of the lists that were read."""

    file: str
    notes: Notes
    references: References
    naming: Set[int]
    read: set[int] = field(default_factory=set)

    def block(self, value: YamlValue | None, pointer: str) -> tuple[Action, ...]:
        """The actions of a list `- playAudio: {...}`. Nesting is bounded by that of the YAML."""
        if value is None or value == "":
            return ()
        if not isinstance(value, YamlList):
            line = value.line if isinstance(value, YamlMap) else None
            self.notes.unreadable("a list of actions is no list", Location(self.file, line, pointer))
            return ()
        self.read.add(id(value))
        found = []
        for index, item in enumerate(value):
            if isinstance(item, YamlMap) and item:
                found.append(self._action(item, pointer, index))
            else:
                at = Location(self.file, value.line, f"{pointer}/{index}")
                self.notes.unreadable("something in a list of actions is no action", at)
        return tuple(found)

    def make(
        self,
        type: ActionType,
        body: YamlMap,
        location: Location,
        outputs: tuple[Output, ...],
        inline: str | None = None,
    ) -> Action:
        """One action. inline: the container inside a menu choice that this action goes to."""
        fields = ArchyFields(type, body, location, self.references.resolve, self.naming, inline)
        operation = operation_of(fields)
        given = body.get("name")
        name = str(given) if isinstance(given, str) else type.title
        if isinstance(operation, Unmodelled):
            self.notes.unknown_action(type.key, name, location)
        return Action(
            as_text(body["refId"]) or "" if "refId" in body else "",
            as_text(body["trackingId"]) if "trackingId" in body else None,
            name,
            type.key,
            operation,
            outputs,
            location,
            filled_besides(fields, operation) if id(body) in self.naming else (),
        )

    def _action(self, item: YamlMap, pointer: str, index: int) -> Action:
        table = action_table().actions
        if len(item) > 1:
            key = next((k for k in item if k in table), next(iter(item)))
            at = Location(self.file, item.line, f"{pointer}/{index}")
            self.notes.unreadable(f'the action "{key}" shares its list item with other keys', at)
            value, line = item[key], item.line_of(key)
        else:
            ((key, value),), line = item.items(), item.lines[0]
        type = table.get(key) or unknown(key)
        body = value if isinstance(value, YamlMap) else NOTHING
        pointer = f"{pointer}/{index}/{escaped(key)}"
        return self.make(type, body, Location(self.file, line, pointer), self._outputs(type, body, pointer))

    def _outputs(self, type: ActionType, body: YamlMap, pointer: str) -> tuple[Output, ...]:
        raws = _direct(body, pointer)
        if "outputs" in body:
            raws = [*self._named_outputs(type, body, pointer), *raws]
        if not CASES.isdisjoint(body):
            raws = [*_case_outputs(body, pointer), *raws]
        if not raws:
            return in_order(type, ())
        found = [Output(r.key, r.label, self.block(r.actions, f"{r.pointer}/actions"), r.disabled) for r in raws]
        return in_order(type, found)

    def _named_outputs(self, type: ActionType, body: YamlMap, pointer: str) -> Iterator[_Raw]:
        outputs = body.get("outputs")
        if isinstance(outputs, YamlList):
            yield from _listed(outputs, f"{pointer}/outputs")
            return
        for key, value in as_map(outputs).items():
            below = f"{pointer}/outputs/{escaped(key)}"
            if isinstance(value, YamlList) and not _holds_actions(value):
                yield from _listed(value, below)
            elif isinstance(value, YamlList):
                yield _Raw(key, output_label(key), value, below)
            else:
                yield _raw(type, key, as_map(value), below)


def _raw(type: ActionType, key: str, body: YamlMap, pointer: str) -> _Raw:
    canonical = "default" if key.lower() == "default" else intern(str(key))
    label = output_label(key) if key in type.outputs else key
    disabled = "enabled" in body and as_text(body["enabled"]) == "false"
    return _Raw(canonical, label, body.get("actions"), pointer, disabled)


def _case_outputs(body: YamlMap, pointer: str) -> Iterator[_Raw]:
    source = cases_of(body)
    if source is NO_CASES:
        return
    pointer += source.pointer
    if isinstance(source.default, YamlMap):
        yield _Raw("default", "Default", source.default.get("actions"), f"{pointer}/default")
    for number, inner in enumerate(source.bodies, 1):
        label = case_name(inner, number) or f"Case {number}"
        yield _Raw(case_key(number), label, inner.get("actions"), f"{pointer}/cases/{number - 1}/case")


def _listed(outputs: YamlList, pointer: str) -> Iterator[_Raw]:
    """Outputs that name themselves: `- intent: {name: X, actions: [...]}`; `{name, var}` is a value, no way out."""
    for index, item in enumerate(outputs):
        key, body = only(item)
        name = name_of(body)
        if name and ("actions" in body or "enabled" in body or len(as_map(item)) == 1):
            disabled = as_text(body.get("enabled")) == "false"
            yield _Raw(name, name, body.get("actions"), f"{pointer}/{index}/{escaped(key)}", disabled)


def _direct(body: YamlMap, pointer: str) -> list[_Raw]:
    """Outputs written directly under the action, as people do who write flows by hand: `yes: {actions: [...]}`."""
    return [
        _Raw(key, output_label(key), value.get("actions"), f"{pointer}/{escaped(key)}")
        for key, value in body.items()
        if type(value) is YamlMap and "actions" in value and key not in _STRUCTURE
    ]


def _holds_actions(value: YamlList) -> bool:
    """Whether the list holds actions rather than outputs that name themselves."""
    keys = {only(item)[0] for item in as_list(value)}
    return bool(keys) and keys <= action_table().actions.keys()
