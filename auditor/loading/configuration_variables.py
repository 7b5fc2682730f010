"""Variables declared in configuration JSON."""

from __future__ import annotations

from auditor.loading.configuration_values import as_list, as_map, as_text, to_expr
from auditor.model.expressions import Empty
from auditor.model.flows import FlowVariable

_YAML_TYPES = {"bool": "boolean"}


def variables_of(value: object) -> tuple[FlowVariable, ...]:
    """The variables of a flow or task, by name, with the types of YAML (`stringcollection`)."""
    found = []
    for body in map(as_map, as_list(value)):
        name = as_text(body.get("name"))
        if name:
            type = (as_text(body.get("__type")) or "").removesuffix("Variable").lower()
            initial = to_expr(body.get("initialValue"))
            found.append(
                FlowVariable(
                    name,
                    _YAML_TYPES.get(type, type) + ("collection" if body.get("isCollection") is True else ""),
                    None if isinstance(initial, Empty) else initial,
                    body.get("isInput") is True,
                    body.get("isOutput") is True,
                )
            )
    return tuple(sorted(found, key=lambda v: v.name.casefold()))
