"""Terraform files in JSON -> blocks: configuration, variables, state version 4, and plans (formats, section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import DocumentError
from auditor.loading.detect import installs_modules
from auditor.loading.flatmap import from_flatmap
from auditor.loading.terraform_documents import (
    Block,
    Origin,
    TerraformDocument,
    call_of,
    holds_values,
    numbered,
    variable_in,
)
from auditor.loading.terraform_plan import plan
from auditor.loading.values import JsonObject, children, down, text
from auditor.model.location import Location


def from_json(document: JsonObject, file: str) -> TerraformDocument:
    """A `.tf.json`, `.tfvars.json`, state or plan file. Raises DocumentError for what only looks like one."""
    if holds_values(file):
        return TerraformDocument(file, Origin.VALUES, assigned=dict(document))
    if installs_modules(document):
        listed = (module for _, module in children(document, "Modules"))
        named = ((text(module, "Key"), text(module, "Dir")) for module in listed)
        return TerraformDocument(file, Origin.INSTALLED, installed={key: dir for key, dir in named if key and dir})
    if "format_version" in document:
        return plan(document, file)
    if _only_backend(document):
        return TerraformDocument(file, Origin.BACKEND)
    if "terraform_version" in document or file.endswith(".tfstate"):
        return _state(document, file)
    return _configuration(document, file)


def _only_backend(document: JsonObject) -> bool:
    """Whether this is no state, but what Terraform keeps about the place of one (`.terraform/terraform.tfstate`)."""
    modules = [module for _, module in children(document, "modules")]
    return "backend" in document and not any(module.get("resources") for module in (document, *modules))


def _configuration(document: JsonObject, file: str) -> TerraformDocument:
    result = TerraformDocument(file, Origin.CONFIGURATION)
    top = Location(file)
    for name, variable, _ in _members(document.get("variable"), top):
        if isinstance(variable, dict):
            variable_in(result, name, variable)
    result.locals_.update((name, value) for name, value, _ in _members(document.get("locals"), top))
    for name, output, _ in _members(document.get("output"), top):
        result.outputs[name] = output.get("value") if isinstance(output, dict) else None
    for name, held, at in _members(document.get("module"), down(top, "module")):
        result.modules.extend(call_of(name, values, where) for values, where in _one_or_more(held, at))
    for key in ("resource", "data"):
        for type, labels, at in _members(document.get(key), down(top, key)):
            for label, held, place in _members(labels, at):
                for values, where in _one_or_more(held, place):
                    result.blocks.append(_in_json(type, label, key == "data", values, where))
    return result


def _in_json(type: str, label: str, data: bool, values: JsonObject, at: Location) -> Block:
    makers: dict[str, list[JsonObject]] = {}
    for name, held, place in _members(values.get("dynamic"), at):
        makers.setdefault(name, []).extend(each for each, _ in _one_or_more(held, place))
    plain = {key: value for key, value in values.items() if key != "dynamic"} if makers else values
    return Block(type, label, data, plain, at, Origin.CONFIGURATION, dynamic=makers, numbered=numbered(values))


def _members(value: object, at: Location) -> Iterator[tuple[str, object, Location]]:
    """Members of an object, or of each object of a list: both are allowed at every level of labels."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner, down(at, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from _members(item, down(at, index))


def _one_or_more(value: object, at: Location) -> Iterator[tuple[JsonObject, Location]]:
    if isinstance(value, dict):
        yield value, at
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield item, down(at, index)


def _state(document: JsonObject, file: str) -> TerraformDocument:
    version = document.get("version")
    if version != 4:
        raise DocumentError(
            f"This is a Terraform state of version {version}, only version 4 is understood.",
            None,
            "Let a current version of Terraform write the state, or export again.",
        )
    result = TerraformDocument(file, Origin.STATE)
    for number, resource in children(document, "resources"):
        place = down(Location(file), "resources", number, "instances")
        for index, instance in children(resource, "instances"):
            if "deposed" not in instance:
                result.blocks.append(_instance(resource, instance, down(place, index)))
    return result


def _instance(resource: JsonObject, instance: JsonObject, at: Location) -> Block:
    flat = instance.get("attributes_flat")
    nested = instance.get("attributes")
    if isinstance(nested, dict):
        values: JsonObject = nested
        at = down(at, "attributes")
    else:
        values = from_flatmap(flat) if isinstance(flat, dict) else {}
        at = down(at, "attributes_flat")
    return Block(
        text(resource, "type") or "",
        text(resource, "name") or "",
        resource.get("mode") == "data",
        values,
        at,
        Origin.STATE,
        module=text(resource, "module") or "",
        numbered="index_key" in instance,
        index=str(instance.get("index_key", "")),
    )
