"""What is worked out once for a point in a state is what the machine says for every state that differs elsewhere."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from msgspec.structs import replace

from auditor.analysis.by_values import HANDING, LOOKING
from auditor.analysis.moves import MoveKind
from auditor.analysis.numbering import CORES
from auditor.analysis.passages import Passages
from auditor.analysis.situations import Situations
from auditor.analysis.state import Place
from auditor.analysis.tracking import SHARED
from tests.analysis.machines import CALLS, FULL, envs, machines, organisations

WAITING = (replace(CALLS[0], place=Place.WAITING), replace(CALLS[1], queued=True))


def kinds_of(situations: Situations, chance: random.Random, count: int) -> Counter[str]:
    """Compares all steps; how many there were of each operation."""
    machine, compared = situations.machine, Counter[str]()
    environment = machine.facts.environment
    for point in machine.facts.program.points.values():
        keys = environment.keys[point.flow] | environment.keys[SHARED]
        for frame, env, call in itertools.product((0, 1), envs(keys, chance, count), CALLS + WAITING):
            number = situations.number(replace(call, env=env))
            answered = number if call.place is Place.WAITING else -1
            moves, notes = situations._any(point.id, number, frame, answered)
            real, seen = machine.step(point.id, situations.state(number), frame)
            expected = [situations._with(move, situations.number(move.state), answered) for move in real]
            assert list(seen) == list(notes)
            assert [m for m in moves if m.kind is not MoveKind.STOP] == [
                m for m in expected if m.kind is not MoveKind.STOP
            ], (point.id, env)
            if situations._by_values.fields(point.id) is not None and number > CORES and point.site is not None:
                compared[type(point.site.action.operation).__name__] += 1
    return compared


@pytest.mark.properties
def test_a_step_that_is_remembered_is_the_step_of_the_machine() -> None:
    compared = Counter[str]()
    chance = random.Random(2)
    for organisation in organisations():
        for machine in machines(organisation):
            compared += kinds_of(Situations(machine, Passages()), chance, 12 if FULL else 2)
    assert {each.__name__ for each in LOOKING + HANDING} - set(compared) <= {"TransferNumber", "TransferUser"}
