"""Inner blocks that `dynamic` makes of a list, set or map whose items are known: one for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from auditor.loading.terraform_documents import Block
from auditor.loading.terraform_functions import Unique
from auditor.loading.terraform_translation import Ref
from auditor.loading.values import JsonObject

if TYPE_CHECKING:
    from auditor.loading.terraform_scope import Scope

MOST = 1000
"""No block of an organisation has more inner ones that an expression makes."""
_ALONE = re.compile(r"\$\{(.*)\}", re.DOTALL)


def made(block: Block, scope: Scope) -> dict[str, list[object]]:
    """The inner blocks by type; types are left out where it is not known how many there are."""
    found: dict[str, list[object]] = {}
    for type, makers in block.dynamic.items():
        parts = [_made(type, maker, scope) for maker in makers]
        if None not in parts:
            found[type] = [inner for part in parts for inner in part or ()]
    return found


def _made(type: str, maker: JsonObject, scope: Scope) -> list[object] | None:
    """What one of them makes; None: that is not known."""
    name, content, items = maker.get("iterator"), _content(maker), _items(maker.get("for_each"), scope)
    if content is None or items is None:
        return None
    iterator = _ALONE.sub(r"\1", name).strip() if isinstance(name, str) else type
    found: list[object] = []
    for key, value in items.items():
        with scope.making(iterator, {"key": key, "value": value}):
            found.append(scope.whole(content))
    return found


def _content(maker: JsonObject) -> JsonObject | None:
    held = maker.get("content")
    if isinstance(held, list) and len(held) == 1:
        held = held[0]
    return held if isinstance(held, dict) and "dynamic" not in held else None


def _items(value: object, scope: Scope) -> dict[object, object] | None:
    """What is gone through, by key; None: it is not known."""
    found = scope.whole(value)
    if isinstance(found, list):
        unique = isinstance(found, Unique)
        pairs = ((item if unique and isinstance(item, str) else at, item) for at, item in enumerate(found))
        items: dict[object, object] = dict(pairs)
    elif isinstance(found, Mapping) and not isinstance(found, Ref):
        items = {key: found[key] for key in sorted(found, key=str)}
    else:
        return None
    return items if len(items) <= MOST else None
