"""The demonstration organisation as CX as Code would export it: platform API JSON -> resources.

Written apart from the loader on purpose: what the loader translates back must be what stands here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

DEMO = Path(__file__).resolve().parents[1] / "fixtures" / "demo"
SOURCE = DEMO / "organisation"
EDGES = "telephony_providers_edges_"
Json = Mapping[str, Any]


class Ref(Struct, frozen=True):
    """A reference to a resource by the id of its object. raw: an export would leave the id itself."""

    id: str
    raw: bool = False


class Encoded(Struct, frozen=True):
    """JSON inside a text, `jsonencode(...)` in HCL."""

    value: object


class Resource(Struct, frozen=True):
    """type: without `genesyscloud_`; computed: attributes that only the state has; body: file of a flow."""

    type: str
    id: str
    name: str
    attributes: dict[str, object]
    computed: dict[str, object] = field(default_factory=dict)
    body: Path | None = None


def entities(name: str, folder: Path = SOURCE) -> list[dict[str, Any]]:
    listing: list[dict[str, Any]] = json.loads((folder / name).read_text(encoding="utf-8"))["entities"]
    return listing


def resources() -> Iterator[Resource]:
    yield from _divisions()
    for file, (type, attributes) in _KINDS.items():
        for value in entities(file):
            yield Resource(type, value["id"], _named(value), {"name": value["name"], **_set(attributes(value))})
    for trunk in entities("trunks.json"):
        tied: dict[str, object] = {"trunk_base_settings_id": _ref(trunk, "trunkBase")}
        tied["edge_group_id"] = trunk["edgeGroup"]["id"]
        yield Resource(f"{EDGES}trunk", trunk["id"], trunk["name"], tied, {"name": trunk["name"]})
    for route in entities("outboundroutes.json"):
        id = f"{route['site']['id']}:{route['id']}"
        yield Resource(f"{EDGES}site_outbound_route", id, route["name"], _set(_outbound_route(route)))
    for table in entities("datatables.json"):
        for row in entities(f"datatable_rows/{table['id']}.json"):
            cells = {key: value for key, value in row.items() if key != "key"}
            made = {"datatable_id": Ref(table["id"]), "key_value": row["key"], "properties_json": Encoded(cells)}
            yield Resource("architect_datatable_row", f"{table['id']}/{row['key']}", row["key"], made)
    yield from _flows()


def _divisions() -> Iterator[Resource]:
    found = {v["division"]["id"]: v["division"]["name"] for v in entities("flows.json")}
    for id, name in sorted(found.items()):
        yield Resource("auth_division", id, name, {"name": name})


def _flows() -> Iterator[Resource]:
    for flow in entities("flows.json"):
        made = {"name": flow["name"], "type": flow["type"]}
        yield Resource("flow", flow["id"], f"{flow['type']}_{flow['name']}", made, body=body_of(flow))


def body_of(flow: Json) -> Path:
    """The Archy YAML of a listed flow."""
    version = flow["publishedVersion"]["id"].replace(".", "-")
    return SOURCE / "flows" / f"{flow['name']}_v{version}.yaml"


def _named(value: Json) -> str:
    return str(value["name"])


def _set(attributes: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in attributes.items() if value is not None}


def _ref(value: Json, key: str, raw: bool = False) -> Ref | None:
    return Ref(value[key]["id"], raw) if key in value else None


def _refs(value: Json, key: str, raw: bool = False) -> list[Ref]:
    return [Ref(item["id"], raw) for item in value.get(key, [])]


def _properties(value: Json) -> Encoded:
    """CX as Code keeps the instances only."""
    return Encoded({k: {"value": {"instance": p["value"]["instance"]}} for k, p in value["properties"].items()})


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", name)


def _plain(value: Json, *keys: str) -> dict[str, object]:
    return {snake(key): value[key] for key in keys if key in value}


def _queue(value: Json) -> dict[str, object]:
    members = entities(f"queue_members/{value['id']}.json")
    callback = value.get("mediaSettings", {}).get("callback")
    return {
        "division_id": _ref(value, "division"),
        "skill_evaluation_method": value["skillEvaluationMethod"],
        **_plain(value, "suppressInQueueCallRecording", "enableTranscription", "enableAudioMonitoring"),
        "queue_flow_id": _ref(value, "queueFlow"),
        "members": [{"user_id": Ref(m["user"]["id"]), "ring_num": m["ringNumber"]} for m in members],
        "media_settings_callback": callback
        and [{"mode": callback["mode"], "alerting_timeout_sec": callback["alertingTimeoutSeconds"],
              "site_id": Ref(callback["site"]["id"])}],
    }  # fmt: skip


def _user(value: Json) -> dict[str, object]:
    numbers = [
        _set({"number": a.get("address"), "extension": a.get("extension"), "media_type": "PHONE", "type": a["type"]})
        for a in value.get("addresses", [])
    ]
    return {
        "email": value["email"],
        "state": value["state"],
        "division_id": _ref(value, "division"),
        "addresses": [{"phone_numbers": numbers}] if numbers else None,
    }


def _group(value: Json) -> dict[str, object]:
    members = entities(f"group_members/{value['id']}.json")
    rings = [{"number": a["address"], "type": a["type"]} for a in value["addresses"]]
    ids = [Ref(m["id"]) for m in members]
    own = _plain(value, "type", "visibility", "rulesVisible", "callsEnabled")
    return {**own, "addresses": rings, "member_ids": ids}


def _trunk_base(value: Json) -> dict[str, object]:
    return {
        "trunk_meta_base_id": value["trunkMetabase"]["id"],
        **_plain(value, "trunkType", "state", "managed"),
        "site_id": _ref(value, "site"),
        "inbound_site_id": _ref(value, "inboundSite"),
        "properties": _properties(value),
    }


def _phone(value: Json) -> dict[str, object]:
    return {
        "state": value["state"],
        "site_id": _ref(value, "site"),
        "phone_base_settings_id": _ref(value, "phoneBaseSettings"),
        "web_rtc_user_id": _ref(value, "webRtcUser"),
        "properties": _properties(value),
    }


def _phone_base(value: Json) -> dict[str, object]:
    return {"phone_meta_base_id": value["phoneMetaBase"]["id"], "properties": _properties(value)}


def _site(value: Json) -> dict[str, object]:
    default = {"set_as_default_site": True} if value.get("defaultSite") else {}
    return {"media_model": value["mediaModel"], **default, "primary_sites": _refs(value, "primarySites")}


def _outbound_route(value: Json) -> dict[str, object]:
    return {
        "site_id": _ref(value, "site"),
        **_plain(value, "name", "classificationTypes", "enabled", "distribution"),
        "external_trunk_base_ids": _refs(value, "externalTrunkBases"),
    }


def _pool(value: Json) -> dict[str, object]:
    return {**_plain(value, "startPhoneNumber", "endPhoneNumber", "description"), "pool_provider": value["provider"]}


def _route(value: Json) -> dict[str, object]:
    return {
        "dnis": value["dnis"],
        "division_id": _ref(value, "division"),
        "open_hours_flow_id": _ref(value, "openHoursFlow"),
        "closed_hours_flow_id": _ref(value, "closedHoursFlow"),
        "holiday_hours_flow_id": _ref(value, "holidayHoursFlow"),
        "schedule_group_id": _ref(value, "scheduleGroup"),
    }


def _schedule(value: Json) -> dict[str, object]:
    times = {key: f"{value[key]}000" for key in ("start", "end")}
    return {**times, **_plain(value, "rrule"), "division_id": _ref(value, "division")}


def _schedule_group(value: Json) -> dict[str, object]:
    kinds = ("openSchedules", "closedSchedules", "holidaySchedules")
    lists = {f"{snake(key)}_id": _refs(value, key) for key in kinds}
    return {"time_zone": value["timeZone"], "division_id": _ref(value, "division"), **lists}


def _emergencies(value: Json) -> dict[str, object]:
    rows = [
        {"emergency_flow_id": _ref(row, "emergencyFlow"), "ivr_ids": _refs(row, "ivrs")}
        for row in value["emergencyCallFlows"]
    ]
    return {"enabled": value["enabled"], "division_id": _ref(value, "division"), "emergency_call_flows": rows}


def _policy(value: Json) -> dict[str, object]:
    calls = value["mediaPolicies"]["callPolicy"]
    actions = _plain(calls["actions"], "retainRecording", "deleteRecording", "alwaysDelete")
    if "retentionDuration" in calls["actions"]:
        actions["retention_duration"] = [
            {"delete_retention": [calls["actions"]["retentionDuration"]["deleteRetention"]]}
        ]
    conditions = {
        "for_queue_ids": _refs(calls["conditions"], "forQueues", raw=True),
        "directions": calls["conditions"]["directions"],
    }
    media = [{"call_policy": [{"actions": [actions], "conditions": [conditions]}]}]
    outer = [{**conditions, "media_types": value["conditions"]["mediaTypes"]}]
    return {**_plain(value, "order", "enabled"), "media_policies": media, "conditions": outer, "actions": [actions]}


def _campaign(value: Json) -> dict[str, object]:
    return {
        **_plain(value, "dialingMode", "campaignStatus", "callerName", "callerAddress"),
        "division_id": _ref(value, "division"),
        "contact_list_id": value["contactList"]["id"],
        "queue_id": _ref(value, "queue"),
        "site_id": _ref(value, "site"),
        "call_analysis_response_set_id": _ref(value, "callAnalysisResponseSet"),
    }


def _responses(value: Json) -> dict[str, object]:
    rows = {
        event: [_set({"reaction_type": r["reactionType"], "data": Ref(r["data"]) if "data" in r else None,
                      "name": r.get("name")})]
        for event, r in value["responses"].items()
    }  # fmt: skip
    return {"beep_detection_enabled": value["beepDetectionEnabled"], "responses": [rows]}


def _prompt(value: Json) -> dict[str, object]:
    return {"resources": [{"language": r["language"], "tts_string": r["ttsString"]} for r in value["resources"]]}


def _table(value: Json) -> dict[str, object]:
    columns = value["schema"]["properties"]
    blocks = [{"name": key, "type": columns[key]["type"], "title": columns[key]["title"]} for key in columns]
    return {"division_id": _ref(value, "division"), "properties": blocks}


_KINDS: Mapping[str, tuple[str, Callable[[Json], dict[str, object]]]] = {
    "ivrs.json": ("architect_ivr", _route),
    "schedules.json": ("architect_schedules", _schedule),
    "schedulegroups.json": ("architect_schedulegroups", _schedule_group),
    "emergencygroups.json": ("architect_emergencygroup", _emergencies),
    "queues.json": ("routing_queue", _queue),
    "users.json": ("user", _user),
    "groups.json": ("group", _group),
    "trunkbasesettings.json": (f"{EDGES}trunkbasesettings", _trunk_base),
    "sites.json": (f"{EDGES}site", _site),
    "phonebasesettings.json": (f"{EDGES}phonebasesettings", _phone_base),
    "phones.json": (f"{EDGES}phone", _phone),
    "didpools.json": (f"{EDGES}did_pool", _pool),
    "mediaretentionpolicies.json": ("recording_media_retention_policy", _policy),
    "campaigns.json": ("outbound_campaign", _campaign),
    "callanalysisresponsesets.json": ("outbound_callanalysisresponseset", _responses),
    "prompts.json": ("architect_user_prompt", _prompt),
    "datatables.json": ("architect_datatable", _table),
}
