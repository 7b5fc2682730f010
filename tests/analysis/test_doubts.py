"""What is not known of a call is a reason of the verdict."""

from __future__ import annotations

import pytest

from auditor.audit import run_audit
from auditor.findings import Confidence, VerdictWord
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.model.routing import Queue
from auditor.model.settings import UNSET, Known
from auditor.policy.options import AuditOptions
from tests.analysis.flows_in_words import VOCABULARY, act, actions_flow, ask, choice, decide, enable, flow, menu, task

OPTIONS = AuditOptions(assumptions=read_assumptions(checked=False), vocabulary=VOCABULARY)
RULES = read_rules(checked=False)
NOWHERE = Location("x")
CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."
AGREED = "/inboundCall/tasks/task[Agreed]"
END = act("disconnect", "End")
TO_ANYBODY = act("transferToUser", "To", {"failure": []}, targetUser={"exp": "Flow.Agent"})


@pytest.mark.parametrize(
    ("made", "doubt"),
    [
        (actions_flow(TO_ANYBODY, END), "who is called is computed at run time"),
        (
            actions_flow(act("callBotFlow", "Ask", botFlow={"Gone": {"ver_1": {}}}), END),
            "the bot flow is not in the export",
        ),
        (
            flow(
                menu(
                    "Menu",
                    "Press 1 for sales.",
                    choice("menuTransferToAcd", "Sales", "1", targetQueue={"lit": {"name": "X"}}),
                )
            ),
            "what follows a failed transfer out of a menu choice is not documented",
        ),
        (actions_flow(act("previousMenu", "Back")), "which menu is meant depends on how the call came here"),
        (actions_flow(act("endTask", "Done")), "a task that was not called is ended"),
    ],
    ids=["user", "bot", "menu choice", "menu", "task"],
)
def test_what_is_not_known_is_told(made: Flow, doubt: str) -> None:
    (verdict,) = run_audit(Organisation(flows=(made,)), RULES, Policy(), OPTIONS).verdicts
    assert verdict.verdict is VerdictWord.UNKNOWN
    assert any(doubt in reason for reason in verdict.reasons), verdict.reasons


def test_calls_wait_in_each_queue_of_a_name() -> None:
    """Which one is meant is not known; what each of them does is possible."""
    on = Known(True, NOWHERE)
    queues = tuple(Queue(i, "X", i, None, UNSET, on, UNSET, None, (), None, None, NOWHERE) for i in ("a", "b"))
    made = actions_flow(act("transferToAcd", "To", targetQueue={"lit": {"name": "X"}}), END)
    audit = run_audit(Organisation(flows=(made,), queues=queues), RULES, Policy(), OPTIONS)
    copies = [(each.subject.id, each.confidence) for each in audit.findings if each.rule == "RC141"]
    assert copies == [("a", Confidence.LOW), ("b", Confidence.LOW)]


def test_an_answer_is_known_behind_a_jump_to_a_menu() -> None:
    yes = task("Agreed", decide('Flow.Digit == "1"', yes=[enable()]), END)
    asking = task("Main", ask(CONSENT), act("jumpToMenu", "Go", targetMenuRef="/inboundCall/menus/menu[Services]"))
    services = menu("Services", "For sales press 1.", choice("menuJumpToTask", "Sales", "1", targetTaskRef=AGREED))
    audit = run_audit(Organisation(flows=(flow(asking, yes, services),)), RULES, Policy(), OPTIONS)
    assert [each.rule for each in audit.findings if each.rule.startswith("RC10")] == []
    assert audit.coverage.actions_reached == audit.coverage.actions


def test_a_question_that_comes_first_may_have_no_effect() -> None:
    audit = run_audit(Organisation(flows=(actions_flow(ask(CONSENT), enable(), END),)), RULES, Policy(), OPTIONS)
    assert "RC105" in [each.rule for each in audit.findings]
