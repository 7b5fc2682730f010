"""Platform API JSON -> trunks, sites, outbound routes, edge groups (domain reference, sections 1 and 5)."""

from __future__ import annotations

import re

from auditor.loading.values import (
    JsonObject,
    child,
    children,
    division,
    flag,
    identity,
    properties,
    reference_id,
    reference_ids,
    text,
    truth,
)
from auditor.model.location import Location
from auditor.model.telephony import EdgeGroup, OutboundRoute, Site, Trunk, TrunkBase

_SITE_OF_ROUTE = re.compile(r"/sites/([^/]+)/outboundroutes")


def trunk_base(value: JsonObject, at: Location) -> TrunkBase:
    """Trunk base settings; the keys are matched whole, so that diagnostic recordings do not count."""
    id, name = identity(value)
    found = properties(value, at)
    return TrunkBase(
        id=id,
        name=name,
        type=(text(value, "trunkType") or "").upper(),
        state=text(value, "state"),
        meta_base=reference_id(value, "trunkMetabase", "trunkMetaBase"),
        managed=truth(value, "managed") is True,
        site=reference_id(value, "site"),
        inbound_site=reference_id(value, "inboundSite"),
        enabled=found.flag("trunk_enabled"),
        line=found.flag("trunk_recording_enabled"),
        gate=found.flag("trunk_recording_consent_required"),
        hold_suppressed=found.flag("trunk_disallow_recording_during_hold"),
        consult=found.flag("trunk_consult_recording_enabled"),
        external_transfers=found.flag("trunk_recording_externalTransfersEnabled"),
        takeback=found.flag("trunk_transfer_takeback_enabled"),
        location=at,
        division=division(value),
    )


def trunk(value: JsonObject, at: Location) -> Trunk:
    """A run-time trunk."""
    id, name = identity(value)
    external = (text(value, "trunkType") or "").upper() == "EXTERNAL"
    return Trunk(id, name, reference_id(value, "trunkBase"), reference_id(value, "edgeGroup"), at, external)


def site(value: JsonObject, at: Location) -> Site:
    """A site."""
    id, name = identity(value)
    return Site(id, name, truth(value, "default", "isDefault", "defaultSite") is True, at)


def outbound_route(value: JsonObject, at: Location, owner: str | None = None) -> OutboundRoute:
    """An outbound route; its site from the object, from its address, or from the site it stands in."""
    id, name = identity(value)
    address = _SITE_OF_ROUTE.search(text(value, "selfUri") or "")
    return OutboundRoute(
        id=id,
        name=name,
        site=reference_id(value, "site", "siteId") or (address[1] if address else owner),
        enabled=flag(value, "enabled", at),
        trunk_bases=reference_ids(value, "externalTrunkBases"),
        location=at,
    )


def edge_group(value: JsonObject, at: Location) -> EdgeGroup:
    """An edge group with the trunk bases it names."""
    id, name = identity(value)
    named = list(reference_ids(value, "phoneTrunkBases")) + list(reference_ids(value, "externalTrunkBases"))
    assigned = reference_id(child(value, "edgeTrunkBaseAssignment"), "trunkBase")
    for _, assignment in children(value, "trunkBaseAssignments"):
        named.extend(filter(None, [reference_id(assignment, "trunkBase")]))
    if assigned is not None:
        named.append(assigned)
    return EdgeGroup(id, name, tuple(dict.fromkeys(named)), at)
