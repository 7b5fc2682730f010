from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.location import NOWHERE
from auditor.model.problems import Problem
from tests.loading.exports import OBJECTS, loaded, write


def missing(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(p.subject, p.message) for p in problems if p.code == "RX902"]


def test_a_whole_object_misses_nothing(tmp_path: Path) -> None:
    everything = {
        "trunkBases": [OBJECTS["trunk_bases"][1]],
        "queues": [{**OBJECTS["queues"][1], "members": []}],
        "phones": [OBJECTS["phones"][1]],
    }
    assert missing(loaded(tmp_path, "x.json", everything).problems) == []


@pytest.mark.parametrize(
    ("field", "change", "subject", "keys"),
    [
        (
            "trunk_bases",
            {"properties": {}},
            "trunk:Carrier",
            "trunk_recording_enabled, trunk_recording_consent_required, trunk_consult_recording_enabled, "
            "trunk_recording_externalTransfersEnabled",
        ),
        (
            "trunk_bases",
            {"properties": {"trunk_recording_enabled": {"value": {"instance": False}}}},
            "trunk:Carrier",
            "trunk_recording_consent_required",
        ),
        (
            "queues",
            {"suppressInQueueCallRecording": None, "members": []},
            "queue:Sales",
            "suppressInQueueCallRecording",
        ),
        ("queues", {"enableAudioMonitoring": None, "members": []}, "queue:Sales", "enableAudioMonitoring"),
        ("queues", {}, "queue:Sales", "members"),
        ("phones", {"lines": [{"id": "l1"}]}, "phone:Desk 1", "station_recording_enabled"),
    ],
)
def test_settings_that_the_verdict_reads(
    tmp_path: Path, field: str, change: dict[str, Any], subject: str, keys: str
) -> None:
    found = missing(loaded(tmp_path, "x.json", {field: [{**OBJECTS[field][1], **change}]}).problems)
    assert [s for s, _ in found] == [subject]
    assert found[0][1].endswith(f"the export does not hold {keys}.")


@pytest.mark.parametrize(("change"), [{"trunkType": "PHONE", "properties": {}}, {"state": "deleted", "properties": {}}])
def test_trunks_that_carry_no_outside_calls_may_say_nothing(tmp_path: Path, change: dict[str, Any]) -> None:
    assert missing(loaded(tmp_path, "x.json", [{**OBJECTS["trunk_bases"][1], **change}]).problems) == []


@pytest.mark.parametrize(
    "base",
    [
        {"phoneBaseSettings": [{**OBJECTS["phone_bases"][1]}]},
        {"phoneBaseSettings": [{"id": "pb1", "name": "x", "phoneMetaBase": {"id": "y"}, "lines": [],
                                "properties": {"station_recording_enabled": {"value": {"instance": False}}}}]},
        {"lineBaseSettings": [{**OBJECTS["line_bases"][1], "id": "lb1"}]},
    ],
)  # fmt: skip
def test_a_base_may_speak_for_its_phones(tmp_path: Path, base: dict[str, Any]) -> None:
    phone = {**OBJECTS["phones"][1], "lines": [{"id": "l1"}]}
    assert missing(loaded(tmp_path, "x.json", {"phones": [phone], **base}).problems) == []


def test_a_flow_without_its_suppression(tmp_path: Path) -> None:
    for root, codes in (("inboundCall", ["flow:Main"]), ("commonModule", []), ("inqueueCall", [])):
        write(tmp_path, "x.yaml", f"{root}:\n  name: Main\n")
        assert [subject for subject, _ in missing(load([tmp_path]).problems)] == codes


def test_kinds_that_are_absent_altogether(tmp_path: Path) -> None:
    write(tmp_path, "x.yaml", "inboundCall:\n  name: Main\n")
    absent = {p.subject: p for p in load([tmp_path]).problems if p.code == "RX908"}
    assert set(absent) == {
        f"kind:{field}"
        for field in (
            "trunk_bases", "routes", "dids", "queues", "users", "phones", "outbound_routes", "campaigns", "policies"
        )
    }  # fmt: skip
    assert all(p.location == NOWHERE and p.hint for p in absent.values())
    assert "Whether stations record is not known" in absent["kind:phones"].message


def test_an_empty_listing_says_that_there_are_none(tmp_path: Path) -> None:
    write(tmp_path, "x.yaml", "inboundCall:\n  name: Main\n")
    write(tmp_path, "y.json", {"entities": [], "selfUri": "/api/v2/outbound/campaigns?pageSize=100", "total": 0})
    organisation = load([tmp_path])
    assert "kind:campaigns" not in {p.subject for p in organisation.problems}
    assert [(i.status, i.objects) for i in organisation.inputs] == [("understood", 1), ("understood", 0)]


def test_flows_known_by_name_only_are_no_bodies(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, "x.json", {"entities": [OBJECTS["flows"][1]]})
    assert "kind:flows" in {p.subject for p in organisation.problems}
