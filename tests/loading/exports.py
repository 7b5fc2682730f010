"""Platform API objects made up for the tests, after the shapes in the reference, and their wrappings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.loading.load import load
from auditor.model.organisation import Organisation

EDGES = "/api/v2/telephony/providers/edges"


def instance(value: object) -> dict[str, Any]:
    """A property in its full form."""
    return {"type": "boolean", "value": {"default": False, "instance": value, "managed": False}}


OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "trunk_bases": (
        f"{EDGES}/trunkbasesettings",
        {
            "id": "tb1",
            "name": "Carrier",
            "trunkType": "EXTERNAL",
            "state": "active",
            "managed": False,
            "trunkMetabase": {"id": "external_sip_pcv_aws.json"},
            "inboundSite": {"id": "s1"},
            "properties": {
                "trunk_recording_enabled": instance(True),
                "trunk_recording_consent_required": {"value": {"instance": False}},
                "trunk_disallow_recording_during_hold": instance(True),
                "trunk_consult_recording_enabled": instance(False),
                "trunk_recording_externalTransfersEnabled": instance(False),
                "trunk_diagnostic_ca_recording_enabled": instance(True),
            },
        },
    ),
    "trunks": (
        f"{EDGES}/trunks",
        {
            "id": "t1",
            "name": "Carrier 1",
            "trunkType": "EXTERNAL",
            "trunkBase": {"id": "tb1"},
            "edgeGroup": {"id": "eg1"},
        },
    ),
    "queues": (
        "/api/v2/routing/queues",
        {
            "id": "q1",
            "name": "Sales",
            "division": {"id": "d1", "name": "Home"},
            "queueFlow": {"id": "f2", "name": "Waiting"},
            "suppressInQueueCallRecording": True,
            "enableTranscription": False,
            "enableAudioMonitoring": False,
            "memberGroups": [{"id": "g1", "type": "GROUP"}],
            "directRouting": {"backupQueueId": "q2"},
            "mediaSettings": {"callback": {"mode": "AgentFirst", "liveVoiceFlow": {"id": "f3"}}},
        },
    ),
    "phones": (
        f"{EDGES}/phones",
        {
            "id": "p1",
            "name": "Desk 1",
            "state": "active",
            "phoneBaseSettings": {"id": "pb1"},
            "lineBaseSettings": {"id": "lb1"},
            "site": {"id": "s1"},
            "webRtcUser": {"id": "u1"},
            "lines": [
                {
                    "id": "l1",
                    "name": "Line 1",
                    "defaultForUser": {"id": "u1"},
                    "properties": {"station_recording_enabled": {"value": {"instance": "true"}}},
                }
            ],
        },
    ),
    "phone_bases": (
        f"{EDGES}/phonebasesettings",
        {
            "id": "pb1",
            "name": "Softphone",
            "phoneMetaBase": {"id": "inin_webrtc_softphone.json"},
            "lines": [
                {"id": "lb1", "name": "Softphone line", "properties": {"station_recording_enabled": instance(False)}}
            ],
        },
    ),
    "line_bases": (
        f"{EDGES}/linebasesettings",
        {
            "id": "lb2",
            "name": "Desk line",
            "lineMetaBase": {"id": "generic_sip.json"},
            "properties": {"station_recording_enabled": {"value": {"instance": ""}}},
        },
    ),
    "lines": (
        f"{EDGES}/lines",
        {
            "id": "l9",
            "name": "Line 9",
            "lineBaseSettings": {"id": "lb2"},
            "loggedInUser": {"id": "u1"},
            "properties": {"station_recording_enabled": instance("False")},
        },
    ),
    "stations": (
        "/api/v2/stations",
        {"id": "st1", "name": "Desk 1", "type": "inin_webrtc_softphone", "userId": "u1", "webRtcUserId": "u1"},
    ),
    "sites": (f"{EDGES}/sites", {"id": "s1", "name": "Berlin", "mediaModel": "Cloud", "location": {"id": "x"}}),
    "outbound_routes": (
        f"{EDGES}/outboundroutes",
        {
            "id": "or1",
            "name": "All",
            "site": {"id": "s1"},
            "classificationTypes": ["National"],
            "enabled": True,
            "externalTrunkBases": [{"id": "tb1"}],
        },
    ),
    "edge_groups": (f"{EDGES}/edgegroups", {"id": "eg1", "name": "Cloud", "phoneTrunkBases": [{"id": "tb3"}]}),
    "dids": (
        f"{EDGES}/dids",
        {
            "id": "n1",
            "phoneNumber": "+4930123",
            "didPool": {"id": "dp1"},
            "owner": {"id": "u1", "name": "Ada"},
            "ownerType": "USER",
        },
    ),
    "routes": (
        "/api/v2/architect/ivrs",
        {
            "id": "r1",
            "name": "Main number",
            "dnis": ["+4930555"],
            "openHoursFlow": {"id": "f1", "name": "Main"},
            "closedHoursFlow": {"id": "f1", "name": "Main"},
            "scheduleGroup": {"id": "sg1"},
        },
    ),
    "schedules": (
        "/api/v2/architect/schedules",
        {"id": "sc1", "name": "Weekdays", "start": "2024-01-01T08:00:00.000", "end": "2024-01-01T18:00:00.000"},
    ),
    "schedule_groups": (
        "/api/v2/architect/schedulegroups",
        {
            "id": "sg1",
            "name": "Office",
            "openSchedules": [{"id": "sc1"}],
            "closedSchedules": [],
            "holidaySchedules": [],
        },
    ),
    "emergency_groups": (
        "/api/v2/architect/emergencygroups",
        {
            "id": "e1",
            "name": "Evacuation",
            "enabled": False,
            "emergencyCallFlows": [{"emergencyFlow": {"id": "f1"}, "ivrs": [{"id": "r1"}]}],
        },
    ),
    "users": (
        "/api/v2/users",
        {
            "id": "u1",
            "name": "Ada",
            "email": "ada@example.org",
            "username": "ada@example.org",
            "state": "active",
            "addresses": [{"mediaType": "PHONE", "type": "WORK", "address": "+4930777", "extension": "777"}],
            "station": {"defaultStation": {"id": "st1"}},
        },
    ),
    "groups": (
        "/api/v2/groups",
        {
            "id": "g1",
            "name": "Reception",
            "rulesVisible": True,
            "callsEnabled": True,
            "addresses": [{"type": "GROUPRING", "mediaType": "PHONE", "address": "+4930888", "extension": "888"}],
        },
    ),
    "policies": (
        "/api/v2/recording/mediaretentionpolicies",
        {
            "id": "rp1",
            "name": "Delete sales",
            "order": 1,
            "enabled": True,
            "mediaPolicies": {
                "callPolicy": {
                    "conditions": {
                        "forQueues": [{"id": "q1"}],
                        "directions": ["INBOUND"],
                        "wrapupCodes": [{"id": "w1", "name": "Private"}],
                    },
                    "actions": {"retainRecording": False, "deleteRecording": True, "alwaysDelete": True},
                }
            },
        },
    ),
    "campaigns": (
        "/api/v2/outbound/campaigns",
        {
            "id": "c1",
            "name": "Spring",
            "dialingMode": "power",
            "campaignStatus": "on",
            "queue": {"id": "q1"},
            "callAnalysisResponseSet": {"id": "rs1"},
        },
    ),
    "response_sets": (
        "/api/v2/outbound/callanalysisresponsesets",
        {
            "id": "rs1",
            "name": "Answers",
            "responses": {"callable_lineconnected": {"reactionType": "transfer_flow", "data": "f4", "name": "Out"}},
        },
    ),
    "prompts": (
        "/api/v2/architect/prompts",
        {
            "id": "pr1",
            "name": "Welcome",
            "resources": [
                {"id": "x", "language": "de-DE", "ttsString": "Hallo"},
                {"language": "en-us", "text": "Hello"},
            ],
        },
    ),
    "data_tables": (
        "/api/v2/flows/datatables",
        {
            "id": "dt1",
            "name": "Numbers",
            "division": {"id": "d1", "name": "Home"},
            "schema": {
                "type": "object",
                "properties": {"Consent": {"displayOrder": 1}, "key": {"displayOrder": 0}},
            },
        },
    ),
    "flows": (
        "/api/v2/flows",
        {
            "id": "f1",
            "name": "Main",
            "type": "INBOUNDCALL",
            "division": {"id": "d1", "name": "Home"},
            "publishedVersion": {"id": "3.0"},
        },
    ),
}
"""Field of the organisation -> address of the listing, and one object of it."""


def addressed(field: str) -> dict[str, Any]:
    """The object with its selfUri."""
    address, value = OBJECTS[field]
    return {**value, "selfUri": f"{address}/{value['id']}"}


def write(folder: Path, name: str, value: object) -> Path:
    """Writes a file: text as it is, bytes as they are, everything else as JSON."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, bytes):
        file.write_bytes(value)
    else:
        file.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")
    return file


def loaded(folder: Path, name: str, value: object) -> Organisation:
    """The organisation of one file."""
    return load([write(folder, name, value)])
