"""A setting is known, an expression, or unset; never a bare boolean (semantics, section 1)."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from auditor.model.location import NOWHERE, Location

T_co = TypeVar("T_co", covariant=True)


class Known(Struct, Generic[T_co], frozen=True, gc=False):
    """The export states the value."""

    value: T_co
    location: Location = NOWHERE


class Expression(Struct, frozen=True, gc=False):
    """The export states an expression whose value is only known at run time."""

    text: str
    location: Location = NOWHERE


class Unset(Struct, frozen=True, gc=False):
    """The export does not hold the key. This is not the same as false."""

    def __reduce__(self) -> str:
        return "UNSET"  # there is one


UNSET = Unset()

Setting = Known[T_co] | Expression | Unset


def values_of(setting: Setting[bool]) -> tuple[bool, ...]:
    """Every value a boolean setting may have: one when known, both otherwise."""
    match setting:
        case Known(value=value):
            return (value,)
        case _:
            return (False, True)
