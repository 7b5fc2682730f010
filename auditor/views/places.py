"""Locations inside values of any shape, to be replaced by ones with lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from auditor.model.location import Location

T = TypeVar("T")


def locations_in(value: object) -> Iterator[Location]:
    """Every location in a dataclass, in the dataclasses and tuples that it holds."""
    if isinstance(value, Location):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from locations_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from locations_in(getattr(value, field.name))


def with_places(value: T, lines: Mapping[Location, Location]) -> T:
    """The same value with these locations in place of those they stand for."""
    found: object = value
    if isinstance(value, Location):
        found = lines.get(value, value)
    elif isinstance(value, tuple):
        found = tuple(with_places(each, lines) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{f.name: with_places(getattr(value, f.name), lines) for f in fields(value)})
    return found  # type: ignore[return-value]  # of the type of value in every branch
