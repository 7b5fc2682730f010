"""What a step does follows from the variables that its action touches, and it changes nothing else of a call."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from msgspec.structs import replace

from auditor.analysis.by_values import ENDING, LOOKING, ByValues, Onward
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.numbering import Numbering
from auditor.analysis.state import State
from auditor.analysis.tracking import SHARED
from tests.analysis.machines import CALLS, FULL, envs, machines, organisations


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
                moves, notes = machine.step(point.id, replace(call, env=env), frame)
                whole = [ahead(machine, move, move.state) for move in moves if move.kind is not MoveKind.STOP]
                if notes or whole != [ahead(machine, move, replace(call, env=after)) for move, after in parts]:
                    wrong.append(f"{point.id} {operation} {env}")
    return wrong, compared


@pytest.mark.properties
def test_a_step_by_what_it_touches_is_the_step_by_all_values() -> None:
    """Of every operation whose steps may be kept some are compared; of tasks and cases the ends have no operation."""
    compared = Counter[str]()
    chance = random.Random(1)
    for organisation in organisations():
        for machine in machines(organisation):
            wrong, some = compare(machine, chance, 20 if FULL else 3)
            assert wrong == []
            compared += some
    assert set(compared) == {"", *(each.__name__ for each in LOOKING + ENDING)} - {"EndState"}
