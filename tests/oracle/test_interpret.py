"""Hand-made organisations with results worked out on paper from semantics.md."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.analysis.consent import PointKind
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Action, ContainerKind, ErrorHandling, Flow, FlowType, Handling
from auditor.model.location import NOWHERE
from auditor.model.operations import (
    Binding,
    CopyAudio,
    CopyKind,
    LoopExit,
    Reference,
    SetLanguage,
    SetPostFlow,
    Unmodelled,
)
from auditor.model.organisation import Organisation
from auditor.model.routing import Did
from auditor.model.settings import Known
from auditor.model.telephony import TrunkBase
from tests.oracle import build as b
from tests.oracle.interpret import Options, OracleResult, interpret

ASK = b.Ask("Ask", PointKind.COLLECT_INPUT)
ASK_MENU = b.Ask("Consent?", PointKind.MENU)


def org(
    *flows: Flow,
    trunks: tuple[TrunkBase, ...] = (b.trunk(),),
    recording: bool | None = False,
    suppress: bool | None = True,
    in_queue: str | None = None,
    dids: tuple[Did, ...] = (),
    routed: bool = True,
) -> Organisation:
    """Flows with a route to the first, a queue Q with one agent at one phone, and one trunk.

    The agent is no active user, so that nobody dials out.
    """
    return Organisation(
        flows=flows,
        trunk_bases=trunks,
        phones=(b.phone("P", recording),),
        stations=(b.station("S", "P", "U"),),
        users=(b.user("U", "S", active=False),),
        queues=(b.queue("Q", ("U",), suppress=suppress, in_queue=in_queue),),
        routes=(b.route("R", flows[0].name),) if routed and flows else (),
        dids=dids,
    )


def run(organisation: Organisation, *asks: b.Ask, mode: str = "opt_in", orphans: bool = False) -> OracleResult:
    result = interpret(organisation, b.points_of(organisation, asks), Options(mode, orphans))
    assert result is not None
    return result


def shown(result: OracleResult) -> set[str]:
    """Findings as "RC102 Enable", with " possible" and " latent" where it is so."""
    words = set()
    for f in result.findings:
        words.add(f"{f.rule} {f.name}" + ("" if f.certain else " possible") + (" latent" if f.latent else ""))
    return words


def verdict(result: OracleResult) -> tuple[str, str]:
    (only,) = result.verdicts.values()
    return only.verdict, only.effect


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


@pytest.mark.parametrize(
    ("line", "gate", "expected"),
    [
        (True, False, {"RC101 T", "RN203 Enable", "RC102 Enable latent"}),
        (True, None, {"RC101 T possible", "RN203 Enable possible", "RC102 Enable possible"}),
        (None, False, {"RC101 T possible", "RN203 Enable possible", "RN202 Enable possible", "RC102 Enable latent"}),
        (False, True, {"RN202 Enable", "RC102 Enable latent"}),
        (None, True, {"RN202 Enable possible", "RC102 Enable possible"}),
        (None, None, {"RC101 T possible", "RN203 Enable possible", "RN202 Enable possible", "RC102 Enable"}),
    ],
)
def test_settings_of_the_trunk(line: bool | None, gate: bool | None, expected: set[str]) -> None:
    main = b.task("Main", b.enable(), b.to_queue("To Q"), b.disconnect("Bye"))
    assert shown(run(org(b.flow("F", main), trunks=(b.trunk("T", line, gate),)))) == expected


def test_line_capture_waits_for_the_end_of_suppression() -> None:
    ask = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.to_queue("To Q"),)),), into="Task.A")
    main = b.task("Main", ask, b.disconnect("Bye"))
    open_line = (b.trunk("T", True, False),)
    assert shown(run(org(b.flow("F", main), trunks=open_line), ASK)) == set()
    assert shown(run(org(b.flow("F", main, suppress=False), trunks=open_line), ASK)) == {"RC101 T"}
    assert shown(run(org(b.flow("F", main, suppress=None), trunks=open_line), ASK)) == {"RC101 T possible"}


def test_station_of_an_agent() -> None:
    main = b.task("Main", b.to_queue("To Q"), b.disconnect("Bye"))
    off = org(b.flow("F", main), trunks=(b.trunk("T", False, False),), recording=True)
    assert shown(run(off)) == {"RC113 P"}
    line_off = org(b.flow("F", main), trunks=(b.trunk("T", False, True),), recording=True)
    assert shown(run(line_off)) == {"RC113 P possible", "RC112 P possible"}
    gated = org(b.flow("F", main), recording=True)
    assert shown(run(gated)) == {"RN207 R", "RC112 P"}


def test_agent_without_station_may_sit_anywhere() -> None:
    main = b.task("Main", b.to_queue("To Q"), b.disconnect("Bye"))
    organisation = replace(
        org(b.flow("F", main), trunks=(b.trunk("T", False, False),)), users=(b.user("U", active=False),)
    )
    organisation = replace(organisation, phones=(b.phone("P", True), b.phone("P2", None)))
    assert shown(run(organisation)) == {"RC113 P", "RC113 P2 possible"}


def test_no_phone_exported_is_never_proved() -> None:
    main = b.task("Main", b.to_queue("To Q"), b.disconnect("Bye"))
    organisation = replace(org(b.flow("F", main), trunks=(b.trunk("T", False, False),)), phones=(), stations=())
    result = run(organisation)
    assert shown(result) == set()
    assert verdict(result)[0] == "unknown"


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


def test_orphans_count_for_unreachable_enables_but_are_audited_only_on_demand() -> None:
    main = b.flow("F", b.task("Main", b.disconnect("Bye")))
    orphan = b.flow("G", b.task("Main G", b.enable(), b.to_queue("To Q"), b.disconnect("Bye G")))
    assert shown(run(org(main, orphan))) == set()
    assert shown(run(org(main, orphan), orphans=True)) == {"RC102 Enable"}


def test_an_orphan_reached_by_an_earlier_one_is_no_entry() -> None:
    first = b.flow("Z", b.task("MZ", b.to_flow("To A", "A"), b.disconnect("Bye Z")))
    second = b.flow("A", b.task("MA", b.disconnect("Bye A")))
    result = run(org(second, first, routed=False), orphans=True)
    assert {k[1] for k in result.verdicts} == {"Z"}


def test_direct_number_is_never_recorded_or_recorded_unasked() -> None:
    number = (b.direct("+49 1", "U"),)
    main = b.flow("F", b.task("Main", b.disconnect("Bye")))
    assert shown(run(org(main, dids=number, routed=False))) == {"RN208 +49 1"}
    off = (b.trunk("T", True, False),)
    assert shown(run(org(main, dids=number, routed=False, trunks=off))) == {"RC101 T"}


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


def test_in_queue_flow_asks_while_an_agent_may_answer() -> None:
    ask = b.collect("Ask", (b.decide("Is 1", b.equals("Task.A", "1"), (b.enable(),)),), into="Task.A")
    waiting = b.flow("W", b.task("Loop", ask, kind=ContainerKind.LOOP_TASK), type=FlowType.IN_QUEUE_CALL)
    main = b.flow("F", b.task("Main", b.to_queue("To Q"), b.disconnect("Bye")))
    result = run(org(main, waiting, in_queue="W"), ASK)
    assert shown(result) == {"RN201 To Q", "RN210 R", "RC106 Ask", "RN211 Enable"}
    assert verdict(result) == ("violated", "sometimes")


def test_in_queue_flow_as_orphan_has_no_object_for_rn201() -> None:
    waiting = b.flow("W", b.task("Loop", b.collect("Ask"), kind=ContainerKind.LOOP_TASK), type=FlowType.IN_QUEUE_CALL)
    result = run(org(waiting, in_queue="W", routed=False), ASK, orphans=True)
    assert shown(result) == set()
    assert verdict(result) == ("proved", "never")


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


def test_unmodelled_action_makes_findings_possible() -> None:
    main = b.task("Main", b.act("Odd", "odd", Unmodelled("odd")), b.enable(), b.to_queue("To Q"), b.disconnect("Bye"))
    result = run(org(b.flow("F", main)))
    no_run = {"RN204 Enable possible", "RN206 Enable possible", "RN207 R possible"}
    assert shown(result) == {"RC102 Enable possible"} | no_run
    assert verdict(result)[0] == "unknown"


def test_extension_dialling_reaches_anybody() -> None:
    menu = b.menu("Main menu", b.choice("1", b.disconnect("Bye")), dials=True)
    result = run(org(b.flow("F", menu), trunks=(b.trunk("T", True, False),)))
    assert shown(result) == {"RC101 T"}


def test_two_trunks_one_bad() -> None:
    main = b.task("Main", b.enable(), b.to_queue("To Q"), b.disconnect("Bye"))
    result = run(org(b.flow("F", main), trunks=(b.trunk("T1"), b.trunk("T2", True, False), b.trunk("T3"))))
    assert shown(result) == {"RC101 T2", "RC102 Enable", "RN203 Enable", "RN212 R"}
    assert {k[-1] for k in result.verdicts} == {("T1", "T3"), ("T2",)}


def test_closed_slot_is_a_branch_of_the_route() -> None:
    day = b.flow("F", b.task("Main", b.to_queue("To Q"), b.disconnect("Bye")))
    night = b.flow("N", b.task("Night", b.enable(), b.disconnect("Bye N")), suppress=False)
    organisation = replace(org(day, night), routes=(b.route("R", "F", closed="N"),), schedule_groups=(b.HOURS,))
    assert shown(run(organisation)) == {"RC102 Enable"}


def test_flow_that_is_transferred_to_hosts_the_call() -> None:
    first = b.flow("F", b.task("Main", b.to_flow("On", "G"), b.disconnect("Bye")))
    second = b.flow("G", b.task("Main G", b.disconnect("Bye G")), suppress=False)
    assert shown(run(org(first, second, trunks=(b.trunk("T", True, False),)))) == {"RC101 T"}


def test_flows_only_export_is_audited_as_orphans() -> None:
    main = b.task("Main", b.enable(), b.disconnect("Bye"))
    organisation = Organisation(flows=(b.flow("F", main, suppress=False),))
    result = run(organisation)
    assert shown(result) == {"RC102 Enable", "RN202 Enable possible", "RN203 Enable possible"}
    assert verdict(result)[0] == "violated"


def test_manual_outbound_runs_no_flow_and_goes_over_the_routes_of_the_site() -> None:
    main = b.flow("F", b.task("Main", b.disconnect("Bye")))
    organisation = replace(org(main, routed=False, recording=True), users=(b.user("U", "S", site="A"),))
    assert shown(run(organisation)) == {"RC111 P", "RN208 U"}
    routes = (b.outbound("Out", "A", "T2"), b.outbound("Other", "B", "T"))
    trunks = (b.trunk("T"), b.trunk("T2", True, False))
    result = run(replace(organisation, outbound_routes=routes, trunk_bases=trunks))
    assert shown(result) == {"RC111 P", "RC121 T2"}
    assert {k[-1] for k in result.verdicts} == {("T2",)}


def test_third_parties_are_captured_where_the_leg_records_them() -> None:
    main = b.task("Main", b.to_queue("To Q"), b.disconnect("Bye"))
    consulting = (b.trunk("T", True, False, consult=True),)
    assert shown(run(org(b.flow("F", main), trunks=consulting))) == {"RC101 T", "RC131 T"}
    gated = (b.trunk("T", True, True, consult=True, external=True),)
    assert shown(run(org(b.flow("F", main), trunks=gated))) == {"RN207 R"}


def test_copies_of_audio_are_not_gated() -> None:
    copy = b.act("Copy", "transcription", CopyAudio(CopyKind.TRANSCRIPTION, Known(True)))
    off = b.act("Off", "transcription", CopyAudio(CopyKind.TRANSCRIPTION, Known(False)))
    main = b.task("Main", copy, off, b.to_queue("To Q"), b.disconnect("Bye"))
    organisation = org(b.flow("F", main), trunks=(b.trunk("T", False, True),))
    assert shown(run(organisation)) == {"RC141 Copy"}
    queue = replace(organisation.queues[0], transcription=Known(True))
    flow = b.flow("F", b.task("Main", b.to_queue("To Q"), b.disconnect("Bye")))
    assert shown(run(replace(organisation, flows=(flow,), queues=(queue,)))) == {"RC141 Q"}


def test_campaign_has_agents_or_an_outbound_flow() -> None:
    flow = b.flow("O", b.task("Main", b.enable(), b.disconnect("Bye")), type=FlowType.OUTBOUND_CALL)
    organisation = org(flow, routed=False, recording=True)
    agents = replace(organisation, campaigns=(b.campaign("C", "power"),))
    assert shown(run(agents)) == {"RC111 P", "RN208 C"}
    answer = b.reactions("RS", ("callable_lineconnected", "transfer_flow", "O"))
    flows = replace(organisation, campaigns=(b.campaign("C", "agentless", answers="RS"),), response_sets=(answer,))
    assert shown(run(flows)) == {"RC102 Enable", "RN204 Enable"}


def test_callback_that_rings_the_customer_first_may_count_as_inbound() -> None:
    main = b.flow("F", b.task("Main", b.disconnect("Bye")))
    organisation = org(main, routed=False, recording=True)
    queue = replace(organisation.queues[0], callback=b.callback("CustomerFirst"))
    assert shown(run(replace(organisation, queues=(queue,)))) == {"RC111 P"}
    queue = replace(organisation.queues[0], callback=b.callback("AgentFirst"))
    assert shown(run(replace(organisation, queues=(queue,)))) == {"RC111 P"}


def test_post_flow_runs_after_the_agent() -> None:
    survey = b.flow("V", b.task("Survey", b.enable(), b.disconnect("Bye V")), type=FlowType.VOICE_SURVEY)
    after = b.act("After", "setPostFlow", SetPostFlow(Reference("flow", "V", "V")))
    main = b.flow("F", b.task("Main", after, b.to_queue("To Q"), b.disconnect("Bye")))
    result = run(org(main, survey))
    assert shown(result) == {"RC102 Enable", "RN209 Enable", "RN204 Enable possible"}
