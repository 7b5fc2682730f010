"""Every place in a loaded object replaced by another: what is translated stands where its file has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.location import Location

T = TypeVar("T")


def moved(thing: T, change: Callable[[Location], Location]) -> T:
    """The same object with each of its locations, at any depth, changed."""
    result: Any = _moved(thing, change)
    return result  # type: ignore[no-any-return]


def _moved(value: Any, change: Callable[[Location], Location]) -> Any:
    kind: Any = type(value)
    if kind is str or value is None:
        return value
    if kind is Location:
        return change(value)
    if kind is tuple:
        return tuple([_moved(item, change) for item in value])
    changes = {}
    for name in _names(kind):
        before = getattr(value, name)
        after = _moved(before, change)
        if after is not before:
            changes[name] = after
    return replace(value, **changes) if changes else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return kind.__struct_fields__ if issubclass(kind, Struct) else ()
