"""The value that a variable has inside its module: Terraform makes of what is given what the type asks for.

Source: Terraform language, page Type Constraints: primitive types are converted; attributes of objects that are not
given are null or have their default; those that the type does not name are dropped; sets hold each item once.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from auditor.loading.hcl_parts import taken_apart
from auditor.loading.terraform_functions import holds_templates, set_of
from auditor.loading.terraform_templates import has_template

_TRUTHS = {"true": True, "false": False}
_DEEPEST = 20
"""Types nest less than this."""


def conformed(value: object, type: object) -> object:
    """The value as the type (`string`, `${list(string)}`) has it; unchanged where that is not known or does not fit."""
    return _Conforming().whole(value, type, 0)


class _Conforming(Struct):
    """done: what was made of a part by one type, beside it; parts may be shared many times."""

    done: dict[tuple[int, str], tuple[object, object]] = field(default_factory=dict)

    def whole(self, value: object, type: object, depth: int) -> object:
        """The value as the type has it."""
        if not isinstance(type, str) or not isinstance(value, dict | list):
            return _primitive(value, _words(type)) if isinstance(type, str) else value
        known = self.done.get((id(value), type))
        if known is None:
            known = self.done[id(value), type] = (value, self._made(value, type, depth))
        return known[1]

    def _made(self, value: object, type: str, depth: int) -> object:
        words = _words(type)
        parts = taken_apart(words) if "(" in words and depth <= _DEEPEST else None
        match parts, value:
            case ("object", (dict() as attributes,)), dict() as held if _plain(held):
                return self._object(held, attributes, depth)
            case ("map", (inner,)), dict() as held if _plain(held):
                return {key: self.whole(item, inner, depth + 1) for key, item in held.items()}
            case ("list", (inner,)), list() as items:
                return [self.whole(item, inner, depth + 1) for item in items]
            case ("set", (inner,)), list() as items:
                return _set([self.whole(item, inner, depth + 1) for item in items])
            case _:
                return value

    def _object(self, held: Mapping[object, object], attributes: Mapping[str, object], depth: int) -> object:
        found: dict[object, object] = {}
        for name, type in attributes.items():
            parts = taken_apart(type[2:-1].strip()) if isinstance(type, str) and type.startswith("${optional") else None
            inner, *default = parts[1] if parts is not None and parts[0] == "optional" else (type,)
            given = held.get(name)
            if given is None and default:
                given = default[0]
            if name in held or parts is not None:
                found[name] = self.whole(given, inner, depth + 1)
        return found


def _words(type: str) -> str:
    return type.removeprefix("${").removesuffix("}").strip() if type.startswith("${") else type.strip()


def _plain(held: Mapping[object, object]) -> bool:
    """Whether it is an object that was written, and the keys of it are known."""
    return type(held) is dict and not any(isinstance(key, str) and has_template(key) for key in held)


def _primitive(value: object, words: str) -> object:
    if words == "string":
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    elif isinstance(value, str) and words == "bool":
        return _TRUTHS.get(value, value)
    elif isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value


def _set(items: list[object]) -> object:
    found = items if holds_templates(items) else set_of([items])
    return found if isinstance(found, list) else items
