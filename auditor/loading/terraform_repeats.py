"""Blocks that a constant count or for_each makes several of, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from auditor.loading.limits import limits
from auditor.loading.terraform_documents import Block, Origin
from auditor.loading.terraform_scope import Scope
from auditor.loading.values import JsonObject

MOST = 1000
"""No organisation is written with more in one block."""


def repeated(blocks: Iterable[Block], scopes: Mapping[str, Scope]) -> Iterator[Block]:
    """The blocks, each as often as it says when that is constant; the others stay as they are.

    So do those that would be more than may be: each would take as much as if it were written.
    """
    left = limits().objects
    for block in blocks:
        scope = scopes.get(block.scope)
        one_by_one = turns(block.values, scope) if scope is not None and block.repeats else None
        many = one_by_one is not None and len(one_by_one) > left
        if scope is None or one_by_one is None or many or block.origin is not Origin.CONFIGURATION:
            yield block
            continue
        left -= len(one_by_one)
        made = [replace(block, index=index, each=each) for index, each in one_by_one.items()]
        if not scope.states.get(block.address):  # the state knows better which there are
            scope.repeat(block, made)
            yield from made
        else:
            yield block


def turns(values: JsonObject, scope: Scope) -> dict[str, JsonObject] | None:
    """What `each` or `count` is in every one of the blocks, by its index; None: that is not constant."""
    if "for_each" in values:
        given = scope.constant(values["for_each"])
        if isinstance(given, list) and all(isinstance(item, str) for item in given):
            given = {str(item): item for item in given}
        if isinstance(given, Mapping) and len(given) <= MOST:
            return {str(key): {"key": str(key), "value": value} for key, value in given.items()}
        return None
    count = _count(values.get("count"), scope)
    if count is None or count > MOST:
        return None
    return {str(index): {"index": index} for index in range(count)}


def _count(value: object, scope: Scope) -> int | None:
    found = scope.constant(value)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    return int(found) if str(found).isdigit() else None
