"""Plans of Terraform as JSON (`terraform show -json`) -> blocks (formats reference, section 4.5).

A plan holds values that are known, and, in the configuration beside them, what the others refer to: from that come
templates for each module, as often as the plan has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.loading.terraform_documents import Block, ModuleCall, Origin, TerraformDocument
from auditor.loading.values import JsonObject, child, children, down, listed, text
from auditor.model.location import Location

_CALL = re.compile(r'(?:.*\.)?module\.(([\w-]+)(?:\[(?:"[^"]*"|\d+)\])?)', re.DOTALL)
_BLOCK = re.compile(r"(?:data\.)?\w+\.[\w-]+")
_TURNS = ("each.key", "count.index")


_Looked = dict[str, list[tuple[JsonObject, Location]]]
"""What data blocks have looked up, by the address of their module, with its place."""


def plan(document: JsonObject, file: str) -> TerraformDocument:
    """The modules of a plan, or of a state shown as JSON, each below the one that calls it."""
    key = next((key for key in ("planned_values", "values") if isinstance(document.get(key), dict)), None)
    if key is None:
        return TerraformDocument(file, Origin.PLAN)
    steps = ("prior_state", "values", "root_module")
    looked: _Looked = {}
    _look(child(document, *steps), down(Location(file), *steps), looked)
    written = child(document, "configuration", "root_module")
    root = _module(child(document, key, "root_module"), written, down(Location(file), key, "root_module"), looked)
    root.blocks.extend(_block(each, address, {}, at) for address, held in looked.items() for each, at in held)
    return root


def _look(module: JsonObject, at: Location, looked: _Looked) -> None:
    """Data blocks that are known before anything is applied stand in the state before the plan, not in the plan."""
    for index, resource in children(module, "resources"):
        if resource.get("mode") == "data":
            place = down(at, "resources", index, "values")
            looked.setdefault(text(module, "address") or "", []).append((resource, place))
    for index, inner in children(module, "child_modules"):
        _look(inner, down(at, "child_modules", index), looked)


def _module(module: JsonObject, written: JsonObject, at: Location, looked: _Looked) -> TerraformDocument:
    """written: what the configuration says of the module; looked: what it takes is taken out."""
    result = TerraformDocument(at.file, Origin.PLAN)
    expressions = {
        (r.get("mode") == "data", text(r, "type") or "", text(r, "name") or ""): child(r, "expressions")
        for _, r in children(written, "resources")
    }
    address = text(module, "address") or ""
    for index, resource in children(module, "resources"):
        result.blocks.append(_block(resource, address, expressions, down(at, "resources", index, "values")))
    result.blocks.extend(_block(each, address, expressions, place) for each, place in looked.pop(address, ()))
    for name in child(written, "outputs"):
        result.outputs[name] = _template(child(written, "outputs", name).get("expression"))
    for index, inner in children(module, "child_modules"):
        result.modules.append(_call(inner, written, down(at, "child_modules", index), looked))
    return result


def _block(
    resource: JsonObject, module: str, expressions: Mapping[tuple[bool, str, str], JsonObject], at: Location
) -> Block:  # fmt: skip
    data = resource.get("mode") == "data"
    type, label = text(resource, "type") or "", text(resource, "name") or ""
    values, index = child(resource, "values"), resource.get("index")
    return Block(
        type,
        label,
        data,
        values,
        at,
        Origin.PLAN,
        module=module,
        numbered=index is not None,
        index="" if index is None else str(index),
        references=_unknown(expressions.get((data, type, label), {}), values),
        each={} if index is None else {"index" if isinstance(index, int) else "key": index},
    )


def _call(module: JsonObject, written: JsonObject, at: Location, looked: _Looked) -> ModuleCall:
    """The call of a module below this one, which has a place of its own for each key that it is called with."""
    address = text(module, "address") or "?"
    match = _CALL.fullmatch(address)
    step, name = (match[1], match[2]) if match is not None else (address, address)
    said = child(written, "module_calls", name)
    given = {key: _template(value) for key, value in child(said, "expressions").items()}
    inner = _module(module, child(said, "module"), at, looked)
    return ModuleCall(step, "", {k: v for k, v in given.items() if v is not None}, at, inner=inner)


def _unknown(expressions: JsonObject, values: JsonObject) -> dict[str, object]:
    """What attributes refer to whose value the plan does not know yet; of inner blocks the others come along."""
    found: dict[str, object] = {}
    for key, expression in expressions.items():
        known = values.get(key)
        if key not in values:  # null is a value, and what is not known is left out
            template = _template(expression)
            if template is not None:
                found[key] = template
        elif isinstance(expression, dict) and isinstance(known, list) and None in known:  # not known, each in its place
            template = _template(expression)
            several = template if isinstance(template, list) else [] if template is None else [template]
            found[key] = [*(item for item in known if item is not None), *several]
        elif isinstance(expression, list) and isinstance(known, list) and len(expression) == len(known):
            found[key] = [_completed(*pair) for pair in zip(expression, known, strict=True)]
    return found


def _completed(expression: object, known: object) -> object:
    """An inner block with what it refers to."""
    if not isinstance(expression, dict) or not isinstance(known, dict):
        return known
    return {**known, **_unknown(expression, known)}


def _template(expression: object) -> object:
    """An expression as the configuration would have it, as far as a plan tells: a constant, or what it refers to."""
    if not isinstance(expression, dict):
        return None
    constant = expression.get("constant_value")
    if constant is not None:
        return constant.replace("${", "$${") if isinstance(constant, str) else constant
    templates = ["${" + name + "}" for name in _names(expression)]
    return templates if len(templates) > 1 else next(iter(templates), None)


def _names(expression: JsonObject) -> Iterator[str]:
    """What is referred to, each by its longest name: `a.b.id` is followed by `a.b`, `m.x["k"].y` by `m.x["k"]`."""
    names = [name for name in listed(expression, "references") if isinstance(name, str)]
    whole = [name for name in names if not any(other.startswith((f"{name}.", f"{name}[")) for other in names)]
    turn = next((name for name in whole if name in _TURNS), None)
    several = [name for name in whole if name != turn]
    if turn is not None and len(several) == 1 and _BLOCK.fullmatch(several[0]):
        yield f"{several[0]}[{turn}].id"  # one of several blocks, by a key that only this one knows
    else:
        yield from whole
