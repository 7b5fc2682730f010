"""Trunks, phones, lines, sites. Keys and defaults: domain reference, sections 1 and 2."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.location import Location
from auditor.model.settings import Setting


class TrunkBase(Struct, frozen=True, gc=False):
    """An external, phone or edge trunk as configured (`trunkbasesettings`). type: EXTERNAL, PHONE, EDGE.

    line: trunk_recording_enabled; gate: trunk_recording_consent_required; hold_suppressed:
    trunk_disallow_recording_during_hold; consult: trunk_consult_recording_enabled;
    external_transfers: trunk_recording_externalTransfersEnabled; enabled: trunk_enabled;
    takeback: trunk_transfer_takeback_enabled.
    """

    id: str
    name: str
    type: str
    state: str | None
    meta_base: str | None
    managed: bool
    site: str | None
    inbound_site: str | None
    enabled: Setting[bool]
    line: Setting[bool]
    gate: Setting[bool]
    hold_suppressed: Setting[bool]
    consult: Setting[bool]
    external_transfers: Setting[bool]
    takeback: Setting[bool]
    location: Location
    division: str | None = None


class Trunk(Struct, frozen=True, gc=False):
    """A run-time trunk: ties a trunk base to an edge or edge group. external: False where its type is another."""

    id: str
    name: str
    trunk_base: str | None
    edge_group: str | None
    location: Location
    external: bool = False


class LineBase(Struct, frozen=True, gc=False):
    """Line base settings. recording: station_recording_enabled."""

    id: str
    name: str
    recording: Setting[bool]
    location: Location


class PhoneBase(Struct, frozen=True, gc=False):
    """Phone base settings. recording: from its own properties; lines: recording of its line bases."""

    id: str
    name: str
    recording: Setting[bool]
    lines: tuple[LineBase, ...]
    location: Location


class Line(Struct, frozen=True, gc=False):
    """A line of a phone. user: id of defaultForUser or loggedInUser."""

    id: str
    name: str
    recording: Setting[bool]
    line_base: str | None
    user: str | None
    location: Location
    phone: str | None = None


class Phone(Struct, frozen=True, gc=False):
    """A phone. web_rtc_user, site, base: ids. state: active, inactive, deleted or None."""

    id: str
    name: str
    state: str | None
    base: str | None
    line_base: str | None
    site: str | None
    web_rtc_user: str | None
    recording: Setting[bool]
    lines: tuple[Line, ...]
    location: Location
    division: str | None = None


class Station(Struct, frozen=True, gc=False):
    """A station: what a user is tied to. primary_line/phone: ids when exported."""

    id: str
    name: str
    user: str | None
    phone: str | None
    line: str | None
    web_rtc_user: str | None
    location: Location


class OutboundRoute(Struct, frozen=True, gc=False):
    """An outbound route of a site. trunk_bases: ids."""

    id: str
    name: str
    site: str | None
    enabled: Setting[bool]
    trunk_bases: tuple[str, ...]
    location: Location


class Site(Struct, frozen=True, gc=False):
    """A site. default: the organisation's default site."""

    id: str
    name: str
    default: bool
    location: Location


class EdgeGroup(Struct, frozen=True, gc=False):
    """An edge group. trunk_bases: ids of phone and external trunk bases named in it."""

    id: str
    name: str
    trunk_bases: tuple[str, ...]
    location: Location
