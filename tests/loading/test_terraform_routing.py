"""Groups that answer for a queue, and flows that callbacks and campaigns name, as Terraform gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.analysis.entries import EntryKind
from auditor.analysis.outbound import Outbound
from auditor.analysis.stations import Stations
from auditor.graph.program import Program
from auditor.model.organisation import Organisation
from tests.loading.exports import addressed
from tests.loading.terraform_source import ARCHY, FLOW, QUEUE, instance, of_files, state

GROUPS = """\
resource "genesyscloud_group" "a" { name = "A" }
resource "genesyscloud_group" "b" { name = "B" }
resource "genesyscloud_group" "c" { name = "C" }
"""
INSIDE = """\
resource "genesyscloud_routing_queue" "q" {
  name   = "Sales"
  groups = [genesyscloud_group.a.id]
  conditional_group_routing_rules {
    groups { member_group_id = genesyscloud_group.b.id }
  }
  conditional_group_activation {
    pilot_rule { condition_expression = "C1" }
    rules {
      groups {
        member_group_id   = genesyscloud_group.c.id
        member_group_type = "GROUP"
      }
    }
  }
}
"""
APART = """\
resource "genesyscloud_routing_queue" "q" {
  name   = "Sales"
  groups = [genesyscloud_group.a.id]
}
resource "genesyscloud_routing_queue_conditional_group_routing" "r" {
  queue_id = genesyscloud_routing_queue.q.id
  rules {
    groups { member_group_id = genesyscloud_group.b.id }
  }
}
resource "genesyscloud_routing_queue_conditional_group_activation" "r" {
  queue_id = genesyscloud_routing_queue.q.id
  rules {
    groups { member_group_id = genesyscloud_group.c.id }
  }
}
"""


@pytest.mark.parametrize("text", [INSIDE, APART])
def test_groups_that_answer_under_a_condition_are_groups_of_the_queue(tmp_path: Path, text: str) -> None:
    (queue,) = of_files(tmp_path, m_dot_tf=GROUPS + text).queues
    assert queue.groups == ("name:A", "name:B", "name:C")


def test_the_platform_api_names_them_in_the_queue(tmp_path: Path) -> None:
    rules = {"rules": [{"groups": [{"id": "g2", "type": "GROUP"}]}]}
    page = {**addressed("queues"), "memberGroups": [{"id": "g1"}], "conditionalGroupActivation": rules}
    (queue,) = of_files(tmp_path, queues_dot_json=page).queues
    assert queue.groups == ("g1", "g2")


def test_rules_apart_belong_to_a_queue_of_another_form(tmp_path: Path) -> None:
    text = GROUPS + APART.replace("genesyscloud_routing_queue.q.id", '"q1"').split("}\n", 1)[1]
    (queue,) = of_files(tmp_path, m_dot_tf=text, queues_dot_json=addressed("queues")).queues
    assert (queue.id, queue.groups[-2:]) == ("q1", ("name:B", "name:C"))


def test_rules_of_a_queue_that_is_not_there_are_told(tmp_path: Path) -> None:
    rules = {"queue_id": QUEUE, "rules": [{"groups": [{"member_group_id": FLOW}]}]}
    written = state(instance("routing_queue_conditional_group_activation", "r", rules))
    (problem,) = [p for p in of_files(tmp_path, terraform_dot_tfstate=written).problems if p.code == "RX901"]
    assert problem.message == f"These are groups of the queue {QUEUE}, which is not in the export."
    assert problem.location.pointer == "/resources/0/instances/0/attributes"


CALLING = """\
resource "genesyscloud_flow" "f" { filepath = "${path.module}/Main.yaml" }
data "genesyscloud_flow" "d" { name = "Main" }
resource "genesyscloud_routing_queue" "q" {
  name = "Sales"
  media_settings_callback {
    mode                     = "CustomerFirst"
    live_voice_reaction_type = "TransferToFlow"
    live_voice_flow_id       = REFERENCE
  }
}
resource "genesyscloud_outbound_callanalysisresponseset" "r" {
  name = "R"
  responses {
    callable_lineconnected {
      reaction_type = "transfer_flow"
      data          = REFERENCE
      name          = "Main"
    }
  }
}
resource "genesyscloud_outbound_campaign" "c" {
  name                          = "Spring"
  dialing_mode                  = "agentless"
  call_analysis_response_set_id = genesyscloud_outbound_callanalysisresponseset.r.id
}
"""
LISTED = {"id": FLOW, "name": "Main", "selfUri": f"/api/v2/flows/{FLOW}", "publishedVersion": {"id": "3.0"}}


def called(organisation: Organisation) -> dict[EntryKind, list[str]]:
    """What the first slot of each entry runs, or why that is not known."""
    program = Program(organisation)
    stations = Stations(organisation, program.directory, free_seating=True, line_first=True)
    outbound = Outbound(program, stations)
    found = {}
    for way in (*outbound.campaigns(), *outbound.callbacks()):
        slots = [slot for slot in way.slots if slot.flow is not None or slot.taint]
        found[way.kind] = [slot.taint or organisation.flows[slot.flow or 0].type.value for slot in slots]
    return found


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("reference", ["genesyscloud_flow.f.id", "data.genesyscloud_flow.d.id", '"Main"'])
def test_callbacks_and_campaigns_run_the_flow_of_their_kind(tmp_path: Path, reference: str, listed: bool) -> None:
    files: dict[str, object] = {
        "m_dot_tf": CALLING.replace("REFERENCE", reference),
        "Main_dot_yaml": ARCHY,
        "out__Main_dot_yaml": ARCHY.replace("inboundCall", "outboundCall"),
    }
    if listed:
        files["flows_dot_json"] = {"entities": [{**LISTED, "type": "INBOUNDCALL"}]}
    organisation = of_files(tmp_path, **files)
    assert called(organisation) == {EntryKind.CAMPAIGN: ["outboundcall"], EntryKind.CALLBACK: ["inboundcall"]}
    assert [p.message for p in organisation.problems if p.code in ("RX901", "RX907")] == []


def test_a_reference_that_leads_nowhere_leaves_the_name_beside_it(tmp_path: Path) -> None:
    text = CALLING.replace("REFERENCE", "var.flow")
    organisation = of_files(tmp_path, m_dot_tf=text, Main_dot_yaml=ARCHY.replace("inboundCall", "outboundCall"))
    told = called(organisation)
    assert told[EntryKind.CAMPAIGN] == ["outboundcall"]
    assert told[EntryKind.CALLBACK] == ['flow "${var.flow}" is not in the export or not unique']
    assert ["${var.flow}" in p.message for p in organisation.problems if p.code == "RX901"] == [True]


def test_a_callback_for_one_of_two_queues_may_be_of_either(tmp_path: Path) -> None:
    ordering = "- createCallback:\n              queue: {lit: {name: Sales}}\n          - disconnect:"
    queues = [{**addressed("queues"), "id": id, "division": {"id": id, "name": id}} for id in ("qa", "qb")]
    for queue in queues:
        del queue["mediaSettings"]
        queue["selfUri"] = f"/api/v2/routing/queues/{queue['id']}"
    body = ARCHY.replace("- disconnect:", ordering)
    organisation = of_files(tmp_path, Main_dot_yaml=body, queues_dot_json={"entities": queues})
    assert [p.code for p in organisation.problems if p.code in ("RX906", "RX907")] == ["RX907"]
    program = Program(organisation)
    outbound = Outbound(program, Stations(organisation, program.directory, free_seating=True, line_first=True))
    assert [way.id for way in outbound.callbacks()] == ["qa", "qb"]
