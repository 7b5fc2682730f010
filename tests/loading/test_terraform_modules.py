"""Modules in folders of the export: what they are given, how often they are called, what stays open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.loading import terraform_modules
from auditor.model.organisation import Organisation
from auditor.model.settings import Expression, Known
from tests.loading.terraform_source import ARCHY, QUEUE, USER, instance, of_files, state

MODULE = """\
variable "name" {}
variable "transcribe" { default = true }
variable "agent" { default = null }
locals { title = "${var.name} desk" }
resource "genesyscloud_routing_queue" "q" {
  name                 = local.title
  enable_transcription = var.transcribe
  members { user_id = var.agent }
}
output "id" { value = genesyscloud_routing_queue.q.id }
"""
CALL = """\
module "sales" {
  source     = "./queue"
  name       = "Sales"
  transcribe = false
  agent      = genesyscloud_user.ada.id
}
resource "genesyscloud_user" "ada" { name = "Ada" }
resource "genesyscloud_outbound_campaign" "c" {
  name     = "Spring"
  queue_id = module.sales.id
}
"""


def told(organisation: Organisation, *codes: str) -> list[str]:
    return [p.message for p in organisation.problems if p.code in codes]


def names(organisation: Organisation) -> list[str]:
    return [queue.name for queue in organisation.queues]


def test_a_module_has_what_it_is_given_and_gives_its_outputs(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf=CALL, queue__main_dot_tf=MODULE)
    (queue,) = organisation.queues
    assert (queue.id, queue.name) == ("name:Sales desk", "Sales desk")
    assert isinstance(queue.transcription, Known) and queue.transcription.value is False
    assert queue.transcription.location.file.endswith("queue/main.tf")
    assert [member.user for member in queue.members or ()] == ["name:Ada"]
    assert [campaign.queue for campaign in organisation.campaigns] == [queue.id]
    assert told(organisation, "RX901", "RX906") == []
    assert not [text for text in told(organisation, "RX902") if "${" in text]


def test_json_says_the_same(tmp_path: Path) -> None:
    given = {"source": "./queue", "name": "Sales", "transcribe": False}
    resource = {"genesyscloud_outbound_campaign": {"c": {"name": "C", "queue_id": "${module.sales.id}"}}}
    module = {
        "variable": {"name": {}, "transcribe": {"default": True}},
        "resource": {
            "genesyscloud_routing_queue": {"q": {"name": "${var.name}", "enable_transcription": "${var.transcribe}"}}
        },
        "output": {"id": {"value": "${genesyscloud_routing_queue.q.id}"}},
    }
    organisation = of_files(
        tmp_path,
        m__x_dot_tf_dot_json=json.dumps({"module": {"sales": given}, "resource": resource}),
        m__queue__x_dot_tf_dot_json=json.dumps(module),
    )
    (queue,) = organisation.queues
    assert isinstance(queue.transcription, Known) and queue.transcription.value is False
    assert [campaign.queue for campaign in organisation.campaigns] == ["name:Sales"]


def test_a_module_called_twice_is_two_of_everything(tmp_path: Path) -> None:
    more = 'module "help" {\n  source = "./queue"\n  name   = "Help"\n}\n'
    again = 'module "more" {\n  source = "./queue"\n  name   = "Sales"\n}\n'
    organisation = of_files(tmp_path, main_dot_tf=CALL + more + again, queue__main_dot_tf=MODULE)
    assert [queue.id for queue in organisation.queues] == [
        "name:Help desk",
        "name:Sales desk [module.more q]",
        "name:Sales desk [module.sales q]",
    ]
    transcribed = [queue.transcription for queue in organisation.queues]
    assert [setting.value for setting in transcribed if isinstance(setting, Known)] == [True, True, False]
    assert [campaign.queue for campaign in organisation.campaigns] == ["name:Sales desk [module.sales q]"]
    assert told(organisation, "RX909") == []


def test_modules_in_modules_and_files_below_them(tmp_path: Path) -> None:
    outer = """\
variable "prefix" {}
module "flow" {
  source = "../flow"
  path   = "${path.module}/flows/Main.yaml"
}
module "queue" {
  source = "../queue"
  name   = "${var.prefix} Support"
}
"""
    flow = 'variable "path" {}\nresource "genesyscloud_flow" "f" { filepath = var.path }\n'
    organisation = of_files(
        tmp_path,
        a__main_dot_tf='module "desk" {\n  source = "./desk"\n  prefix = local.town\n}\nlocals { town = "Kiel" }\n',
        a__desk__main_dot_tf=outer,
        a__flow__main_dot_tf=flow,
        a__queue__main_dot_tf=MODULE,
        a__desk__flows__Main_dot_yaml=ARCHY,
    )
    assert names(organisation) == ["Kiel Support desk"]
    assert [(found.name, found.body) for found in organisation.flows] == [("Main", True)]
    assert told(organisation, "RX901", "RX906") == []


def test_a_state_knows_the_ids_of_what_modules_make(tmp_path: Path) -> None:
    held = {**instance("routing_queue", "q", {"id": QUEUE, "name": "Sales desk"}), "module": "module.sales"}
    ada = instance("user", "ada", {"id": USER, "name": "Ada"})
    organisation = of_files(
        tmp_path, main_dot_tf=CALL, queue__main_dot_tf=MODULE, terraform_dot_tfstate=state(held, ada)
    )
    (queue,) = organisation.queues
    assert queue.id == QUEUE
    assert isinstance(queue.transcription, Known)
    assert [member.user for member in queue.members or ()] == [USER]
    assert [campaign.queue for campaign in organisation.campaigns] == [QUEUE]


def test_what_nothing_gives_a_value_is_said_attribute_by_attribute(tmp_path: Path) -> None:
    call = CALL.replace('name       = "Sales"', "name       = var.title").replace("= false", "= var.region == 1")
    organisation = of_files(tmp_path, main_dot_tf=call, queue__main_dot_tf=MODULE)
    (queue,) = organisation.queues
    assert queue.name == "${var.title} desk"
    assert isinstance(queue.transcription, Expression) and queue.transcription.text == "${var.region == 1}"
    (message,) = [text for text in told(organisation, "RX902") if "does not say" in text]
    assert message == (
        'Queue "${var.title} desk": name is ${var.title}, enable_transcription is ${var.region == 1},'
        " and the export does not say what that is."
    )
    (problem,) = [p for p in organisation.problems if p.message == message]
    assert (problem.location.file.endswith("queue/main.tf"), problem.location.line) == (True, 6)
    assert problem.subject == "queue:${var.title} desk"


def test_what_no_verdict_reads_may_stay_open(tmp_path: Path) -> None:
    text = 'resource "genesyscloud_routing_queue" "q" {\n  name = "Sales"\n  description = var.text\n}\n'
    assert not [text for text in told(of_files(tmp_path, main_dot_tf=text), "RX902") if "${" in text]


@pytest.mark.parametrize("source", ["git::https://example.org/queue", "./gone", "example/queue/any", ""])
def test_a_module_that_is_not_here_is_told(tmp_path: Path, source: str) -> None:
    organisation = of_files(tmp_path, main_dot_tf=CALL.replace("./queue", source))
    dangling, missing = sorted(told(organisation, "RX901"))
    assert "${module.sales.id}" in dangling
    assert missing.startswith('The module "sales" (') and "what it creates is not known" in missing


def test_a_module_that_the_state_has_is_not_missed(tmp_path: Path) -> None:
    held = {**instance("routing_queue", "q", {"id": QUEUE, "name": "Sales"}), "module": "module.sales"}
    organisation = of_files(tmp_path, main_dot_tf=CALL, terraform_dot_tfstate=state(held))
    assert not [text for text in told(organisation, "RX901") if text.startswith("The module")]


def numbered(*keys: str) -> dict[str, Any]:
    return state(
        *(
            {
                **instance("routing_queue", "q", {"id": f"{QUEUE[:-1]}{n}", "name": key}),
                "module": f'module.sales["{key}"]',
            }
            for n, key in enumerate(keys)
        )
    )


def test_a_module_with_a_count_is_taken_from_the_state_or_once(tmp_path: Path) -> None:
    call = 'module "sales" {\n  source   = "./queue"\n  for_each = var.towns\n  name     = each.key\n}\n'
    files: dict[str, object] = {"main_dot_tf": call, "queue__main_dot_tf": MODULE}
    once = of_files(tmp_path / "a", **files)
    assert names(once) == ["${each.key} desk"]
    assert told(once, "RX906") == [
        "genesyscloud_routing_queue.q exists as often as an expression says; it was taken once."
    ]
    known = of_files(tmp_path / "b", **files, terraform_dot_tfstate=numbered("Kiel", "Ulm"))
    assert names(known) == ["Kiel", "Ulm"]
    assert told(known, "RX906") == []


def calling(*sources: str) -> str:
    return "".join(f'module "m{n}" {{\n  source = "{source}"\n}}\n' for n, source in enumerate(sources))


def test_modules_that_call_each_other_end(tmp_path: Path) -> None:
    queue = 'resource "genesyscloud_routing_queue" "q" { name = "Q" }\n'
    organisation = of_files(
        tmp_path, a__x_dot_tf=calling("../b", ".") + queue, b__x_dot_tf=calling("../a"), c__x_dot_tf=calling("../c")
    )
    assert names(organisation) == ["Q"]


def test_modules_that_call_the_next_one_twice_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terraform_modules, "MOST", 100)
    files = {f"m{n}__x_dot_tf": calling(f"../m{n + 1}", f"../m{n + 1}") for n in range(30)}
    organisation = of_files(tmp_path, **files)
    assert len(organisation.inputs) == 30
    assert len(told(organisation, "RX901")) > 1


def test_values_that_refer_to_each_other_through_a_module_end(tmp_path: Path) -> None:
    call = 'module "sales" {\n  source = "./queue"\n  name   = module.sales.back\n}\n'
    organisation = of_files(
        tmp_path, main_dot_tf=call, queue__main_dot_tf=MODULE + 'output "back" { value = var.name }\n'
    )
    assert names(organisation) == ["${var.name} desk"]
