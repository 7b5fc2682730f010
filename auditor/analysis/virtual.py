"""What happens where no flow runs: on the way in, waiting, connected, with voicemail or an external party."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from auditor.analysis import effects, handing
from auditor.analysis.entries import Slot, Way
from auditor.analysis.places import Connected, External, Jumped, Place, Raised, Start, Voicemail, Wait
from auditor.analysis.state import State
from auditor.analysis.step import Step
from auditor.model.flows import FlowType


def step_virtual(step: Step, point: int, place: Place, state: State, ways: Sequence[Way]) -> None:
    """The moves out of a virtual point. ways: the entries, by index."""
    match place:
        case Start(entry=entry):
            for slot in ways[entry].slots:
                begin(step, point, slot, state)
        case Wait(queue=queue, flow=flow):
            _wait(step, point, queue, flow, state)
        case Connected():
            if step.regime.transfers:
                _agent_transfers(step, point, state)
            if state.post >= 0:
                step.enter_flow(state.post, replace(state, post=-1), "the agent hangs up, the post-flow runs", point)
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


def _agent_transfers(step: Step, point: int, state: State) -> None:
    """A14 no: the agent transfers to any queue, whose in-queue flow runs, or to any flow."""
    organisation = step.facts.program.organisation
    away = effects.handed_over(state, step.lanes, step.notes)
    for index, queue in enumerate(organisation.queues):
        flow = handing.flow_of_queue(step, queue)
        step.wait(index, flow, away, f'the agent transfers to queue "{queue.name}"', point)
    for index, target in enumerate(organisation.flows):
        if target.type is FlowType.INBOUND_CALL and step.facts.program.codes[index].start is not None:
            step.enter_flow(index, away, f'the agent transfers to flow "{target.name}"', point)


def _wait(step: Step, point: int, queue: int, flow: int | None, state: State) -> None:
    step.answer_from_queue(state)
    step.stop(state, "the caller hangs up while waiting")
    backup = step.facts.backup_of(queue)
    if backup is not None:
        other = step.facts.program.organisation.queues[backup]
        step.wait(
            backup, handing.flow_of_queue(step, other), state, f'nobody answers; backup queue "{other.name}"', state.via
        )
    if flow is not None and flow >= 0:
        step.enter_flow(flow, state, "the in-queue flow runs", point)


def begin(step: Step, point: int, slot: Slot, state: State) -> None:
    """The first branch of an entry is taken."""
    if slot.taint:
        state = step.taint(point, state, slot.taint)
    if slot.queue is not None:
        flow = slot.flow
        if flow is None and slot.queue >= 0:
            flow = handing.flow_of_queue(step, step.facts.program.organisation.queues[slot.queue])
        step.wait(slot.queue, flow, state, slot.why, -1)
    elif slot.flow is not None:
        step.enter_flow(slot.flow, state, slot.why, point)
    elif slot.endpoint is not None:
        step.connect(slot.endpoint, state, slot.why)
    else:
        step.stop(state, slot.why)
