"""The action table: what each Architect action type is, in every form of export (actions.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

_CONSTANT = re.compile(r"__([A-Z0-9_]+?)__")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class ActionType(Struct, frozen=True):
    """One row of the table; its columns are explained at the top of actions.toml."""

    key: str
    json: str
    title: str
    operation: str
    outputs: tuple[str, ...] = ()
    dynamic: bool = False
    flushes: bool = False
    ends: str = ""
    hands_to: str = ""


class ActionTable(Struct, frozen=True):
    """Actions and menu choices, by YAML key and by JSON `__type`."""

    actions: Mapping[str, ActionType]
    choices: Mapping[str, ActionType]
    json_actions: Mapping[str, ActionType]
    json_choices: Mapping[str, ActionType]


@cache
def action_table() -> ActionTable:
    """The table that ships with the package, read once."""
    data = tomllib.loads(Path(__file__).with_name("actions.toml").read_text(encoding="utf-8"))
    actions = {**_rows(data["actions"]), **_rows(data["more_actions"])}
    choices = _rows(data["choices"])
    return ActionTable(
        actions,
        choices,
        {row.json: row for row in actions.values()},
        {row.json: row for row in choices.values()},
    )


@lru_cache(maxsize=1024)
def output_key(output_id: str) -> str | None:
    """The YAML name of a constant JSON output id (`__NOT_FOUND__` -> notFound); None for a GUID."""
    match = _CONSTANT.fullmatch(output_id)
    if match is None:
        return None
    first, *rest = match.group(1).lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


@lru_cache(maxsize=1024)
def output_label(key: str) -> str:
    """What an administrator reads at an output: notFound -> Not Found."""
    return " ".join(word[:1].upper() + word[1:] for word in _WORD_START.split(key))


def unknown(name: str) -> ActionType:
    """The row of a type that the table does not hold."""
    return ActionType(name, name, output_label(name.removesuffix("Action")), "")


def _rows(rows: Mapping[str, dict[str, Any]]) -> dict[str, ActionType]:
    return {key: ActionType(key=key, **{**row, "outputs": tuple(row.get("outputs", ()))}) for key, row in rows.items()}
