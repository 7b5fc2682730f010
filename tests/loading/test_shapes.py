from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.loading import shapes
from auditor.loading.kinds import KINDS
from auditor.loading.shapes import schema, shape_problems, whole_object_wrong
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
def test_validity_follows_from_types_and_words_alone(kind: str) -> None:
    """So that what fits for certain is told without jsonschema."""
    Draft202012Validator.check_schema(dict(schema(kind)))
    allowed = {"$schema", "title", "type", "enum", "anyOf", "required", "items", "additionalProperties"}
    assert set(keywords(dict(schema(kind)))) <= allowed
    required = {key for choice in schema(kind).get("anyOf", ()) for key in choice["required"]}
    assert required <= set(schema(kind).get("properties", {}))


@pytest.mark.parametrize("kind", NAMES)
@given(data=st.data())
@settings(max_examples=15)
def test_only_what_is_wrong_or_unusual_is_left_to_jsonschema(kind: str, data: st.DataObject) -> None:
    """What fits is valid; what does not is invalid, or holds a float where a whole number may stand."""
    value = data.draw(near(dict(schema(kind))))
    valid = Draft202012Validator(schema(kind)).is_valid(value)
    assert shapes._fits(value, shapes._part(kind)) in ({valid, False} if holds_float(value) else {valid})


def near(part: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the shape of a schema, and now and then others."""
    leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3))
    named = part.get("type", "object")
    shapes = [shaped(name, part) for name in ([named] if isinstance(named, str) else named)]
    return st.one_of(*shapes, *shapes, *shapes, leaf)


def shaped(name: str, part: dict[str, Any]) -> st.SearchStrategy[Any]:
    match name:
        case "object":
            members = {key: near(inner) for key, inner in part.get("properties", {}).items()}
            fixed = st.fixed_dictionaries({}, optional=members)
            others = part.get("additionalProperties")
            more = st.dictionaries(st.sampled_from(["x", "y"]), near(others) if others else st.integers(), max_size=2)
            return st.builds(lambda known, new: {**new, **known}, fixed, more)
        case "array":
            return st.lists(near(part.get("items", {})), max_size=3)
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            return st.integers()
        case _:
            return st.text(max_size=3)


def holds_float(value: object) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, float) or any(holds_float(item) for item in inner)


def test_a_valid_object_needs_no_jsonschema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_validator", lambda kind: pytest.fail("asked"))
    assert shape_problems("queue", {**OBJECTS["queues"][1], "name": "Other", "unknown": [1]}, AT) == ()


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
    queue = OBJECTS["queues"][1]
    assert shape_problems("queue", {**queue, "bullseye": {"rings": [{"memberGroups": []}]}}, AT) == ()
    found = shape_problems("queue", {**queue, **change}, AT)
    assert [p.code for p in found] == ["RX906"]
    assert not whole_object_wrong(found, AT)


def test_an_object_that_is_not_named_is_wrong_as_a_whole() -> None:
    found = shape_problems("queue", {"queueFlow": None}, AT)
    assert whole_object_wrong(found, AT)
    assert "there is none of the keys id, name" in found[0].message


def test_not_every_fault_of_an_object_is_told() -> None:
    assert len(shape_problems("route", {"id": "x", "dnis": [[]] * 50}, AT)) == 5
