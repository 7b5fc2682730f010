"""Inner blocks that `dynamic` makes: one for each item that is known, told where nobody knows how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.loading import terraform_dynamic
from auditor.model.organisation import Organisation
from tests.loading.terraform_source import configuration, of_files

REST = """\
locals {
  names  = ["a", "b"]
  wanted = true
  people = { x = { id = "u1" }, y = { id = "u2" } }
}
variable "given" { default = ["u1", "u2"] }
variable "open" {}
resource "genesyscloud_user" "a" {
  name  = "Ann"
  email = "ann@example.com"
}
"""


def members(folder: Path, maker: str, more: str = "") -> tuple[list[str], list[str]]:
    """The members of a queue, and what is told of it."""
    queue = f'resource "genesyscloud_routing_queue" "q" {{\n  name = "Q"\n{more}{maker}\n}}\n'
    return of(of_files(folder, main_dot_tf=REST + queue))


def of(organisation: Organisation) -> tuple[list[str], list[str]]:
    """The members of the only queue, and what is told."""
    (queue,) = organisation.queues
    told = [problem.message for problem in organisation.problems if problem.code == "RX906"]
    return [member.user for member in queue.members or ()], told


def dynamic(items: str, value: str = "members.value", more: str = "") -> str:
    """A maker of members."""
    return f'  dynamic "members" {{\n    for_each = {items}\n{more}    content {{ user_id = {value} }}\n  }}'


@pytest.mark.parametrize(
    ("items", "value", "found"),
    [
        ('["u1", "u2"]', "members.value", ["u1", "u2"]),
        ("var.given", "members.value", ["u1", "u2"]),
        ("toset(var.given)", "members.key", ["u1", "u2"]),
        ("toset([genesyscloud_user.a.id])", "members.value", ["name:Ann"]),
        ("local.people", "members.value.id", ["u1", "u2"]),
        ("{ one = genesyscloud_user.a.id }", "members.value", ["name:Ann"]),
        ("local.names", '"${members.value}${members.key}"', ["a0", "b1"]),
        ("local.wanted ? [1] : []", "genesyscloud_user.a.id", ["name:Ann"]),
        ("!local.wanted ? [1] : []", "genesyscloud_user.a.id", []),
        ("[]", "members.value", []),
    ],
)
def test_one_for_each_item(tmp_path: Path, items: str, value: str, found: list[str]) -> None:
    assert members(tmp_path, dynamic(items, value)) == (found, [])


def test_an_iterator_has_a_name_of_its_own(tmp_path: Path) -> None:
    assert members(tmp_path, dynamic("var.given", "who.value", "    iterator = who\n")) == (["u1", "u2"], [])


def test_they_stand_beside_written_ones(tmp_path: Path) -> None:
    written = '  members {\n    user_id = "u0"\n  }\n'
    assert members(tmp_path, dynamic("var.given"), written) == (["u0", "u1", "u2"], [])


def test_a_block_with_a_key_makes_its_own(tmp_path: Path) -> None:
    keys = '  for_each = { q = ["u7"] }\n'
    assert members(tmp_path, dynamic("each.value"), keys) == (["u7"], [])


@pytest.mark.parametrize(
    "items",
    ["var.open", "[for u in var.given : u]", "var.open ? [1] : []", '"text"', "genesyscloud_user.a.id", "local.none"],
)
def test_what_is_not_known_is_told(tmp_path: Path, items: str) -> None:
    found, told = members(tmp_path, dynamic(items))
    assert found == []
    assert [text for text in told if "the blocks members are made by an expression" in text]


def test_one_that_is_not_known_leaves_the_other_out(tmp_path: Path) -> None:
    found, told = members(tmp_path, dynamic("var.given") + "\n" + dynamic("var.open"))
    assert (found, len(told)) == ([], 1)


def test_more_than_a_block_ever_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terraform_dynamic, "MOST", 1)
    assert members(tmp_path, dynamic("var.given"))[1] != []


@pytest.mark.parametrize("several", [False, True])
def test_in_json(tmp_path: Path, several: bool) -> None:
    made = {"for_each": ["u1", "u2"], "content": {"user_id": "${members.value}"}}
    held = [made, {**made, "for_each": ["u3"]}] if several else made
    source = configuration(routing_queue={"q": {"name": "Q", "dynamic": {"members": held}}})
    found = ["u1", "u2", "u3"] if several else ["u1", "u2"]
    assert of(of_files(tmp_path, main_dot_tf_dot_json=source)) == (found, [])
