"""Where a yes is stored, looked for from the run to its question on."""

from __future__ import annotations

import pytest

from auditor.analysis import storing
from auditor.analysis.analysis import Analysis
from auditor.analysis.effects import EVIDENCE
from auditor.analysis.rounds import Rounds
from auditor.analysis.state import Kind
from auditor.model.organisation import Organisation
from tests.analysis.flows_in_words import Yaml, act, ask, call, decide, enable, flow, keep, say, task
from tests.analysis.test_bearing import based

END = act("disconnect", "End")
QUESTION = "To agree that this call is recorded, press 1. To refuse, press 2."


def store(name: str = "Store") -> Yaml:
    return act("setParticipantData", name, attributes=[{"attribute": {"name": {"lit": "X"}, "value": {"lit": "y"}}}])


def asked(*yes: Yaml) -> Yaml:
    return ask(QUESTION, success=[decide('Flow.Digit == "1"', list(yes))])


def analysed(*actions: Yaml, others: tuple[Yaml, ...] = ()) -> Analysis:
    return Analysis(Rounds(based(Organisation(flows=(flow(task("Main", *actions), *others),)))))


def is_stored(analysis: Analysis) -> bool:
    """Whether the yes to the first question is found to be stored."""
    return analysis.stores(0, max(analysis.facts.points))


def is_done(analysis: Analysis) -> bool:
    """What an exploration says in which the duty is followed."""
    first = analysis.with_duty(0, EVIDENCE).first
    question = max(analysis.facts.points)
    return any((s.kind, s.extra, s.subject) == (Kind.DONE, EVIDENCE, question) for s in first)


WAYS: dict[str, tuple[tuple[Yaml, ...], bool]] = {
    "at once": ((asked(store(), enable()), END), True),
    "after recording was enabled": ((asked(enable()), say("Thanks."), store(), END), True),
    "on one of two branches": ((asked(enable()), decide("Flow.Open", [store()]), END), True),
    "on a branch that is never taken": (
        (keep("Flow.Kept", "false"), asked(enable()), decide("Flow.Kept", [store()]), END),
        False,
    ),
    "in a task": ((asked(call("Later"), enable()), END), True),
    "after a task": ((asked(call("Nothing"), enable()), store(), END), True),
    "when it is refused": ((ask(QUESTION, success=[decide('Flow.Digit == "1"', [enable()], [store()])]), END), False),
    "before it is asked": ((store(), asked(enable()), END), False),
}
OTHERS = (task("Later", store(), act("endTask", "Done")), task("Nothing", say("Well."), act("endTask", "Done")))


@pytest.mark.parametrize("way", WAYS)
def test_it_is_found_where_a_call_comes_to_it(way: str) -> None:
    actions, expected = WAYS[way]
    analysis = analysed(*actions, others=OTHERS)
    assert (is_stored(analysis), is_done(analysis)) == (expected, expected)


def test_what_is_stored_after_the_next_yes_is_left_to_the_exploration() -> None:
    again = ask(QUESTION, name="Again", success=[decide('Flow.Digit == "1"', [], [END])], failure=[END])
    analysis = analysed(asked(enable()), again, store(), END)
    assert not is_stored(analysis)
    assert any(seen.kind is Kind.INHERITED for seen in analysis.with_duty(0, EVIDENCE).first)


def test_it_is_not_looked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    actions = (asked(enable()), say("One."), say("Two."), store(), END)
    assert is_stored(analysed(*actions))
    monkeypatch.setattr(storing, "MOST_STEPS", 2)
    assert not is_stored(analysed(*actions))


def test_an_entry_that_never_asks_stores_no_answer() -> None:
    analysis = analysed(decide("Flow.Open", [END]), store(), END, others=(task("Unused", asked(enable()), END),))
    assert not is_stored(analysis)
