"""The outputs of an action in the one order that every form gives: those of the table, then the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from msgspec.structs import replace

from auditor.loading.action_table import ActionType, output_label
from auditor.model.flows import Output


def in_order(type: ActionType, found: Sequence[Output]) -> tuple[Output, ...]:
    """Outputs of the table, omitted ones empty, then dynamic ones in file order, all with different keys."""
    if not found:
        return _omitted(type.outputs)
    by_key = {output.key: output for output in found}
    if len(by_key) < len(found):
        by_key = _numbered(found)
    always = [by_key.pop(key) if key in by_key else _empty(key) for key in type.outputs]
    return (*always, *by_key.values())


def _numbered(found: Sequence[Output]) -> dict[str, Output]:
    by_key: dict[str, Output] = {}
    for output in found:
        key, count = output.key, 1
        while key in by_key:
            count += 1
            key = f"{output.key} ({count})"
        by_key[key] = output if key == output.key else replace(output, key=key)
    return by_key


@cache
def _omitted(keys: tuple[str, ...]) -> tuple[Output, ...]:
    return tuple(_empty(key) for key in keys)


@cache
def _empty(key: str) -> Output:
    return Output(key, output_label(key))
