"""Questions whose words are not in the export, recognised by where their answers lead."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.points_scene import FlowScene
from auditor.analysis.points_structure import structural_points
from auditor.analysis.points_values import values_of
from auditor.analysis.values import atom, finite
from auditor.graph.points import compile_flow
from auditor.graph.program import Program
from auditor.model.confidence import Confidence
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from tests.analysis.flows_in_words import (
    Yaml,
    act,
    actions_flow,
    ask,
    call,
    choice,
    decide,
    enable,
    flow,
    keep,
    menu,
    outcomes,
    task,
    terms,
)

UNKNOWN = "{Flow.Prompt}"


def points(flow: Flow, *names: str, known: Sequence[ConsentPoint] = ()) -> tuple[ConsentPoint, ...]:
    """Structure judges the actions and menus of these names."""
    scene = FlowScene(0, compile_flow(flow, 0, 0))
    places = [scene.place(s) for s in scene.sites if s.action.name in names]
    places += [PlaceKey(0, m.id, None) for m in scene.menus if m.name in names]
    assert len(places) == len(names)
    return structural_points(Program(Organisation(flows=(flow,))), places, known)


def test_value_whose_branch_enables_grants() -> None:
    (point,) = points(actions_flow(ask(UNKNOWN), decide('Flow.Digit == "1"', [enable()])), "Ask")
    assert (point.kind, terms(point)) == (PointKind.COLLECT_INPUT, (("1",), None))
    assert point.confidence is Confidence.LOW
    assert point.reason == 'by structure alone: 1 goes on to "Enable", other answers do not'
    assert outcomes(point) == {
        "caller enters 1": Answer.GRANTED,
        "caller enters something else": Answer.REFUSED,
        "no input or a wrong key (failure)": Answer.UNANSWERED,
    }


def test_value_whose_branch_alone_does_not_enable_refuses() -> None:
    (point,) = points(actions_flow(ask(UNKNOWN), decide('Flow.Digit == "9"', [], [enable()])), "Ask")
    assert terms(point) == (None, ("9",))
    assert outcomes(point)["caller enters something else"] is Answer.GRANTED


@pytest.mark.parametrize(
    ("condition", "granting"),
    [
        ("ToInt(Flow.Digit) == 1", ("1",)),
        ('Flow.Digit == "1" or Flow.Digit == "2"', ("1", "2")),
        ('Flow.Digit == "1" and Flow.Open', ("1",)),
    ],
)
def test_conditions_are_evaluated(condition: str, granting: tuple[str, ...]) -> None:
    (point,) = points(actions_flow(ask(UNKNOWN), decide(condition, [enable()])), "Ask")
    assert terms(point) == (granting, None)


@pytest.mark.parametrize(
    ("condition", "no"),
    [('Flow.Other == "1"', []), ('Flow.Digit == "1"', [enable("Also here")])],
    ids=["the answer is not tested", "every answer enables"],
)
def test_question_that_does_not_decide_is_none(condition: str, no: list[dict[str, object]]) -> None:
    assert points(actions_flow(ask(UNKNOWN), decide(condition, [enable()], no)), "Ask") == ()


def test_answer_that_a_switch_tests() -> None:
    cases: list[Yaml] = [
        {"case": {"value": {"exp": f'Flow.Digit == "{digit}"'}, "actions": actions}}
        for digit, actions in (("1", []), ("2", [enable()]))
    ]
    switch = act("switch", "S", evaluate={"firstTrue": {"cases": cases}})
    (point,) = points(actions_flow(ask(UNKNOWN), switch), "Ask")
    assert terms(point) == (("2",), None)


def test_default_of_a_switch_is_every_other_answer() -> None:
    cases: list[Yaml] = [{"case": {"value": {"exp": 'Flow.Digit == "9"'}, "actions": []}}]
    other = {"actions": [enable()]}
    switch = act("switch", "S", evaluate={"firstTrue": {"default": other, "cases": cases}})
    (point,) = points(actions_flow(ask(UNKNOWN), switch), "Ask")
    assert terms(point) == (None, ("9",))


def test_answer_that_is_overwritten_before_it_is_tested_is_none() -> None:
    read = act("dataTableLookup", "Read", {"found": [], "notFound": [], "failure": []}, lookupValue={"exp": "Call.Ani"},
               dataTable={"Callers": {"foundOutputs": {"Key": {"var": "Flow.Digit"}}}})  # fmt: skip
    assert points(actions_flow(ask(UNKNOWN), read, decide('Flow.Digit == "1"', [enable()])), "Ask") == ()


def test_answer_that_a_module_overwrites_is_none() -> None:
    module = act(
        "callCommonModule", "Ask elsewhere", commonModule={"M": {"ver_1": {"outputs": {"A": {"var": "Flow.Digit"}}}}}
    )
    assert points(actions_flow(ask(UNKNOWN), module, decide('Flow.Digit == "1"', [enable()])), "Ask") == ()


def test_flow_that_never_enables_has_no_point() -> None:
    assert points(actions_flow(ask(UNKNOWN), decide('Flow.Digit == "1"')), "Ask") == ()


QUESTION = task(
    "Question",
    ask(UNKNOWN, success=[decide('Flow.Digit == "1"', [keep("Flow.Ok", "true")], [keep("Flow.Ok", "false")])]),
    act("endTask", "End"),
)


def test_answer_kept_in_a_flag_decides_in_the_calling_task() -> None:
    (point,) = points(flow(task("Main", call("Question"), decide("Flow.Ok", [enable()])), QUESTION), "Ask")
    assert terms(point) == (("1",), None)


def test_flag_that_is_not_the_one_decided_on_is_no_answer() -> None:
    assert points(flow(task("Main", call("Question"), decide("Flow.Open", [enable()])), QUESTION), "Ask") == ()


def test_inverted_flag_means_that_the_other_answers_enable() -> None:
    (point,) = points(flow(task("Main", call("Question"), decide("!Flow.Ok", [enable()])), QUESTION), "Ask")
    assert terms(point) == (None, ("1",))


def test_enabling_in_a_called_task_counts() -> None:
    main = task("Main", ask(UNKNOWN), decide('Flow.Digit == "1"', [call("Start")]))
    (point,) = points(flow(main, task("Start", enable())), "Ask")
    assert terms(point) == (("1",), None)


def test_boolean_variable_of_a_lookup() -> None:
    lookup = act("dataTableLookup", "Read", {"found": [decide("Flow.Ok", [enable()])], "notFound": []},
                 dataTable={"Callers": {"foundOutputs": {"A": {"var": "Flow.Ok"}}}})  # fmt: skip
    (point,) = points(actions_flow(lookup), "Read")
    assert (point.kind, terms(point)) == (PointKind.STORED, (("Flow.Ok=true",), None))


LANGUAGE = ask(UNKNOWN, "Language", "Flow.Lang")
TWO = actions_flow(LANGUAGE, decide('Flow.Lang == "2"', [], [ask(UNKNOWN), decide('Flow.Digit == "1"', [enable()])]))


def test_question_that_leads_to_the_question_is_not_taken_for_it() -> None:
    assert [p.name for p in points(TWO, "Language", "Ask")] == ["Ask"]


def test_known_question_ends_the_walk() -> None:
    known = points(TWO, "Ask")
    assert points(TWO, "Language", known=known) == ()
    assert [p.name for p in points(TWO, "Language")] == ["Language"]


def test_retry_ends_at_the_question() -> None:
    body = [ask(UNKNOWN), decide('Flow.Digit == "1"', [enable(), act("loopExit", "Out")])]
    loop = act("loop", "Try", {"loop": body}, loopCount={"lit": 3})
    (point,) = points(actions_flow(loop), "Ask")
    assert terms(point) == (("1",), None)


def test_failed_transfer_is_not_where_an_answer_leads() -> None:
    transfer = act("transferToAcd", "Queue", {"failure": []}, targetQueue={"lit": {"name": "Q"}})
    (point,) = points(actions_flow(ask(UNKNOWN), decide('Flow.Digit == "2"', [transfer]), enable()), "Ask")
    assert terms(point) == (None, ("2",))


def test_bot_intent_that_enables() -> None:
    bot = act("callLexV2Bot", "Ask", {"Alpha": [enable()], "Beta": [], "failure": []})
    (point,) = points(actions_flow(bot), "Ask")
    assert (point.kind, terms(point)) == (PointKind.BOT, (("Alpha",), None))
    assert outcomes(point) == {
        "intent Alpha": Answer.GRANTED,
        "intent Beta": Answer.REFUSED,
        "it fails": Answer.UNANSWERED,
    }


def test_menu_choice_that_enables() -> None:
    start = choice("menuTask", "First", "1", task={"name": "First", "actions": [enable()]})
    choices = (start, choice("menuDisconnect", "Second", "2"), choice("menuRepeatMenu", "Again", "9"))
    (point,) = points(flow(menu("Ask", UNKNOWN, *choices)), "Ask")
    assert (point.kind, terms(point)) == (PointKind.MENU, (("1",), None))
    assert outcomes(point)["caller presses 2"] is Answer.REFUSED


def test_choice_that_only_repeats_is_not_the_answer_that_does_not_enable() -> None:
    start = choice("menuTask", "First", "1", task={"name": "First", "actions": [enable()]})
    assert points(flow(menu("Ask", UNKNOWN, start, choice("menuRepeatMenu", "Again", "9"))), "Ask") == ()


def test_walk_that_grows_too_large_says_nothing() -> None:
    flags = [act("decision", f"D{i}", {"yes": [keep(f"Flow.F{i}", "true")], "no": [keep(f"Flow.F{i}", "false")]},
                 condition={"exp": f"Flow.G{i}"}) for i in range(16)]  # fmt: skip
    tests = [decide(f"Flow.F{i}", name=f"T{i}") for i in range(16)]
    big = actions_flow(ask(UNKNOWN), *flags, *tests, decide('Flow.Digit == "1"', [enable()]))
    assert points(big, "Ask") == ()


@pytest.mark.parametrize(("kind", "one"), [("stringVariable", "1"), ("integerVariable", 1)])
def test_type_of_a_variable_of_the_task_says_what_its_values_are(kind: str, one: str | int) -> None:
    asking = task("Main", ask(UNKNOWN, variable="Task.Digit"))
    asking["task"]["variables"] = [{kind: {"name": "Task.Digit", "initialValue": {"noValue": True}}}]
    assert values_of(FlowScene(0, compile_flow(flow(asking), 0, 0)), "Task.Digit", ["1"]) == finite([atom(one)])
