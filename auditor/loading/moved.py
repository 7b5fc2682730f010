"""Every place in a loaded object replaced by another: what is translated stands where its file has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from auditor.model.location import Location

T = TypeVar("T")


def moved(thing: T, change: Callable[[Location], Location]) -> T:
    """The same object with each of its locations, at any depth, changed."""
    result: Any = _moved(thing, change)
    return result  # type: ignore[no-any-return]


def _moved(value: Any, change: Callable[[Location], Location]) -> Any:
    if isinstance(value, Location):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_moved(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = _moved(before, change)
            if after is not before:
                changes[field.name] = after
        return replace(value, **changes) if changes else value
    return value
