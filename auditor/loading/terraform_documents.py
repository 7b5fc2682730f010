"""Terraform files -> blocks: configuration in both syntaxes, state version 4, plans shown as JSON (formats, section 4).

Blocks keep the attributes as written; references between them are resolved later, when all files are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct, field

from auditor.errors import DocumentError
from auditor.loading.flatmap import from_flatmap
from auditor.loading.hcl import HclBlock, blocks_of, read_hcl
from auditor.loading.values import JsonObject, child, children, down, listed, text
from auditor.model.location import Location


class Origin(Enum):
    """What a block was read from."""

    CONFIGURATION = "Terraform configuration"
    STATE = "Terraform state"
    PLAN = "Terraform plan"
    VALUES = "Terraform variables"

    @property
    def in_json(self) -> str:
        """What a JSON file of this origin is called in the list of inputs."""
        return "Terraform JSON" if self is Origin.CONFIGURATION else self.value


class Block(Struct, frozen=True):
    """A resource or data block, or one instance of it in a state or plan.

    values: the attributes; lines: pointer below `at` -> line (HCL); dynamic: inner blocks made by expressions;
    module: address of the module it stands in, "" for the root; numbered: it has a count or for_each;
    index: which of the numbered ones this is, in a state; references: attribute -> templates for what a plan does not
    know yet; scope: what its expressions may name, known once all files are.
    """

    type: str
    label: str
    data: bool
    values: JsonObject
    at: Location
    origin: Origin
    lines: Mapping[str, int] = field(default_factory=dict)
    dynamic: frozenset[str] = frozenset()
    module: str = ""
    numbered: bool = False
    index: str = ""
    references: Mapping[str, object] = field(default_factory=dict)
    scope: str = ""
    each: JsonObject = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, Location, str]:
        """Tells blocks apart: one place is several blocks when its module is called several times, or it repeats."""
        return self.scope, self.at, self.index

    @property
    def repeats(self) -> bool:
        """Whether an expression that nobody knows says how often the block exists."""
        return self.numbered and not self.each

    @property
    def address(self) -> tuple[bool, str, str]:
        """What references name: data or resource, type, label."""
        return self.data, self.type, self.label


class ModuleCall(Struct, frozen=True):
    """`module "name" { source = "..." }`. values: what it is given; numbered: it has a count or for_each."""

    name: str
    source: str
    values: JsonObject
    at: Location
    numbered: bool


class TerraformDocument(Struct):
    """What one file holds.

    variables: defaults by name; sensitive: those marked so; assigned: values from tfvars; locals_, outputs:
    expressions.
    """

    file: str
    origin: Origin
    blocks: list[Block] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    sensitive: set[str] = field(default_factory=set)
    assigned: dict[str, object] = field(default_factory=dict)
    locals_: dict[str, object] = field(default_factory=dict)
    outputs: dict[str, object] = field(default_factory=dict)
    modules: list[ModuleCall] = field(default_factory=list)


def from_hcl(source: str, file: str) -> TerraformDocument:
    """A `.tf`, `.tofu` or `.tfvars` file."""
    root = read_hcl(source)
    if _holds_values(file):
        return TerraformDocument(file, Origin.VALUES, assigned=dict(root.values))
    document = TerraformDocument(file, Origin.CONFIGURATION)
    for block in blocks_of(root):
        if block.type == "variable" and block.labels:
            _variable(document, block.labels[0], block.values)
        elif block.type == "locals":
            document.locals_.update(block.values)
        elif block.type == "output" and block.labels:
            document.outputs[block.labels[0]] = block.values.get("value")
        elif block.type == "module" and block.labels:
            at = down(Location(file, block.line), "module", block.labels[0])
            document.modules.append(_call(block.labels[0], block.values, at))
        elif block.type in ("resource", "data") and len(block.labels) == 2:
            document.blocks.append(_from_block(block, file))
    return document


def _from_block(block: HclBlock, file: str) -> Block:
    type, label = block.labels
    at = down(Location(file, block.line), block.type, type, label)
    return Block(
        type,
        label,
        block.type == "data",
        block.values,
        at,
        Origin.CONFIGURATION,
        block.lines,
        frozenset(block.dynamic),
        numbered=_numbered(block.values),
    )


_NOT_GIVEN = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


def _call(name: str, values: JsonObject, at: Location) -> ModuleCall:
    given = {key: value for key, value in values.items() if key not in _NOT_GIVEN}
    return ModuleCall(name, text(values, "source") or "", given, at, _numbered(values))


def _numbered(values: JsonObject) -> bool:
    return values.get("count", 1) != 1 or "for_each" in values


def _holds_values(file: str) -> bool:
    return file.endswith((".tfvars", ".tfvars.json"))


def applies_by_itself(file: str) -> bool:
    """Whether Terraform uses this file of values without being told to."""
    name = PurePosixPath(file).name
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def from_json(document: JsonObject, file: str) -> TerraformDocument:
    """A `.tf.json`, `.tfvars.json`, state or plan file. Raises DocumentError for what only looks like one."""
    if _holds_values(file):
        return TerraformDocument(file, Origin.VALUES, assigned=dict(document))
    if "format_version" in document:
        return _plan(document, file)
    if "terraform_version" in document or file.endswith(".tfstate"):
        return _state(document, file)
    return _configuration(document, file)


def _variable(document: TerraformDocument, name: str, values: JsonObject) -> None:
    if "default" in values:
        document.variables[name] = values["default"]
    if values.get("sensitive") is True:
        document.sensitive.add(name)


def _configuration(document: JsonObject, file: str) -> TerraformDocument:
    result = TerraformDocument(file, Origin.CONFIGURATION)
    top = Location(file)
    for name, variable, _ in _members(document.get("variable"), top):
        if isinstance(variable, dict):
            _variable(result, name, variable)
    result.locals_.update((name, value) for name, value, _ in _members(document.get("locals"), top))
    for name, output, _ in _members(document.get("output"), top):
        result.outputs[name] = output.get("value") if isinstance(output, dict) else None
    for name, held, at in _members(document.get("module"), down(top, "module")):
        result.modules.extend(_call(name, values, where) for values, where in _one_or_more(held, at))
    for key in ("resource", "data"):
        for type, labels, at in _members(document.get(key), down(top, key)):
            for label, held, place in _members(labels, at):
                for values, where in _one_or_more(held, place):
                    result.blocks.append(_in_json(type, label, key == "data", values, where))
    return result


def _in_json(type: str, label: str, data: bool, values: JsonObject, at: Location) -> Block:
    made = frozenset(name for name, _, _ in _members(values.get("dynamic"), at))
    return Block(type, label, data, values, at, Origin.CONFIGURATION, dynamic=made, numbered=_numbered(values))


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


def _plan(document: JsonObject, file: str) -> TerraformDocument:
    result = TerraformDocument(file, Origin.PLAN)
    for key in ("planned_values", "values"):
        if isinstance(document.get(key), dict):
            known = _expressions(child(document, "configuration", "root_module"))
            root = child(document, key, "root_module")
            result.blocks.extend(_planned(root, "", known, down(Location(file), key, "root_module")))
            break
    return result


def _planned(module: JsonObject, address: str, known: _Expressions, at: Location) -> Iterator[Block]:
    for index, resource in children(module, "resources"):
        data = resource.get("mode") == "data"
        type, label = text(resource, "type") or "", text(resource, "name") or ""
        values = child(resource, "values")
        yield Block(
            type,
            label,
            data,
            values,
            down(at, "resources", index, "values"),
            Origin.PLAN,
            module=address,
            numbered="index" in resource,
            references={} if address else _unknown(known.get((data, type, label), {}), values),
        )
    for index, inner in children(module, "child_modules"):
        yield from _planned(inner, text(inner, "address") or "?", known, down(at, "child_modules", index))


_Expressions = dict[tuple[bool, str, str], JsonObject]


def _expressions(root: JsonObject) -> _Expressions:
    """What the configuration inside a plan says of each block."""
    return {
        (r.get("mode") == "data", text(r, "type") or "", text(r, "name") or ""): child(r, "expressions")
        for _, r in children(root, "resources")
    }


def _unknown(expressions: JsonObject, values: JsonObject) -> dict[str, object]:
    """What attributes refer to whose value the plan does not know yet."""
    found: dict[str, object] = {}
    for key, expression in expressions.items():
        if isinstance(expression, dict) and values.get(key) is None:
            names = [name for name in listed(expression, "references") if isinstance(name, str)]
            whole = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
            if whole:
                templates = ["${" + name + "}" for name in whole]
                found[key] = templates if len(templates) > 1 else templates[0]
    return found
