from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.loading.json_overlay import Target, changed_part

GATE = Target("t1", "trunk_recording_consent_required", True)
TRUNK = {"id": "t1", "name": "A", "properties": {"trunk_enabled": {"value": {"instance": True}}}}
OTHER = {"id": "t2", "name": "B", "properties": {}}


def part(document: Any, target: Target = GATE) -> Any:
    text, done = changed_part(json.dumps(document), {target: True})
    assert (text is None) == (not done)
    return None if text is None else json.loads(text)


def changed(key: str = "trunk_recording_consent_required") -> dict[str, Any]:
    properties: dict[str, Any] = {**TRUNK["properties"], key: {"type": "boolean", "value": {"instance": True}}}  # type: ignore[dict-item]
    return {**TRUNK, "properties": properties}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (TRUNK, changed()),
        ([OTHER, TRUNK], [changed()]),
        (
            {"entities": [TRUNK, OTHER], "total": 2, "pageCount": 1, "selfUri": "/x"},
            {"entities": [changed()], "selfUri": "/x"},
        ),
        ({"trunkBaseSettings": [OTHER, TRUNK], "users": [{"id": "u"}]}, {"trunkBaseSettings": [changed()]}),
        ([OTHER], None),
        ({"entities": [{"id": "x", "trunkBase": {"id": "t1", "name": "A"}}]}, None),
    ],
)
def test_only_what_changes_is_written_in_its_wrapping(document: Any, expected: Any) -> None:
    assert part(document) == expected


def test_an_object_is_whole_when_something_inside_it_changes() -> None:
    phone = {"id": "p", "name": "P", "lines": [{"id": "l", "properties": {}}, {"id": "m", "properties": {}}]}
    found = part([phone], Target("l", "station_recording_enabled", True))
    assert [line["id"] for line in found[0]["lines"]] == ["l", "m"]
    assert found[0]["lines"][0]["properties"]["station_recording_enabled"]["value"] == {"instance": True}


def test_a_value_keeps_its_default() -> None:
    held = {"type": "boolean", "value": {"default": False, "instance": False}}
    trunk = {**TRUNK, "properties": {GATE.key: held}}
    assert part(trunk)["properties"][GATE.key] == {"type": "boolean", "value": {"default": False, "instance": True}}


def test_plain_settings() -> None:
    queue = {"id": "q", "name": "Q", "enableTranscription": False, "acwSettings": {}}
    target = Target("q", "enableTranscription", False)
    assert part([queue, {"id": "q", "name": "Q"}], target) == [{**queue, "enableTranscription": True}]
