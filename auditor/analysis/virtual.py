"""What happens where no flow runs: on the way in, waiting, connected, with voicemail or an external party."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from auditor.analysis.entries import Slot, Way
from auditor.analysis.places import Connected, External, Jumped, Place, Raised, Start, Voicemail, Wait
from auditor.analysis.state import State
from auditor.analysis.step import Step


def step_virtual(step: Step, point: int, place: Place, state: State, ways: Sequence[Way]) -> None:
    """The moves out of a virtual point. ways: the entries, by index."""
    match place:
        case Start(entry=entry):
            for slot in ways[entry].slots:
                begin(step, point, slot, state)
        case Wait(flow=flow):
            _wait(step, point, flow, state)
        case Connected():
            if state.post >= 0:
                step.enter_flow(state.post, state._replace(post=-1), "the agent hangs up, the post-flow runs", point)
            step.stop(state, "the call ends")
        case Voicemail():
            step.stop(state, "the caller hangs up")
        case External():
            step.stop(state, "the call ends")
        case Jumped(point=source, target=target):
            step.jump(step.facts.program.points[source], target, state, "jumps")
        case Raised(point=source):
            step.error(step.facts.program.points[source], state, "an error comes back")
        case _:
            assert_never(place)


def _wait(step: Step, point: int, flow: int | None, state: State) -> None:
    step.answer_from_queue(state)
    step.stop(state, "the caller hangs up while waiting")
    if flow is not None and flow >= 0:
        step.enter_flow(flow, state, "the in-queue flow runs", point)


def begin(step: Step, point: int, slot: Slot, state: State) -> None:
    """The first branch of an entry is taken."""
    if slot.taint:
        state = step.taint(point, state, slot.taint, diverts=slot.flow is None and slot.endpoint is None)
    if slot.queue is not None:
        step.wait(slot.queue, slot.flow, state, slot.why, -1)
    elif slot.flow is not None:
        step.enter_flow(slot.flow, state, slot.why, point)
    elif slot.endpoint is not None:
        step.connect(slot.endpoint, state, slot.why)
    else:
        step.stop(state, slot.why)
