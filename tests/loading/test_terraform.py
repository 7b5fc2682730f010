from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.routing import Member, ObjectRef
from auditor.model.settings import Expression, Known, Unset
from tests.loading.exports import addressed, write
from tests.loading.terraform_source import (
    DIVISION,
    FLOW,
    QUEUE,
    USER,
    configuration,
    instance,
    of_files,
    state,
)

TRUNK = {
    "name": "Carrier",
    "trunk_type": "EXTERNAL",
    "trunk_meta_base_id": "external_sip_pcv_aws.json",
    "properties": '{"trunk_recording_enabled": {"value": {"instance": true}}}',
}


def codes(organisation: Organisation, *wanted: str) -> list[str]:
    return [p.code for p in organisation.problems if p.code in (wanted or ("RX905", "RX906", "RX907", "RX909"))]


def test_a_queue_of_the_json_syntax_is_the_queue_of_the_api(tmp_path: Path) -> None:
    attributes: dict[str, Any] = {
        "name": "Sales",
        "division_id": "${genesyscloud_auth_division.Home.id}",
        "queue_flow_id": FLOW,
        "suppress_in_queue_call_recording": True,
        "enable_transcription": "${var.transcribe}",
        "members": [{"user_id": "${genesyscloud_user.Ada.id}", "ring_num": 2}],
        "groups": ["g1"],
        "skill_groups": ["g2"],
        "bullseye_rings": [{"member_groups": [{"member_group_id": "g3", "member_group_type": "GROUP"}]}],
        "direct_routing": [{"backup_queue_id": "q9"}],
        "media_settings_callback": {"mode": "AgentFirst", "live_voice_flow_id": FLOW},
    }
    text = configuration(
        routing_queue={"Q": attributes}, user={"Ada": {"name": "Ada"}}, auth_division={"Home": {"name": "Home"}}
    )
    (queue,) = of_files(tmp_path, genesyscloud_dot_tf_dot_json=text).queues
    assert (queue.id, queue.name, queue.division) == ("name:Sales", "Sales", "Home")
    assert (queue.in_queue_flow, queue.backup_queue) == (FLOW, "q9")
    assert isinstance(queue.suppress, Known) and queue.suppress.value is True
    assert queue.suppress.location.pointer == "/resource/genesyscloud_routing_queue/Q/suppress_in_queue_call_recording"
    assert isinstance(queue.transcription, Expression) and queue.transcription.text == "${var.transcribe}"
    assert isinstance(queue.monitoring, Unset)
    assert queue.members == (Member("name:Ada", None, 2),)
    assert queue.groups == ("g1", "g2", "g3")
    assert queue.callback is not None and queue.callback.live_voice_flow == ObjectRef(FLOW)


def test_hcl_says_the_same_with_lines(tmp_path: Path) -> None:
    text = """\
resource "genesyscloud_telephony_providers_edges_trunkbasesettings" "T" {
  name       = "Carrier"
  trunk_type = "EXTERNAL"
  properties = jsonencode({
    "trunk_recording_enabled" : { "value" : { "instance" : true } }
    "trunk_recording_consent_required" : { "value" : { "instance" : false } }
  })
}
"""
    (trunk,) = of_files(tmp_path, trunks_dot_tf=text).trunk_bases
    assert trunk.location.line == 1
    assert isinstance(trunk.line, Known) and trunk.line.value and trunk.line.location.line == 5
    assert isinstance(trunk.gate, Known) and not trunk.gate.value and trunk.gate.location.line == 6


def test_properties_may_be_json_inside_a_text(tmp_path: Path) -> None:
    blocks = {"telephony_providers_edges_trunkbasesettings": {"T": TRUNK}}
    (trunk,) = of_files(tmp_path, x_dot_tf_dot_json=configuration(**blocks)).trunk_bases
    assert isinstance(trunk.line, Known) and trunk.line.value
    assert isinstance(trunk.gate, Unset)


@pytest.mark.parametrize("flat", [False, True])
def test_a_state_gives_ids_and_resolves_them(tmp_path: Path, flat: bool) -> None:
    nested = {"id": QUEUE, "name": "Sales", "members": [{"user_id": USER, "ring_num": 1}], "division_id": DIVISION}
    flattened = {
        "id": QUEUE,
        "name": "Sales",
        "division_id": DIVISION,
        "suppress_in_queue_call_recording": "false",
        "members.#": "1",
        "members.2817.user_id": USER,
        "members.2817.ring_num": "1",
        "default_script_ids.%": "1",
        "default_script_ids.a.b": "x",
    }
    written = state(
        instance("routing_queue", "Q", flattened if flat else nested, flat=flat),
        instance("user", "Ada", {"id": USER, "name": "Ada"}),
        instance("auth_division", "Home", {"id": DIVISION, "name": "Home"}),
    )
    text = configuration(
        routing_queue={"Q": {"name": "Sales", "suppress_in_queue_call_recording": False, "division_id": DIVISION}}
    )
    organisation = of_files(tmp_path, genesyscloud_dot_tf_dot_json=text, terraform_dot_tfstate=written)
    (queue,) = organisation.queues
    assert (queue.id, queue.division, queue.members) == (QUEUE, "Home", (Member(USER, None, 1),))
    assert isinstance(queue.suppress, Known) and queue.suppress.value is False
    assert codes(organisation) == []
    assert [file.kind for file in organisation.inputs] == ["Terraform JSON", "Terraform state"]


def test_configuration_and_state_that_disagree_are_a_contradiction_with_both_values(tmp_path: Path) -> None:
    written = state(instance("routing_queue", "Q", {"id": QUEUE, "name": "Sales", "enable_transcription": True}))
    text = configuration(routing_queue={"Q": {"name": "Sales", "enable_transcription": False}})
    organisation = of_files(tmp_path, a_dot_tf_dot_json=text, terraform_dot_tfstate=written)
    (problem,) = [p for p in organisation.problems if p.code == "RX909"]
    assert "transcription (false against true)" in problem.message
    assert "/resources/0/instances/0/attributes" in problem.message


def test_ids_come_from_other_forms_by_kind_name_and_division(tmp_path: Path) -> None:
    text = configuration(
        routing_queue={"L": {"name": "Sales", "division_id": "${genesyscloud_auth_division.H.id}"}},
        auth_division={"H": {"name": "Home"}},
        architect_emergencygroup={"E": {"name": "E", "emergency_call_flows": [{"ivr_ids": []}]}},
    )
    organisation = of_files(tmp_path, x_dot_tf_dot_json=text, queues_dot_json=addressed("queues"))
    (queue,) = organisation.queues
    assert queue.id == "q1"
    assert isinstance(queue.suppress, Known)
    assert codes(organisation) == []


def test_an_ambiguous_name_is_told_and_never_the_first_match(tmp_path: Path) -> None:
    queues = [{**addressed("queues"), "id": id, "division": {"id": id, "name": id}} for id in ("qa", "qb")]
    for queue in queues:
        queue["selfUri"] = f"/api/v2/routing/queues/{queue['id']}"
    text = configuration(routing_queue={"L": {"name": "Sales"}})
    organisation = of_files(tmp_path, x_dot_tf_dot_json=text, queues_dot_json={"entities": queues})
    assert codes(organisation) == ["RX907"]
    assert sorted(queue.id for queue in organisation.queues) == ["name:Sales", "qa", "qb"]


def test_labels_are_no_names_and_tell_equal_names_apart(tmp_path: Path) -> None:
    queues = {"Sales": {"name": "Sales"}, "Sales__BLHab_UFHcd": {"name": "Sales"}, "Other": {"name": "Support $${x}"}}
    route = {"name": "R", "open_hours_flow_id": "${genesyscloud_flow.X.id}", "dnis": ["+49301"]}
    organisation = of_files(tmp_path, x_dot_tf_dot_json=configuration(routing_queue=queues, architect_ivr={"R": route}))
    sales = [queue.id for queue in organisation.queues if queue.name == "Sales"]
    assert sales == ["name:Sales [Sales]", "name:Sales [Sales__BLHab_UFHcd]"]
    assert organisation.queues[-1].name == "Support ${x}"
    (dangling,) = [p for p in organisation.problems if p.code == "RX901"]
    assert "${genesyscloud_flow.X.id}" in dangling.message
    assert dangling.location.pointer.endswith("/R/open_hours_flow_id")


def test_variables_values_and_locals_where_they_are_literal(tmp_path: Path) -> None:
    main = """\
variable "prefix" { default = "unused" }
variable "open" {}
locals {
  name = "${var.prefix}-Queue"
}
resource "genesyscloud_routing_queue" "Q" {
  name = local.name
  enable_transcription = var.on
}
resource "genesyscloud_routing_queue" "R" {
  name = "${var.open} ${genesyscloud_routing_queue.Q.name}"
}
"""
    organisation = of_files(
        tmp_path,
        m__main_dot_tf=main,
        m__terraform_dot_tfvars='prefix = "Prod"\non = true\n',
        m__dev_dot_tfvars="on = true",
    )
    assert [queue.name for queue in organisation.queues] == ["${var.open} Prod-Queue", "Prod-Queue"]
    assert isinstance(organisation.queues[1].transcription, Known)
    assert {file.kind for file in organisation.inputs} == {"Terraform configuration"}


def test_modules_do_not_see_each_other(tmp_path: Path) -> None:
    route = configuration(
        architect_ivr={"R": {"name": "R", "schedule_group_id": "${genesyscloud_architect_schedulegroups.S.id}"}}
    )
    groups = configuration(architect_schedulegroups={"S": {"name": "Office"}})
    (apart,) = of_files(tmp_path, a__x_dot_tf_dot_json=route, b__y_dot_tf_dot_json=groups).routes
    assert apart.schedule_group == ObjectRef("${genesyscloud_architect_schedulegroups.S.id}")
    write(tmp_path, "a/y.tf.json", groups)
    (together,) = load([tmp_path]).routes
    assert together.schedule_group == ObjectRef("name:Office", "Office")


def test_data_blocks_are_found_by_name(tmp_path: Path) -> None:
    text = """\
data "genesyscloud_routing_queue" "q" { name = "Sales" }
data "genesyscloud_user" "u" { email = "ada@example.org" }
resource "genesyscloud_outbound_campaign" "c" {
  name     = "Spring"
  queue_id = data.genesyscloud_routing_queue.q.id
}
resource "genesyscloud_group" "g" {
  name       = "Desk"
  member_ids = [data.genesyscloud_user.u.id]
}
"""
    organisation = of_files(
        tmp_path, m_dot_tf=text, queues_dot_json=addressed("queues"), users_dot_json=addressed("users")
    )
    assert [campaign.queue for campaign in organisation.campaigns] == ["q1"]
    assert [group.members for group in organisation.groups] == [("u1",)]


def test_what_expressions_make_is_told(tmp_path: Path) -> None:
    text = """\
resource "genesyscloud_routing_queue" "many" {
  for_each = var.queues
  name     = each.value
}
resource "genesyscloud_routing_queue" "one" {
  name = "Sales"
  dynamic "members" {
    for_each = var.users
    content { user_id = members.value }
  }
}
"""
    organisation = of_files(tmp_path, m_dot_tf=text)
    told = [(p.location.line, p.message) for p in organisation.problems if p.code == "RX906"]
    assert [line for line, _ in told] == [1, 5]
    assert "as often as an expression says" in told[0][1] and "blocks members" in told[1][1]
    assert [queue.members for queue in organisation.queues] == [None, None]
    assert [file.status for file in organisation.inputs] == ["partly"]


def test_a_count_is_taken_from_the_state(tmp_path: Path) -> None:
    resource = instance("routing_queue", "many", {"id": QUEUE, "name": "A"})
    resource["instances"][0]["index_key"] = "a"
    resource["instances"].append({"index_key": "b", "attributes": {"id": USER, "name": "B"}})
    text = """\
resource "genesyscloud_routing_queue" "many" {
  for_each = var.queues
  name     = each.value
}
resource "genesyscloud_outbound_campaign" "c" {
  name     = "Spring"
  queue_id = genesyscloud_routing_queue.many["b"].id
}
"""
    organisation = of_files(tmp_path, m_dot_tf=text, terraform_dot_tfstate=state(resource))
    assert [queue.name for queue in organisation.queues] == ["A", "B"]
    assert [campaign.queue for campaign in organisation.campaigns] == [USER]
    assert codes(organisation) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"version": 3, "terraform_version": "0.11", "resources": []}, "version 3"),
        ({"terraform_version": "1.0", "resources": []}, "version None"),
    ],
)
def test_other_states_are_refused(tmp_path: Path, content: object, words: str) -> None:
    organisation = of_files(tmp_path, terraform_dot_tfstate=content)
    (file,) = organisation.inputs
    assert file.status == "not" and words in file.reason


def test_a_plan_is_read_with_references_to_what_does_not_exist_yet(tmp_path: Path) -> None:
    def planned(type: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
        return {"mode": "managed", "type": f"genesyscloud_{type}", "name": name, "values": values}

    def written(type: str, name: str, **references: list[str]) -> dict[str, Any]:
        expressions = {key: {"references": names} for key, names in references.items()}
        return {"mode": "managed", "type": f"genesyscloud_{type}", "name": name, "expressions": expressions}

    schedules = ["genesyscloud_architect_schedules.a.id", "genesyscloud_architect_schedules.a"]
    plan = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [
                    planned("routing_queue", "q", {"id": QUEUE, "name": "Sales"}),
                    planned("architect_schedules", "a", {"name": "Day"}),
                    planned("architect_schedulegroups", "g", {"name": "Office"}),
                ],
                "child_modules": [
                    {"address": "module.m", "resources": [planned("routing_queue", "q", {"name": "Deep"})]}
                ],
            }
        },
        "configuration": {
            "root_module": {"resources": [written("architect_schedulegroups", "g", open_schedules_id=schedules)]}
        },
    }
    organisation = of_files(tmp_path, plan_dot_json=plan)
    assert [(queue.id, queue.name) for queue in organisation.queues] == [("name:Deep", "Deep"), (QUEUE, "Sales")]
    (group,) = organisation.schedule_groups
    assert group.open == ("name:Day",)
    assert [(file.kind, file.status) for file in organisation.inputs] == [("Terraform plan", "understood")]


def test_an_export_of_other_things_only_is_understood_and_holds_nothing(tmp_path: Path) -> None:
    organisation = of_files(
        tmp_path,
        provider_dot_tf='provider "genesyscloud" {}\n',
        s_dot_tf_dot_json=configuration(script={"S": {"name": "S"}}),
    )
    assert [(file.status, file.objects, file.reason) for file in organisation.inputs] == [
        ("understood", 0, "looked at, holds no objects")
    ] * 2
    assert organisation.problems == ()
