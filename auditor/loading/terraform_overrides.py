"""Files that change what the other files of their folder say: override files, and the `.tofu` twin of a `.tf` file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from auditor.loading.terraform_documents import Block, ModuleCall, Origin, TerraformDocument
from auditor.model.location import Location
from auditor.model.problems import Problem

_OVERRIDE = re.compile(r"(?:.*[/_]|)override\.(?:tf|tofu)(?:\.json)?")
_TOFU = re.compile(r"(.*)\.tofu(\.json)?")


def in_force(documents: Iterable[TerraformDocument]) -> tuple[list[TerraformDocument], list[Problem]]:
    """The documents of one folder as Terraform reads them together, and what of them counts for nothing.

    Arguments in override files replace those of the same block, and blocks in it those of their type.
    """
    held = list(documents)
    twins = {f"{match[1]}.tf{match[2] or ''}" for d in held if (match := _TOFU.fullmatch(d.file))}
    problems = [_replaced(document) for document in held if document.file in twins]
    read = [document for document in held if document.file not in twins]
    changing = sorted((d for d in read if _OVERRIDE.fullmatch(d.file)), key=lambda document: document.file)
    if not changing:
        return read, problems
    base = [replace(d, blocks=list(d.blocks), modules=list(d.modules)) for d in read if d not in changing]
    for document in changing:
        blocks = [block for block in document.blocks if not _change_block(block, base)]
        calls = [call for call in document.modules if not _change_call(call, base)]
        base.append(replace(document, blocks=blocks, modules=calls))
    return base, problems


def _change_block(change: Block, documents: Sequence[TerraformDocument]) -> bool:
    """Puts the arguments into the block of the same address; False: there is none."""
    for document in documents:
        for index, block in enumerate(document.blocks):
            if block.origin is Origin.CONFIGURATION and block.address == change.address:
                document.blocks[index] = _changed(block, change)
                return True
    return False


def _changed(block: Block, change: Block) -> Block:
    """The block with the last word on it, whose place it takes: a reader of the first one would not see why."""
    return replace(
        block,
        values={k: v for k, v in block.values.items() if k not in change.dynamic} | dict(change.values),
        at=change.at,
        lines=change.lines,
        dynamic={k: v for k, v in block.dynamic.items() if k not in change.values} | dict(change.dynamic),
        numbered=block.numbered or change.numbered,
    )


def _change_call(change: ModuleCall, documents: Sequence[TerraformDocument]) -> bool:
    for document in documents:
        for index, call in enumerate(document.modules):
            if call.name == change.name:
                values, source = {**call.values, **change.values}, change.source or call.source
                repeats = {**call.repeats, **change.repeats}
                document.modules[index] = replace(call, values=values, source=source, repeats=repeats)
                return True
    return False


def _replaced(document: TerraformDocument) -> Problem:
    message = f"{document.file} is not read: OpenTofu takes the file of the same name that ends in .tofu in its place."
    hint = "Where Terraform deploys the configuration, leave the .tofu files out."
    return Problem("RX906", message, Location(document.file), hint, f"file:{document.file}")
