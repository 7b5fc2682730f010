"""What Terraform itself keeps beside its files: modules that it fetched, and the place of a state elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.loading.load import load
from auditor.model.organisation import Organisation

LISTED = {
    "Modules": [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "desk", "Source": "git::https://git.example/desk.git", "Dir": ".terraform/modules/desk"},
        {"Key": "desk.queue", "Source": "registry.example/queue/gc", "Dir": ".terraform/modules/desk.queue/inner"},
        {"Key": "desk.near", "Source": "./near", "Dir": ".terraform/modules/desk/near"},
    ]
}
FILES = {
    "main.tf": 'module "desk" {\n  source = "git::https://git.example/desk.git"\n  name = "Sales"\n}\n',
    ".terraform/modules/desk/main.tf": (
        'variable "name" {}\n'
        'module "queue" {\n  source = "registry.example/queue/gc"\n  name = "${var.name} far"\n}\n'
        'module "near" {\n  source = "./near"\n  name = "${var.name} near"\n}\n'
    ),
    ".terraform/modules/desk/near/main.tf": 'variable "name" {}\n%s',
    ".terraform/modules/desk.queue/inner/main.tf": 'variable "name" {}\n%s',
    ".terraform/modules/desk.queue/main.tf": 'resource "genesyscloud_routing_queue" "e" { name = "Example" }\n',
}
QUEUE = 'resource "genesyscloud_routing_queue" "q" { name = var.name }\n'
MANIFEST = ".terraform/modules/modules.json"
BACKEND = {"version": 3, "backend": {"type": "s3"}, "modules": [{"path": ["root"], "resources": {}}]}


def loaded(folder: Path, files: dict[str, str]) -> Organisation:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content.replace("%s", QUEUE), encoding="utf-8")
    return load([folder])


def wrong(organisation: Organisation) -> list[str]:
    return [p.message for p in organisation.problems if p.code in ("RX901", "RX906")]


def test_modules_from_elsewhere_lie_where_the_list_says(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, {**FILES, MANIFEST: json.dumps(LISTED)})
    assert sorted(queue.name for queue in organisation.queues) == ["Sales far", "Sales near"]
    assert wrong(organisation) == []


def test_without_the_list_they_are_missed(tmp_path: Path) -> None:
    assert any('The module "desk"' in text for text in wrong(loaded(tmp_path, FILES)))


def test_a_list_whose_folders_are_not_in_the_export_changes_nothing(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, {"main.tf": FILES["main.tf"], MANIFEST: json.dumps(LISTED)})
    assert 'The module "desk"' in wrong(organisation)[0]


def test_a_list_in_which_a_module_calls_itself_ends(tmp_path: Path) -> None:
    listed = {"Modules": [{"Key": "desk", "Dir": "."}, {"Key": "desk.desk", "Dir": "."}, {"Key": "up", "Dir": "../.."}]}
    organisation = loaded(tmp_path, {"main.tf": FILES["main.tf"], MANIFEST: json.dumps(listed)})
    assert 'The module "desk"' in wrong(organisation)[0]


def test_the_place_of_a_state_is_no_state(tmp_path: Path) -> None:
    assert wrong(loaded(tmp_path, {".terraform/terraform.tfstate": json.dumps(BACKEND)})) == []


def test_an_old_state_in_a_backend_is_not_passed_over(tmp_path: Path) -> None:
    old = {**BACKEND, "modules": [{"path": ["root"], "resources": {"genesyscloud_routing_queue.q": {}}}]}
    assert "version 3" in wrong(loaded(tmp_path, {"terraform.tfstate": json.dumps(old)}))[0]
