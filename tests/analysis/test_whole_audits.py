"""What whole audits of small organisations say of calls."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.analysis import facts
from auditor.analysis.consent import Answer, PointKind
from auditor.analysis.points_comparisons import Comparisons
from auditor.analysis.points_scene import Scene
from auditor.analysis.points_values import value_answer
from auditor.audit import run_audit
from auditor.findings import Audit, VerdictWord
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy, Scope, TrunkPin
from auditor.model.routing import Did, Group, Queue
from auditor.model.settings import UNSET, Known
from auditor.model.sites import action_sites
from tests.analysis.flows_in_words import (
    VOCABULARY,
    act,
    actions_flow,
    ask,
    choice,
    decide,
    enable,
    flow,
    menu,
    only,
    task,
)
from tests.analysis.test_doubts import CONSENT, END, OPTIONS, RULES
from tests.analysis.test_points import bot_flow, question
from tests.cases import ROOT

NOWHERE = Location("x")
ON = Known(True, NOWHERE)
TO_X = act("transferToAcd", "To", targetQueue={"lit": {"name": "X"}})


def audited(*flows: Flow, queues: tuple[Queue, ...] = ()) -> Audit:
    return run_audit(Organisation(flows=flows, queues=queues), RULES, Policy(), OPTIONS)


def queue(name: str, *, copied: bool = False, backup: str | None = None) -> Queue:
    off = Known(False, NOWHERE)
    return Queue(name, name, None, None, UNSET, ON if copied else off, off, None, (), backup, None, NOWHERE)


def test_the_backup_queue_answers_where_nobody_does() -> None:
    audit = audited(actions_flow(TO_X, END), queues=(queue("X", backup="Y"), queue("Y", copied=True)))
    (copy,) = [each for each in audit.findings if each.rule == "RC141"]
    assert copy.subject.id == "Y"
    assert any('nobody answers; backup queue "Y"' in step.text for step in copy.witness)


def test_a_flow_whose_start_is_not_known() -> None:
    to_other = actions_flow(act("transferToFlow", "Go", targetFlow={"name": "Other"}), END)
    lost = flow(task("Lost", enable()), name="Other", startUpRef="/inboundCall/tasks/task[gone]")
    reasons = [reason for verdict in audited(to_other, lost).verdicts for reason in verdict.reasons]
    assert any('flow "Other" has no known start' in reason for reason in reasons), reasons


@pytest.mark.parametrize("outputs", [("yes", "no"), ()])
def test_a_question_of_a_bot_that_is_about_something_else(outputs: tuple[str, ...]) -> None:
    bot = flow(bot_flow(question("askForYesNo", "Is it raining?", outputs=outputs)), kind="bot", name="Bot")
    asks = actions_flow(act("callBotFlow", "Ask", botFlow={"Bot": {"ver_1": {}}}), enable(), END)
    audit = audited(asks, bot)
    assert [each.rule for each in audit.findings if each.rule.startswith("RC10")] == ["RC102"]
    assert audit.coverage.actions_reached == audit.coverage.actions


def test_a_route_that_the_policy_pins_has_the_legs_of_its_trunk() -> None:
    organisation = load([ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"])
    (trunk,) = organisation.trunk_bases
    other = replace(trunk, id="other", name="Other", line=Known(False, NOWHERE))
    both = replace(organisation, trunk_bases=(trunk, other))
    pinned = Policy(pins=(TrunkPin(Scope.ROUTE, ("Hotline",), ("Other",)),))
    for policy, trunks in ((Policy(), {(trunk.name,), ("Other",)}), (pinned, {("Other",)})):
        verdicts = run_audit(both, RULES, policy, OPTIONS).verdicts
        assert {each.leg.trunks for each in verdicts if each.entry.kind == "route"} == trunks


def test_variables_whose_values_decide() -> None:
    point = only(actions_flow(ask(CONSENT)))
    stored = replace(point, kind=PointKind.STORED, granting=("Flow.A=x=y", "found"), refusing=None)
    assert facts.tested_keys(stored) == {"flow.a"}
    assert facts.tested_keys(replace(stored, granting=None, refusing=("Slot.B=1",))) == {"slot.b"}
    assert facts.tested_keys(replace(stored, kind=PointKind.BOT, granting=("Slot.B=1", "Flow.C=2"))) == {"flow.c"}


def test_variables_are_compared_with_constants_on_either_side() -> None:
    made = actions_flow(decide("Flow.A == Flow.B"), decide('"x" == Flow.A'), decide("Flow.A == 3"))
    assert set(Comparisons(tuple(action_sites(made))).of("Flow.A")) == {"x", "3"}


@pytest.mark.parametrize("word", ["true", "1", "y", "t"])
def test_plain_values_agree_or_refuse(word: str) -> None:
    scene = Scene(Program(Organisation()), VOCABULARY)
    no = {"true": "false", "1": "0", "y": "n", "t": "f"}[word]
    assert (value_answer(scene, word, opt_out=False), value_answer(scene, word, opt_out=True)) == (
        Answer.GRANTED,
        Answer.REFUSED,
    )
    assert value_answer(scene, no, opt_out=False) is Answer.REFUSED


@pytest.mark.parametrize("variable", ["Call.Ani", "Call.CalledAddress", "Call.CalledAddressOriginal", "Flow.Version"])
def test_what_every_call_has_is_set(variable: str) -> None:
    made = actions_flow(decide(f"IsNotSet({variable})", yes=[enable()]), END)
    assert [each.rule for each in audited(made).findings if each.rule.startswith("RC10")] == []


def test_a_menu_that_is_the_first_point_of_all() -> None:
    """Its answer is kept until recording is enabled; what nobody was asked is no answer to it."""
    goes = [choice("menuTransferToFlow", n, d, targetFlow={"name": "Next"}) for n, d in (("Yes", "1"), ("No", "2"))]
    asking = menu("Consent", CONSENT, *goes, choice("menuDisconnect", "Bye", "3"))
    enabling = actions_flow(enable(), END, name="Next")
    unasked = actions_flow(enable(), END, name="Unasked")
    ended = {**asking["menu"], "defaultChildMenuRef": "choice Bye 3"}
    going = {**asking["menu"], "defaultChildMenuRef": "choice No 2"}
    assert "RC105" not in rules(audited(flow({"menu": ended}), enabling, unasked))
    assert "RC105" in rules(audited(flow({"menu": going}), enabling, unasked))


@pytest.mark.parametrize(("members", "told"), [((), []), (None, ["RC113"])])
def test_a_transfer_to_a_group_reaches_its_members(members: tuple[str, ...] | None, told: list[str]) -> None:
    organisation = load([ROOT / "fixtures" / "cases" / "RC113-bad-open-station" / "export"])
    to_group = actions_flow(act("transferToGroup", "To", targetGroup={"lit": {"name": "G"}}), END)
    (flow_there,) = organisation.flows
    made = replace(to_group, id=flow_there.id, name=flow_there.name, division=flow_there.division)
    group = Group("g", "G", members, (), (), None, NOWHERE)
    assert rules(run_audit(replace(organisation, flows=(made,), groups=(group,)), RULES, Policy(), OPTIONS)) == told


def test_a_number_of_somebody_who_is_not_known_is_an_entry() -> None:
    number = Did("d", "+4930", "gone", None, None, None, NOWHERE)
    (verdict,) = run_audit(Organisation(dids=(number,)), RULES, Policy(), OPTIONS).verdicts
    assert (verdict.entry.name, verdict.verdict) == ("+4930", VerdictWord.UNKNOWN)
    assert any('whether "gone" is a user, a group or a phone' in reason for reason in verdict.reasons)


def rules(audit: Audit) -> list[str]:
    return [each.rule for each in audit.findings]
