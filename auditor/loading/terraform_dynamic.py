"""Inner blocks that `dynamic` makes of a list, set or map whose items are known: one for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
        parts = [list(_made(type, maker, scope)) if _known(maker, scope) else None for maker in makers]
        if all(part is not None for part in parts):
            found[type] = [inner for part in parts for inner in part or ()]
    return found


def _known(maker: JsonObject, scope: Scope) -> bool:
    return _content(maker) is not None and _items(maker.get("for_each"), scope) is not None


def _made(type: str, maker: JsonObject, scope: Scope) -> Iterator[object]:
    name = maker.get("iterator")
    iterator = _ALONE.sub(r"\1", name).strip() if isinstance(name, str) else type
    for key, value in (_items(maker.get("for_each"), scope) or {}).items():
        with scope.making(iterator, {"key": key, "value": value}):
            yield scope.whole(_content(maker))


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
