"""Objects of the platform API in the dress of other tools, and files that hold some in a form nobody reads."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.settings import Known

QUEUE = {
    "id": "0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f101",
    "name": "Service",
    "suppressInQueueCallRecording": True,
    "mediaSettings": {"call": {}},
    "selfUri": "/api/v2/routing/queues/0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f101",
}
TRUNK = {
    "id": "0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f102",
    "name": "Carrier",
    "state": "active",
    "trunkType": "EXTERNAL",
    "properties": {"trunk_recording_enabled": {"value": {"instance": True}}},
    "selfUri": "/api/v2/telephony/providers/edges/trunkbasesettings/0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f102",
}
SNAKE = """\
{"entities": [
  {"id": "t", "name": "Carrier", "trunk_type": "EXTERNAL", "state": "active",
   "properties": {"trunk_recording_enabled": {"value": {"instance": true}}},
   "self_uri": "/api/v2/telephony/providers/edges/trunkbasesettings/t"}],
 "page_size": 25, "page_number": 1, "total": 3, "page_count": 1,
 "self_uri": "/api/v2/telephony/providers/edges/trunkbasesettings"}
"""
IN_YAML = """\
# gc telephony providers edges trunkbasesettings list
- id: t
  name: "123"
  trunkType: EXTERNAL
  state: active
  properties:
    trunk_recording_enabled:
      value:
        instance: true
    trunk_recording_consent_required:
      value:
        instance: "false"
  selfUri: /api/v2/telephony/providers/edges/trunkbasesettings/t
"""


def of(folder: Path, name: str, content: str | bytes) -> Organisation:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return load([folder])


def told(organisation: Organisation, code: str = "RX906") -> list[str]:
    return [problem.message for problem in organisation.problems if problem.code == code]


def page(*entities: dict[str, Any]) -> str:
    return json.dumps({"entities": entities, "pageSize": 25, "total": len(entities)})


def test_names_in_snake_case_are_those_of_the_api(tmp_path: Path) -> None:
    organisation = of(tmp_path, "trunks.json", SNAKE)
    (trunk,) = organisation.trunk_bases
    assert (trunk.name, trunk.type) == ("Carrier", "EXTERNAL")
    assert isinstance(trunk.line, Known) and trunk.line.value is True
    assert trunk.line.location.pointer.startswith("/entities/0/properties/trunk_recording_enabled")
    assert [text for text in told(organisation, "RX905") if "3" in text]


def test_places_have_the_names_of_the_file(tmp_path: Path) -> None:
    source = json.dumps([{"id": "q", "name": "Q", "suppress_in_queue_call_recording": False, "self_uri": "/x"}])
    (queue,) = of(tmp_path, "queues.json", source).queues
    assert isinstance(queue.suppress, Known) and queue.suppress.value is False
    assert queue.suppress.location.pointer == "/0/suppress_in_queue_call_recording"


def test_rows_of_a_data_table_keep_their_columns(tmp_path: Path) -> None:
    rows = {
        "entities": [{"key": "+4930", "may_record": "yes"}],
        "self_uri": "/api/v2/flows/datatables/0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f103/rows",
    }
    table = {"id": "0c9a3c0e-2f0b-4f0e-9a39-51a2a3a4f103", "name": "Consent", "schema": {"properties": {}}}
    organisation = of(tmp_path, "rows.json", json.dumps({"datatables": [table], "more": rows}))
    assert [dict(row) for table in organisation.data_tables for row in table.rows or ()] == [
        {"key": "+4930", "may_record": "yes"}
    ]


def test_a_listing_in_yaml(tmp_path: Path) -> None:
    organisation = of(tmp_path, "trunks.yaml", IN_YAML)
    (trunk,) = organisation.trunk_bases
    assert (trunk.name, trunk.location.line) == ("123", 2)
    assert isinstance(trunk.line, Known) and trunk.line.value is True
    assert (trunk.line.location.line, trunk.line.location.pointer[:14]) == (9, "/0/properties/")
    assert told(organisation) == []


def test_other_yaml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ci.yml").write_text("- hosts: all\n  tasks: []\n")
    (tmp_path / "compose.yaml").write_text("services:\n  a: {image: b}\n")
    organisation = of(tmp_path, "queues.json", page(QUEUE))
    assert told(organisation) == []
    assert {file.status for file in organisation.inputs if file.path.endswith("ml")} == {"not"}


@pytest.mark.parametrize(
    "source",
    [
        {"log": {"entries": [{"response": {"content": {"text": page(QUEUE)}}}, {"response": {"status": 204}}]}},
        {"item": [{"name": "queues", "response": [{"body": page(QUEUE)}]}]},
        {"statusCode": 200, "body": page(QUEUE)},
    ],
)
def test_recorded_answers(tmp_path: Path, source: object) -> None:
    organisation = of(tmp_path, "recorded.har", json.dumps(source))
    assert [queue.name for queue in organisation.queues] == ["Service"]


def test_what_tools_keep_beside_an_answer_is_no_object(tmp_path: Path) -> None:
    text = b64encode(page(QUEUE).encode()).decode()
    beside = {"headers": [{"name": "Accept", "value": "x"}], "request": {"url": "/", "headers": []}}
    answer = {"response": {"content": {"mimeType": "application/json", "encoding": "base64", "text": text}}}
    token = {"response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}}}
    entries = [{**beside, **answer}, {**beside, **token}]
    organisation = of(tmp_path, "a.har", json.dumps({"log": {"creator": {"name": "x"}, "entries": entries}}))
    assert [queue.name for queue in organisation.queues] == ["Service"]
    assert [file.status for file in organisation.inputs] == ["understood"]


def test_folders_in_folders_of_a_collection(tmp_path: Path) -> None:
    inner: object = {"name": "queues", "request": {"method": "GET"}, "response": [{"name": "200", "body": page(QUEUE)}]}
    for name in ("Routing", "Platform API", "Production"):
        inner = {"name": name, "item": [inner]}
    source = {"info": {"_postman_id": "x", "name": "Export"}, "item": [inner]}
    organisation = of(tmp_path, "collection.json", json.dumps(source))
    assert [queue.name for queue in organisation.queues] == ["Service"]
    assert [file.status for file in organisation.inputs] == ["understood"]


def test_documents_that_stand_one_after_another(tmp_path: Path) -> None:
    source = json.dumps(json.loads(page(QUEUE)), indent=1) + "\n" + page(TRUNK) + "\n"
    organisation = of(tmp_path, "all.json", source)
    assert (len(organisation.queues), len(organisation.trunk_bases)) == (1, 1)
    (trunk,) = organisation.trunk_bases
    assert trunk.location.line == source.count("\n")
    assert told(of(tmp_path / "broken", "all.json", page(QUEUE) + "\n1 2")) != []


def test_objects_in_a_form_that_is_not_read_are_told(tmp_path: Path) -> None:
    deep: object = [QUEUE]
    for _ in range(14):
        deep = {"a": deep}
    assert "holds objects of Genesys Cloud in a form" in told(of(tmp_path, "deep.json", json.dumps(deep)))[0]
    assert told(of(tmp_path / "other", "package.json", '{"name": "x", "selfUri": "/api/v2/conversations/c"}')) == []


def test_flows_in_a_form_that_is_not_read_are_told(tmp_path: Path) -> None:
    inside = {"name": "Main", "content": "JTdCJTIybmFtZSUyMiUzQSUyME1haW4lMjIlMkMlMjJ0eXBlJTIy"}
    assert "in a form that is not understood" in told(of(tmp_path, "flow.json", json.dumps(inside)))[0]
    source = "name: Main\ntype: inboundcall\nflowSequenceItemList: []\n"
    assert "in a form that is not understood" in told(of(tmp_path / "yaml", "flow.yaml", source))[0]


@pytest.mark.parametrize(
    "flat", ["@{id=q; name=Service}", "System.Object[]", "System.Collections.Hashtable", "[object Object]"]
)
def test_texts_in_place_of_objects_are_told(tmp_path: Path, flat: str) -> None:
    organisation = of(tmp_path, "queues.json", page({**QUEUE, "outboundEmailAddress": flat}))
    assert [queue.name for queue in organisation.queues] == ["Service"]
    (text,) = told(organisation)
    assert "is not whole" in text
    (file,) = organisation.inputs
    assert file.status == "partly"


def test_packed_files_are_told(tmp_path: Path) -> None:
    organisation = of(tmp_path, "queues.json.gz", gzip.compress(page(QUEUE).encode()))
    assert "packed in a way that is not read" in told(organisation)[0]
    assert told(of(tmp_path / "picture", "logo.png", b"\x89PNG\0\0")) == []


def test_a_flow_below_another_key_or_behind_one(tmp_path: Path) -> None:
    flow = "inboundCall:\n  name: Main\n  tasks: []\n"
    below = of(tmp_path, "a.yaml", "flow:\n  " + flow.replace("\n", "\n  "))
    assert 'An Archy flow stands below the key "flow"' in told(below)[0]
    behind = of(tmp_path / "behind", "a.yaml", "common: &x\n  name: y\n" + flow)
    assert [found.name for found in behind.flows] == ["Main"]


def test_empty_files_that_may_be_empty(tmp_path: Path) -> None:
    for name in (".gitkeep", "outputs.tf", "__init__.py"):
        (tmp_path / name).write_text("")
    organisation = of(tmp_path, "queues.json", page(QUEUE))
    assert told(organisation) == []
    assert told(of(tmp_path, "users.json", "")) != []


REFUSAL = {"message": "Not authorized.", "code": "not.authorized", "status": 403, "contextId": "c", "details": []}


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("trunkbasesettings.json", REFUSAL),
        ("page 2.json", REFUSAL),
        ("org.json", {"queues": [QUEUE], "trunkBaseSettings": REFUSAL}),
        ("pages.json", [{"entities": [TRUNK]}, REFUSAL]),
    ],
)
def test_an_error_of_the_platform_is_no_answer(name: str, document: object, tmp_path: Path) -> None:
    (tmp_path / name).write_text(json.dumps(document))
    found = [p for p in load([tmp_path]).problems if p.code == "RX906"]
    assert [(p.location.file.rsplit("/", 1)[-1], "403 not.authorized" in p.message) for p in found] == [(name, True)]
    assert "permissions" in (found[0].hint or "")


def test_a_status_that_is_no_error_is_none(tmp_path: Path) -> None:
    (tmp_path / "jobs.json").write_text(json.dumps({"message": "done", "code": "ok", "status": 200}))
    assert not [p for p in load([tmp_path]).problems if p.code == "RX906"]
