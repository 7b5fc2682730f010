"""The shape of platform API objects, checked against one JSON Schema a kind.

The schemas speak only of types and of keys that must be there, so whether an object is valid follows from the types
in it alone; objects of the same types as one already checked need no second check, and exports are uniform.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
        key = (kind, _types(value, schema(kind)))
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


def _types(value: object, shape: Mapping[str, Any]) -> object:
    """The types of a value as far as its schema looks."""
    if type(value) is dict:
        return dict, tuple(_members(value, shape))
    if type(value) is list and "items" in shape:
        return list, frozenset(_types(item, shape["items"]) for item in value)
    return type(value)


def _members(value: JsonObject, shape: Mapping[str, Any]) -> Iterator[object]:
    for key, inner in shape.get("properties", {}).items():
        if key in value:
            yield key, _types(value[key], inner)
    if "additionalProperties" in shape:
        yield frozenset(_types(item, shape["additionalProperties"]) for item in value.values())


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
