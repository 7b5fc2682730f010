"""The fields of an action in configuration JSON (reference of formats, section 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from auditor.loading.action_table import ActionType
from auditor.loading.archy_cases import case_key
from auditor.loading.configuration_values import (
    arguments_of,
    as_list,
    as_map,
    as_text,
    bindings_of,
    is_value,
    takes_variable,
    to_audio,
    to_expr,
    to_setting,
    to_target,
    variable_of,
)
from auditor.loading.fields import TECHNICAL, Called, Choosing
from auditor.model.expressions import Empty, Expr, Literal
from auditor.model.location import Location
from auditor.model.operations import Argument, Audio, Binding, Case, Reference, SwitchStyle, Target
from auditor.model.settings import Setting

_NAMES = ("actionName", "datatableName", "flowName", "botName", "guideName", "decisionTableName")
_IDS = ("actionId", "datatableId", "flowId", "botId", "guideId", "decisionTableId")
_YAML_NAMES = {"lookupKeyValue": "lookupValue"}
_CASES = ("cases", "untilCases")
_STYLES = {0: SwitchStyle.FIRST_TRUE, 1: SwitchStyle.MATCH, 2: SwitchStyle.ALL_TRUE}
_OWNER_TYPES = {"que": "queue", "usr": "user", "grp": "group"}
_VOICEMAIL = {
    "queue": "queue",
    "transferTargetQueue": "queue",
    "user": "user",
    "transferTarget": "user",
    "group": "group",
    "transferTargetGroup": "group",
}

_GIVEN_BACK = ("outputs", "Outputs", "Bindings")
_NOT_FILLED = ("inputs", "paths", "variables", *_CASES)
"""Lists of an action that hold what it reads, or what is read otherwise."""

Resolve = Callable[[str, str, Location], str | None]


class ConfigurationFields(Struct):
    """One action. paths: names of the output paths of tasks, by their ids."""

    type: ActionType
    body: dict[str, Any]
    location: Location
    resolve: Resolve
    paths: Mapping[str, str]

    def expr(self, yaml: str, json: str = "") -> Expr:
        return to_expr(self.body.get(json or yaml))

    def text(self, yaml: str, json: str = "") -> str | None:
        return as_text(self.body.get(json or yaml))

    def setting(self, yaml: str, json: str = "") -> Setting[bool]:
        return to_setting(self.body.get(json or yaml), self._at(json or yaml))

    def audio(self, yaml: str, json: str = "") -> Audio:
        return to_audio(self.body.get(json or yaml))

    def variable(self, yaml: str, json: str = "") -> str | None:
        return variable_of(self.body.get(json or yaml))

    def target(self, kind: str, yaml: str, json: str = "") -> Target:
        return to_target(kind, self.body.get(json or yaml))

    def flow(self, kind: str, yaml: str, json: str = "flow") -> Target:
        if json == "inQueueFlow" and self.body.get("useDefaultHandling") is True:
            return None
        id, name = as_text(self.body.get(f"{json}Id")), as_text(self.body.get(f"{json}Name"))
        return Reference(kind, id, name) if id or name else to_target(kind, self.body.get(json))

    def voicemail(self) -> Target:
        for key, kind in _VOICEMAIL.items():
            value = as_map(self.body.get(key))
            owner = _OWNER_TYPES.get(str(value.get("type")), kind)
            if (target := to_target(owner, value)) is not None:
                return target
        return None

    def schedule(self) -> Target:
        return to_target("schedule", self.body.get("schedule"))

    def digits(self) -> tuple[int | None, int | None]:
        return self._number("numberOfDigitsMin"), self._number("numberOfDigitsMax")

    def slot(self) -> str | None:
        return as_text(self.body.get("selectedSlot"))

    def called(self) -> Called:
        looks_up = self.type.operation == "lookup" and "inputs" not in self.body
        return Called(
            next((name for key in _NAMES if (name := as_text(self.body.get(key)))), None),
            next((id for key in _IDS if (id := as_text(self.body.get(key)))), None),
            self._own_arguments() if looks_up else arguments_of(self.body.get("inputs")),
            bindings_of(self.body["outputs"]) if "outputs" in self.body else self._own_bindings(),
            bindings_of(self.body.get("errorBindings")),
            as_text(self.body.get("flowVersion")),
        )

    def read_attributes(self) -> tuple[tuple[Expr, str], ...]:
        pairs = ((to_expr(v.get("variable")), variable_of(v.get("expression"))) for v in self._variables())
        return tuple((name, variable) for name, variable in pairs if variable is not None)

    def written_attributes(self) -> tuple[tuple[Expr, Expr], ...]:
        return tuple([(to_expr(v.get("variable")), to_expr(v.get("expression"))) for v in self._variables()])

    def statements(self) -> tuple[tuple[str, Expr], ...]:
        pairs = ((variable_of(v.get("variable")), to_expr(v.get("expression"))) for v in self._variables())
        return tuple((variable, value) for variable, value in pairs if variable is not None)

    def choosing(self) -> Choosing:
        cases = tuple(
            Case(case_key(number), to_expr(case.get("value")), case_name(case, number))
            for number, case in enumerate(cases_of(self.body), 1)
        )
        subject = to_expr(self.body.get("expression"))
        number = self.body.get("switchStyle")
        style = _STYLES.get(number if isinstance(number, int) else 0, SwitchStyle.FIRST_TRUE)
        if isinstance(subject, Empty):
            return Choosing(SwitchStyle.FIRST_TRUE if style is SwitchStyle.MATCH else style, cases)
        return Choosing(style, cases, subject if style is SwitchStyle.MATCH else None)

    def container(self, kind: str) -> str | None:
        key = f"{kind}Reference"
        return self.resolve(kind, as_text(self.body.get(key)) or "", self._at(key))

    def task_inputs(self) -> tuple[Argument, ...]:
        return arguments_of(self.body.get("inputs"))

    def task_outputs(self) -> tuple[Binding, ...]:
        return bindings_of(self.body.get("outputs"))

    def end_path(self) -> str:
        reference = as_text(self.body.get("pathReference"))
        if reference is None or reference == "__DEFAULT__":
            return "default"
        return self.paths.get(reference) or as_text(self.body.get("pathName")) or reference

    def fills(self) -> tuple[str, ...]:
        """Fields that the action fills, also those in lists, and lists `[{name, value}]` of what it gives back."""
        found: dict[str, None] = {}
        for key, value in self.body.items():
            if isinstance(value, list):
                if key.endswith(_GIVEN_BACK):
                    found.update((b.variable, None) for b in bindings_of(value))
                elif key not in _NOT_FILLED:
                    _find_filled((field for item in value for field in as_map(item).values()), found)
            elif isinstance(value, dict) and "uiMetaData" in value:
                _find_filled((value,), found)
        return tuple(found)

    def _at(self, key: str) -> Location:
        return Location(self.location.file, self.location.line, f"{self.location.pointer}/{key}")

    def _variables(self) -> list[dict[str, Any]]:
        return [as_map(v) for v in as_list(self.body.get("variables"))]

    def _number(self, key: str) -> int | None:
        tree = to_expr(self.body.get(key))
        return int(tree.value) if isinstance(tree, Literal) and isinstance(tree.value, int | float) else None

    def _own_arguments(self) -> tuple[Argument, ...]:
        """Fields of the action itself that hold a value: the key of a table lookup, the address looked for."""
        found = [
            Argument(_YAML_NAMES.get(key, key), tree)
            for key, value in self.body.items()
            if is_value(value) and key not in TECHNICAL and not takes_variable(value)
            if not isinstance(tree := to_expr(value), Empty)
        ]
        return tuple(sorted(found, key=lambda a: a.name))

    def _own_bindings(self) -> tuple[Binding, ...]:
        """Variables that the action itself fills, and slots it clears."""
        slots = (
            Binding(n, f"Slot.{n}") for s in as_list(self.body.get("slots")) if (n := as_text(as_map(s).get("name")))
        )
        filled = (
            Binding(key, variable)
            for key, value in self.body.items()
            if takes_variable(value) and (variable := variable_of(value)) is not None
        )
        stored = (
            Binding(str(name.value) if isinstance(name, Literal) else "", variable)
            for name, variable in (self.read_attributes() if self.type.operation == "lookup" else ())
        )
        return tuple(sorted((*slots, *filled, *stored), key=lambda b: b.output))


def _find_filled(fields: Iterable[object], found: dict[str, None]) -> None:
    for field in fields:
        if takes_variable(field) and (variable := variable_of(field)) is not None:
            found[variable] = None


def cases_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cases of a switch or of a loop with conditions, in order."""
    return [as_map(case) for key in _CASES if key in body for case in as_list(body[key])]


def case_name(case: Mapping[str, Any], number: int) -> str | None:
    """The name an administrator gave to the case; None for the automatic one."""
    name = as_text(case.get("name"))
    return None if name == f"Case {number}" else name
