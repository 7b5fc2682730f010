"""Platform API JSON -> users and groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from auditor.loading.values import JsonObject, child, children, division, identity, reference_id, text, truth
from auditor.model.location import Location
from auditor.model.routing import Group, User


class GroupMember(Struct, frozen=True):
    """A member of a group from a listing apart from it; group: id, None when nothing names it."""

    group: str | None
    user: str
    location: Location


_GROUP_IN_ADDRESS = re.compile(r"/groups/([^/]+)/(?:members|individuals)")


def user(value: JsonObject, at: Location) -> User:
    """A user with numbers, extensions and stations (`expand=station`)."""
    id, name = identity(value, "name", "username", "email")
    stations = child(value, "station")
    phones = tuple(_phones(value))
    return User(
        id=id,
        name=name,
        email=text(value, "email", "username"),
        state=text(value, "state"),
        division=division(value),
        default_station=reference_id(stations, "defaultStation") or reference_id(value, "defaultStation"),
        associated_station=reference_id(stations, "associatedStation", "effectiveStation"),
        numbers=_distinct(text(p, "address", "number") for p in phones),
        extensions=_distinct(text(p, "extension") for p in phones),
        location=at,
        site=reference_id(value, "site"),
    )


def _phones(value: JsonObject) -> Iterator[JsonObject]:
    for key in ("addresses", "primaryContactInfo"):
        for _, address in children(value, key):
            if (text(address, "mediaType") or "PHONE").upper() == "PHONE":
                yield address


def group(value: JsonObject, at: Location) -> Group:
    """A group; addresses that ring it. Its members are read from their own listings."""
    id, name = identity(value)
    rings = tuple(
        address
        for _, address in children(value, "addresses")
        if (text(address, "type") or "GROUPRING").upper() in ("GROUPRING", "GROUPPHONE")
    )
    return Group(
        id=id,
        name=name,
        members=None,
        numbers=_distinct(text(r, "address", "number") for r in rings),
        extensions=_distinct(text(r, "extension") for r in rings),
        calls_enabled=truth(value, "callsEnabled"),
        location=at,
        division=division(value),
    )


def group_member(value: JsonObject, at: Location, owner: str | None = None) -> GroupMember | None:
    """A member of a group; the group from its address, or from the listing it stands in."""
    address = _GROUP_IN_ADDRESS.search(text(value, "selfUri") or "")
    id = reference_id(value, "user") or text(value, "id", "userId")
    return None if id is None else GroupMember((address[1] if address else None) or owner, id, at)


def _distinct(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))
