"""Recognised points in audits: each kind leads to the right finding, or to none."""

from __future__ import annotations

import pytest

from auditor.audit import run_audit
from auditor.findings import VerdictWord
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from tests.analysis.flows_in_words import (
    VOCABULARY,
    Yaml,
    act,
    actions_flow,
    ask,
    choice,
    decide,
    enable,
    flow,
    heard,
    menu,
    task,
)

OPTIONS = AuditOptions(assumptions=read_assumptions(checked=False), vocabulary=VOCABULARY)
RULES = read_rules(checked=False)
END = act("disconnect", "End")
CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."


def codes(*flows: Flow) -> set[str]:
    """The certain RC findings of an export of flows only."""
    audit = run_audit(Organisation(flows=flows), RULES, Policy(), OPTIONS)
    return {f.rule for f in audit.findings if f.rule.startswith("RC") and f.confidence.value != "low"}


def lookup(found: list[Yaml], missing: list[Yaml]) -> Yaml:
    return act("dataTableLookup", "Read", {"found": found, "notFound": missing, "failure": []},
               lookupValue={"exp": "Call.Ani"},
               dataTable={"T": {"foundOutputs": {"RecordingConsent": {"var": "Flow.A"}}}})  # fmt: skip


def lex(**intents: list[Yaml]) -> Yaml:
    return act("callLexV2Bot", "Recording consent", intents)


TESTED = decide("Flow.A", [enable()])


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([ask(CONSENT), decide('Flow.Digit == "1"', [enable()])], set()),
        ([ask(CONSENT), decide('Flow.Digit == "2"', [enable()])], {"RC103"}),
        ([ask(CONSENT, failure=[enable()])], {"RC104"}),
        ([lookup([TESTED], [])], set()),
        ([lookup([decide("Flow.A", [], [enable()])], [])], {"RC103", "RC104"}),  # a value that is not set is no answer
        ([lookup([], [enable()])], {"RC104"}),
        ([lex(Yes=[enable()], No=[], failure=[])], set()),
        ([lex(Yes=[enable()], No=[enable("Wrong")], failure=[])], {"RC103"}),
        ([lex(Yes=[enable()], No=[], failure=[enable("Wrong")])], {"RC104"}),
        ([enable()], {"RC102"}),
    ],
)
def test_findings_by_kind(actions: list[Yaml], expected: set[str]) -> None:
    assert codes(actions_flow(*actions, END)) == expected


def start(name: str, digit: str) -> Yaml:
    return choice("menuTask", name, digit, task={"name": name, "actions": [enable(name), END]})


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ([start("Yes", "1"), choice("menuDisconnect", "No", "2")], set()),
        ([choice("menuDisconnect", "Yes", "1"), start("No", "2")], {"RC103"}),
    ],
)
def test_findings_of_menus(choices: list[Yaml], expected: set[str]) -> None:
    assert codes(flow(menu("Consent", CONSENT, *choices))) == expected


@pytest.mark.parametrize(
    ("condition", "expected"), [('Slot.A == "agree"', set()), ('Slot.A != "agree"', {"RC103", "RC104"})]
)
def test_slot_asked_for_in_a_bot_flow(condition: str, expected: set[str]) -> None:
    question = act("askForSlot", "Inner", {"default": []}, slot={"name": "A"}, question=heard(CONSENT[:40]))
    steps = [question, decide(condition, [act("updateData", "Keep", statements=[
        {"boolean": {"variable": "Flow.Ok", "value": {"lit": True}}}])]), act("exitBotFlow", "Out")]  # fmt: skip
    ok = {"booleanVariable": {"name": "Flow.Ok", "initialValue": {"lit": False}, "isOutput": True}}
    bot = flow({"task": {"name": "B", "refId": "B", "actions": steps}}, kind="bot", name="Bot", variables=[ok])
    call = act("callBotFlow", "Call", botFlow={"Bot": {"ver_1": {"outputs": {"Flow.Ok": {"var": "Flow.Yes"}}}}})
    assert codes(actions_flow(call, decide("Flow.Yes", [enable()]), END), bot) == expected


def test_structure_alone_never_proves() -> None:
    guessed = actions_flow(ask("{Flow.Prompt}"), decide('Flow.Digit == "1"', [enable()]), END)
    audit = run_audit(Organisation(flows=(guessed,)), RULES, Policy(), OPTIONS)
    assert {v.verdict for v in audit.verdicts} == {VerdictWord.UNKNOWN}
    told = actions_flow(ask(CONSENT), decide('Flow.Digit == "1"', [enable()]), END)
    assert codes(guessed) == codes(told) == set()


def test_key_that_only_repeats_a_question_is_no_answer() -> None:
    repeated = ask("Do you agree that this call is recorded? Press 1 for yes, 2 for no, 3 to hear this again.")
    again = decide('Flow.Digit == "3"', [act("jumpToTask", "Again", targetTaskRef="/inboundCall/tasks/task[Main]")])
    asking = actions_flow(repeated, again, decide('Flow.Digit == "1"', [enable()]), END)
    assert codes(asking) == set()
    assert codes(actions_flow(repeated, decide('Flow.Digit == "3"', [enable()]), END)) == {"RC102"}


@pytest.mark.parametrize(("key", "expected"), [("1", set()), ("2", {"RC103"})])
def test_answer_handed_to_the_task_that_is_jumped_to(key: str, expected: set[str]) -> None:
    jump = act("jumpToTask", "On", targetTaskRef="/inboundCall/tasks/task[Next]",
               inputs={"Answer": {"exp": "Flow.Digit"}})  # fmt: skip
    tested = task("Next", decide(f'Task.Answer == "{key}"', [enable()]), END)
    assert codes(flow(task("Main", ask(CONSENT), jump), tested)) == expected


def test_input_that_a_module_does_not_declare_is_a_variable_of_its_flow() -> None:
    module = flow(task("Start", decide('Flow.Answer == "1"', [enable()])), name="Module", kind="commonModule")
    given = {"Module": {"ver_latestPublished": {"inputs": {"Answer": {"exp": "Flow.Digit"}}}}}
    called = act("callCommonModule", "Call", commonModule=given)
    assert codes(actions_flow(ask(CONSENT), called, END), module) == set()


@pytest.mark.parametrize(("text", "expected"), [("Flow.Name", set()), ("Lower(Flow.Name)", {"RC102"})])
def test_what_is_played_may_not_be_computed(text: str, expected: set[str]) -> None:
    names = [{"stringVariable": {"name": "Flow.Name", "initialValue": {"noValue": True}}}]
    played = act("playAudio", "Name", audio={"exp": f"ToAudioTTS({text})"})
    handling = {"errorHandling": {"task": {"targetTaskRef": "/inboundCall/tasks/task[Error]"}}}
    tasks = (task("Main", played, END), task("Error", enable(), END))
    assert codes(flow(*tasks, variables=names, settingsErrorHandling=handling)) == expected
