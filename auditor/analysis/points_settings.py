"""Stored values that say whether to ask, rather than what the caller wants.

Lines and numbers have such settings ("consent: yes" means: ask on this line). What tells them from an answer: they
are looked up by the number that was called or by a constant, or the question about recording follows only where they
hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.analysis.consent import PlaceKey
from auditor.analysis.evaluate import Lookup as ValueOf
from auditor.analysis.evaluate import assume, match_case
from auditor.analysis.points_scene import FlowScene, Scene
from auditor.analysis.points_values import values_of
from auditor.analysis.values import ANY, SOMETHING, Values, meet
from auditor.model.directory import Found
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Empty, Literal, NotSet
from auditor.model.flows import Action, Container, Menu, Task
from auditor.model.operations import (
    Argument,
    CallModule,
    CallTask,
    Case,
    Decide,
    Jump,
    Reference,
    Switch,
    SwitchStyle,
)

_CALLED_NUMBER = frozenset(
    {"call.calledaddress", "call.calledaddressoriginal", "call.dnis", "flow.dnis", "task.dnis", "common.dnis"}
)


def is_keyed_by_line(flow: FlowScene, key: Iterable[Argument]) -> bool:
    """Whether something is looked up by the number that was called, or by what is the same for every call."""
    copies = {copy for name in _CALLED_NUMBER for copy in flow.comparisons.copies_of(name)}
    looked_up = [argument.value for argument in key if not isinstance(argument.value, Empty | NotSet)]
    return any(variables_in(value) & (_CALLED_NUMBER | copies) for value in looked_up) or (
        bool(looked_up) and all(isinstance(value, Literal) for value in looked_up)
    )


class Guards:
    """Which branches lead to a question about recording. asking: the places of all such questions."""

    def __init__(self, scene: Scene, asking: Iterable[PlaceKey]) -> None:
        self.scene = scene
        self._asking = frozenset(asking)
        self._flows = frozenset(place.flow for place in self._asking)

    def guards_question(self, flow: FlowScene, variable: str, granting: Iterable[str], refusing: Iterable[str]) -> bool:
        """Whether a question follows where a variable grants, and not where it refuses."""
        if not self._asking:
            return False
        granted = values_of(flow, variable, granting)
        refused = values_of(flow, variable, refusing)
        if not granted.atoms:
            granted = meet(SOMETHING, Values(refused.atoms, negated=True))
        if not refused.atoms:
            refused = meet(SOMETHING, Values(granted.atoms, negated=True))
        names = {variable.casefold(), *flow.comparisons.copies_of(variable)}
        return any(
            self._asks_in(flow, output.block)
            and _holds(site.action, output.key, names, granted)
            and not _holds(site.action, output.key, names, refused)
            for site in flow.sites
            if isinstance(site.action.operation, Decide | Switch) and _reads(site.action, names)
            for output in site.action.outputs
        )

    def _asks_in(self, flow: FlowScene, block: tuple[Action, ...]) -> bool:
        numbers = {id(site.action): flow.place(site) for site in flow.sites}
        containers = {c.id: c for c in flow.flow.containers}
        seen: set[str] = set()
        todo = list(block)
        while todo:
            action = todo.pop()
            if numbers[id(action)] in self._asking or self._module_asks(flow, action):
                return True
            todo.extend(inner for output in action.outputs for inner in output.block)
            match action.operation:
                case CallTask(container=str() as name) | Jump(container=str() as name) if name not in seen:
                    seen.add(name)
                    if self._enters(flow, containers.get(name), todo):
                        return True
        return False

    def _enters(self, flow: FlowScene, container: Container | None, todo: list[Action]) -> bool:
        """Whether a container is a question itself; else its actions are to be looked at."""
        match container:
            case Menu(id=name):
                return PlaceKey(flow.index, name, None) in self._asking
            case Task(block=block):
                todo.extend(block)
        return False

    def _module_asks(self, flow: FlowScene, action: Action) -> bool:
        operation = action.operation
        if not isinstance(operation, CallModule) or not isinstance(operation.module, Reference):
            return False
        found = self.scene.directory.module(operation.module, flow.flow.division)
        return isinstance(found, Found) and found.object in self._flows


def _reads(action: Action, names: set[str]) -> bool:
    match action.operation:
        case Decide(condition=condition):
            return bool(variables_in(condition) & names)
        case Switch(cases=cases, subject=subject):
            expressions = [case.value for case in cases] + ([subject] if subject is not None else [])
            return any(variables_in(e) & names for e in expressions)
        case _:
            return False


def _holds(action: Action, output: str, names: set[str], values: Values) -> bool:
    """Whether a branch can be taken when the variables have these values, and all others any."""
    known: Mapping[str, Values] = dict.fromkeys(names, values)

    def lookup(key: str) -> Values:
        return known.get(key, ANY)

    match action.operation:
        case Decide(condition=condition):
            split = assume(condition, lookup)
            return bool(split.true if output == "yes" else split.false)
        case Switch(cases=cases) as switch:
            cases = tuple(c for c in cases if c.output == output) or cases
            possible = [_case(switch, case, lookup) for case in cases]
            return any(yes for yes, _ in possible) if output != "default" else all(no for _, no in possible)
        case _:
            return True


def _case(switch: Switch, case: Case, lookup: ValueOf) -> tuple[bool, bool]:
    if switch.style is SwitchStyle.MATCH and switch.subject is not None:
        split = match_case(switch.subject, case.value, lookup)
    else:
        split = assume(case.value, lookup)
    return bool(split.true), bool(split.false)
