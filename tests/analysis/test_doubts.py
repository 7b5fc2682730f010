"""What is not known of a call is a reason of the verdict."""

from __future__ import annotations

import pytest

from auditor.audit import AuditOptions, run_audit
from auditor.findings import VerdictWord
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from tests.analysis.flows_in_words import VOCABULARY, act, actions_flow, choice, flow, menu

OPTIONS = AuditOptions(assumptions=read_assumptions(checked=False), vocabulary=VOCABULARY)
RULES = read_rules(checked=False)
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
    ],
    ids=["user", "bot", "menu choice", "menu"],
)
def test_what_is_not_known_is_told(made: Flow, doubt: str) -> None:
    (verdict,) = run_audit(Organisation(flows=(made,)), RULES, Policy(), OPTIONS).verdicts
    assert verdict.verdict is VerdictWord.UNKNOWN
    assert any(doubt in reason for reason in verdict.reasons), verdict.reasons
