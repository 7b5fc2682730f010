from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from tests.loading.exports import OBJECTS, addressed, write
from tests.loading.test_load import ARCHY, CONFIGURATION, write_export

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.sampled_from(["", "x", "true"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name", "entities"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    found = [at]
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += places(item, (*at, key))
    return found


def replaced(value: Any, at: tuple[Any, ...], junk: object) -> Any:
    if not at:
        return junk
    changed = copy.deepcopy(value)
    holder = changed
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = junk
    return changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("junk")


@settings(deadline=None, max_examples=300)
@given(data=st.data(), junk=JUNK)
def test_no_value_anywhere_in_an_object_stops_the_loading(folder: Path, data: st.DataObject, junk: object) -> None:
    field = data.draw(st.sampled_from(sorted(OBJECTS)))
    document = {"entities": [addressed(field)], "total": 1, "selfUri": OBJECTS[field][0]}
    at = data.draw(st.sampled_from(places(document)))
    write(folder, "x.json", replaced(document, at, junk))
    assert isinstance(load([folder / "x.json"]), Organisation)


@settings(deadline=None, max_examples=100)
@given(data=st.data(), junk=JUNK)
def test_no_value_anywhere_in_a_flow_stops_the_loading(folder: Path, data: st.DataObject, junk: object) -> None:
    at = data.draw(st.sampled_from(places(CONFIGURATION)))
    write(folder, "flow.json", replaced(CONFIGURATION, at, junk))
    assert isinstance(load([folder / "flow.json"]), Organisation)


@settings(deadline=None, max_examples=200)
@given(cut=st.integers(0, 400), insert=st.binary(max_size=3), name=st.sampled_from(["a.yaml", "a.json", "a.i3X", "a"]))
def test_no_damaged_file_stops_the_loading(folder: Path, cut: int, insert: bytes, name: str) -> None:
    text = ARCHY.encode() if name == "a.yaml" else json.dumps(CONFIGURATION).encode()
    file = folder / name
    file.write_bytes(text[:cut] + insert + text[cut + len(insert) * (cut % 2) :])
    organisation = load([file])
    assert len(organisation.inputs) == 1


def test_every_cut_of_an_export_is_loaded_or_told(tmp_path: Path) -> None:
    write_export(tmp_path)
    for file in sorted(tmp_path.rglob("*.json"))[:8]:
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) * 2 // 3])
    organisation = load([tmp_path])
    told = {problem.location.file for problem in organisation.problems if problem.code == "RX906"}
    assert {listed.path for listed in organisation.inputs if listed.status == "not"} <= told
    assert len(told) >= 8
