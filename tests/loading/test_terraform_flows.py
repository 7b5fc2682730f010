from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.model.organisation import Organisation
from auditor.model.routing import ObjectRef
from tests.loading.terraform_source import ARCHY, FLOW, configuration, instance, of_files, state


def codes(organisation: Organisation, *wanted: str) -> list[str]:
    return [p.code for p in organisation.problems if p.code in wanted]


def test_flows_take_their_ids_from_their_resources(tmp_path: Path) -> None:
    blocks = {
        "flow": {"INBOUNDCALL_Main": {"filepath": "architect_flows/Main.yaml"}},
        "architect_ivr": {"R": {"name": "R", "open_hours_flow_id": "${genesyscloud_flow.INBOUNDCALL_Main.id}"}},
    }
    written = state(instance("flow", "INBOUNDCALL_Main", {"id": FLOW, "filepath": "architect_flows/Main.yaml"}))
    organisation = of_files(
        tmp_path,
        x_dot_tf_dot_json=configuration(**blocks),
        terraform_dot_tfstate=written,
        architect_flows__Main_dot_yaml=ARCHY,
    )
    (flow,) = organisation.flows
    assert (flow.id, flow.name, flow.body) == (FLOW, "Main", True)
    assert [route.open_flow for route in organisation.routes] == [ObjectRef(FLOW, "Main")]
    assert codes(organisation, "RX901", "RX906", "RX909") == []


def test_without_a_state_flows_are_known_by_the_name_in_their_body(tmp_path: Path) -> None:
    blocks = {
        "flow": {"whatever": {"filepath": "${path.module}/../flows/Main.yaml"}},
        "architect_ivr": {"R": {"name": "R", "open_hours_flow_id": "${genesyscloud_flow.whatever.id}"}},
    }
    organisation = of_files(tmp_path, tf__x_dot_tf_dot_json=configuration(**blocks), flows__Main_dot_yaml=ARCHY)
    assert [(flow.id, flow.body) for flow in organisation.flows] == [(None, True)]
    assert [route.open_flow for route in organisation.routes] == [ObjectRef(None, "Main")]
    assert codes(organisation, "RX901", "RX906", "RX909") == []


@pytest.mark.parametrize("path", ["${var.flow_filepath}", "flows/gone.yaml"])
def test_a_flow_without_its_body_is_known_and_missing(tmp_path: Path, path: str) -> None:
    flow = {"name": "Main", "type": "INBOUNDCALL", "filepath": path}
    blocks = {
        "flow": {"L": flow},
        "architect_ivr": {"R": {"name": "R", "open_hours_flow_id": "${genesyscloud_flow.L.id}"}},
    }
    organisation = of_files(tmp_path, x_dot_tf_dot_json=configuration(**blocks))
    assert [(flow.name, flow.type.value, flow.body) for flow in organisation.flows] == [("Main", "inboundcall", False)]
    assert codes(organisation, "RX901") == ([] if "var" in path else ["RX901"])


def test_substitutions_of_a_resource_are_put_into_its_flow(tmp_path: Path) -> None:
    flow = {"filepath": "Main.yaml", "substitutions": {"flow_name": "Real: name", "open": "${var.open}"}}
    blocks: dict[str, Any] = {
        "flow": {"L": flow},
        "architect_ivr": {"R": {"name": "R", "open_hours_flow_id": "${genesyscloud_flow.L.id}"}},
    }
    body = ARCHY.replace("name: Main", "name: {{flow_name}}").replace("division: Home", "division: {{open}}")
    organisation = of_files(tmp_path, x_dot_tf_dot_json=configuration(**blocks), Main_dot_yaml=body)
    (found,) = organisation.flows
    assert (found.name, found.templates) == ("Real: name", ("open",))
    assert [route.open_flow for route in organisation.routes] == [ObjectRef(None, "Real: name")]


def test_resources_that_fill_in_other_texts_make_other_flows_of_a_file(tmp_path: Path) -> None:
    blocks: dict[str, Any] = {
        "flow": {key: {"filepath": "Main.yaml", "substitutions": {"flow_name": key}} for key in ("North", "South")},
        "architect_ivr": {
            key: {"name": key, "open_hours_flow_id": f"${{genesyscloud_flow.{key}.id}}"} for key in ("South", "North")
        },
    }
    body = ARCHY.replace("name: Main", "name: {{flow_name}}")
    ids = {"North": FLOW, "South": FLOW.replace("f", "e")}
    own = {key: {"id": id, "filepath": "Main.yaml", "substitutions": {"flow_name": key}} for key, id in ids.items()}
    written = state(*(instance("flow", key, attributes) for key, attributes in own.items()))
    for files in ({}, {"terraform_dot_tfstate": written}):
        folder = tmp_path / str(len(files))
        folder.mkdir()
        organisation = of_files(folder, x_dot_tf_dot_json=configuration(**blocks), Main_dot_yaml=body, **files)
        known = {key: ids[key] if files else None for key in ids}
        assert {flow.name: flow.id for flow in organisation.flows} == known
        assert {route.name: route.open_flow for route in organisation.routes} == {
            key: ObjectRef(id, key) for key, id in known.items()
        }
        assert codes(organisation, "RX901", "RX906", "RX909") == []
