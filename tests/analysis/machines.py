"""Machines of organisations whose actions read and write many variables, and values to try them with."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

from auditor.analysis.machine import CallMachine
from auditor.analysis.state import Consent, Env, State
from auditor.analysis.values import NOT_SET_VALUE, SOMETHING, Values, atom, finite
from auditor.audit import basis, find_questions
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from tests.analysis.flows_in_words import Actions, Yaml, act, actions_flow, ask, decide, enable, flow, keep, task
from tests.views.looking import DEMO, exports, shipped

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
HELD = (
    None, NOT_SET_VALUE, SOMETHING, finite([atom("1")]), finite([atom("2"), atom("#")]), finite([atom(value=True)]),
    finite([atom(value=False)]), finite([atom(3)]), Values(finite([atom("1")]).atoms, negated=True),
)  # fmt: skip
CALLS = (State(), State(consent=Consent.GRANTED, enabled=True, noticed=True, doubt=1, captured=1, granted=True))


def data(kind: str, name: Yaml, value: Yaml | str) -> Yaml:
    """Set or Get Participant Data."""
    return act(kind, "Data", attributes=[{"attribute": {"name": name, "variable": value, "value": value}}])


def checks(*variables: str) -> Actions:
    """Decisions by which variables matter."""
    return [decide(f'{variable} == "1"', [enable()]) for variable in variables]


MODULE = {"Module": {"ver_latestPublished": {"inputs": {"Given": {"exp": "Flow.B"}}}}}
FIND = act("findQueue", "Find", {"found": [], "notFound": []}, findName={"lit": "Q"}, findResult={"var": "Flow.D"})
ROUNDS = act("loop", "Thrice", {"loop": [decide('Flow.A == "1"', [enable()], [act("loopNext", "N")])]},
             loopCount={"lit": 3}, currentIndex={"var": "Flow.Round"})  # fmt: skip
MAIN = task(
    "Main",
    keep("Flow.A", "Flow.B", "string"),
    keep("Task.X", "Flow.A", "string"),
    data("setParticipantData", {"lit": "P"}, {"exp": "Flow.B"}),
    data("getParticipantData", {"lit": "P"}, "Flow.C"),
    act("evaluateScheduleGroup", "Open", {"open": [], "closed": []}),
    act("setLanguage", "Language", language="en-us"),
    act("playAudio", "Play", audio={"tts": "Hello."}),
    FIND,
    ROUNDS,
    ask("Enter a key.", variable="Flow.E"),
    act(
        "callTask",
        "Call",
        targetTaskRef="/inboundCall/tasks/task[Sub]",
        inputs={"Given": {"exp": "Flow.B"}},
        taskOutputs={"Result": {"var": "Flow.C"}},
    ),
    act("callCommonModule", "Module", commonModule=MODULE),
    *checks("Flow.A", "Flow.B", "Flow.C", "Flow.D", "Flow.E", "Task.X"),
    decide("Flow.Round == 2", [enable()]),
    act("jumpToTask", "On", targetTaskRef="/inboundCall/tasks/task[Sub]", inputs={"Given": {"exp": "Flow.A"}}),
)
SUB = task(
    "Sub", keep("Task.Result", "Flow.D", "string"), *checks("Task.X", "Task.Given", "Flow.B"), act("endTask", "End")
)
INNER = task("Inner", *checks("Flow.Given", "Flow.B"))
COMPUTED = (data("setParticipantData", {"exp": "Flow.Name"}, {"exp": "Flow.B"}), *MAIN["task"]["actions"])
SMALL = (
    Organisation(flows=(flow(MAIN, SUB), flow(INNER, name="Module", kind="commonModule"))),
    Organisation(flows=(actions_flow(*COMPUTED[:4], *checks("Flow.B", "Flow.C"), act("disconnect", "End")),)),
)


def machines(organisation: Organisation) -> Iterator[CallMachine]:
    """How calls move in an organisation, under each behaviour that assumptions leave open."""
    program, options = Program(organisation), shipped().options
    it = basis(program, find_questions(program, Policy(), options.vocabulary), shipped().rules, Policy(), options)
    for lanes in it.lanes.values():
        yield CallMachine(it.facts, lanes, it.places, it.ways)


def envs(keys: frozenset[str], chance: random.Random, count: int) -> Iterator[Env]:
    """Values of all variables: of each one none, or any."""
    for _ in range(count):
        held = ((key, chance.choice(HELD)) for key in sorted(keys))
        yield tuple((key, value) for key, value in held if value is not None)


def organisations() -> Iterator[Organisation]:
    """Small ones, the demonstration organisation, and some of the fixtures, or all of them."""
    yield from SMALL
    yield from (load([export]) for export in [DEMO, *exports()[:: 1 if FULL else 9]])
