"""Variables declared in Archy YAML: `- stringCollectionVariable: {name: Flow.x, initialValue: {...}}`."""

from __future__ import annotations

from sys import intern

from auditor.loading.archy_values import as_text, items_of, to_expr
from auditor.loading.yaml_reader import YamlMap, YamlValue
from auditor.model.expressions import Empty
from auditor.model.flows import FlowVariable


def variables_of(value: YamlValue | None) -> tuple[FlowVariable, ...]:
    """The variables of a flow or task, by name: the forms list them in different orders."""
    found = []
    for key, body in items_of(value):
        name = as_text(body.get("name"))
        if name:
            found.append(_variable(key.removesuffix("Variable"), name, body))
    return tuple(sorted(found, key=lambda v: v.name.casefold()))


def _variable(type: str, name: str, body: YamlMap) -> FlowVariable:
    initial = to_expr(body.get("initialValue"), type)
    return FlowVariable(
        intern(name),
        intern(type.lower()),
        None if isinstance(initial, Empty) else initial,
        as_text(body.get("isInput")) == "true",
        as_text(body.get("isOutput")) == "true",
    )
