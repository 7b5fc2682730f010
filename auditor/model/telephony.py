"""Trunks, phones, lines, sites. Keys and defaults: domain reference, sections 1 and 2."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.location import Location
from auditor.model.settings import Setting


@dataclass(frozen=True, slots=True)
class TrunkBase:
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


@dataclass(frozen=True, slots=True)
class Trunk:
    """A run-time trunk: ties a trunk base to an edge or edge group."""

    id: str
    name: str
    trunk_base: str | None
    edge_group: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class LineBase:
    """Line base settings. recording: station_recording_enabled."""

    id: str
    name: str
    recording: Setting[bool]
    location: Location


@dataclass(frozen=True, slots=True)
class PhoneBase:
    """Phone base settings. recording: from its own properties; lines: recording of its line bases."""

    id: str
    name: str
    recording: Setting[bool]
    lines: tuple[LineBase, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a phone. user: id of defaultForUser or loggedInUser."""

    id: str
    name: str
    recording: Setting[bool]
    line_base: str | None
    user: str | None
    location: Location
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Phone:
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


@dataclass(frozen=True, slots=True)
class Station:
    """A station: what a user is tied to. primary_line/phone: ids when exported."""

    id: str
    name: str
    user: str | None
    phone: str | None
    line: str | None
    web_rtc_user: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class OutboundRoute:
    """An outbound route of a site. trunk_bases: ids."""

    id: str
    name: str
    site: str | None
    enabled: Setting[bool]
    trunk_bases: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Site:
    """A site. default: the organisation's default site."""

    id: str
    name: str
    default: bool
    location: Location


@dataclass(frozen=True, slots=True)
class EdgeGroup:
    """An edge group. trunk_bases: ids of phone and external trunk bases named in it."""

    id: str
    name: str
    trunk_bases: tuple[str, ...]
    location: Location
