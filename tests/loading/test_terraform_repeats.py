"""Blocks with count and for_each: one by one where these are constant, once and told where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.loading import terraform_repeats
from auditor.model.organisation import Organisation
from auditor.model.settings import Known
from tests.loading.terraform_source import instance, of_files, state

TWO = """\
locals {
  desks = {
    sales   = { title = "Sales desk", transcribe = true }
    service = { title = "Service desk", transcribe = false }
  }
}
resource "genesyscloud_user" "agent" {
  for_each = local.desks
  name     = "Agent of ${each.key}"
  email    = "${each.key}@example.com"
}
resource "genesyscloud_routing_queue" "q" {
  for_each             = local.desks
  name                 = each.value.title
  enable_transcription = each.value.transcribe
  members { user_id = genesyscloud_user.agent[each.key].id }
}
resource "genesyscloud_outbound_campaign" "c" {
  name     = "Spring"
  queue_id = genesyscloud_routing_queue.q["service"].id
}
"""


def told(organisation: Organisation) -> list[str]:
    return [p.message for p in organisation.problems if p.code == "RX906"]


def queues(folder: Path, how: str, name: str, more: str = "") -> Organisation:
    source = f'resource "genesyscloud_routing_queue" "q" {{\n  {how}\n  name = {name}\n}}\n{more}'
    return of_files(folder, main_dot_tf=source)


def test_each_key_and_value(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf=TWO)
    found = {queue.name: queue for queue in organisation.queues}
    assert sorted(found) == ["Sales desk", "Service desk"]
    assert [q.transcription.value for q in found.values() if isinstance(q.transcription, Known)] == [True, False]
    users = {user.id: user.name for user in organisation.users}
    assert [users[m.user] for m in found["Sales desk"].members or ()] == ["Agent of sales"]
    assert [campaign.queue for campaign in organisation.campaigns] == [found["Service desk"].id]
    assert told(organisation) == []


@pytest.mark.parametrize(
    ("how", "name", "expected"),
    [
        ('for_each = toset(["A", "B"])', "each.value", ["A", "B"]),
        ('for_each = { a = "A", b = "B" }', '"${each.key}-${each.value}"', ["a-A", "b-B"]),
        ("count = 2", '"Q${count.index}"', ["Q0", "Q1"]),
        ("count = var.wanted ? 1 : 0", '"Q"', []),
        ("count = !var.wanted ? 1 : 0", '"Q"', ["Q"]),
        ("count = 0", '"Q"', []),
    ],
)
def test_ways_to_say_how_many(tmp_path: Path, how: str, name: str, expected: list[str]) -> None:
    organisation = queues(tmp_path, how, name, 'variable "wanted" { default = false }\n')
    assert sorted(queue.name for queue in organisation.queues) == expected
    assert told(organisation) == []


@pytest.mark.parametrize(
    "how",
    ["for_each = var.unknown", "count = length(var.unknown)", "for_each = { a = var.unknown }", "count = 1001"],
)
def test_what_is_not_constant_is_taken_once_and_told(tmp_path: Path, how: str) -> None:
    organisation = queues(tmp_path, how, '"Q"')
    assert [queue.name for queue in organisation.queues] == ["Q"]
    assert [text for text in told(organisation) if "exists as often as an expression says" in text]


def test_a_module_is_given_what_it_repeats(tmp_path: Path) -> None:
    queue = "{\n  for_each = toset(var.names)\n  name = each.key\n}\n"
    inner = f'variable "names" {{}}\nresource "genesyscloud_routing_queue" "q" {queue}'
    call = 'module "m" {\n  source = "./m"\n  names = ["A", "B"]\n}\n'
    organisation = of_files(tmp_path, main_dot_tf=call, m__main_dot_tf=inner)
    assert sorted(queue.name for queue in organisation.queues) == ["A", "B"]


def test_the_state_knows_better(tmp_path: Path) -> None:
    known = instance("routing_queue", "q", {"id": "q1", "name": "Old"})
    known["instances"][0]["index_key"] = "a"
    source = 'resource "genesyscloud_routing_queue" "q" {\n  for_each = { a = "A", b = "B" }\n  name = each.value\n}\n'
    organisation = of_files(tmp_path, main_dot_tf=source, terraform_dot_tfstate=state(known))
    assert [(queue.id, queue.name) for queue in organisation.queues] == [("q1", "Old")]


def test_one_of_several_is_not_meant_by_all(tmp_path: Path) -> None:
    more = 'resource "genesyscloud_outbound_campaign" "c" {\n  queue_id = genesyscloud_routing_queue.q.id\n}\n'
    organisation = queues(tmp_path, "count = 2", '"Q${count.index}"', more)
    assert [campaign.queue for campaign in organisation.campaigns] == ["${genesyscloud_routing_queue.q.id}"]


def test_the_most_of_one_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terraform_repeats, "MOST", 1)
    assert told(queues(tmp_path, 'for_each = toset(["A", "B"])', "each.value")) != []


QUEUE_OF = (
    'variable "town" {}\nvariable "backup" { default = null }\n'
    'resource "genesyscloud_routing_queue" "q" {\n  name = "${var.town} desk"\n'
    "  direct_routing {\n    backup_queue_id = var.backup\n  }\n}\n"
    'output "id" { value = genesyscloud_routing_queue.q.id }\n'
)


@pytest.mark.parametrize(
    ("how", "town", "expected"),
    [
        ('for_each = toset(["Kiel", "Ulm"])', "each.value", ["Kiel desk", "Ulm desk"]),
        ('for_each = { k = { town = "Kiel" }, u = { town = "Ulm" } }', "each.value.town", ["Kiel desk", "Ulm desk"]),
        ("for_each = local.towns", '"${each.key}-${each.value}"', ["k-Kiel desk", "u-Ulm desk"]),
        ("count = 2", '"T${count.index}"', ["T0 desk", "T1 desk"]),
        ("count = 0", '"T"', []),
        ("count = local.wanted ? 1 : 0", '"T"', []),
        ('count = local.towns["k"] == "Kiel" ? 1 : 0', '"T"', ["T desk"]),
        ("count = length(local.towns)", '"T${count.index}"', ["T0 desk", "T1 desk"]),
    ],
)
def test_a_module_that_is_called_for_several_keys(tmp_path: Path, how: str, town: str, expected: list[str]) -> None:
    locals_ = 'locals {\n  towns = { k = "Kiel", u = "Ulm" }\n  wanted = false\n}\n'
    call = f'module "m" {{\n  source = "./m"\n  {how}\n  town = {town}\n}}\n'
    organisation = of_files(tmp_path, main_dot_tf=locals_ + call, m__main_dot_tf=QUEUE_OF)
    assert sorted(queue.name for queue in organisation.queues) == expected
    assert told(organisation) == []
    assert [problem.code for problem in organisation.problems if problem.code == "RX901"] == []


def test_modules_of_several_keys_know_each_other(tmp_path: Path) -> None:
    call = (
        'module "m" {\n  source = "./m"\n  for_each = toset(["Kiel", "Ulm"])\n  town = each.key\n}\n'
        'module "n" {\n  source = "./m"\n  for_each = toset(["Kiel", "Ulm"])\n  town = "Old ${each.key}"\n'
        "  backup = module.m[each.key].id\n}\n"
    )
    organisation = of_files(tmp_path, main_dot_tf=call, m__main_dot_tf=QUEUE_OF)
    assert {queue.name: queue.backup_queue for queue in organisation.queues if queue.name.startswith("Old")} == {
        "Old Kiel desk": "name:Kiel desk",
        "Old Ulm desk": "name:Ulm desk",
    }


def test_more_modules_than_anybody_has_are_taken_once(tmp_path: Path) -> None:
    inner = 'module "x" {\n  source = "../q"\n  count = 900\n  town = count.index\n}\n'
    call = 'module "m" {\n  source = "./m"\n  count = 900\n}\n'
    organisation = of_files(tmp_path, main_dot_tf=call, m__main_dot_tf=inner, q__main_dot_tf=QUEUE_OF)
    assert told(organisation) != []


def test_members_that_are_null_are_nobody(tmp_path: Path) -> None:
    organisation = of_files(
        tmp_path, main_dot_tf='resource "genesyscloud_routing_queue" "q" {\n  name = "Q"\n  members = null\n}\n'
    )
    assert [queue.members for queue in organisation.queues] == [None]
