"""Settings in listings of the platform API: the part of a document that changes, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from auditor.loading.json_reader import read_json

_COUNTS = frozenset({"total", "pageCount", "pageSize"})
"""A part of a listing must not say how long the whole was."""
_REFERENCE = frozenset({"id", "name", "selfUri", "division"})


class Target(Struct, frozen=True):
    """A setting of the object of an id. telephony: it stands below `properties`, in `value.instance`."""

    id: str
    key: str
    telephony: bool


def changed_part(text: str, wanted: Mapping[Target, bool]) -> tuple[str | None, set[Target]]:
    """The objects of a document in which settings change, wrapped as they were; None when there are none."""
    done: set[Target] = set()
    part = _pruned(read_json(text), wanted, done)
    if not done:
        return None, done
    return json.dumps(part, ensure_ascii=False, indent=2) + "\n", done


def _pruned(value: Any, wanted: Mapping[Target, bool], done: set[Target]) -> Any:
    """The value with its changes, without neighbours that do not change; None when nothing in it changes."""
    if isinstance(value, list):
        return [part for item in value if (part := _pruned(item, wanted, done)) is not None] or None
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("id"), str):
        before = len(done)
        fresh: set[Target] = set()
        whole = _changed(value, wanted, fresh)
        done |= fresh
        return whole if fresh or len(done) > before else None
    parts = {key: part for key, item in value.items() if (part := _pruned(item, wanted, done)) is not None}
    if not parts:
        return None
    plain = {k: v for k, v in value.items() if not isinstance(v, dict | list) and k not in _COUNTS}
    return {**plain, **parts}


def _changed(value: Any, wanted: Mapping[Target, bool], done: set[Target]) -> Any:
    """An object with the settings changed in it and in the objects inside it."""
    if isinstance(value, list):
        return [_changed(item, wanted, done) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _changed(item, wanted, done) for key, item in value.items()}
    for target, setting in wanted.items():
        if value.get("id") != target.id:
            continue
        if target.telephony and isinstance(value.get("properties"), dict):
            _set_property(result["properties"], target.key, setting)
            done.add(target)
        elif not target.telephony and not value.keys() <= _REFERENCE:
            result[target.key] = setting
            done.add(target)
    return result


def _set_property(properties: dict[str, Any], key: str, setting: bool) -> None:
    held = properties.get(key)
    value = held.get("value") if isinstance(held, dict) else None
    inner = {**(value if isinstance(value, dict) else {}), "instance": setting}
    properties[key] = {**(held if isinstance(held, dict) else {"type": "boolean"}), "value": inner}
