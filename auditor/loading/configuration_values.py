"""Values in configuration JSON: `{text, type, config, uiMetaData}` (reference of formats, section 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.loading.audio import audio_of, prompt
from auditor.loading.expression_tree import from_config
from auditor.loading.targets import target_of
from auditor.model.expressions import Empty, Expr, Literal
from auditor.model.location import Location
from auditor.model.operations import Argument, Audio, Binding, Reference, Target
from auditor.model.settings import UNSET, Expression, Known, Setting

_BINDING_DEPTH = 5
_EMPTY = Empty()
_NO_MAP: dict[str, Any] = {}
_NO_LIST: list[Any] = []
_VARIABLE_MODE = 2  # uiMetaData.mode of a field that takes a variable


def as_map(value: object) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NO_MAP


def as_list(value: object) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else _NO_LIST


def as_text(value: object) -> str | None:
    """Text written bare or as a literal; numbers as text; None when there is none."""
    if isinstance(value, dict):
        value = as_map(as_map(value.get("config")).get("lit")).get("text")
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def is_value(value: object) -> bool:
    """Whether this is an expression field."""
    return isinstance(value, dict) and ("config" in value or ("text" in value and "type" in value))


def to_expr(value: object) -> Expr:
    """The value as a tree."""
    if isinstance(value, dict):
        return from_config(value) if is_value(value) else _EMPTY
    if isinstance(value, list):
        return _EMPTY if not value or isinstance(value[0], list) else to_expr(value[0])
    if value is None or value == "":
        return _EMPTY
    if isinstance(value, bool):
        return Literal(value, "bln")
    return Literal(value, "") if isinstance(value, str | int | float) else _EMPTY


def variable_of(value: object) -> str | None:
    """The variable a field takes; None when it is empty."""
    config = as_map(as_map(value).get("config"))
    for kind in ("ref", "sysref"):
        if kind in config and isinstance(text := as_map(config[kind]).get("text"), str):
            return text or None
    if "emp" in config or "lit" in config:
        return None
    text = as_map(value).get("text")
    return text if isinstance(text, str) and text else None


def takes_variable(value: object) -> bool:
    """Whether the field is one that the action fills, rather than reads."""
    shown = value.get("uiMetaData") if isinstance(value, dict) else None
    return isinstance(shown, dict) and shown.get("mode") == _VARIABLE_MODE


def to_audio(value: object) -> Audio:
    """What is heard: an audio field, or `{defaultAudio, cases}` with its variants by language."""
    body = as_map(value)
    if "defaultAudio" in body:
        if not body.get("cases"):
            return to_audio(body["defaultAudio"])
        cases = (to_audio(inner) for case in as_list(body.get("cases")) for inner in as_map(case).values())
        return (*to_audio(body["defaultAudio"]), *(part for audio in cases for part in audio))
    literal = as_map(as_map(body.get("config")).get("lit"))
    if literal.get("type") == "pmt" and isinstance(literal.get("text"), str) and literal["text"]:
        id = literal.get("val")
        return (prompt(literal["text"], id if isinstance(id, str) else None),)
    return audio_of(to_expr(value)) if is_value(body) else ()


def to_setting(value: object, location: Location) -> Setting[bool]:
    """A switch: known, an expression, or unset."""
    if isinstance(value, bool):
        return Known(value, location)
    tree = to_expr(value)
    if isinstance(tree, Empty):
        return UNSET
    if isinstance(tree, Literal) and isinstance(tree.value, bool):
        return Known(tree.value, location)
    text = as_map(value).get("text")
    return Expression(text if isinstance(text, str) else str(value), location)


def to_target(kind: str, value: object) -> Target:
    """An object of the organisation: its name and id, or an expression."""
    if isinstance(value, list):
        value = value[0] if value else None
    target = target_of(kind, to_expr(value))
    id = as_map(as_map(as_map(value).get("config")).get("lit")).get("val")
    if isinstance(target, Reference) and isinstance(id, str) and id:
        return Reference(kind, id, target.name)
    return target


def arguments_of(value: object) -> tuple[Argument, ...]:
    """Inputs `[{name, value}]` that are given, by name."""
    found = (
        Argument(name, tree)
        for item in as_list(value)
        if (name := as_text(as_map(item).get("name"))) and not isinstance(tree := to_expr(item.get("value")), Empty)
    )
    return tuple(sorted(found, key=lambda a: a.name))


def bindings_of(value: object) -> tuple[Binding, ...]:
    """Outputs `[{name, value}]` that are stored, by name; bots nest them once more by intent."""
    return tuple(sorted(_bindings(value, 0), key=lambda b: b.output))


def _bindings(value: object, depth: int) -> Iterator[Binding]:
    for item in as_list(value):
        name, inner = as_text(as_map(item).get("name")), as_map(item).get("value")
        if isinstance(inner, list):
            if depth < _BINDING_DEPTH:
                yield from _bindings(inner, depth + 1)
        elif name and (variable := variable_of(inner)) is not None:
            yield Binding(name, variable)
