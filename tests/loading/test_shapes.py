from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.loading import shapes
from auditor.loading.kinds import KINDS
from auditor.loading.shapes import Shapes, schema, whole_object_wrong
from auditor.model.location import Location
from tests.loading.exports import OBJECTS

NAMES = sorted({kind.name for kind in KINDS})
AT = Location("x.json", None, "/0")


def keywords(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "properties":
                for inner in value.values():
                    yield from keywords(inner)
            else:
                yield key
                yield from keywords(value)
    elif isinstance(part, list):
        for item in part:
            yield from keywords(item)


def test_every_kind_has_a_schema_and_every_schema_a_kind() -> None:
    folder = Path(shapes.__file__).parent / "schemas"
    assert sorted(file.stem for file in folder.glob("*.json")) == NAMES


@pytest.mark.parametrize("kind", NAMES)
def test_validity_follows_from_types_alone(kind: str) -> None:
    """So that objects of equal types need one check; see Shapes."""
    Draft202012Validator.check_schema(dict(schema(kind)))
    allowed = {"$schema", "title", "type", "anyOf", "required", "items", "additionalProperties"}
    assert set(keywords(dict(schema(kind)))) <= allowed
    required = {key for choice in schema(kind).get("anyOf", ()) for key in choice["required"]}
    assert required <= set(schema(kind).get("properties", {}))


def test_what_was_checked_once_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = Shapes()
    assert checked.problems("queue", OBJECTS["queues"][1], AT) == ()
    monkeypatch.setattr(shapes, "_validator", lambda kind: pytest.fail("checked again"))
    assert checked.problems("queue", {**OBJECTS["queues"][1], "name": "Other", "unknown": [1]}, AT) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ["x"]},
        {"division": 5},
        {"division": {"id": [], "name": "x"}},
        {"memberGroups": [{"id": "g1"}, 7]},
        {"mediaSettings": {"callback": {"mode": True}}},
        {"bullseye": {"rings": [{"memberGroups": "x"}]}},
    ],
)
def test_a_wrong_type_anywhere_is_seen_behind_valid_objects(change: dict[str, Any]) -> None:
    checked = Shapes()
    queue = OBJECTS["queues"][1]
    assert checked.problems("queue", {**queue, "bullseye": {"rings": [{"memberGroups": []}]}}, AT) == ()
    found = checked.problems("queue", {**queue, **change}, AT)
    assert [p.code for p in found] == ["RX906"]
    assert not whole_object_wrong(found, AT)


def test_an_object_that_is_not_named_is_wrong_as_a_whole() -> None:
    found = Shapes().problems("queue", {"queueFlow": None}, AT)
    assert whole_object_wrong(found, AT)
    assert "there is none of the keys id, name" in found[0].message


def test_not_every_fault_of_an_object_is_told() -> None:
    assert len(Shapes().problems("route", {"id": "x", "dnis": [[]] * 50}, AT)) == 5
