"""References by name alone: the id of the one object that has the name, so that everything else goes by ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.directory import NAME_ID

_KINDS = {
    "associated_station": "station",
    "backup_queue": "queue",
    "base": "phone_base",
    "closed": "schedule",
    "default_station": "station",
    "edge_group": "edge_group",
    "groups": "group",
    "holiday": "schedule",
    "inbound_site": "site",
    "line_base": "line_base",
    "members": "user",
    "open": "schedule",
    "phone": "phone",
    "queue": "queue",
    "queues": "queue",
    "response_set": "response_set",
    "routes": "route",
    "site": "site",
    "trunk_base": "trunk_base",
    "trunk_bases": "trunk_base",
    "user": "user",
    "users": "user",
    "web_rtc_user": "user",
}
"""The kind of object that a field of ids refers to."""

_NONE: Mapping[str, str] = {}

Names = Mapping[str, Mapping[str, str]]


def by_id(objects: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    """The objects of each kind, with names in place of ids resolved where just one object of the kind has the name."""
    names = {kind: _unique(things) for kind, things in objects.items()}
    return {kind: tuple(_resolved(thing, names) for thing in things) for kind, things in objects.items()}


def _unique(things: Iterable[Any]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        id, name = getattr(thing, "id", None), getattr(thing, "name", None)
        if id and name and not id.startswith(NAME_ID):
            found[NAME_ID + name].add(id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def _resolved(thing: Any, names: Names) -> Any:
    changes: dict[str, Any] = {}
    for name, kind in _referring(thing.__class__):
        old = getattr(thing, name)
        if old is not None and (new := _value(old, names.get(kind, _NONE), names)) is not old:
            changes[name] = new
    return replace(thing, **changes) if changes else thing


@cache
def _referring(type: type[Struct]) -> tuple[tuple[str, str], ...]:
    """The fields of a type of objects, each with the kind that it refers to; the others may hold what refers."""
    return tuple((name, _KINDS.get(name, "")) for name in type.__struct_fields__ if name not in ("id", "location"))


def _value(value: Any, known: Mapping[str, str], names: Names) -> Any:
    if isinstance(value, str):
        return known.get(value, value) if value.startswith(NAME_ID) else value
    if isinstance(value, tuple):
        parts = tuple(_value(part, known, names) for part in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    if isinstance(value, Struct):
        return _resolved(value, names)
    return value
