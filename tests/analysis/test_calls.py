"""One call, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.analysis.calls import Call, Calls, Move
from auditor.analysis.moves import MoveKind
from auditor.audit import find_questions, judge
from auditor.graph.program import Program
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from tests.analysis.flows_in_words import VOCABULARY, act, actions_flow, ask, call, choice, flow, menu, task

OPTIONS = AuditOptions(assumptions=read_assumptions(checked=False), vocabulary=VOCABULARY)
CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."
END = act("disconnect", "End")


def moves(*flows: Flow) -> Iterator[tuple[Calls, Call, Sequence[Move]]]:
    """Every situation of a call that comes to the first flow, with the ways on."""
    program = Program(Organisation(flows=flows))
    questions = find_questions(program, Policy(), VOCABULARY)
    analysis = judge(program, questions, read_rules(checked=False), Policy(), OPTIONS).analysis
    calls = Calls(analysis, analysis.plain)
    waiting = [calls.begin(0)]
    seen = set(waiting)
    for here in waiting:
        ways = calls.moves(here)[0]
        yield calls, here, ways
        fresh = {m.after: None for m in ways if m.after is not None and m.after not in seen}
        seen.update(fresh)
        waiting.extend(fresh)


def test_what_is_called_returns_with_every_answer_to_the_call() -> None:
    asking = task("Question", ask(CONSENT), act("endTask", "Back"))
    outer = task("Outer", call("Question"), act("endTask", "Back"))
    opened = [
        (len(here.stack), {(len(after.stack), after.state.consent.word) for after in calls.returns(here)})
        for calls, here, ways in moves(flow(task("Main", call("Outer"), END), asking, outer))
        if any(move.kind is MoveKind.CALL for move in ways)
    ]
    answers = ("granted", "refused", "unanswered")
    assert opened == [(depth, {(depth, answer) for answer in answers}) for depth in (0, 1)]


def test_after_a_failed_transfer_out_of_a_menu_the_call_goes_back_or_ends() -> None:
    pressed = choice("menuTransferToAcd", "Sales", "1", targetQueue={"lit": {"name": "Sales"}})
    failing = {
        move.why: (move.after is None, move.state.tainted)
        for _, _, ways in moves(flow(menu("Main", "Press 1 for sales.", pressed)))
        for move in ways
        if "fails" in move.why
    }
    assert failing == {
        "the transfer fails; back to the menu": (False, True),
        "the transfer fails; the call is disconnected": (True, True),
    }


def test_after_a_failed_transfer_of_a_task_the_call_goes_on() -> None:
    to_queue = act("transferToAcd", "Hand over", {"failure": []}, targetQueue={"lit": {"name": "Sales"}})
    ways = [m for _, _, ways in moves(actions_flow(to_queue, END)) for m in ways if "fails" in m.why]
    assert [(m.why, m.after is None) for m in ways] == [("the transfer fails", False)]
