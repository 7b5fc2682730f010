"""Locations inside values of any shape, to be replaced by ones with lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.location import Location

T = TypeVar("T")


def locations_in(value: object) -> Iterator[Location]:
    """Every location in an object, in the objects and tuples that it holds."""
    if isinstance(value, Location):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from locations_in(each)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from locations_in(getattr(value, name))


def with_places(value: T, lines: Mapping[Location, Location]) -> T:
    """The same value with these locations in place of those they stand for."""
    found: object = value
    if isinstance(value, Location):
        found = lines.get(value, value)
    elif isinstance(value, tuple):
        found = tuple(with_places(each, lines) for each in value)
    elif isinstance(value, Struct):
        parts = {name: with_places(getattr(value, name), lines) for name in value.__struct_fields__}
        found = replace(value, **parts)
    return found  # type: ignore[return-value]  # of the type of value in every branch
