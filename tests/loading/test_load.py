from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from auditor.loading.load import load
from auditor.model.problems import Problem
from tests.loading.exports import OBJECTS, addressed, loaded, write

ID = "0f0e0d0c-1111-2222-3333-444455556666"
OTHER_ID = "0f0e0d0c-1111-2222-3333-444455557777"
ARCHY = """\
inboundCall:
  name: Main
  division: Home
  startUpRef: "/inboundCall/tasks/task[Start_1]"
  settingsSpeechRec:
    suppressRecording: false
  tasks:
    - task:
        name: Start
        refId: Start_1
        actions:
          - disconnect:
              name: Good bye
"""
CONFIGURATION: dict[str, Any] = {
    "name": "Main",
    "type": "inboundcall",
    "initialSequence": "t1",
    "suppressRecording": {"config": {"lit": {"text": "false", "type": "bln"}}, "text": "false", "type": "bln"},
    "flowSequenceItemList": [
        {
            "__type": "Task",
            "id": "t1",
            "name": "Start",
            "startAction": "a1",
            "actionList": [{"__type": "DisconnectAction", "id": "a1", "name": "Good bye", "trackingId": 1}],
        }
    ],
}
ENCODED = base64.b64encode(quote(json.dumps(CONFIGURATION), safe="").encode())


def problems(found: tuple[Problem, ...]) -> list[Problem]:
    """What concerns files and contradictions, not gaps of the little exports used here."""
    return [p for p in found if p.code in ("RX905", "RX906", "RX907", "RX909")]


UNREADABLE: dict[str, tuple[str, object, int | None, str]] = {
    "truncated JSON": ("a.json", '{"entities": [\n{"id": "q1",', 2, "ends in the middle"),
    "deep JSON": ("a.json", "[" * 100_000, 1, "nested"),
    "deep YAML": ("a.yaml", "a: " + "[" * 100_000, 1, ""),
    "not UTF-8": ("a.yaml", b"inboundCall:\n  name: \xe4\n", 2, "not UTF-8"),
    "UTF-16 cut in half": ("a.json", b"\xff\xfe{", None, "not UTF-8"),
    "empty": ("a.json", "", None, "empty"),
    "only space": ("a.yaml", " \n\t\n", None, "empty"),
    "duplicate key": ("a.json", '{"id": "x",\n"id": "y"}', 2, "stands twice"),
    "not a number": ("a.json", '{"a": NaN}', 1, "NaN"),
    "no JSON at all": ("a.json", "hello", 1, "not valid JSON"),
    "HTML for JSON": ("a.json", "<html>log in</html>", 1, "not valid JSON"),
    "broken YAML": ("a.yml", "a: [1\nb: 2\n", None, ""),
    "broken YAML flow": ("flow.txt", "inboundCall:\n  name: 'x\n", None, ""),
    "truncated i3": ("a.i3InboundFlow", ENCODED[: len(ENCODED) // 2], None, ""),
    "i3 that is none": ("a.i3InboundFlow", "hello", 1, "does not begin"),
    "i3 by another name": ("a.dat", ENCODED[:-7], None, ""),
    "binary named JSON": ("a.json", b"\x00\x01\x02", 1, "not valid JSON"),
    "a bad line among JSON lines": ("a.jsonl", json.dumps(addressed("queues")) + "\n{", 2, "ends in the middle"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_a_problem_and_the_rest_is_loaded(tmp_path: Path, case: str) -> None:
    name, content, line, words = UNREADABLE[case]
    file = write(tmp_path, name, content)
    write(tmp_path, "good.json", addressed("users"))
    organisation = load([tmp_path])
    (problem,) = problems(organisation.problems)
    assert (problem.code, problem.location.file, problem.subject) == (
        "RX906",
        file.as_posix(),
        f"file:{file.as_posix()}",
    )
    assert problem.location.line == line or line is None
    assert words in problem.message
    assert problem.hint
    assert [user.id for user in organisation.users] == ["u1"]
    listed = {Path(i.path).name: i for i in organisation.inputs}
    assert listed[name].status == ("partly" if name == "a.jsonl" else "not")
    assert listed[name].reason
    assert listed["good.json"].status == "understood"


FOREIGN: dict[str, tuple[str, object, str]] = {
    "text": ("notes.md", "# Notes\n", "no Genesys Cloud export"),
    "program": ("tool.py", "print('{')\n", "no Genesys Cloud export"),
    "text in Latin 1": ("notes.txt", b"Gr\xfc\xdfe\n", "no Genesys Cloud export"),
    "picture": ("logo.png", b"\x89PNG\r\n\x1a\n\x00\x00", "no Genesys Cloud export"),
    "table": ("list.csv", "a,b\n1,2\n", "no Genesys Cloud export"),
    "settings": ("auditor.toml", '[[consent_point]]\nflow = "Main"\n', "no Genesys Cloud export"),
    "other JSON": (
        "package.json",
        {"name": "x", "version": "1.0", "scripts": {"test": "x"}},
        "no Genesys Cloud export",
    ),
    "a list of numbers": ("x.json", [1, 2], "no Genesys Cloud export"),
    "other YAML": ("compose.yaml", "services:\n  web:\n    image: x\n", "YAML without an Archy flow"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_foreign_files_are_listed_with_a_reason_and_are_no_problem(tmp_path: Path, case: str) -> None:
    name, content, reason = FOREIGN[case]
    organisation = loaded(tmp_path, name, content)
    assert organisation.problems == ()
    (listed,) = organisation.inputs
    assert (listed.status, listed.objects) == ("not", 0)
    assert reason in listed.reason
    assert len(listed.sha256) == 64


FLOWS: dict[str, tuple[str, object, str]] = {
    "Archy YAML": ("main.yaml", ARCHY, "Archy YAML flow"),
    "Archy YAML by another name": ("main.txt", "# exported\n---\n" + ARCHY, "Archy YAML flow"),
    "Archy YAML with a mark": ("main.yaml", "\ufeff" + ARCHY, "Archy YAML flow"),
    "Archy YAML in UTF-16": ("main.yaml", ARCHY.encode("utf-16"), "Archy YAML flow"),
    "i3": ("main.i3InboundFlow", ENCODED, "i3 flow export"),
    "i3 by another name": ("main", ENCODED + b"\n", "i3 flow export"),
    "configuration": ("main.json", CONFIGURATION, "flow configuration JSON"),
    "configuration named i3": ("main.i3InboundFlow", CONFIGURATION, "flow configuration JSON"),
    "configurations by id": ("flows.json", {ID: CONFIGURATION}, "flow configuration JSON"),
    "configuration in its flow": (
        "flow.json",
        {**addressed("flows"), "id": ID, "configuration": CONFIGURATION},
        "flow configuration JSON",
    ),
}


@pytest.mark.parametrize("case", FLOWS)
def test_flows_are_read_from_every_form(tmp_path: Path, case: str) -> None:
    name, content, kind = FLOWS[case]
    organisation = loaded(tmp_path, name, content)
    (listed,) = organisation.inputs
    assert (listed.kind, listed.status, listed.objects) == (kind, "understood", 1)
    (flow,) = organisation.flows
    assert (flow.name, flow.body, flow.location.file) == ("Main", True, (tmp_path / name).as_posix())
    assert [container.name for container in flow.containers] == ["Start"]
    assert flow.id == (ID if "id" in case or "its flow" in case else None)


def test_an_archy_flow_may_be_written_as_json(tmp_path: Path) -> None:
    document = {
        "inboundCall": {
            "name": "Main",
            "startUpRef": "/inboundCall/tasks/task[Start_1]",
            "tasks": [{"task": {"name": "Start", "refId": "Start_1", "actions": [{"disconnect": {"name": "Bye"}}]}}],
        }
    }
    organisation = loaded(tmp_path, "main.json", document)
    assert [flow.name for flow in organisation.flows] == ["Main"]
    assert organisation.inputs[0].kind == "Archy JSON flow"


def write_export(folder: Path) -> None:
    write(folder, "flows/main.yaml", ARCHY)
    write(folder, "flows/other.i3InboundFlow", ENCODED)
    write(folder, "flows.json", {"entities": [addressed("flows")]})
    for field in OBJECTS:
        write(folder, f"api/{field}.json", {"entities": [addressed(field)]})
    write(
        folder, "api/again.json", [{**addressed("queues"), "suppressInQueueCallRecording": False}, addressed("users")]
    )
    write(folder, "broken.json", "{")


def test_the_order_of_the_arguments_changes_nothing(tmp_path: Path) -> None:
    write_export(tmp_path)
    arguments = [tmp_path / "flows", tmp_path / "api", tmp_path / "broken.json", tmp_path / "flows.json", tmp_path]
    organisations = {load(order) for order in itertools.islice(itertools.permutations(arguments), 0, 120, 17)}
    assert len(organisations) == 1
    (organisation,) = organisations
    assert len(organisation.inputs) == len(OBJECTS) + 5


def test_nothing_is_nothing(tmp_path: Path) -> None:
    organisation = load([tmp_path])
    assert (organisation.inputs, organisation.problems, organisation.flows) == ((), (), ())
    assert load([]) == organisation


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    organisation = load([tmp_path / "gone"])
    assert [p.code for p in organisation.problems] == ["RX906"]
    assert [(i.status, i.sha256) for i in organisation.inputs] == [("not", "")]


def test_progress_is_told_from_the_first_to_the_last_file(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path, name, "x")
    told: list[tuple[str, int, int]] = []
    load([tmp_path], progress=lambda *what: told.append(what))
    assert told == [("reading", 0, 3), ("reading", 1, 3), ("reading", 2, 3), ("reading", 3, 3)]


def test_the_same_object_twice_is_one_object(tmp_path: Path) -> None:
    write(tmp_path, "a.json", addressed("queues"))
    write(tmp_path, "b.json", {"id": "q1", "name": "Sales", "selfUri": "/api/v2/routing/queues/q1"})
    organisation = load([tmp_path])
    assert [queue.in_queue_flow for queue in organisation.queues] == ["f2"]
    assert problems(organisation.problems) == []


def test_an_object_without_an_id_is_the_one_of_that_name(tmp_path: Path) -> None:
    write(tmp_path, "a.json", addressed("queues"))
    write(tmp_path, "b.json", {"queues": [{k: v for k, v in OBJECTS["queues"][1].items() if k != "id"}]})
    assert [queue.id for queue in load([tmp_path]).queues] == ["q1"]


def test_contradicting_descriptions_are_told_with_both_places(tmp_path: Path) -> None:
    a = write(tmp_path, "a.json", addressed("queues"))
    b = write(tmp_path, "b.json", {"entities": [{**addressed("queues"), "suppressInQueueCallRecording": False}]})
    organisation = load([tmp_path])
    (problem,) = problems(organisation.problems)
    assert (problem.code, problem.location.file, problem.subject) == ("RX909", a.as_posix(), "queue:Sales")
    assert b.as_posix() + " (/entities/0)" in problem.message
    assert "suppress" in problem.message
    assert [queue.suppress.value for queue in organisation.queues] == [True]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "change", "pointer", "words"),
    [
        (
            "queues",
            {"suppressInQueueCallRecording": 1},
            "/suppressInQueueCallRecording",
            "is a number, not true or false",
        ),
        ("queues", {"queueFlow": ["f2"]}, "/queueFlow", "is a list"),
        ("routes", {"dnis": "+49"}, "/dnis", "is text, not a list"),
        ("trunk_bases", {"properties": "no JSON"}, "/properties", "holds no JSON object"),
        (
            "trunk_bases",
            {"properties": {"trunk_recording_enabled": {"value": {"instance": [1]}}}},
            "/properties/trunk_recording_enabled/value/instance",
            "is a list",
        ),
        ("phones", {"lines": [5]}, "/lines/0", "is a number, not an object"),
    ],
)
def test_a_part_of_the_wrong_shape_is_left_out(
    tmp_path: Path, field: str, change: dict[str, Any], pointer: str, words: str
) -> None:
    organisation = loaded(tmp_path, "x.json", {**addressed(field), **change})
    (problem,) = problems(organisation.problems)
    assert (problem.code, problem.location.pointer) == ("RX906", pointer)
    assert words in problem.message
    assert [thing.name for thing in getattr(organisation, field)] == [OBJECTS[field][1]["name"]]
    assert organisation.inputs[0].status == "partly"


def test_an_object_without_id_and_name_is_left_out(tmp_path: Path) -> None:
    organisation = loaded(
        tmp_path, "x.json", {"entities": [{"selfUri": "/api/v2/routing/queues/q1", "joinable": True}]}
    )
    (problem,) = problems(organisation.problems)
    assert problem.location.pointer == "/entities/0"
    assert organisation.queues == ()
