"""Where idle points lead is what the machine says, also where it is not asked."""

from __future__ import annotations

from collections import Counter

import pytest

from auditor.analysis.idle import Idle, plain_ways
from auditor.analysis.machine import CallMachine
from auditor.model.operations import Assign, Lookup, LoopExit, LoopNext, Pass, Play, Schedule, SetLanguage
from auditor.model.operations import SetParticipantData as Set
from auditor.model.organisation import Organisation
from tests.analysis.flows_in_words import act, actions_flow
from tests.analysis.machines import machines, organisations

PLAIN = (Assign, LoopExit, LoopNext, Lookup, Pass, Play, Schedule, SetLanguage, Set)
FIND = act("callData", "Find", {"success": [], "failure": []})
FINDING = Organisation(flows=(actions_flow(FIND, act("disconnect", "End")),))


@pytest.mark.properties
def test_idle_points_lead_where_the_machine_says() -> None:
    told = Counter[str]()
    for organisation in (FINDING, *organisations()):
        for machine in machines(organisation):
            facts = machine.facts.following({})
            idle = Idle(CallMachine(facts, machine.lanes, machine.places, machine.ways))
            for point in facts.program.points.values():
                ways = idle.ways(point)
                if ways:
                    assert ways == idle.by_machine(point), (point.id, point.site)
                    if point.site is not None and plain_ways(point, facts.uses(point)):
                        told[type(point.site.action.operation).__name__] += 1
    assert set(told) == {each.__name__ for each in PLAIN}
