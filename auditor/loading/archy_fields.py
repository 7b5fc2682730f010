"""The fields of an action in Archy YAML."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from sys import intern

from msgspec import Struct

from auditor.loading.action_table import ActionType
from auditor.loading.archy_cases import cases_of
from auditor.loading.archy_values import (
    NOTHING,
    as_list,
    as_map,
    as_text,
    items_of,
    name_of,
    only,
    to_audio,
    to_expr,
    to_setting,
    to_target,
    variable_of,
)
from auditor.loading.fields import TECHNICAL, Called, Choosing
from auditor.loading.flow_types import version_in_key
from auditor.loading.yaml_reader import YamlList, YamlMap, YamlValue
from auditor.model.expressions import Empty, Expr, Literal
from auditor.model.location import Location
from auditor.model.operations import Argument, Audio, Binding, Target
from auditor.model.settings import Setting

_CALLED = ("dataTable", "botFlow", "digitalBotFlow", "voiceFlow", "commonModule", "guide", "decisionTable")
_FAILURES = ("failureOutputs", "errorOutputs")
_INPUTS = ("inputs", "taskInputs")
_NO_RESULTS = (*_FAILURES, *_INPUTS)
_BINDING_DEPTH = 5
_VERSION = "ver_"

Resolve = Callable[[str, str, Location], str | None]
"""(kind, reference, where it stands) -> id of the container, None when there is none."""


class ArchyFields(Struct):
    """One action. naming: as in the outline of the flow; inline: the container inside this menu choice, if any."""

    type: ActionType
    body: YamlMap
    location: Location
    resolve: Resolve
    naming: Set[int]
    inline: str | None = None

    def expr(self, yaml: str, json: str = "") -> Expr:
        return to_expr(self.body.get(yaml))

    def text(self, yaml: str, json: str = "") -> str | None:
        return as_text(self.body.get(yaml))

    def setting(self, yaml: str, json: str = "") -> Setting[bool]:
        return to_setting(self.body.get(yaml), self._at(yaml))

    def audio(self, yaml: str, json: str = "") -> Audio:
        return to_audio(self.body.get(yaml))

    def variable(self, yaml: str, json: str = "") -> str | None:
        return variable_of(self.body.get(yaml))

    def target(self, kind: str, yaml: str, json: str = "") -> Target:
        return to_target(kind, self.body.get(yaml))

    def flow(self, kind: str, yaml: str, json: str = "flow") -> Target:
        return to_target(kind, self.body.get(yaml))

    def voicemail(self) -> Target:
        for kind, inner in as_map(self.body.get("destination")).items():
            return to_target(kind, as_map(inner).get("target" + kind.capitalize()))
        return None

    def schedule(self) -> Target:
        direct = self.body.get("schedule")
        evaluated = as_map(as_map(self.body.get("evaluationType")).get("schedule"))
        return to_target("schedule", direct if direct is not None else evaluated.get("selectedSchedule"))

    def digits(self) -> tuple[int | None, int | None]:
        digits = as_map(self.body.get("digits"))
        exact, allowed = _number(digits.get("exact")), as_map(digits.get("range"))
        return (exact, exact) if exact is not None else (_number(allowed.get("min")), _number(allowed.get("max")))

    def slot(self) -> str | None:
        return name_of(self.body.get("slot"))

    def called(self) -> Called:
        name, body, version = self._called()
        return Called(
            name,
            as_text(body.get("id")),
            self._own_arguments() if self._looks_up else _arguments(body.get("inputs", self.body.get("inputs"))),
            self._bindings(body) if body else self._own_bindings(),
            self._bound(body, _FAILURES),
            version,
        )

    def read_attributes(self) -> tuple[tuple[Expr, str], ...]:
        pairs = ((to_expr(a.get("name"), "string"), variable_of(a.get("variable"))) for a in self._attributes())
        return tuple((name, variable) for name, variable in pairs if variable is not None)

    def written_attributes(self) -> tuple[tuple[Expr, Expr], ...]:
        given = self._attributes()
        return tuple([(to_expr(a.get("name"), "string"), to_expr(a.get("value"), "string")) for a in given])

    def statements(self) -> tuple[tuple[str, Expr], ...]:
        found = []
        for kind, body in items_of(self.body.get("statements")):
            if (variable := variable_of(body.get("variable"))) is not None:
                found.append((variable, to_expr(body.get("value"), kind)))
        return tuple(found)

    def choosing(self) -> Choosing:
        source = cases_of(self.body)
        return Choosing(source.style, source.cases, source.subject)

    def container(self, kind: str) -> str | None:
        if self.inline is not None:
            return self.inline
        key = f"target{kind.capitalize()}Ref"
        return self.resolve(kind, as_text(self.body.get(key)) or "", self._at(key))

    def task_inputs(self) -> tuple[Argument, ...]:
        given = self.body.get("taskInputs", self.body.get("inputs"))
        if isinstance(given, YamlMap):
            return _arguments(given)
        typed = [Argument(n, to_expr(b.get("value"), kind)) for kind, b in items_of(given) if (n := name_of(b))]
        return tuple(sorted(typed, key=lambda a: a.name))

    def task_outputs(self) -> tuple[Binding, ...]:
        given = self.body.get("taskOutputs")
        if isinstance(given, YamlMap):
            return self._bound(self.body, ("taskOutputs",))
        found = []
        for _, body in items_of(given):
            name, variable = name_of(body), variable_of(body.get("variable", body.get("value")))
            if name and variable:
                found.append(Binding(name, variable))
        return tuple(sorted(found, key=lambda b: b.output))

    def end_path(self) -> str:
        name = name_of(self.body.get("outputPath")) or "default"
        return "default" if name.lower() == "default" else name

    def fills(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        _fill(self.body, 0, self.naming, found)
        return tuple(found)

    @property
    def _looks_up(self) -> bool:
        """Whether the action itself holds what is looked for, as all lookups but data actions do."""
        return self.type.operation == "lookup" and "category" not in self.body

    def _at(self, key: str) -> Location:
        line = self.body.line_of(key) or self.location.line
        return Location(self.location.file, line, f"{self.location.pointer}/{key}")

    def _attributes(self) -> list[YamlMap]:
        return [only(item)[1] for item in as_list(self.body.get("attributes"))]

    def _called(self) -> tuple[str | None, YamlMap, str | None]:
        """Name, inner body and version of what is called: `category: {Integration: {dataAction: {Name: {...}}}}`."""
        _, integration = only(self.body.get("category"))
        if integration:
            name, body = only(integration.get("dataAction"))
            return name or None, body, None
        for key, value in self.body.items():
            if isinstance(value, YamlMap) and (key in _CALLED or key.endswith("Bot")):
                return _versioned(value)
        return None, NOTHING, None

    def _own_arguments(self) -> tuple[Argument, ...]:
        """Fields of the action itself that hold a value: the key of a table lookup, the address looked for."""
        valued = (
            Argument(key, to_expr(value))
            for key, value in self.body.items()
            if isinstance(value, YamlMap) and ("exp" in value or "lit" in value) and key not in TECHNICAL
        )
        return tuple(sorted(valued, key=lambda a: a.name))

    def _own_bindings(self) -> tuple[Binding, ...]:
        """Variables that the action itself fills, and slots it clears."""
        slots = (Binding(n, f"Slot.{n}") for _, b in items_of(self.body.get("slots")) if (n := name_of(b)))
        listed = (
            Binding(name_of(item) or "", variable)
            for item in as_list(self.body.get("outputs"))
            if isinstance(item, YamlMap) and (variable := variable_of(item))
        )
        stored = (
            Binding(str(name.value) if isinstance(name, Literal) else "", variable)
            for name, variable in self.read_attributes()
        )
        found = [*slots, *listed, *stored]
        _bind(self.body, 0, self.naming, found)
        return tuple(sorted(found, key=lambda b: b.output))

    def _bindings(self, body: YamlMap) -> tuple[Binding, ...]:
        found: list[Binding] = []
        _bind(body, 0, self.naming, found)
        return tuple(sorted(found, key=lambda b: b.output))

    def _bound(self, body: YamlMap, keys: Sequence[str]) -> tuple[Binding, ...]:
        """The bindings in the mappings under these keys."""
        found: list[Binding] = []
        for key in keys:
            for name, value in as_map(body.get(key)).items():
                _bind_value(name, value, 1, self.naming, found)
        return tuple(sorted(found, key=lambda b: b.output))


def _versioned(value: YamlMap) -> tuple[str | None, YamlMap, str | None]:
    """`{Name: {ver_latestPublished: {inputs, outputs}}}`, with or without the version; or `{name: X, id: Y}`."""
    if isinstance(value.get("name"), str):
        return name_of(value), value, None
    name, body = only(value)
    for key, inner in body.items():
        if key.startswith(_VERSION):
            return name or None, as_map(inner), version_in_key(key.removeprefix(_VERSION))
    return name or None, body, None


def _arguments(inputs: YamlValue | None) -> tuple[Argument, ...]:
    """Inputs as a mapping of names, or as a list of `{name, value}`."""
    if isinstance(inputs, YamlList):
        pairs = [(name_of(item), as_map(item).get("value")) for item in inputs]
    else:
        pairs = [(str(name), value) for name, value in as_map(inputs).items()]
    found = [Argument(intern(name), to_expr(value)) for name, value in pairs if name]
    return tuple(sorted([a for a in found if not isinstance(a.value, Empty)], key=lambda a: a.name))


def _bind(body: YamlMap, depth: int, naming: Set[int], found: list[Binding]) -> None:
    """Finds every `name: {var: X}` below but in inputs, in what is filled on failure, and in the actions of outputs."""
    for key, value in body.items():
        if id(value) in naming and key not in _NO_RESULTS and "actions" not in value:
            _bind_value(key, value, depth, naming, found)


def _bind_value(key: str, value: YamlValue, depth: int, naming: Set[int], found: list[Binding]) -> None:
    if isinstance(value, YamlMap) and id(value) in naming:
        if (variable := variable_of(value)) is not None:
            found.append(Binding(intern(key), variable))
        elif depth < _BINDING_DEPTH and "actions" not in value:
            _bind(value, depth + 1, naming, found)


def _fill(body: YamlMap, depth: int, naming: Set[int], found: dict[str, None]) -> None:
    """Finds every variable in `name: {var: X}` or in a list as `variable: X` below, also those filled on failure.

    Not those of inputs, nor of other actions.
    """
    for key, value in body.items():
        if isinstance(value, str):
            if key == "variable" and value:
                found[intern(str(value))] = None
        elif key in _INPUTS:
            continue
        elif isinstance(value, YamlList):
            if depth <= _BINDING_DEPTH:
                for item in value:
                    if id(item) in naming and isinstance(item, YamlMap) and "actions" not in item:
                        _fill(item, depth + 1, naming, found)
        elif id(value) not in naming or ("actions" in value and key != "variable"):
            continue
        elif "var" in value:
            if (variable := variable_of(value)) is not None:
                found[variable] = None
        elif depth <= _BINDING_DEPTH and "actions" not in value:
            _fill(value, depth + 1, naming, found)


def _number(value: YamlValue | None) -> int | None:
    text = as_text(value)
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
