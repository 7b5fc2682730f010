"""The shape of platform API objects, checked against one JSON Schema a kind.

The schemas speak only of types, of words that are known and of keys that must be there, so a few lines tell that an
object is valid; what they do not find valid goes to jsonschema, which has the last word and says what is wrong. Words
count in any case.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct, field

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
_TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": int, "null": type(None),
}  # fmt: skip
"""The type that is valid for certain; a float may be an integer or a number too."""

_MOST = 5


class Census(Struct):
    """How many objects of each kind were checked, and how many of them are not valid."""

    checked: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


_CENSUS: ContextVar[Census | None] = ContextVar("_CENSUS", default=None)


@contextmanager
def thoroughly() -> Iterator[Census]:
    """Within it every object goes through jsonschema, and is counted."""
    census = Census()
    token = _CENSUS.set(census)
    try:
        yield census
    finally:
        _CENSUS.reset(token)


def shape_problems(kind: str, value: JsonObject, at: Location) -> tuple[Problem, ...]:
    """RX906 for everything in the object that has not the shape of its kind."""
    census = _CENSUS.get()
    if census is None and _fits(value, _part(kind)):
        return ()
    found = (error for error in _validator(kind).iter_errors(value) if not _is_known_word(error))
    errors = sorted(found, key=lambda e: [str(p) for p in e.absolute_path])
    if census is not None:
        census.checked[kind] += 1
        census.wrong[kind] += bool(errors)
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


class _Part(Struct, frozen=True):
    """A part of a schema. types: that are allowed, empty for any; words: texts that are known, in lower case.

    needed: keys of which one must be there, if any; members, items, others: the parts of these members, of the items
    of a list, of all other members.
    """

    types: frozenset[type]
    words: frozenset[str]
    needed: frozenset[str]
    members: tuple[tuple[str, _Part], ...]
    items: _Part | None
    others: _Part | None

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> _Part:
        """The parts of a schema."""
        named = part.get("type", ())
        types = frozenset(_TYPES[name] for name in ([named] if isinstance(named, str) else named))
        words = frozenset(map(_lower, part.get("enum", ())))
        needed = frozenset(choice["required"][0] for choice in part.get("anyOf", ()))
        members = tuple((key, cls.of(inner)) for key, inner in part.get("properties", {}).items())
        items, others = part.get("items"), part.get("additionalProperties")
        return cls(types, words, needed, members, cls.of(items) if items else None, cls.of(others) if others else None)


@cache
def _part(kind: str) -> _Part:
    return _Part.of(schema(kind))


def _fits(value: object, part: _Part) -> bool:
    """Whether the value is valid for certain; False where types alone do not tell."""
    kind = type(value)
    if part.types and kind not in part.types:
        return False
    if kind is str and part.words:
        return cast("str", value).casefold() in part.words
    if kind is dict:
        return _fits_members(cast("dict[str, object]", value), part)
    if kind is list and part.items is not None:
        return all(_fits(item, part.items) for item in cast("list[object]", value))
    return True


def _fits_members(value: dict[str, object], part: _Part) -> bool:
    if part.needed and part.needed.isdisjoint(value):
        return False
    for key, inner in part.members:
        if key in value and not _fits(value[key], inner):
            return False
    if part.others is None:
        return True
    known = {key for key, _ in part.members}
    return all(_fits(item, part.others) for key, item in value.items() if key not in known)


def _problem(kind: str, error: ValidationError, at: Location) -> Problem:
    place = down(at, *error.absolute_path)
    title = str(schema(kind)["title"])
    rule: Any = error.validator_value
    if error.validator == "type":
        expected = [rule] if isinstance(rule, str) else rule
        wanted = " or ".join(_WORDS[word] for word in expected if word != "null")
        what = f"{_last(place)} is {_found(error.instance)}, not {wanted}"
    elif error.validator == "enum":
        what = f'{_last(place)} is "{error.instance}", and known are only {", ".join(filter(None, rule))}'
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


def _is_known_word(error: ValidationError) -> bool:
    """Whether the error is about a word that is known but for its case, is empty, or is no text (told by its type)."""
    if error.validator != "enum":
        return False
    known: Any = error.validator_value
    return not isinstance(error.instance, str) or error.instance.casefold() in {"", *map(_lower, known)}


def _lower(word: object) -> str:
    return str(word).casefold()


def _last(place: Location) -> str:
    return place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") or "the document"


def _found(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
