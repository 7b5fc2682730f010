"""Careful access to raw JSON objects: a value of the wrong type counts as absent (its shape is reported elsewhere)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from auditor.errors import DocumentError
from auditor.loading.json_reader import read_json
from auditor.loading.pointers import escaped
from auditor.model.directory import NAME_ID
from auditor.model.location import Location
from auditor.model.routing import ObjectRef
from auditor.model.settings import UNSET, Expression, Known, Setting

JsonObject = Mapping[str, object]
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_TRUTHS = {"true": True, "false": False}


def down(at: Location, *tokens: str | int) -> Location:
    """The place of a member below a place."""
    pointer = at.pointer
    for token in tokens:
        pointer = f"{pointer}/{escaped(token) if isinstance(token, str) else token}"
    return Location(at.file, at.line, pointer)


def text(value: JsonObject, *keys: str) -> str | None:
    """The first of the keys that holds a text which is not empty; numbers count as text."""
    for key in keys:
        found = value.get(key)
        if isinstance(found, str) and found:
            return found
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return None


def number(value: JsonObject, key: str) -> int | None:
    """A whole number."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def child(value: JsonObject, *keys: str) -> JsonObject:
    """The object under the keys, one below the other; empty when there is none."""
    for key in keys:
        found = value.get(key)
        value = found if isinstance(found, dict) else {}
    return value


def children(value: JsonObject, key: str) -> Iterator[tuple[int, JsonObject]]:
    """The objects of a list (or of a page under this key) with their numbers."""
    for index, item in enumerate(listed(value, key)):
        if isinstance(item, dict):
            yield index, item


def listed(value: JsonObject, key: str) -> list[object]:
    """A list, or the entities of a page; empty when there is none."""
    found = value.get(key)
    if isinstance(found, dict):
        found = found.get("entities")
    return found if isinstance(found, list) else []


def words(value: JsonObject, key: str) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(str(item) for item in listed(value, key) if isinstance(item, str | int))


def reference(value: JsonObject, key: str) -> ObjectRef | None:
    """A reference: an object with id, address or name, or an id by itself."""
    found = value.get(key)
    if isinstance(found, str) and found:
        return ObjectRef(found)
    if isinstance(found, dict):
        id, name = text(found, "id") or _addressed(found), text(found, "name")
        return ObjectRef(id, name) if id or name else None
    return None


def _addressed(found: JsonObject) -> str | None:
    """The id at the end of the address of an object."""
    last = (text(found, "selfUri") or "").rpartition("/")[2]
    return last if GUID.fullmatch(last) else None


def id_of(ref: ObjectRef | None) -> str | None:
    """The id of a reference; made from the name when the export gives only that."""
    if ref is None:
        return None
    return ref.id or (NAME_ID + ref.name if ref.name else None)


def reference_id(value: JsonObject, *keys: str) -> str | None:
    """The id of what the first of the keys refers to that is there."""
    return next((found for key in keys if (found := id_of(reference(value, key)))), None)


def reference_ids(value: JsonObject, key: str) -> tuple[str, ...]:
    """The ids a list refers to; its items are objects or ids. One that says nothing is the id of nothing."""
    found = (id_of(reference({"item": item}, "item")) for item in listed(value, key) if item not in (None, ""))
    return tuple(id or NAME_ID for id in found)


def truth(value: JsonObject, *keys: str) -> bool | None:
    """A boolean, also one written as text."""
    for key in keys:
        found = value.get(key)
        if isinstance(found, bool):
            return found
        if isinstance(found, str) and found.lower() in _TRUTHS:
            return _TRUTHS[found.lower()]
    return None


def instant(words: str | None) -> str | None:
    """A point in time as text that sorts by time: in UTC, always as long; None when it is none."""
    try:
        found = datetime.fromisoformat(words or "")
        zoned = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return zoned.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return None


def flag(value: JsonObject, key: str, at: Location) -> Setting[bool]:
    """A boolean setting; a text that is neither true nor false may be either."""
    return _setting(value.get(key), down(at, key))


def _setting(found: object, at: Location) -> Setting[bool]:
    if isinstance(found, bool):
        return Known(found, at)
    if isinstance(found, str) and found:
        known = _TRUTHS.get(found.lower())
        return Expression(found, at) if known is None else Known(known, at)
    return UNSET


def division(value: JsonObject) -> str | None:
    """Name of the division, or its id when the export has no name."""
    found = reference(value, "division")
    return None if found is None else found.name or found.id


def identity(value: JsonObject, *names: str) -> tuple[str, str]:
    """Id and name; each stands in for the other. names: keys that can hold the name."""
    id = text(value, "id")
    name = text(value, *(names or ("name",))) or id or ""
    return id or NAME_ID + name, name


class Properties(Struct, frozen=True):
    """The `properties` of a telephony object: `<key>: {value: {instance: X}}`.

    at: where they stand; encoded: they are JSON inside a text, so that there are no places within.
    """

    values: JsonObject
    at: Location
    encoded: bool = False

    def flag(self, key: str) -> Setting[bool]:
        """A boolean; absent when the key or its instance is (a default is no statement of the export)."""
        return _setting(self._instance(key), self._place(key))

    def station(self, key: str) -> Setting[bool]:
        """A recording setting of a station: anything but false, "false" and the empty text is on."""
        found = self._instance(key)
        if found is None:
            return UNSET
        off = found is False or (isinstance(found, str) and found.strip().lower() in ("", "false"))
        return Known(not off, self._place(key))

    def _instance(self, key: str) -> object:
        return child(self.values, key, "value").get("instance")

    def _place(self, key: str) -> Location:
        return self.at if self.encoded else down(self.at, key, "value", "instance")


def properties(value: JsonObject, at: Location) -> Properties:
    """The properties of a telephony object, also when they are JSON inside a text (Terraform)."""
    found = value.get("properties")
    place = down(at, "properties")
    if isinstance(found, str):
        return Properties(decoded(found), place, True)
    return Properties(found if isinstance(found, dict) else {}, place)


def decoded(json_text: str) -> JsonObject:
    """A JSON object inside a text; empty when it is none."""
    try:
        value = read_json(json_text)
    except DocumentError:
        return {}
    return value if isinstance(value, dict) else {}
