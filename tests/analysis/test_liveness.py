"""What is read at a point or behind it: a fixed point over the flow, and no more than what lies ahead."""

from __future__ import annotations

import pytest

from auditor.analysis.environment import Environment
from auditor.graph.points import Point
from auditor.model.operations import Assign, Lookup, Play
from auditor.model.organisation import Organisation
from tests.analysis.flows_in_words import act, ask, decide, enable, flow, keep, task
from tests.analysis.machines import machines, organisations


def named(environment: Environment, name: str) -> frozenset[str]:
    """What is live where the action of this name stands."""
    points = (p for p in environment.program.points.values() if p.site is not None and p.site.action.name == name)
    return environment.live(next(points).id)


def test_what_is_written_first_or_no_longer_read_is_not_told_apart() -> None:
    main = task(
        "Main",
        ask("Enter a key.", variable="Flow.B"),
        ask("Enter a key.", variable="Flow.C"),
        act("playAudio", "Hello", audio={"tts": "Hello."}),
        keep("Flow.A", "Flow.B", "string"),
        decide('Flow.A == "1"', [enable()]),
        act("callTask", "Call", targetTaskRef="/inboundCall/tasks/task[Sub]"),
        act("disconnect", "End"),
    )
    sub = task("Sub", act("playAudio", "In", audio={"tts": "In."}), decide('Flow.C == "1"', [enable()]))
    (machine, *_) = machines(Organisation(flows=(flow(main, sub),)))
    environment = machine.facts.environment
    assert named(environment, "Hello") == {"flow.b", "flow.c"}
    assert named(environment, "Call") == {"flow.c"}
    assert named(environment, "In") == {"flow.c"}
    assert named(environment, "End") == frozenset()


def straight(point: Point) -> bool:
    """Whether an action lets go of nothing."""
    operation = point.site.action.operation if point.site is not None else None
    return isinstance(operation, Play | Lookup) or (isinstance(operation, Assign) and len(operation.assignments) != 1)


@pytest.mark.properties
def test_what_is_live_is_what_is_read_here_or_live_behind() -> None:
    for organisation in organisations():
        for machine in machines(organisation):
            environment = machine.facts.environment
            for point in machine.facts.program.points.values():
                tracked, live = environment.keys[point.flow], environment.live(point.id)
                read = machine.facts.uses(point).reads & tracked
                assert read | environment.shared <= live <= tracked | environment.shared
                if straight(point):
                    behind = [environment.live(t) for t in (*(o.target for o in point.outs), point.next) if t >= 0]
                    assert live >= frozenset().union(*behind)
