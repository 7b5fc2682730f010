"""What a step does follows from the variables that its action touches, and it changes nothing else of a call."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from auditor.analysis.by_values import ENDING, LOOKING, ByValues, Onward
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.numbering import Numbering
from auditor.analysis.state import Consent, Env, State
from auditor.analysis.tracking import SHARED
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
    data("setParticipantData", {"lit": "P"}, {"exp": "Flow.B"}),
    data("getParticipantData", {"lit": "P"}, "Flow.C"),
    act("evaluateScheduleGroup", "Open", {"open": [], "closed": []}),
    act("setLanguage", "Language", language="en-us"),
    act("playAudio", "Play", audio={"tts": "Hello."}),
    FIND,
    ROUNDS,
    ask("Enter a key.", variable="Flow.E"),
    act("callTask", "Call", targetTaskRef="/inboundCall/tasks/task[Sub]", inputs={"Given": {"exp": "Flow.B"}}),
    act("callCommonModule", "Module", commonModule=MODULE),
    *checks("Flow.A", "Flow.B", "Flow.C", "Flow.D", "Flow.E", "Task.X"),
    decide("Flow.Round == 2", [enable()]),
    act("jumpToTask", "On", targetTaskRef="/inboundCall/tasks/task[Sub]", inputs={"Given": {"exp": "Flow.A"}}),
)
SUB = task("Sub", *checks("Task.X", "Task.Given", "Flow.B"), act("endTask", "End"))
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


def ahead(machine: CallMachine, move: Onward | Edge[State], state: State) -> tuple[object, ...]:
    """Where a move leads, with the values that are read from there on."""
    if move.kind is not MoveKind.LEAVE:
        state = machine.facts.environment.trim(state, move.target)
    return (move.kind, move.target, move.why, move.output, move.frame, state)


def compare(machine: CallMachine, chance: random.Random, count: int) -> tuple[list[str], Counter[str]]:
    """Steps from all values that are other than the ones that are kept, and how many there are of each operation."""
    environment, points = machine.facts.environment, machine.facts.program.points
    numbering = Numbering(environment)
    kept, wrong, compared = ByValues(machine, numbering), list[str](), Counter[str]()
    for point in points.values():
        operation = "" if point.site is None else type(point.site.action.operation).__name__
        keys = environment.keys[point.flow] | environment.keys[SHARED]
        for frame, env in itertools.product((0, 1), envs(keys, chance, count)):
            values, looking = numbering.values(env), kept.at(point.id, frame)
            onward = None if looking is None else looking.moves(values & looking.mask)
            if looking is None or onward is None:
                continue
            compared[operation] += 1
            parts = [(move, numbering.env(move.values | (values & ~looking.mask))) for move in onward]
            for call in CALLS:
                moves, notes = machine.step(point.id, call._replace(env=env), frame)
                whole = [ahead(machine, move, move.state) for move in moves if move.kind is not MoveKind.STOP]
                if notes or whole != [ahead(machine, move, call._replace(env=after)) for move, after in parts]:
                    wrong.append(f"{point.id} {operation} {env}")
    return wrong, compared


@pytest.mark.properties
def test_a_step_by_what_it_touches_is_the_step_by_all_values() -> None:
    """Of every operation whose steps may be kept some are compared; of tasks and cases the ends have no operation."""
    compared = Counter[str]()
    chance = random.Random(1)
    for organisation in (*SMALL, *(load([export]) for export in [DEMO, *exports()[:: 1 if FULL else 9]])):
        for machine in machines(organisation):
            wrong, some = compare(machine, chance, 20 if FULL else 3)
            assert wrong == []
            compared += some
    assert set(compared) == {"", *(each.__name__ for each in LOOKING + ENDING)} - {"EndState"}
