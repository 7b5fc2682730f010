"""Hand-made organisations with results worked out on paper from the semantics."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.analysis.consent import PointKind
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Action, ErrorHandling, FlowType, Handling
from auditor.model.location import NOWHERE
from auditor.model.operations import (
    Binding,
    LoopExit,
    SetLanguage,
)
from tests.oracle import build as b
from tests.oracle.hand import ASK, ASK_MENU, org, run, shown, verdict


def test_good_flow_is_proved_and_records() -> None:
    ask = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.enable(),)),), into="Task.A")
    result = run(org(b.flow("F", b.task("Main", ask, b.to_queue("To Q"), b.disconnect("Bye")))), ASK)
    assert shown(result) == set()
    assert verdict(result) == ("proved", "always")


def test_enable_without_question() -> None:
    result = run(org(b.flow("F", b.task("Main", b.enable(), b.to_queue("To Q"), b.disconnect("Bye")))))
    assert shown(result) == {"RC102 Enable"}
    assert verdict(result) == ("violated", "not_applicable")


def test_omitted_output_falls_through_into_enable() -> None:
    result = run(
        org(b.flow("F", b.task("Main", b.collect("Ask"), b.enable(), b.to_queue("To Q"), b.disconnect("Bye")))), ASK
    )
    assert shown(result) == {"RC103 Enable", "RC104 Enable", "RC105 Ask"}
    assert verdict(result) == ("violated", "always")


def test_refusal_after_enable() -> None:
    main = b.task("Main", b.collect("Ask", (b.enable(),), (b.disconnect("No answer"),)), b.jump("Again", "Main"))
    result = run(org(b.flow("F", main, suppress=False)), ASK)
    assert shown(result) == {"RC103 Enable", "RC106 Ask", "RN211 Enable"}


def test_line_capture_waits_for_the_end_of_suppression() -> None:
    ask = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.to_queue("To Q"),)),), into="Task.A")
    main = b.task("Main", ask, b.disconnect("Bye"))
    open_line = (b.trunk("T", True, False),)
    assert shown(run(org(b.flow("F", main), trunks=open_line), ASK)) == set()
    assert shown(run(org(b.flow("F", main, suppress=False), trunks=open_line), ASK)) == {"RC101 T"}
    assert shown(run(org(b.flow("F", main, suppress=None), trunks=open_line), ASK)) == {"RC101 T possible"}


def test_granted_but_never_enabled() -> None:
    main = b.task("Main", b.collect("Ask"), b.to_queue("To Q"), b.disconnect("Bye"))
    result = run(org(b.flow("F", main)), ASK)
    assert shown(result) == {"RN201 To Q", "RN207 R"}
    assert verdict(result) == ("proved", "never")


def test_enable_that_nothing_follows() -> None:
    ask = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.enable(),)),), into="Task.A")
    result = run(org(b.flow("F", b.task("Main", ask, b.disconnect("Bye")))), ASK)
    assert shown(result) == {"RN204 Enable"}
    unsuppressed = run(org(b.flow("F", b.task("Main", ask, b.disconnect("Bye")), suppress=False)), ASK)
    assert shown(unsuppressed) == set()
    unset = run(org(b.flow("F", b.task("Main", ask, b.disconnect("Bye")), suppress=None)), ASK)
    assert shown(unset) == {"RN204 Enable possible"}


def test_enable_that_no_run_reaches() -> None:
    main = b.task("Main", b.disconnect("Bye"), b.enable())
    assert shown(run(org(b.flow("F", main)))) == {"RN206 Enable"}


def test_menu_without_default_disconnects_and_default_fallen_into_is_unanswered() -> None:
    yes = b.choice("1", b.jump("Yes", "Agreed", "menuTask"))
    no = b.choice("2", b.jump("No", "Goon", "menuTask"))
    agreed = b.task("Agreed", b.enable(), b.jump("On 1", "Goon"), inline=True)
    goon = b.task("Goon", b.to_queue("To Q"), b.disconnect("Bye"))
    closed = b.flow("F", b.menu("Consent?", yes, no, consent=True), agreed, goon)
    assert shown(run(org(closed), ASK_MENU)) == set()
    granting_default = b.flow("F", b.menu("Consent?", yes, no, default=yes, consent=True), agreed, goon)
    assert shown(run(org(granting_default), ASK_MENU)) == {"RC104 Enable"}


def test_global_choice_refuses_in_a_consent_menu_and_says_nothing_elsewhere() -> None:
    help_ = b.choice("9", b.jump("Help", "Record", "menuTask"), everywhere=True)
    yes = b.choice("1", b.jump("Yes", "Goon", "menuTask"))
    record = b.task("Record", b.enable(), b.disconnect("Bye R"), inline=True)
    goon = b.task("Goon", b.jump("Main menu", "Main menu", "jumpToMenu"))
    other = b.menu("Main menu", help_)
    consent = b.menu("Consent?", yes, consent=True)
    result = run(org(b.flow("F", consent, other, record, goon, suppress=False)), ASK_MENU)
    assert shown(result) == {"RC103 Enable"}


def test_choice_that_repeats_the_question_is_no_outcome() -> None:
    yes = b.choice("1", b.jump("Yes", "Agreed", "menuTask"))
    again = b.choice("2", b.jump("Again", "Consent?", "menuJumpToMenu"))
    agreed = b.task("Agreed", b.enable(), b.to_queue("To Q"), b.disconnect("Bye"), inline=True)
    flow = b.flow("F", b.menu("Consent?", yes, again, consent=True), agreed)
    ask = replace(ASK_MENU, ignored=(again.id,))
    assert shown(run(org(flow), ask)) == set()


def test_called_task_returns_by_its_output_and_jump_abandons_it() -> None:
    answer = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.end_task("E1", "Yes"),)),), into="Task.A")
    asking = b.task("Asking", answer, b.end_task("E2", "No"), paths=("Yes", "No"))
    good = b.task("Main", b.call("Call", "Asking", Yes=(b.enable(),), No=()), b.to_queue("To Q"), b.disconnect("Bye"))
    assert shown(run(org(b.flow("F", good, asking)), ASK)) == set()
    wrong = b.task("Main", b.call("Call", "Asking", Yes=(), No=(b.enable(),)), b.to_queue("To Q"), b.disconnect("Bye"))
    assert "RC103 Enable" in shown(run(org(b.flow("F", wrong, asking)), ASK))
    leaving = b.task("Asking", b.jump("Away", "Other"))
    other = b.task("Other", b.disconnect("Bye O"))
    assert shown(run(org(b.flow("F", good, leaving, other)))) == {"RN206 Enable"}


def test_recursion_ends() -> None:
    again = b.task("Again", b.maybe("More", (b.call("Call again", "Again"),)))
    main = b.task("Main", b.call("Call", "Again"), b.enable(), b.disconnect("Bye"))
    result = run(org(b.flow("F", main, again, suppress=False)))
    assert shown(result) == {"RC102 Enable"}


def test_module_returns_and_shares_nothing_but_what_is_bound() -> None:
    asking = b.collect(
        "Ask",
        (b.decide("Is 1", b.equals("Task.A", "1"), (b.assign("Yes", "Flow.Out", b.yes_or_no(True)),)),),
        into="Task.A",
    )
    out = b.variable("Flow.Out", "boolean", b.yes_or_no(False))
    mod = b.flow("M", b.task("MM", asking), type=FlowType.COMMON_MODULE, variables=(out,))
    test = b.decide("Recorded?", b.equals("Flow.Ok", True), (b.enable(),))
    main = b.task(
        "Main",
        b.module("Call M", "M", bindings=(Binding("Flow.Out", "Flow.Ok"),)),
        test,
        b.to_queue("To Q"),
        b.disconnect("Bye"),
    )
    caller = b.flow("F", main, variables=(b.variable("Flow.Ok", "boolean", b.yes_or_no(False)),))
    assert shown(run(org(caller, mod), ASK)) == set()
    unbound = b.task("Main", b.module("Call M", "M"), test, b.to_queue("To Q"), b.disconnect("Bye"))
    result = run(org(replace(caller, containers=(unbound,)), mod), ASK)
    assert shown(result) == {"RN206 Enable", "RN207 R", "RN201 To Q"}


def test_failed_transfer_goes_on() -> None:
    main = b.task("Main", b.to_queue("To Q", failure=(b.enable(),)), b.to_queue("Again Q"), b.disconnect("Bye"))
    assert shown(run(org(b.flow("F", main)))) == {"RC102 Enable"}


def test_failed_transfer_in_a_secure_flow_disconnects() -> None:
    secure = b.flow(
        "S", b.task("MS", b.to_queue("To Q", failure=(b.enable(),)), b.disconnect("Bye S")), type=FlowType.SECURE_CALL
    )
    main = b.flow("F", b.task("Main", b.to_flow("Secure", "S", secure=True), b.disconnect("Bye")))
    assert "RN206 Enable" in shown(run(org(main, secure)))


def test_failed_menu_transfer_goes_back_or_ends_tainted() -> None:
    sales = b.choice("1", replace(b.to_queue("Sales"), type="menuTransferToAcd", outputs=()))
    result = run(org(b.flow("F", b.menu("Main menu", sales))))
    assert verdict(result)[0] == "unknown"
    assert result.tainted == {("route", "R")}


def test_end_of_a_task_nobody_called_is_tainted() -> None:
    assert verdict(run(org(b.flow("F", b.task("Main", b.play("Hello"))))))[0] == "unknown"


def test_error_handling_leads_on() -> None:
    handler = ErrorHandling(Handling.TASK, NOWHERE, container="Handler")
    raising = b.decide("Recorded?", Apply("!", (Variable("Flow.Unknown"),)))
    main = b.task(
        "Main", b.maybe("Data?", (raising,)), b.collect("Ask", (), (b.disconnect("No"),)), b.disconnect("Bye")
    )
    enabling = b.task("Handler", b.enable(), b.disconnect("Bye H"))
    flow = b.flow("F", main, enabling, errors=handler, suppress=False)
    assert shown(run(org(flow), ASK)) == {"RC102 Enable"}


def test_not_set_raises_to_the_error_handler() -> None:
    handler = ErrorHandling(Handling.TASK, NOWHERE, container="Handler")
    raising = b.decide("Recorded?", Apply("!", (Variable("Flow.Unknown"),)), (), (b.enable("Enable no"),))
    main = b.task("Main", raising, b.disconnect("Bye"))
    enabling = b.task("Handler", b.enable(), b.disconnect("Bye H"))
    result = run(org(b.flow("F", main, enabling, errors=handler, suppress=False)))
    assert shown(result) == {"RC102 Enable", "RN206 Enable no"}


def test_loop_runs_any_number_of_rounds() -> None:
    body = (b.enable(), b.maybe("Stop", (b.act("Exit", "loopExit", LoopExit()),)))
    main = b.task("Main", b.loop("Rounds", body), b.to_queue("To Q"), b.disconnect("Bye"))
    assert shown(run(org(b.flow("F", main)))) == {"RC102 Enable", "RN211 Enable"}


def test_stored_answer_is_the_same_value_later() -> None:
    twice = b.decide("Not 1", b.equals("Flow.A", "2"), (b.enable("Enable wrong"),))
    once = b.decide("Is 1", b.equals("Flow.A", "1"), (b.enable(), twice))
    main = b.task("Main", b.collect("Ask", (once,), into="Flow.A"), b.to_queue("To Q"), b.disconnect("Bye"))
    flow = b.flow("F", main, variables=(b.variable("Flow.A"),))
    assert shown(run(org(flow), ASK)) == {"RN206 Enable wrong"}


def test_stored_consent_by_value_and_by_participant_data() -> None:
    looked = b.table("Look", (b.decide("Is yes", b.equals("Flow.C", "yes"), (b.enable(),)),), into="Flow.C")
    main = b.task("Main", looked, b.to_queue("To Q"), b.disconnect("Bye"))
    flow = b.flow("F", main, variables=(b.variable("Flow.C"),))
    assert shown(run(org(flow), b.Ask("Look", PointKind.STORED, ("Flow.C=yes",)))) == set()
    wrote = b.set_data("Write", "Consent", Literal("no"))
    read = b.get_data("Read", "Consent", "Flow.C")
    main = b.task("Main", wrote, read, b.enable(), b.to_queue("To Q"), b.disconnect("Bye"))
    result = run(org(replace(flow, containers=(main,))), b.Ask("Read", PointKind.STORED, ("Flow.C=yes",)))
    assert shown(result) == {"RC103 Enable"}


def test_bot_intents_and_failure() -> None:
    asked = b.bot("Ask", {"Yes": (b.enable(),), "No": ()}, (b.enable("Enable failed"),))
    result = run(
        org(b.flow("F", b.task("Main", asked, b.to_queue("To Q"), b.disconnect("Bye")))),
        b.Ask("Ask", PointKind.BOT, ("Yes",)),
    )
    assert shown(result) == {"RC104 Enable failed"}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("opt_in", {"RC103 Enable", "RC104 Enable", "RC105 Ask"}),
        ("opt_out", {"RC103 Enable", "RC105 Ask"}),
        ("announcement", {"RC103 Enable", "RC105 Ask"}),
        ("none", set()),
    ],
)
def test_modes(mode: str, expected: set[str]) -> None:
    main = b.task("Main", b.collect("Ask"), b.enable(), b.to_queue("To Q"), b.disconnect("Bye"))
    assert shown(run(org(b.flow("F", main)), ASK, mode=mode)) == expected


def test_announcement_is_heard_when_it_is_flushed() -> None:
    def announced(*block: Action) -> set[str]:
        main = b.task("Main", *block, b.to_queue("To Q"), b.disconnect("Bye"))
        return shown(run(org(b.flow("F", main)), mode="announcement"))

    assert announced(b.play("Notice", notice=True), b.enable()) == set()
    assert announced(b.enable(), b.play("Notice", notice=True)) == {"RC107 Enable"}
    assert announced(b.enable()) == {"RC107 Enable"}
    language = b.act("German", "setLanguage", SetLanguage("de-de"))
    assert announced(b.play("Notice", notice=True), language, b.enable()) == set()
