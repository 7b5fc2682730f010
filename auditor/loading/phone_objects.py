"""Platform API JSON -> phones, lines, their base settings, stations (domain reference, section 2)."""

from __future__ import annotations

from auditor.loading.values import (
    JsonObject,
    child,
    children,
    division,
    down,
    identity,
    properties,
    reference_id,
    text,
)
from auditor.model.location import Location
from auditor.model.telephony import Line, LineBase, Phone, PhoneBase, Station

RECORDING = "station_recording_enabled"


def phone(value: JsonObject, at: Location) -> Phone:
    """A phone with its lines."""
    id, name = identity(value)
    return Phone(
        id=id,
        name=name,
        state=text(value, "state"),
        base=reference_id(value, "phoneBaseSettings"),
        line_base=reference_id(value, "lineBaseSettings"),
        site=reference_id(value, "site"),
        web_rtc_user=reference_id(value, "webRtcUser", "webRtcUserId"),
        recording=properties(value, at).station(RECORDING),
        lines=tuple(line(item, down(at, "lines", i), id) for i, item in children(value, "lines")),
        location=at,
        division=division(value),
    )


def line(value: JsonObject, at: Location, phone_id: str | None = None) -> Line:
    """A line of a phone, or one of a listing of lines."""
    id, name = identity(value)
    return Line(
        id=id,
        name=name,
        recording=properties(value, at).station(RECORDING),
        line_base=reference_id(value, "lineBaseSettings", "template"),
        user=reference_id(value, "defaultForUser", "loggedInUser"),
        location=at,
        phone=phone_id or reference_id(value, "phone", "phoneId"),
    )


def phone_base(value: JsonObject, at: Location) -> PhoneBase:
    """Phone base settings with their line bases."""
    id, name = identity(value)
    return PhoneBase(
        id=id,
        name=name,
        recording=properties(value, at).station(RECORDING),
        lines=tuple(line_base(item, down(at, "lines", i)) for i, item in children(value, "lines")),
        location=at,
    )


def line_base(value: JsonObject, at: Location) -> LineBase:
    """Line base settings."""
    id, name = identity(value)
    return LineBase(id, name, properties(value, at).station(RECORDING), at)


def station(value: JsonObject, at: Location) -> Station:
    """A station."""
    id, name = identity(value)
    return Station(
        id=id,
        name=name,
        user=text(value, "userId") or reference_id(value, "user"),
        phone=text(value, "phoneId") or reference_id(value, "phone"),
        line=text(value, "lineAppearanceId") or text(child(value, "line"), "id"),
        web_rtc_user=text(value, "webRtcUserId") or reference_id(value, "webRtcUser"),
        location=at,
    )
