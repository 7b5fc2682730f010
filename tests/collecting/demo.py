"""The demonstration organisation as a platform holds it, with a configuration for each of its flows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.collecting.platform import Platform

ORGANISATION = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "api-json"
DEFAULT_SITE = "e41aa731-9b71-454c-8e95-a299d3c43ddc"
ITSELF = {"id": "o-1", "name": "Elbtal Energie", "defaultSiteId": DEFAULT_SITE}
_EDGES = "telephony/providers/edges"
_PATHS = {
    "trunkbasesettings": f"{_EDGES}/trunkbasesettings",
    "trunks": f"{_EDGES}/trunks",
    "sites": f"{_EDGES}/sites",
    "phones": f"{_EDGES}/phones",
    "phonebasesettings": f"{_EDGES}/phonebasesettings",
    "linebasesettings": f"{_EDGES}/linebasesettings",
    "lines": f"{_EDGES}/lines",
    "stations": "stations",
    "dids": f"{_EDGES}/dids",
    "didpools": f"{_EDGES}/didpools",
    "ivrs": "architect/ivrs",
    "schedules": "architect/schedules",
    "schedulegroups": "architect/schedulegroups",
    "emergencygroups": "architect/emergencygroups",
    "queues": "routing/queues",
    "users": "users",
    "groups": "groups",
    "mediaretentionpolicies": "recording/mediaretentionpolicies",
    "campaigns": "outbound/campaigns",
    "callanalysisresponsesets": "outbound/callanalysisresponsesets",
    "prompts": "architect/prompts",
    "datatables": "flows/datatables",
    "flows": "flows",
}
_OWNED = {
    "queue_members": ("queues", "routing/queues/{}/members"),
    "group_members": ("groups", "groups/{}/members"),
    "datatable_rows": ("datatables", "flows/datatables/{}/rows"),
}
Json = dict[str, Any]


def entities(file: Path) -> list[Json]:
    found: list[Json] = json.loads(file.read_text(encoding="utf-8"))["entities"]
    return found


def flows() -> list[Json]:
    return entities(ORGANISATION / "flows.json")


def configuration(flow: Json) -> Json:
    """What the API gives for a flow: no id in it."""
    found: Json = json.loads((ORGANISATION / "flows" / f"{flow['id']}.json").read_text(encoding="utf-8"))
    return found


def platform() -> Platform:
    """The organisation as a platform; edge groups it has none."""
    listings = {address: entities(ORGANISATION / f"{name}.json") for name, address in _PATHS.items()}
    listings[f"{_EDGES}/edgegroups"] = []
    for folder, (owners, address) in _OWNED.items():
        for owner in entities(ORGANISATION / f"{owners}.json"):
            listings[address.format(owner["id"])] = entities(ORGANISATION / folder / f"{owner['id']}.json")
    routes = entities(ORGANISATION / "outboundroutes.json")
    for site in entities(ORGANISATION / "sites.json"):
        listings[f"{_EDGES}/sites/{site['id']}/outboundroutes"] = [
            {key: value for key, value in route.items() if key != "site"}
            for route in routes
            if route["site"]["id"] == site["id"]
        ]
    documents: dict[str, Json] = {"organizations/me": ITSELF}
    for flow in flows():
        version = flow["publishedVersion"]["id"]
        documents[f"flows/{flow['id']}/versions/{version}/configuration"] = configuration(flow)
    return Platform(listings, documents)


def files(folder: Path) -> Path:
    """The same organisation as files, written by hand and not collected."""
    shutil.copytree(ORGANISATION, folder)
    (folder / "organization.json").write_text(json.dumps(ITSELF), encoding="utf-8")
    return folder
