"""Values in Archy YAML: `lit`, `exp`, `noValue`, `var`, `tts`, `prompt`, bare text (reference of formats, 1.5)."""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern

from auditor.loading.audio import audio_of, prompt
from auditor.loading.expressions import parse, text_with_templates, unparsed, variable
from auditor.loading.targets import target_of
from auditor.loading.yaml_reader import Quoted, YamlList, YamlMap, YamlValue
from auditor.model.expressions import Apply, Empty, Expr, Literal
from auditor.model.location import Location
from auditor.model.operations import Audio, Spoken, Target
from auditor.model.settings import UNSET, Expression, Known, Setting

_INTEGER = re.compile(r"[-+]?\d{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:\d{1,18}\.\d{0,18}|\.\d{1,18})")
_DURATION = ("days", "hours", "minutes", "seconds", "ms")
_WORDS = {"true": True, "false": False}
_SHORT = 200
_EMPTY = Empty()
NOTHING = YamlMap()
NOTHING.line, NOTHING.lines = 0, []


def as_map(value: YamlValue | None) -> YamlMap:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, YamlMap) else NOTHING


def as_list(value: YamlValue | None) -> YamlList:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, YamlList) else YamlList()


def as_text(value: YamlValue | None) -> str | None:
    """Text written bare or as `lit`; None when there is none."""
    if isinstance(value, YamlMap):
        value = value.get("lit")
    return str(value) if isinstance(value, str) and value else None


def only(value: YamlValue | None) -> tuple[str, YamlMap]:
    """Key and body of `- key: {...}`, the form of all items; ("", {}) for anything else."""
    if isinstance(value, YamlMap):
        for key, body in value.items():
            return key, body if isinstance(body, YamlMap) else NOTHING
    return "", NOTHING


def items_of(value: YamlValue | None) -> list[tuple[str, YamlMap]]:
    """The items `- key: {...}` of a list."""
    return [only(item) for item in value] if isinstance(value, YamlList) else []


def name_of(value: YamlValue | None) -> str | None:
    """The name in `{name: X}`, `{lit: {name: X}}` or bare text."""
    if isinstance(value, YamlMap):
        inner = value.get("lit", value)
        value = inner.get("name") if isinstance(inner, YamlMap) else inner
    return str(value) if isinstance(value, str) and value else None


def variable_of(value: YamlValue | None) -> str | None:
    """The variable in `{var: Task.x}` or bare `Task.x`; None for `noValue`."""
    if isinstance(value, YamlMap):
        value = value.get("var")
    return intern(str(value)) if isinstance(value, str) and value else None


def to_expr(value: YamlValue | None, kind: str = "") -> Expr:
    """The value as a tree. kind: the declared type ("string"), which tells text "1" from the number."""
    if isinstance(value, YamlMap):
        if (lit := value.get("lit")) is not None:
            return literal(lit, kind)
        if "noValue" in value and len(value) == 1:
            return _EMPTY
        for key in ("exp", "var", "tts", "prompt", "name"):
            if isinstance(text := value.get(key), str):
                return _read(key, str(text))
        return _EMPTY
    if value is None or value == "":
        return _EMPTY
    return literal(value, kind)


def literal(value: YamlValue, kind: str = "") -> Expr:
    """A literal. Plain true, false and numbers are typed, unless the declared type is text; objects are their names."""
    if isinstance(value, str):
        text = str(value)
        if "{{" in text or "${" in text:
            return text_with_templates(text)
        if kind == "string" or isinstance(value, Quoted):
            return _worded(str(value)) if len(value) < _SHORT else Literal(str(value), "str")
        return _typed(value)
    if isinstance(value, YamlMap):
        return _composed(value)
    return Apply("makelist", tuple(to_expr(item, kind.removesuffix("Collection")) for item in value))


@lru_cache(maxsize=4096)
def _worded(text: str) -> Literal:
    """Text; names of attributes and what is stored in them are the same in many flows."""
    return Literal(text, "str")


@lru_cache(maxsize=4096)
def _typed(text: str) -> Literal:
    """A plain scalar by what it looks like; flows repeat the few that are not words of their own."""
    if text.lower() in _WORDS:
        return Literal(_WORDS[text.lower()], "bln")
    if _INTEGER.fullmatch(text):
        return Literal(int(text), "int")
    if _DECIMAL.fullmatch(text):
        return Literal(float(text), "dec")
    return Literal(text, "str")


def to_audio(value: YamlValue | None) -> Audio:
    """What is heard: `tts`, `prompt`, `exp`, `lit`, or a list of these."""
    if isinstance(value, YamlList):
        return tuple(part for item in value for part in to_audio(item))
    if isinstance(value, YamlMap):
        if isinstance(words := value.get("tts"), str):
            return (Spoken(str(words)),) if words.strip() else ()
        name = value.get("prompt") or as_map(value.get("lit")).get("name")
        if isinstance(name, str) and name:
            return (prompt(str(name)),)
    return audio_of(to_expr(value))


def to_setting(value: YamlValue | None, location: Location) -> Setting[bool]:
    """A switch: known, an expression (also an unresolved template), or unset."""
    if isinstance(value, YamlMap) and isinstance(text := value.get("exp"), str):
        tree = parse(str(text))
        if isinstance(tree, Literal) and isinstance(tree.value, bool):
            return Known(tree.value, location)
        return Expression(str(text), location)
    word = as_text(value)
    if word is None:
        return UNSET
    if word.lower() in _WORDS:
        return Known(_WORDS[word.lower()], location)
    return Expression(word, location)


def to_target(kind: str, value: YamlValue | None) -> Target:
    """An object of the organisation: `lit: {name}`, `exp`, or bare `name`."""
    return target_of(kind, to_expr(value, "string"))


def _read(key: str, text: str) -> Expr:
    match key:
        case "exp":
            return _parse_again(text) if len(text) < _SHORT else parse(text)
        case "var" | "prompt":
            return variable(text)
        case _:
            return Literal(text, "")


@lru_cache(maxsize=4096)
def _parse_again(text: str) -> Expr:
    """Flows repeat their short expressions, such as `Flow.Recorded`, again and again."""
    return parse(text)


def _composed(value: YamlMap) -> Expr:
    """A literal of several keys: an object's name, a duration, or something of no interest here."""
    if isinstance(name := value.get("name"), str):
        return Literal(str(name), "")
    if value and all(key in _DURATION for key in value):
        parts = (str(value.get(key, "0")) for key in _DURATION)
        return Literal("P" + "".join(part + unit for part, unit in zip(parts, "DHMSF", strict=True)), "dur")
    return unparsed(", ".join(f"{key}: {inner}" if isinstance(inner, str) else key for key, inner in value.items()))
