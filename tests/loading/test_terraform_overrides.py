"""Override files, files of OpenTofu, and blocks that JSON syntax makes by expressions."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.organisation import Organisation
from auditor.model.settings import Known
from tests.loading.exports import write
from tests.loading.terraform_source import configuration, of_files

QUEUE = """\
resource "genesyscloud_routing_queue" "q" {
  name                 = var.name
  enable_transcription = false
  members { user_id = "a" }
  members { user_id = "b" }
}
variable "name" { default = "Sales" }
"""
CHANGE = """\
resource "genesyscloud_routing_queue" "q" {
  enable_transcription = true
  members { user_id = "c" }
}
variable "name" { default = "Service" }
"""


def told(organisation: Organisation, code: str) -> list[str]:
    return [p.message for p in organisation.problems if p.code == code]


def test_an_override_file_changes_the_block_that_stands_elsewhere(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, queues_dot_tf=QUEUE, a_override_dot_tf=CHANGE)
    (queue,) = organisation.queues
    assert queue.name == "Service"
    assert isinstance(queue.transcription, Known) and queue.transcription.value is True
    assert [member.user for member in queue.members or ()] == ["c"]
    assert queue.transcription.location.file.endswith("a_override.tf")


def test_override_files_apply_in_the_order_of_their_names(tmp_path: Path) -> None:
    last = CHANGE.replace("true", "false").replace('"c"', '"d"')
    organisation = of_files(tmp_path, queues_dot_tf=QUEUE, a_override_dot_tf=CHANGE, b_override_dot_tf=last)
    (queue,) = organisation.queues
    assert isinstance(queue.transcription, Known) and queue.transcription.value is False
    assert [member.user for member in queue.members or ()] == ["d"]


def test_an_override_file_gives_a_module_other_values(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./m"\n  name = "Sales"\n}\n'
    organisation = of_files(
        tmp_path,
        main_dot_tf=call,
        override_dot_tf='module "m" {\n  name = "Service"\n}\n',
        m__main_dot_tf=QUEUE.replace('{ default = "Sales" }', "{}"),
    )
    assert [queue.name for queue in organisation.queues] == ["Service"]


def test_what_no_other_file_has_is_an_object_of_its_own(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf="", override_dot_tf=CHANGE)
    assert [queue.name for queue in organisation.queues] == ["q"]


def test_files_of_open_tofu_are_read_and_stand_in_for_their_twins(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf=QUEUE, main_dot_tofu=QUEUE.replace("Sales", "Service"))
    assert [queue.name for queue in organisation.queues] == ["Service"]
    assert [text for text in told(organisation, "RX906") if "main.tf is not read" in text]
    json = configuration(routing_queue={"j": {"name": "Json"}})
    assert [q.name for q in of_files(tmp_path / "json", more_dot_tofu_dot_json=json).queues] == ["Json"]


def test_blocks_made_by_expressions_are_told_in_json_too(tmp_path: Path) -> None:
    made = {"members": {"for_each": "${var.users}", "content": {"user_id": "${members.value}"}}}
    source = configuration(routing_queue={"q": {"name": "Sales", "dynamic": made}})
    organisation = of_files(tmp_path, main_dot_tf_dot_json=source)
    assert [text for text in told(organisation, "RX906") if "the blocks members are made by an expression" in text]


def test_blocks_that_an_override_makes_replace_those_that_stand_there(tmp_path: Path) -> None:
    change = """\
resource "genesyscloud_routing_queue" "q" {
  dynamic "members" {
    for_each = ["z"]
    content { user_id = members.value }
  }
}
"""
    (queue,) = of_files(tmp_path, queues_dot_tf=QUEUE, a_override_dot_tf=change).queues
    assert [member.user for member in queue.members or ()] == ["z"]


@pytest.mark.parametrize("file", ["m/prod.tfvars", "m/env/terraform.tfvars", "vars/prod.tfvars"])
@pytest.mark.parametrize(("value", "known"), [("true", False), ("false", True)])
def test_values_that_terraform_takes_only_when_told_to_leave_others_open(
    tmp_path: Path, file: str, value: str, known: bool
) -> None:
    main = QUEUE.replace("= false", "= var.on") + 'variable "on" { default = false }\n'
    write(tmp_path, file, f"on = {value}\n")
    organisation = of_files(tmp_path, m__main_dot_tf=main)
    (queue,) = organisation.queues
    assert isinstance(queue.transcription, Known) is known
    assert any("enable_transcription is ${var.on}" in message for message in told(organisation, "RX902")) is not known
