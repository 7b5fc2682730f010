"""Entries, legs, endpoints and orphans: hand-made, with results worked out on paper from the semantics."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.model.flows import ContainerKind, FlowType
from auditor.model.operations import (
    CopyAudio,
    CopyKind,
    Reference,
    SetPostFlow,
    Unmodelled,
)
from auditor.model.organisation import Organisation
from auditor.model.settings import Known
from tests.oracle import build as b
from tests.oracle.hand import ASK, org, run, shown, verdict


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
    assert shown(run(replace(organisation, queues=(queue,)))) == {"RC111 P", "RC112 P possible"}
    queue = replace(organisation.queues[0], callback=b.callback("AgentFirst"))
    assert shown(run(replace(organisation, queues=(queue,)))) == {"RC111 P"}


def test_post_flow_runs_after_the_agent() -> None:
    survey = b.flow("V", b.task("Survey", b.enable(), b.disconnect("Bye V")), type=FlowType.VOICE_SURVEY)
    after = b.act("After", "setPostFlow", SetPostFlow(Reference("flow", "V", "V")))
    main = b.flow("F", b.task("Main", after, b.to_queue("To Q"), b.disconnect("Bye")))
    result = run(org(main, survey))
    assert shown(result) == {"RC102 Enable", "RN209 Enable", "RN204 Enable possible"}
