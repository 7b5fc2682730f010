"""What a task, module or bot hands back follows from what it stores: the rest is the caller's again, or goes along."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from auditor.analysis.handing_back import HandingBack
from auditor.analysis.machine import CallMachine
from auditor.analysis.numbering import Numbering
from auditor.analysis.state import State
from auditor.analysis.step import JUMPED, RAISED
from auditor.analysis.tracking import SHARED
from auditor.model.operations import CallBot, CallModule, CallTask
from tests.analysis.machines import CALLS, FULL, envs, machines, organisations


def compare(machine: CallMachine, chance: random.Random, count: int) -> tuple[list[str], set[type]]:
    """Returns that differ from those with all values, and the kinds of calls of which there are any."""
    environment, points = machine.facts.environment, machine.facts.program.points
    numbering, wrong, kinds = Numbering(environment), list[str](), set[type]()
    back = HandingBack(machine, numbering)
    for point in points.values():
        operation = None if point.site is None else point.site.action.operation
        if not isinstance(operation, CallTask | CallModule | CallBot):
            continue
        kinds.add(type(operation))
        called = None if isinstance(operation, CallTask) else machine.facts.callee(point)
        mine = environment.keys[point.flow] | environment.keys[SHARED]
        inner = mine if called is None else environment.keys[called] | environment.keys[SHARED]
        outputs = ("default", RAISED, f"{JUMPED}{point.id}", *(out.key for out in point.outs))
        pairs = zip(envs(mine, chance, count), envs(inner, chance, count), strict=True)
        for (caller, over), output in ((pair, output) for pair in pairs for output in outputs):
            before, after = State(env=caller), replace(chance.choice(CALLS), env=over)
            target, state, why = machine.resume(point.id, before, output, after)
            numbers = numbering.number(before), numbering.number(after)
            to, found, because = back.resume(point.id, numbers[0], output, numbers[1])
            known = numbering.state(numbering.trimmed(found, to))
            if (to, known, because) != (target, environment.trim(state, target), why):
                wrong.append(f"{point.id} {output} {caller} {over}")
    return wrong, kinds


@pytest.mark.properties
def test_what_is_handed_back_is_what_all_values_say() -> None:
    chance, kinds = random.Random(1), set[type]()
    for organisation in organisations():
        for machine in machines(organisation):
            wrong, some = compare(machine, chance, 20 if FULL else 3)
            assert wrong == []
            kinds |= some
    assert kinds == {CallTask, CallModule, CallBot}
