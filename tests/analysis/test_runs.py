"""Runs as they are shown: the shortest, and none that contradicts itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.audit import find_questions, judge
from auditor.graph.program import Program
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.views.paths import Paths
from auditor.views.targets import target_named
from tests.analysis.flows_in_words import VOCABULARY, Actions, actions_flow, ask, decide, enable, say
from tests.analysis.test_doubts import CONSENT, END, OPTIONS, RULES
from tests.analysis.test_whole_audits import audited

ONE = 'Flow.Digit == "1"'


def waiting(times: int) -> Actions:
    return [say("Please wait.", f"Wait {number}") for number in range(times)]


TWICE = actions_flow(
    ask("Enter your number."),
    decide(ONE, [], waiting(3), "First"),
    decide(ONE, waiting(3), [], "Second"),
    enable(),
    END,
)
"""Nothing that is observed hangs on the digit; whatever it is, one of the two decisions leads the longer way."""


def witness(made: Flow) -> list[str]:
    """The steps to where recording is enabled, as the finding tells them."""
    (finding,) = [each for each in audited(made).findings if each.rule == "RC102"]
    return [step.text for step in finding.witness]


def path(made: Flow) -> list[str]:
    """The same, as the shortest path."""
    return paths(made, "Enable")[0]


def paths(made: Flow, goal: str) -> list[list[str]]:
    program = Program(Organisation(flows=(made,)))
    analysis = judge(program, find_questions(program, Policy(), VOCABULARY), RULES, Policy(), OPTIONS).analysis
    found = Paths(analysis).find(range(len(analysis.ways)), target_named(analysis, goal), 9)
    return [[step.text for step in each.steps] for each in found]


@pytest.mark.parametrize("shown", [witness, path])
def test_a_run_does_not_contradict_itself(shown: Callable[[Flow], list[str]]) -> None:
    decided = [text.split(": ")[1] for text in shown(TWICE) if text.startswith(('"First"', '"Second"'))]
    assert decided in ([f"{ONE} is true"] * 2, [f"{ONE} is false"] * 2)


def test_of_two_ways_the_shorter_one_is_shown() -> None:
    """Also where the longer one is passed over at once, and the shorter one is looked at step by step."""
    heard = [say("This call is recorded.", f"Say {number}") for number in range(4)]
    made = actions_flow(decide("Flow.Open", waiting(6), heard), enable(), END)
    assert '"Check": Flow.Open is false' in witness(made)


def test_paths_to_a_recording_are_shortest_first() -> None:
    found = paths(actions_flow(ask(CONSENT, success=waiting(2)), enable(), END), "recording")
    assert len(found) > 1
    assert [len(each) for each in found] == sorted(map(len, found))
    assert len(found[0]) < len(found[-1])
