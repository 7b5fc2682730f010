"""Hand-overs: transfers to queues, flows, people, numbers and voicemail, and how they fail."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.analysis import effects
from auditor.analysis.places import Anyone, Endpoint, External, OneGroup, OneUser, Voicemail
from auditor.analysis.state import Kind, State, note
from auditor.analysis.state import Place as Where
from auditor.analysis.step import Step, setting
from auditor.graph.points import Point
from auditor.model.directory import Ambiguous, Found, Missing
from auditor.model.flows import FlowType
from auditor.model.operations import (
    Dynamic,
    Reference,
    Target,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.routing import Queue

Transfer = (
    TransferQueue | TransferFlow | TransferUser | TransferGroup | TransferNumber | TransferVoicemail | TransferExtension
)


def transfer(step: Step, point: Point, operation: Transfer, state: State) -> None:
    """A transfer succeeds and leaves, or fails and goes on."""
    away = effects.handed_over(state, step.lanes, step.notes)
    match operation:
        case TransferQueue(queue=queue, in_queue_flow=flow):
            to_queue(step, point, queue, flow, away, "transferred to the queue")
        case TransferFlow(flow=flow, secure=secure):
            _to_flow(step, point, flow, secure, away)
        case TransferUser(user=target) | TransferGroup(group=target):
            _to_person(step, point, target, away)
        case TransferExtension():
            _reach(step, point, Anyone(), away, "the caller dials an extension")
        case TransferNumber(release_link=release):
            to_number(step, setting(release, False), away)
        case TransferVoicemail():
            to_voicemail(step, away, "transferred to voicemail")
    failed(step, point, effects.flushed(state))


def failed(step: Step, point: Point, state: State) -> None:
    """The failure output, or what comes next; see section 3 for menu choices and secure flows."""
    why = "the transfer fails"
    if step.flow(point).type is FlowType.SECURE_CALL:
        step.stop(state, f"{why}; a secure flow disconnects")
    elif point.site is not None and point.site.choice is not None:
        state = step.taint(point.id, state, "what follows a failed transfer out of a menu choice is not documented")
        step.go(point.next, state, f"{why}; back to the menu")
        step.stop(state, f"{why}; the call is disconnected")
    else:
        keys = [o.key for o in point.outs if o.key != "success"] or ["failure"]
        for key in keys:
            step.out(point, key, state, why if key == "failure" else "")


def _reach(step: Step, point: Point, endpoint: Endpoint, state: State, why: str) -> None:
    step.note(Kind.REACHED, step.facts.subject(point), state)
    step.connect(endpoint, state, why)


def to_queue(step: Step, point: Point, target: Target, override: Target, state: State, why: str) -> None:
    """Waiting in a queue, whose in-queue flow (or the action's own) runs."""
    step.note(Kind.REACHED, step.facts.subject(point), state)
    state = effects.done(effects.handed_over(state, step.lanes, step.notes), "service", step.notes)
    match target:
        case Reference() as reference:
            _to_named_queue(step, point, reference, override, state, why)
        case Dynamic() | None:
            state = step.taint(point.id, state, "the queue is computed at run time")
            step.wait(-1, -1, state, f"{why} (computed at run time)", step.facts.subject(point))


def _to_named_queue(step: Step, point: Point, reference: Reference, override: Target, state: State, why: str) -> None:
    organisation = step.facts.program.organisation
    found = step.facts.program.directory.queue(reference, step.flow(point).division)
    subject = step.facts.subject(point)
    match found:
        case Found(object=queue):
            index = step.facts.queue_index[id(queue)]
            flow = _in_queue_flow(step, point, queue, override)
            if flow == -1:
                state = step.taint(point.id, state, f'the in-queue flow of queue "{queue.name}" is not in the export')
            step.wait(index, flow, state, f'{why} "{queue.name}"', subject)
        case Missing():
            if organisation.queues:
                state = step.taint(point.id, state, f'queue "{_named(reference)}" is not in the export')
            else:
                state = step.taint(point.id, state, "the export holds no queues")
            step.wait(-1, None, state, f'{why} "{_named(reference)}"', subject)
        case Ambiguous(candidates=candidates):
            state = step.taint(point.id, state, f'several queues are called "{_named(reference)}"')
            for queue in candidates:
                flow = _in_queue_flow(step, point, queue, override)
                step.wait(step.facts.queue_index[id(queue)], flow, state, f'{why} "{queue.name}"', subject)


def _named(reference: Reference) -> str:
    return reference.name or reference.id or "?"


def _in_queue_flow(step: Step, point: Point, queue: Queue, override: Target) -> int | None:
    if isinstance(override, Dynamic):
        return -1
    if override is not None:
        return resolve_flow(step, override, step.flow(point).division, FlowType.IN_QUEUE_CALL)
    return flow_of_queue(step, queue)


def flow_of_queue(step: Step, queue: Queue) -> int | None:
    """The in-queue flow of a queue: None when it has none, -1 when it is not in the export."""
    if queue.in_queue_flow is None and queue.in_queue_flow_name is None:
        return None
    reference = Reference("flow", queue.in_queue_flow, queue.in_queue_flow_name)
    return resolve_flow(step, reference, queue.division, FlowType.IN_QUEUE_CALL)


def resolve_flow(step: Step, reference: Reference, division: str | None, *types: FlowType) -> int:
    """The flow that is meant, -1 when it is missing or ambiguous. types: of a flow meant by name; none: any type."""
    directory = step.facts.program.directory
    found = directory.flow(reference, frozenset(types) or None, division)
    if isinstance(found, Missing) and reference.id is not None:
        found = directory.flow(reference, None, division)
    return found.object if isinstance(found, Found) else -1


def _to_flow(step: Step, point: Point, target: Target, secure: bool, state: State) -> None:
    if not isinstance(target, Reference):
        state = step.taint(point.id, state, "the flow is computed at run time")
        step.stop(state, "transferred to a flow computed at run time")
        return
    types = (FlowType.SECURE_CALL,) if secure else (FlowType.INBOUND_CALL, FlowType.OUTBOUND_CALL)
    index = resolve_flow(step, target, step.flow(point).division, *types)
    if index < 0:
        state = step.taint(point.id, state, f'flow "{_named(target)}" is not in the export or not unique')
        step.stop(state, f'transferred to flow "{_named(target)}"')
        return
    step.enter_flow(index, state, f'transferred to flow "{_named(target)}"', point.id)


def _to_person(step: Step, point: Point, target: Target, state: State) -> None:
    if not isinstance(target, Reference):
        state = step.taint(point.id, state, "who is called is computed at run time")
        _reach(step, point, Anyone(), state, "transferred to somebody computed at run time")
        return
    program, division = step.facts.program, step.flow(point).division
    endpoint: Endpoint
    if target.kind == "group":
        group = program.directory.group(target, division)
        endpoint = OneGroup(step.facts.group_index[id(group.object)] if isinstance(group, Found) else -1)
    else:
        user = program.directory.user(target, division)
        endpoint = OneUser(step.facts.user_index[id(user.object)] if isinstance(user, Found) else -1)
    _reach(step, point, endpoint, state, f'transferred to {target.kind} "{_named(target)}"')


def to_number(step: Step, released: bool, state: State) -> None:
    """The call is bridged to an external party, or leaves the platform."""
    if released:
        step.stop(state, "transferred to an external number; the call leaves the platform")
        return
    state = effects.done(replace(state, place=Where.EXTERNAL, hidden=0), "service", step.notes)
    state = effects.settled(step.environment.shared_only(state), step.lanes, step.notes, "transferred to a number")
    place = External()
    bridged = step.lanes.holding(state)
    if bridged:
        step.notes.append(note(Kind.EXTERNAL, step.places.id(place), state, lanes=bridged))
    step.enter_place(place, state, "transferred to an external number")


def to_voicemail(step: Step, state: State, why: str) -> None:
    """The caller speaks to a voicemail box."""
    state = effects.done(replace(state, place=Where.VOICEMAIL, hidden=0), "service", step.notes)
    state = effects.settled(step.environment.shared_only(state), step.lanes, step.notes, why)
    step.note(Kind.VOICEMAIL, step.places.id(Voicemail()), state)
    step.enter_place(Voicemail(), state, why)
