"""Blocks of Terraform, and those of files in its own syntax (formats, section 4); JSON is read elsewhere.

Blocks keep the attributes as written; references between them are resolved later, when all files are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct, field

from auditor.loading.hcl import HclBlock, blocks_of, read_hcl
from auditor.loading.values import JsonObject, down, text
from auditor.model.location import Location


class Origin(Enum):
    """What a block was read from."""

    CONFIGURATION = "Terraform configuration"
    STATE = "Terraform state"
    PLAN = "Terraform plan"
    VALUES = "Terraform variables"
    BACKEND = "Terraform backend"
    INSTALLED = "Terraform modules"

    @property
    def in_json(self) -> str:
        """What a JSON file of this origin is called in the list of inputs."""
        return "Terraform JSON" if self is Origin.CONFIGURATION else self.value


class Block(Struct, frozen=True):
    """A resource or data block, or one instance of it in a state or plan.

    values: the attributes; lines: pointer below `at` -> line (HCL); dynamic: inner blocks -> what makes them;
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
    dynamic: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)
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
    """`module "name" { source = "..." }`. values: what it is given; repeats: its count or for_each.

    inner: what it holds, in a plan, where its name has the key with which it is called: `name["key"]`.
    """

    name: str
    source: str
    values: JsonObject
    at: Location
    repeats: JsonObject = field(default_factory=dict)
    inner: TerraformDocument | None = None

    @property
    def numbered(self) -> bool:
        """Whether it may be called several times, or not at all."""
        return numbered(self.repeats)


class TerraformDocument(Struct):
    """What one file holds.

    variables: defaults by name; types: what they must be; sensitive: those marked so; assigned: values from
    tfvars; locals_, outputs: expressions; installed: folders of modules by the names of the calls that lead to them.
    """

    file: str
    origin: Origin
    blocks: list[Block] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    types: dict[str, object] = field(default_factory=dict)
    sensitive: set[str] = field(default_factory=set)
    assigned: dict[str, object] = field(default_factory=dict)
    locals_: dict[str, object] = field(default_factory=dict)
    outputs: dict[str, object] = field(default_factory=dict)
    modules: list[ModuleCall] = field(default_factory=list)
    installed: dict[str, str] = field(default_factory=dict)


def from_hcl(source: str, file: str) -> TerraformDocument:
    """A `.tf`, `.tofu` or `.tfvars` file."""
    root = read_hcl(source)
    if holds_values(file):
        return TerraformDocument(file, Origin.VALUES, assigned=dict(root.values))
    document = TerraformDocument(file, Origin.CONFIGURATION)
    for block in blocks_of(root):
        if block.type == "variable" and block.labels:
            variable_in(document, block.labels[0], block.values)
        elif block.type == "locals":
            document.locals_.update(block.values)
        elif block.type == "output" and block.labels:
            document.outputs[block.labels[0]] = block.values.get("value")
        elif block.type == "module" and block.labels:
            at = down(Location(file, block.line), "module", block.labels[0])
            document.modules.append(call_of(block.labels[0], block.values, at))
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
        block.dynamic,
        numbered=numbered(block.values),
    )


_REPEATS = ("count", "for_each")
_NOT_GIVEN = frozenset({"source", "version", "providers", "depends_on", *_REPEATS})


def call_of(name: str, values: JsonObject, at: Location) -> ModuleCall:
    """The call of a module, with what it is given."""
    given = {key: value for key, value in values.items() if key not in _NOT_GIVEN}
    repeats = {key: values[key] for key in _REPEATS if key in values}
    return ModuleCall(name, text(values, "source") or "", given, at, repeats)


def numbered(values: JsonObject) -> bool:
    """Whether a block says that it may exist several times, or not at all."""
    return values.get("count", 1) != 1 or "for_each" in values


def holds_values(file: str) -> bool:
    """Whether a file of this name gives values to variables."""
    return file.endswith((".tfvars", ".tfvars.json"))


def applies_by_itself(file: str) -> bool:
    """Whether Terraform uses this file of values without being told to."""
    name = PurePosixPath(file).name
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def variable_in(document: TerraformDocument, name: str, values: JsonObject) -> None:
    """Notes a variable that a document declares."""
    if "default" in values:
        document.variables[name] = values["default"]
    if "type" in values:
        document.types[name] = values["type"]
    if values.get("sensitive") is True:
        document.sensitive.add(name)
