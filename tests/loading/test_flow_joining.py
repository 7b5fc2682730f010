from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.flows import Flow
from tests.loading.exports import addressed, write
from tests.loading.test_load import ARCHY, CONFIGURATION, ID, OTHER_ID, problems


def flows_of(folder: Path) -> tuple[list[Flow], list[str]]:
    organisation = load([folder])
    return list(organisation.flows), [p.code for p in problems(organisation.problems)]


def listed(id: str, name: str = "Main", division: str = "Home", type: str = "INBOUNDCALL") -> dict[str, Any]:
    return {**addressed("flows"), "id": id, "name": name, "type": type, "division": {"id": "d", "name": division}}


def test_a_body_gets_its_id_and_division_from_the_listing(tmp_path: Path) -> None:
    write(tmp_path, "main.yaml", ARCHY.replace("  division: Home\n", ""))
    write(tmp_path, "flows.json", {"entities": [listed("f1"), listed("f2", type="INQUEUECALL"), listed("f3", "Else")]})
    flows, codes = flows_of(tmp_path)
    assert [(f.id, f.name, f.division, f.body) for f in flows] == [
        ("f3", "Else", "Home", False),
        ("f1", "Main", "Home", True),
        ("f2", "Main", "Home", False),
    ]
    assert codes == []


def test_divisions_tell_flows_of_one_name_apart(tmp_path: Path) -> None:
    write(tmp_path, "main.yaml", ARCHY)
    write(tmp_path, "flows.json", [listed("f1", division="North"), listed("f2")])
    flows, codes = flows_of(tmp_path)
    assert [(f.id, f.body) for f in flows] == [("f1", False), ("f2", True)]
    assert codes == []


def test_a_name_in_several_divisions_is_ambiguous(tmp_path: Path) -> None:
    write(tmp_path, "main.yaml", ARCHY)
    write(tmp_path, "flows.json", [listed("f1", division="North"), listed("f2", division="South")])
    flows, codes = flows_of(tmp_path)
    assert sorted((f.id or "", f.body) for f in flows) == [("", True), ("f1", False), ("f2", False)]
    assert codes == ["RX907"]


def test_a_body_that_may_be_of_either_flow_is_the_body_of_none(tmp_path: Path) -> None:
    """Also when only one of them has another body, and when no version says which body is older."""
    write(tmp_path, "Main_v9-0.yaml", ARCHY.replace("Good bye", "Hang up"))
    write(tmp_path, f"{ID}.json", CONFIGURATION)
    write(tmp_path, "flows.json", {"entities": [listed(ID, division="North"), listed(OTHER_ID, division="South")]})
    flows, codes = flows_of(tmp_path)
    assert sorted((f.id or "", f.body, f.location.file[-5:]) for f in flows) == [
        ("", True, ".yaml"),
        (ID, True, ".json"),
        (OTHER_ID, False, ".json"),
    ]
    assert codes == ["RX907"]


def test_a_body_that_may_be_of_two_other_bodies_is_told(tmp_path: Path) -> None:
    write(tmp_path, "main.yaml", ARCHY.replace("  division: Home\n", ""))
    for name in ("North", "South"):
        write(tmp_path, f"{name}.yaml", ARCHY.replace("division: Home", f"division: {name}"))
    flows, codes = flows_of(tmp_path)
    assert sorted(f.division or "" for f in flows) == ["", "North", "South"]
    assert codes == ["RX907"]


def test_the_id_in_the_file_name_counts(tmp_path: Path) -> None:
    write(tmp_path, f"Main-INBOUNDCALL-{ID}.yaml", ARCHY)
    write(tmp_path, "flows.json", [listed(ID, "Renamed"), listed(OTHER_ID)])
    flows, codes = flows_of(tmp_path)
    assert [(f.id, f.name, f.body) for f in flows] == [(ID, "Main", True), (OTHER_ID, "Main", False)]
    assert codes == []


def test_yaml_and_json_of_one_flow_are_one_flow(tmp_path: Path) -> None:
    write(tmp_path, "main.yaml", ARCHY)
    write(tmp_path, f"{ID}.json", CONFIGURATION)
    flows, codes = flows_of(tmp_path)
    assert [(f.id, f.division, f.location.file[-5:]) for f in flows] == [(ID, "Home", ".json")]
    assert codes == []


@pytest.mark.parametrize("second", [ARCHY.replace("Good bye", "Hang up"), ARCHY.replace("false", "true")])
def test_different_bodies_of_one_flow_contradict(tmp_path: Path, second: str) -> None:
    write(tmp_path, "a.yaml", ARCHY)
    write(tmp_path, "b.yaml", second)
    write(tmp_path, "c.json", CONFIGURATION)
    flows, codes = flows_of(tmp_path)
    assert len(flows) == 1
    assert codes == ["RX909"]


def test_the_higher_version_counts(tmp_path: Path) -> None:
    write(tmp_path, "Main_v9-0.yaml", ARCHY.replace("Good bye", "Old"))
    write(tmp_path, "Main_v10-0.yaml", ARCHY)
    flows, codes = flows_of(tmp_path)
    assert [f.version for f in flows] == ["10.0"]
    assert codes == ["RX909"]


def test_names_that_are_templates_make_no_flow_the_same(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path, f"{name}.yaml", ARCHY.replace("name: Main", "name: {{flow_name}}"))
    flows, codes = flows_of(tmp_path)
    assert len(flows) == 2
    assert codes == []
