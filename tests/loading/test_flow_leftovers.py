"""Parts of flows in places and forms that Architect does not write: understood, or told; never left out in silence."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.model.flows import Menu
from auditor.model.operations import TransferQueue
from tests.loading.archy_source import load as load_archy
from tests.loading.configuration_source import action, document, lit, load, path, task

TASK = """
  tasks:
    - task:
        name: Start
        actions:
          - disconnect: {name: Good bye}
"""


def menu(**fields: Any) -> dict[str, Any]:
    return {"__type": "Menu", "id": "m", "name": "Ask", "menuChoiceList": [], **fields}


def told(*items: dict[str, Any]) -> list[str]:
    return [problem.message for problem in load(document(*items))[1]]


def test_a_default_choice_may_stand_where_its_id_should() -> None:
    queue = [lit("Help", "que", "8c5ef972-2a16-425e-a129-37117d40c235")]
    given = {"id": "d", "name": "Nothing pressed", "action": action("TransferPureMatchAction", "a", queues=queue)}
    flow, problems = load(document(menu(defaultMenuChoice=given)))
    (found,) = flow.containers
    assert isinstance(found, Menu) and found.default == "d"
    (choice,) = found.choices
    assert (choice.name, choice.digit) == ("Nothing pressed", None) and isinstance(
        choice.action.operation, TransferQueue
    )
    assert problems == ()


def test_a_default_choice_of_another_form_is_told() -> None:
    assert told(menu(defaultMenuChoice=[{"id": "d"}])) == [
        'In flow "Main": the default choice of menu "Ask" is not understood.'
    ]
    assert told(menu(defaultMenuChoice={"id": "d"})) == ['In flow "Main": menu "Ask" has no choice d for its default.']


def test_an_output_of_a_menu_choice_is_told() -> None:
    leading = action("TransferPureMatchAction", "a", queues=[lit("Help", "que", "q")])
    leading["paths"] = [path("__FAILURE__", "elsewhere", "Failure")]
    choice = {"id": "c", "name": "Help", "digit": 1, "action": leading}
    assert 'In flow "Main": the output "Failure" of a menu choice is not followed.' in told(
        menu(menuChoiceList=[choice])
    )


def test_lists_that_are_none_are_told() -> None:
    assert told(menu(menuChoiceList={"1": {}})) == ['In flow "Main": menuChoiceList is no list; it is left out.']
    broken = task("t") | {"actionList": {"a": action("DisconnectAction", "a")}, "startAction": None}
    assert told(broken) == ['In flow "Main": actionList is no list; its actions are left out.']


def test_an_action_on_no_path_is_named() -> None:
    alone = task("t", action("DisconnectAction", "a"), action("DisconnectAction", "b", name="Forgotten"))
    assert told(alone) == ['In flow "Main": 1 of 2 actions stand on no path from the start, the first is "Forgotten".']


def test_a_second_flow_in_one_file_is_told() -> None:
    source = (
        "commonModule:\n  name: First\n  startUpRef: ./tasks/task[Start]" + TASK + "inboundCall:\n  name: Second" + TASK
    )
    _, problems = load_archy(source)
    assert [p.message for p in problems] == [
        'In flow "First": a second flow "inboundCall" stands in the same file and is left out.'
    ]


def test_a_second_flow_is_told_also_beside_one_without_voice() -> None:
    _, problems = load_archy("workflow:\n  name: First\n  states: []\ninboundCall:\n  name: Second" + TASK)
    assert 'a second flow "inboundCall" stands in the same file and is left out' in problems[0].message


def test_a_mapping_merged_into_another_is_told() -> None:
    source = "inboundCall:\n  name: Main\n  startUpRef: ./tasks/task[Start]" + TASK.replace(
        "{name: Good bye}", "{<<: {name: Bye}}"
    )
    _, problems = load_archy(source)
    assert [p.message for p in problems] == [
        'In flow "Main": a mapping is merged into another one (<<); that is no part of YAML 1.2 and is not followed.'
    ]


CHOICES = """
inboundCall:
  name: Main
  startUpRef: ./menus/menu[Ask]
  menus:
    - menu:
        name: Ask
        choices:
          - menuDisconnect: {name: Leave, dtmf: digit_1}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("dtmf: digit_1", "dtmf: [digit_1, digit_2]", 'how choice "Leave" is chosen (dtmf) is not understood'),
        ("dtmf: digit_1", "speechRecTerms: [leave]", 'how choice "Leave" is chosen (speechRecTerms) is not understood'),
        ("        choices:", "        defaultChoice: Leave\n        choices:", 'the key "defaultChoice" of menu "Ask"'),
        ("  menus:", "  settingsRecording: {enabled: true}\n  menus:", 'the key "settingsRecording" may be about'),
        ("  menus:", "  settingsMenu: {recordingMode: all}\n  menus:", 'the key "recordingMode" may be about'),
        ("dtmf: digit_1", "dtmf: digit_1, askConsent: true", 'the key "askConsent" may be about'),
    ],
)
def test_words_that_may_matter_are_told_in_archy(old: str, new: str, expected: str) -> None:
    (problem,) = load_archy(CHOICES.replace(old, new))[1]
    assert problem.code == "RX906" and expected in problem.message


@pytest.mark.parametrize("new", ["dtmf: {noValue: true}", "dtmf: digit_1, globalDtmf: false"])
def test_words_that_are_known_are_not_told(new: str) -> None:
    assert load_archy(CHOICES.replace("dtmf: digit_1", new))[1] == ()


def test_words_that_may_matter_are_told_in_configurations() -> None:
    found = document(task("t", action("DisconnectAction", "a", consentMode="ask")), recordingSettings={"mode": "all"})
    assert [problem.message.partition(" may")[0] for problem in load(found)[1]] == [
        'In flow "Main": the key "recordingSettings"',
        'In flow "Main": the key "consentMode"',
    ]
