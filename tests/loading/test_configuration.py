from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from auditor.errors import DocumentError
from auditor.loading.configuration import flow_from_configuration, is_configuration
from auditor.loading.configuration_blocks import MAX_NESTING
from auditor.loading.flow_types import id_in_name, version_in_name
from auditor.loading.i3 import decode_i3
from auditor.model.expressions import Literal
from auditor.model.flows import ContainerKind, FlowType, FlowVariable, Handling, Menu, Task
from auditor.model.location import Location
from auditor.model.operations import Jump, Reference, Spoken, Unmodelled
from auditor.model.settings import UNSET, Expression, Known
from auditor.model.sites import action_sites
from tests.loading.configuration_source import (
    action,
    block_of,
    call,
    document,
    emp,
    flow_of,
    lit,
    load,
    path,
    ref,
    task,
    tts,
)

GUID = "8c5ef972-2a16-425e-a129-37117d40c235"
OTHER_GUID = "ff653291-40c2-4a24-9d0e-27315d67ee9a"


def test_the_head_of_a_flow() -> None:
    flow = flow_of(
        task("t", action("DisconnectAction", "a")),
        defaultLanguage="de-DE",
        supportedLanguages=["de-DE", "en-US"],
        suppressRecording=lit("true", "bln"),
        initialPrompts=tts("Guten Tag"),
        disableAsrCompanyDirectory=lit("true", "bln"),
        disableAsr=lit("false", "bln"),
        errorHandling={"handlingType": "Queue", "queue": lit("Help", "que", GUID), "audio": tts("Sorry")},
        variables=[
            {"__type": "StringVariable", "name": "Flow.b", "isInput": True, "initialValue": emp()},
            {"__type": "BoolVariable", "name": "Flow.a", "initialValue": lit("false", "bln")},
            {"__type": "StringVariable", "name": "Flow.c", "isCollection": True, "isOutput": True},
        ],
    )
    assert (flow.name, flow.type, flow.type_name, flow.start) == ("Main", FlowType.INBOUND_CALL, "inboundcall", "t")
    assert (flow.default_language, flow.languages, flow.company_directory) == ("de-de", ("de-de", "en-us"), "none")
    assert flow.suppress_recording == Known(True, Location("main.json", None, "/suppressRecording"))
    assert flow.greeting == (Spoken("Guten Tag"),)
    assert flow.error_handling is not None
    assert (flow.error_handling.kind, flow.error_handling.queue) == (Handling.QUEUE, Reference("queue", GUID, "Help"))
    assert flow.variables == (
        FlowVariable("Flow.a", "boolean", Literal(False, "bln")),
        FlowVariable("Flow.b", "string", None, is_input=True),
        FlowVariable("Flow.c", "stringcollection", None, is_output=True),
    )


def test_the_flow_object_of_the_api_around_a_configuration() -> None:
    wrapped = {
        "id": GUID,
        "division": {"id": OTHER_GUID, "name": "Home"},
        "publishedVersion": {"id": "7.0"},
        "configuration": document(task("t", action("DisconnectAction", "a"))),
    }
    assert is_configuration(wrapped)
    flow, _ = load(wrapped, pointer="/0")
    assert (flow.id, flow.division, flow.version, flow.published) == (GUID, "Home", "7.0", True)
    assert flow.location == Location("main.json", None, "/0/configuration")
    (site,) = action_sites(flow)
    assert site.action.location.pointer == "/0/configuration/flowSequenceItemList/0/actionList/0"


def test_ids_come_from_around_or_from_the_name_of_the_file() -> None:
    configuration = document(task("t"))
    assert load(configuration)[0].id is None
    assert load(configuration, flow_id=GUID)[0].id == GUID
    assert load(configuration, f"flows/{GUID}.json")[0].id == GUID


@pytest.mark.parametrize(
    ("path", "id", "version"),
    [
        (f"export/flows/{GUID}/latestConfiguration", GUID, None),
        (f"flows/{GUID}/latestconfiguration.json", GUID, None),
        (f"flows/{GUID.upper()}/versions/12.0/configuration.json", GUID, "12.0"),
        (f"flows/{GUID}/versions/12/configuration", GUID, "12.0"),
        (f"flows/{GUID}/notes.json", None, None),
        (f"{GUID}/versions/12.0/configuration.json", None, None),
    ],
)
def test_paths_of_the_platform_api_hold_id_and_version(path: str, id: str | None, version: str | None) -> None:
    assert (id_in_name(path), version_in_name(path)) == (id, version)


@pytest.mark.parametrize(
    "other", [{}, [], {"id": GUID, "name": "Q"}, {"flowSequenceItemList": "x"}, {"configuration": 1}]
)
def test_other_documents_are_no_configuration(other: Any) -> None:
    assert not is_configuration(other)
    if isinstance(other, dict):
        with pytest.raises(DocumentError):
            flow_from_configuration(other, "x.json")


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        (None, UNSET),
        (emp("bln"), UNSET),
        (False, Known(False, Location("main.json", None, "/suppressRecording"))),
        (
            call("==", ref("Flow.a"), lit("x"), text='Flow.a == "x"', type="bln"),
            Expression('Flow.a == "x"', Location("main.json", None, "/suppressRecording")),
        ),
    ],
)
def test_suppression(value: Any, setting: object) -> None:
    assert flow_of(task("t"), suppressRecording=value).suppress_recording == setting


@pytest.mark.parametrize(
    ("off", "directory"),
    [({}, None), ({"disableAsr": lit("true", "bln")}, "none"), ({"disableAsr": False}, "entireFlow")],
)
def test_the_company_directory(off: dict[str, Any], directory: str | None) -> None:
    assert flow_of(task("t"), **off).company_directory == directory


def test_links_become_nested_blocks() -> None:
    decision = action(
        "DecisionAction", "1", "4", expression=ref("Flow.a", "bln", 0), paths=[path("__YES__", "2"), path("__NO__")]
    )
    actions = (
        action("DisconnectAction", "3"),
        decision,
        action("PlayAudioAction", "2", "3", prompts=tts("Hello")),
        action("DisconnectAction", "4", name="Last"),
    )
    (container,) = flow_of(task("t", *actions, startAction="1")).containers
    assert isinstance(container, Task)
    first, last = container.block
    assert [(o.key, [a.id for a in o.block]) for o in first.outputs] == [("yes", ["2", "3"]), ("no", [])]
    assert (last.id, last.name, last.tracking_id) == ("4", "Last", "10")
    assert first.outputs[0].block[0].location == Location("main.json", None, "/flowSequenceItemList/0/actionList/2")


def test_outputs_switched_off_and_named_by_the_flow() -> None:
    (ask,) = block_of(
        action(
            "AskForNLUIntentAction",
            "a",
            question=call("MakeCommunication", lit("How can I help?"), type="com"),
            paths=[
                path(GUID, label="Sales"),
                path("__NO_INTENT__", outOfService=True, label="Kein Vorhaben"),
                path("__KNOWLEDGE__", disabled=True),
                path(OTHER_GUID, label="Sales"),
            ],
        )
    )
    assert [(o.key, o.label, o.disabled) for o in ask.outputs] == [
        ("knowledge", "Knowledge", True),
        ("noIntent", "No Intent", True),
        ("maxNoInputs", "Max No Inputs", False),
        ("Sales", "Sales", False),
        ("Sales (2)", "Sales", False),
    ]


def test_the_default_way_out_is_never_switched_off() -> None:
    (ask,) = block_of(
        action("AskForSlotAction", "a", selectedSlot="Yes", paths=[path("__DEFAULT__", outOfService=True)])
    )
    assert ask.outputs[0].key == "default" and not ask.outputs[0].disabled


@pytest.mark.parametrize("outputs", [(GUID, OTHER_GUID), ("__1__", "__2__")])
def test_cases_of_a_switch_are_counted(outputs: tuple[str, str]) -> None:
    (switch,) = block_of(
        action(
            "SwitchAction",
            "a",
            switchStyle=0,
            cases=[
                {"name": "Case 1", "referenceId": outputs[0], "value": ref("Flow.a", "bln", 0)},
                {"name": "Big", "referenceId": outputs[1], "value": ref("Flow.b", "bln", 0)},
            ],
            paths=[path(outputs[0], "b"), path(outputs[1]), path("__DEFAULT__")],
        ),
        action("DisconnectAction", "b"),
    )
    assert [(o.key, o.label, len(o.block)) for o in switch.outputs] == [
        ("default", "Default", 0),
        ("case1", "Case 1", 1),
        ("case2", "Big", 0),
    ]


def test_unknown_actions_are_followed() -> None:
    flow, (problem,) = load(
        document(
            task(
                "t",
                action("TeleportAction", "a", name="Beam", paths=[path(GUID, "b", "there")]),
                action("DisconnectAction", "b"),
            )
        )
    )
    first, second = action_sites(flow)
    assert first.action.operation == Unmodelled("TeleportAction")
    assert first.action.outputs[0].key == "there" and second.action.id == "b"
    assert (problem.code, problem.subject) == ("RX903", "flow:Main")


@pytest.mark.parametrize(
    ("actions", "code"),
    [
        ([action("PlayAudioAction", "a", "gone")], "RX901"),
        ([action("PlayAudioAction", "a", "a")], "RX906"),
        ([action("PlayAudioAction", "a", "b"), action("PlayAudioAction", "b", "a")], "RX906"),
        ([action("PlayAudioAction", "a"), action("PlayAudioAction", "b")], "RX906"),
        ([action("TransferTaskAction", "a", taskReference="gone")], "RX901"),
        ([action("TransferMenuAction", "a")], "RX901"),
    ],
    ids=["dangling", "itself", "ring", "stray", "task", "nowhere"],
)
def test_broken_links_are_problems(actions: list[dict[str, Any]], code: str) -> None:
    flow, problems = load(document(task("t", *actions)))
    assert [p.code for p in problems] == [code]
    assert flow.containers


def test_a_flow_without_start_is_a_problem() -> None:
    flow, (problem,) = load(document(task("t"), initialSequence="gone"))
    assert (flow.start, problem.code) == (None, "RX901")


def test_a_row_of_a_thousand_actions_is_no_nesting() -> None:
    row = [action("PlayAudioAction", str(n), str(n + 1)) for n in range(1_000)]
    assert len(block_of(*row, action("DisconnectAction", "1000"))) == 1_001


def test_endless_nesting_is_refused() -> None:
    def nested(depth: int) -> dict[str, Any]:
        chain = [action("DecisionAction", str(n), paths=[path("__YES__", str(n + 1))]) for n in range(depth)]
        return document(task("t", *chain, action("DisconnectAction", str(depth))))

    flow, _ = load(nested(MAX_NESTING))
    assert len(list(action_sites(flow))) == MAX_NESTING + 1
    with pytest.raises(DocumentError):
        load(nested(50_000))


def test_kinds_of_containers() -> None:
    flow = flow_of(
        *(task(type, type=type) for type in ("LoopTask", "Task", "State", "BotState", "CommonModuleTask")),
    )
    assert [c.kind for c in flow.containers if isinstance(c, Task)] == [
        ContainerKind.LOOP_TASK,
        ContainerKind.TASK,
        ContainerKind.STATE,
        ContainerKind.BOT_STATE,
        ContainerKind.TASK,
    ]


def test_an_unknown_container_is_read_as_a_task_and_named() -> None:
    flow, (problem,) = load(document(task("t", action("DisconnectAction", "a"), type="Ritual")))
    assert len(list(action_sites(flow))) == 1
    assert problem.code == "RX906"


def choice(id: str, digit: int | None, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": id, "name": id, "action": body, **({"digit": digit} if digit is not None else {}), **fields}


def test_menus() -> None:
    menu = {
        "__type": "Menu",
        "id": "m",
        "name": "Main Menu",
        "prompts": tts("Press 1"),
        "useExtensionDialing": emp("bln"),
        "defaultMenuChoice": "c2",
        "menuChoiceList": [
            choice("c1", 10, action("TaskAction", "a1", taskReference="t"), globalDtmf=True, globalSpeech=True),
            choice("c2", 11, action("MenuAction", "a2", menuReference="m")),
            choice("c3", None, action("DisconnectAction", "a3"), speechRecTerms={"en-US": ["bye"]}),
        ],
    }
    defaults = {"Menu": {"useExtensionDialing": lit("false", "bln")}}
    flow = flow_of(menu, task("t", action("DisconnectAction", "d")), defaultSettings=defaults)
    found, inline = flow.containers
    assert isinstance(found, Menu) and isinstance(inline, Task)
    assert (found.audio, found.default) == ((Spoken("Press 1"),), "c2")
    assert isinstance(found.listens_for_extension, Known) and not found.listens_for_extension.value
    assert [(c.digit, c.action.type, c.global_dtmf) for c in found.choices] == [
        ("#", "menuTask", True),
        ("*", "menuSubMenu", False),
        (None, "menuDisconnect", False),
    ]
    assert [c.action.operation for c in found.choices[:2]] == [Jump("t"), Jump("m")]
    assert found.choices[2].speech == (("en-us", "bye"),)
    assert (inline.name, inline.inline) == ("c1", True)


def test_a_default_choice_that_does_not_exist_is_a_problem() -> None:
    menu = {"__type": "Menu", "id": "m", "name": "M", "defaultMenuChoice": "x", "menuChoiceList": []}
    flow, (problem,) = load(document(menu))
    found = flow.containers[0]
    assert isinstance(found, Menu) and found.default == "x"
    assert problem.code == "RX901"


def encoded(document: object) -> bytes:
    return base64.b64encode(quote(json.dumps(document)).encode())


def test_i3_exports_are_recognised_by_content() -> None:
    text = decode_i3(encoded({"name": "Übung"}))
    assert text is not None and json.loads(text) == {"name": "Übung"}
    spread = b"\n".join(encoded({"name": "x" * 99})[n : n + 40] for n in range(0, 400, 40))
    assert decode_i3(b" " + spread + b"\r\n") is not None
    assert decode_i3(b"\xef\xbb\xbf" + spread) is not None


@pytest.mark.parametrize("data", [b"", b"{}", b"inboundCall:\n", b"\x00\x01", base64.b64encode(b"plain text")])
def test_other_bytes_are_no_i3_export(data: bytes) -> None:
    assert decode_i3(data) is None


@pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: d + b"\xff", lambda d: d[:40] + b"!" + d[41:]])
def test_a_damaged_i3_export_is_refused(damage: Any) -> None:
    with pytest.raises(DocumentError):
        decode_i3(damage(encoded({"name": "x" * 50})))
