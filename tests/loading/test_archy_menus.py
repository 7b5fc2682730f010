from __future__ import annotations

import pytest

from auditor.model.expressions import Literal
from auditor.model.flows import ContainerKind, Menu, Task
from auditor.model.operations import (
    Disconnect,
    Jump,
    Menus,
    Operation,
    Reference,
    Spoken,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.settings import Known
from auditor.model.sites import action_sites
from tests.loading.archy_source import choices_of, flow_of, load


def test_menus() -> None:
    flow = flow_of(
        """
        inboundCall:
          name: Main
          startUpRef: "/inboundCall/menus/menu[Main Menu_10]"
          settingsMenu: {listenForExtensionDialing: {lit: true}}
          menus:
            - menu:
                name: Main Menu
                refId: Main Menu_10
                audio: {tts: Press 1 or 2}
                settingsMenu: {listenForExtensionDialing: {noValue: true}}
                defaultChildMenuRef: "./choices/menuJumpToTask[Agree_52]"
                choices:
                  - menuJumpToTask:
                      name: Agree
                      refId: Agree_52
                      dtmf: digit_1
                      globalDtmf: true
                      globalSpeechRecTerms: true
                      speechRecTerms: {en-us: {terms: [yes, sure]}, de-de: {terms: [ja]}}
                      targetTaskRef: "/inboundCall/tasks/task[T_1]"
                  - menuDisconnect: {dtmf: digit_*}
          tasks: [{task: {name: T, refId: T_1, actions: []}}]
        """
    )
    menu = flow.containers[0]
    assert isinstance(menu, Menu)
    assert (menu.name, menu.audio, menu.default) == ("Main Menu", (Spoken("Press 1 or 2"),), "Agree_52")
    assert isinstance(menu.listens_for_extension, Known) and menu.listens_for_extension.value
    agree, leave = menu.choices
    assert (agree.name, agree.digit, agree.global_dtmf, agree.global_speech) == ("Agree", "1", True, True)
    assert agree.speech == (("en-us", "yes"), ("en-us", "sure"), ("de-de", "ja"))
    assert (agree.action.type, agree.action.operation) == ("menuJumpToTask", Jump("T_1"))
    assert (leave.name, leave.digit, leave.action.operation, leave.location.line) == (
        "Disconnect",
        "*",
        Disconnect(),
        22,
    )


def test_a_default_that_does_not_exist_is_a_problem() -> None:
    _, (problem,) = load(
        """
        inboundCall:
          name: X
          startUpRef: ./menus/menu[M]
          menus: [{menu: {name: M, defaultChildMenuRef: "./choices/menuTask[No_1]", choices: []}}]
        """
    )
    assert problem.code == "RX901" and "No_1" in problem.message


def test_the_task_of_a_choice_is_a_container() -> None:
    flow, (choice,) = choices_of("- menuTask: {name: Talk, dtmf: digit_1, task: {actions: [{disconnect: {}}]}}")
    task = flow.containers[1]
    assert isinstance(task, Task)
    assert (task.name, task.inline, task.kind) == ("Talk", True, ContainerKind.TASK)
    assert choice.action.operation == Jump(task.id)
    assert task.block[0].location.pointer == "/inboundCall/menus/0/menu/choices/0/menuTask/task/actions/0/disconnect"
    assert len(list(action_sites(flow))) == 2


@pytest.mark.parametrize("nested", [True, False])
def test_a_menu_in_a_choice_is_a_container(nested: bool) -> None:
    inner = "choices: [{menuDisconnect: {dtmf: digit_1}}, {menuTask: {name: T, task: {actions: []}}}]"
    inner = f"menu: {{audio: {{tts: More}}, {inner}}}" if nested else f"audio: {{tts: More}}, {inner}"
    flow, (choice,) = choices_of(f"- menuSubMenu: {{name: More, dtmf: digit_2, {inner}}}")
    menu = flow.containers[1]
    assert isinstance(menu, Menu)
    assert (menu.name, menu.audio, len(menu.choices)) == ("More", (Spoken("More"),), 2)
    assert choice.action.operation == Jump(menu.id)
    assert menu.choices[1].action.operation == Jump(flow.containers[2].id)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("menuTransferToAcd: {targetQueue: {lit: {name: X}}}", TransferQueue(Reference("queue", None, "X"))),
        ("menuTransferToFlow: {targetFlow: {name: X}}", TransferFlow(Reference("flow", None, "X"))),
        ("menuTransferToFlowSecure: {targetFlow: {name: X}}", TransferFlow(Reference("flow", None, "X"), secure=True)),
        ("menuTransferToUser: {targetUser: {name: X}}", TransferUser(Reference("user", None, "X"))),
        ("menuTransferToGroup: {targetGroup: {name: X}}", TransferGroup(Reference("group", None, "X"))),
        ("menuTransferToNumber: {targetNumber: {lit: '+1'}}", TransferNumber(Literal("+1", "str"))),
        (
            "menuTransferToVoicemail: {destination: {user: {targetUser: {name: X}}}}",
            TransferVoicemail(Reference("user", None, "X")),
        ),
        ("menuJumpToMenu: {targetMenuRef: './menus/menu[M]'}", Jump("M")),
        ("menuRepeatMenu: {}", Jump(None, Menus.REPEAT)),
        ("menuPreviousMenu: {}", Jump(None, Menus.PREVIOUS)),
        ("menuDialByExtension: {}", TransferExtension()),
        ("menuDisconnect: {}", Disconnect()),
    ],
)
def test_what_choices_do(choice: str, expected: Operation) -> None:
    _, (found,) = choices_of(f"- {choice}")
    assert found.action.operation == expected


def test_two_containers_of_one_ref_id_are_told_apart() -> None:
    flow, (problem,) = load(
        "inboundCall: {name: X, startUpRef: './tasks/task[T]', tasks: [{task: {name: T}}, {task: {name: T}}]}"
    )
    assert [c.id for c in flow.containers] == ["T", "T (2)"]
    assert problem.code == "RX906"


def test_what_stands_under_other_keys_is_noted() -> None:
    _, problems = load(
        """
        inboundCall:
          name: Main
          startUpRef: "/inboundCall/menus/menu[Main_1]"
          menus:
            - menu:
                name: Main
                refId: Main_1
                defaultChoiceRef: "./choices/menuDisconnect[Bye_2]"
                choices: [{menuDisconnect: {name: Bye, refId: Bye_2, dtmf: digit_1}}]
          spareTasks: [{task: {name: T, refId: T_1, actions: [{disconnect: {name: End}}]}}]
        """
    )
    assert [(p.code, p.location.pointer) for p in problems] == [
        ("RX906", "/inboundCall/spareTasks/0/task/actions"),
        ("RX906", "/inboundCall/menus/0/menu/defaultChoiceRef"),
    ]
