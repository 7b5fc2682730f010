"""The exports in fixtures/ are sound: every file parses, and every reference that should resolve does."""

from __future__ import annotations

import base64
import json
import re
import tomllib
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.declared import FIXTURES

BROKEN = {
    FIXTURES / "cases/RX906-bad-broken-files/export/campaigns.json",
    FIXTURES / "cases/json-long-number-cut-off/export/queues.json",
    FIXTURES / "cases/RX906-bad-broken-files/export/flows/Half flow_v3-0.yaml",
}
MISSING_QUEUES = {"Ghosts"}
MISSING_CHOICES = {"./choices/menuTask[Refused_78]"}
REFERENCES = ("startUpRef", "targetTaskRef", "targetMenuRef", "defaultChildMenuRef")
DEMO = FIXTURES / "demo" / "organisation"
CONTAINER = re.compile(r"^(?:\./|/\w+/)(?:\w+/)?\w+\[(.+)\]$")
GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
NOT_EXPORTED = {"contactList", "edgeGroup", "division", "trunkMetabase", "phoneMetaBase", "lineMetaBase", "resources"}


def files(pattern: str) -> list[Path]:
    return sorted(path for path in FIXTURES.rglob(pattern) if path not in BROKEN)


def archy(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def found(value: object, *keys: str) -> Iterator[Any]:
    """Every value below that stands under one of the keys."""
    if isinstance(value, dict):
        for each, inner in value.items():
            if each in keys:
                yield inner
            yield from found(inner, *keys)
    elif isinstance(value, list):
        for inner in value:
            yield from found(inner, *keys)


def names_in(folder: Path, listing: str) -> set[str]:
    file = folder / listing
    return {e["name"] for e in json.loads(file.read_text(encoding="utf-8"))["entities"]} if file.exists() else set()


FLOWS = {path: document for path in files("*.yaml") if isinstance(document := archy(path), dict)}


def test_json_and_toml_files_parse() -> None:
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in files("*.json"))
    assert all(tomllib.loads(path.read_text(encoding="utf-8")) for path in files("*.toml"))
    for path in files("*.i3*"):
        assert json.loads(urllib.parse.unquote(base64.b64decode(path.read_text(encoding="ascii")).decode("ascii")))


@pytest.mark.parametrize("broken", sorted(BROKEN), ids=lambda path: path.name)
def test_broken_files_are_broken(broken: Path) -> None:
    with pytest.raises((yaml.YAMLError, ValueError)):
        archy(broken) if broken.suffix == ".yaml" else json.loads(broken.read_text(encoding="utf-8"))


def test_references_inside_a_flow_resolve() -> None:
    unresolved = []
    for path, document in FLOWS.items():
        ((root, body),) = document.items()
        ids = set(found(body, "refId"))
        for reference in (*found(body, *REFERENCES), *([] if root == "inqueueCall" else [body["startUpRef"]])):
            match = CONTAINER.match(reference)
            if match is None or (match[1] not in ids and reference not in MISSING_CHOICES):
                unresolved.append((path, reference))
    assert unresolved == []


def test_names_of_other_objects_resolve() -> None:
    unresolved = []
    for path, document in FLOWS.items():
        export = path.parent.parent
        if not any((export / file).exists() for file in ("queues.json", "ivrs.json")):
            continue  # flows alone, or beside Terraform: what they name is not in a listing
        others = [body for each, inner in FLOWS.items() if each.parent == path.parent for body in inner.values()]
        known = names_in(export, "queues.json") | names_in(export, "groups.json") | {body["name"] for body in others}
        targets = list(found(document, "targetQueue", "targetGroup", "targetFlow", "overrideInQueueFlow"))
        literal = [target.get("lit", target) for target in targets if "exp" not in target]
        called = [name for target in found(next(iter(document.values())), "commonModule", "botFlow") for name in target]
        wanted = {target["name"] for target in literal} | set(called)
        unresolved += [(path, name) for name in wanted - known - MISSING_QUEUES]
    assert unresolved == []


def test_ids_of_the_demonstration_organisation_resolve() -> None:
    texts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DEMO.rglob("*.json"))]
    entities = [entity for text in texts for entity in text["entities"] if "selfUri" in entity]
    known = {entity["id"] for entity in entities} | {id for e in entities for id in found(e.get("lines", []), "id")}
    for entity in entities:
        inner = {key: value for key, value in entity.items() if key not in NOT_EXPORTED}
        assert GUID.match(entity["id"])
        assert {id for id in found(inner, "id") if GUID.match(id)} <= known, entity["name"]


def test_the_demonstration_organisation_has_its_size() -> None:
    def count(file: str) -> int:
        return len(json.loads((DEMO / file).read_text(encoding="utf-8"))["entities"])

    assert len(list(DEMO.glob("flows/*.yaml"))) == count("flows.json") == 16
    assert (count("queues.json"), count("phones.json"), count("users.json"), count("dids.json")) == (6, 12, 12, 10)
