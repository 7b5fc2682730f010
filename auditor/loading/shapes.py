"""The shape of platform API objects, checked against one JSON Schema a kind.

The schemas speak only of types and of keys that must be there, so whether an object is valid follows from the types
in it alone; objects of the same types as one already checked need no second check, and exports are uniform.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from auditor.loading.values import JsonObject, down
from auditor.model.location import Location
from auditor.model.problems import Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_WORDS = {
    "object": "an object", "array": "a list", "string": "text", "boolean": "true or false", "integer": "a whole number",
    "number": "a number", "null": "null",
}  # fmt: skip
_MOST = 5


class Shapes:
    """Checks objects; remembers which combinations of types it has found valid."""

    def __init__(self) -> None:
        self._valid: set[tuple[str, object]] = set()

    def problems(self, kind: str, value: JsonObject, at: Location) -> tuple[Problem, ...]:
        """RX906 for everything in the object that has not the shape of its kind."""
        key = (kind, _types(value, _part(kind)))
        if key in self._valid:
            return ()
        errors = sorted(_validator(kind).iter_errors(value), key=lambda e: [str(p) for p in e.absolute_path])
        if not errors:
            self._valid.add(key)
        return tuple(_problem(kind, error, at) for error in errors[:_MOST])


def whole_object_wrong(problems: tuple[Problem, ...], at: Location) -> bool:
    """Whether a problem concerns the object itself, not a part of it, so that it cannot be used."""
    return any(problem.location == at for problem in problems)


@cache
def schema(kind: str) -> Mapping[str, Any]:
    """The JSON Schema of a kind."""
    text = resources.files("auditor.loading").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")
    parsed: Mapping[str, Any] = json.loads(text)
    return parsed


@cache
def _validator(kind: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(kind))


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a schema looks: into these members, into the items of a list, into all other members."""

    members: tuple[tuple[str, _Part], ...]
    items: _Part | None
    others: _Part | None

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> _Part:
        """The parts of a schema."""
        members = tuple((key, cls.of(inner)) for key, inner in part.get("properties", {}).items())
        items, others = part.get("items"), part.get("additionalProperties")
        return cls(members, cls.of(items) if items else None, cls.of(others) if others else None)


@cache
def _part(kind: str) -> _Part:
    return _Part.of(schema(kind))


def _types(value: object, part: _Part) -> object:
    """The types of a value as far as its schema looks."""
    if type(value) is dict:
        found: list[object] = [dict]
        for key, inner in part.members:
            if key in value:
                member = value[key]
                kind = type(member)
                found.append((key, _types(member, inner) if kind is dict or kind is list else kind))
        if part.others is not None:
            found.append(frozenset([_types(item, part.others) for item in value.values()]))
        return tuple(found)
    if type(value) is list and part.items is not None:
        return list, frozenset([_types(item, part.items) for item in value])
    return type(value)


def _problem(kind: str, error: ValidationError, at: Location) -> Problem:
    place = down(at, *error.absolute_path)
    title = str(schema(kind)["title"])
    rule: Any = error.validator_value
    if error.validator == "type":
        expected = [rule] if isinstance(rule, str) else rule
        wanted = " or ".join(_WORDS[word] for word in expected if word != "null")
        what = f"{_last(place)} is {_found(error.instance)}, not {wanted}"
    else:
        keys = [alternative["required"][0] for alternative in rule]
        what = f"there is none of the keys {', '.join(keys)}"
    return Problem(
        "RX906",
        f"{title}: {what}.",
        place,
        "This part was left out of account; export the object again.",
        f"file:{at.file}",
    )


def _last(place: Location) -> str:
    return place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") or "the document"


def _found(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
