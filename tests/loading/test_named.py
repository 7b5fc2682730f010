from __future__ import annotations

import json
from pathlib import Path

from msgspec import StructMeta

from auditor.loading import named
from auditor.loading.joining import FIELDS
from auditor.loading.load import load
from auditor.model import routing, telephony
from auditor.model.organisation import Organisation

ROUTE = {"id": "11111111-1111-4111-8111-111111111111", "name": "Main", "selfUri": "/api/v2/architect/ivrs/1"}


def emergency(*routes: object) -> dict[str, object]:
    return {
        "id": "e",
        "name": "Flood",
        "selfUri": "/api/v2/architect/emergencygroups/e",
        "emergencyCallFlows": [{"emergencyFlow": {"id": "f"}, "ivrs": list(routes)}],
    }


def read(folder: Path, *objects: object) -> Organisation:
    (folder / "export.json").write_text(json.dumps(objects), encoding="utf-8")
    return load([folder])


def routes_of(organisation: Organisation) -> tuple[str, ...] | None:
    (group,) = organisation.emergency_groups
    assert group.flows is not None
    return group.flows[0].routes


def test_a_name_that_one_object_has_means_its_id(tmp_path: Path) -> None:
    assert routes_of(read(tmp_path, ROUTE, emergency({"name": "Main"}))) == (ROUTE["id"],)


def test_an_address_ends_in_an_id(tmp_path: Path) -> None:
    found = read(tmp_path, ROUTE, emergency({"selfUri": f"/api/v2/architect/ivrs/{ROUTE['id']}"}))
    assert routes_of(found) == (ROUTE["id"],)


def test_a_name_that_two_objects_have_stays_a_name_and_is_told(tmp_path: Path) -> None:
    other = {"id": "22222222-2222-4222-8222-222222222222", "name": "Main", "selfUri": "/api/v2/architect/ivrs/2"}
    found = read(tmp_path, ROUTE, other, emergency({"name": "Main"}))
    assert routes_of(found) == ("name:Main",)
    assert [p.code for p in found.problems if "call route" in p.message and "Flood" in p.message] == ["RX907"]


def test_a_reference_that_says_nothing_is_not_dropped(tmp_path: Path) -> None:
    found = read(tmp_path, ROUTE, emergency({}))
    assert routes_of(found) == ("name:",)
    assert [p.code for p in found.problems if "call route" in p.message and "Flood" in p.message] == ["RX901"]


def test_the_table_speaks_of_fields_and_kinds_that_there_are() -> None:
    classes = [each for part in (routing, telephony) for each in vars(part).values()]
    there = {name for each in classes if isinstance(each, StructMeta) for name in each.__struct_fields__}
    assert set(named._KINDS) <= there
    assert set(named._KINDS.values()) <= set(FIELDS)
