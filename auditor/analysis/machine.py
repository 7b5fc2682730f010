"""The transition relation: one match over the closed union of operations (semantics, section 3).

`step` says where a call can go from a situation and what is observed there; it does not judge. Questions are in
`asking`, conditions in `deciding`, hand-overs in `handing`; what an event does to the state is in `effects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from auditor.analysis import asking, calling, deciding, effects, handing, returning
from auditor.analysis.entries import Way
from auditor.analysis.evaluate import evaluate
from auditor.analysis.facts import Facts
from auditor.analysis.failing import told
from auditor.analysis.lanes import Lanes
from auditor.analysis.moves import Edge
from auditor.analysis.places import Jumped, Places, Raised
from auditor.analysis.state import Consent, Kind, Note, State
from auditor.analysis.state import Place as Where
from auditor.analysis.step import JUMPED, RAISED, Step, setting
from auditor.analysis.virtual import step_virtual
from auditor.graph.points import Point, PointKind
from auditor.model.expressions import Apply
from auditor.model.flows import FlowType
from auditor.model.operations import (
    AskBot,
    Assign,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    CopyAudio,
    CreateCallback,
    Decide,
    Disconnect,
    EnableRecording,
    EndFlow,
    EndState,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    LoopExit,
    LoopNext,
    Pass,
    Play,
    Reference,
    ReturnToAgent,
    Schedule,
    SetLanguage,
    SetParticipantData,
    SetPostFlow,
    Switch,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
    Unmodelled,
)

STORING = ("setExternalTag", "setConversationData", "setFlowOutcome", "addFlowMilestone", "callData", "setUUIData")


class CallMachine:
    """How calls move in regimes of one behaviour. ways: the entries, by index."""

    def __init__(self, facts: Facts, lanes: Lanes, places: Places, ways: Sequence[Way]) -> None:
        self.facts, self.lanes, self.places, self.ways = facts, lanes, places, ways

    def step(self, point: int, state: State, frame: int) -> tuple[Sequence[Edge[State]], Sequence[Note]]:
        """Moves and observations of a situation."""
        step = Step(self.facts, self.lanes, self.places, frame)
        place = self.places.at(point)
        if place is not None:
            step_virtual(step, point, place, state, self.ways)
            return step.moves, step.notes
        here = self.facts.program.points[point]
        if state.place is Where.WAITING:
            step.answer_from_queue(state)
        match here.kind:
            case PointKind.MENU:
                assert here.menu is not None
                asking.menu(step, here, here.menu, state)
            case PointKind.TASK_END:
                _task_end(step, here, state)
            case PointKind.CASE if here.case is not None:
                deciding.one_case(step, here, here.case, state)
            case PointKind.CASE:
                step.go(here.next, state, "no case applies")
            case PointKind.FIRST_ROUND:
                step.out(here, "loop", state, "the loop begins")
            case PointKind.ACTION | PointKind.ROUND:
                _act(step, here, state)
            case _:
                assert_never(here.kind)
        return step.moves, step.notes

    def answers(self, state: State) -> tuple[Sequence[Edge[State]], Sequence[Note]]:
        """What else can happen to a call that waits, whatever point of a flow it is at: an agent answers."""
        step = Step(self.facts, self.lanes, self.places, 0)
        step.answer_from_queue(state)
        return step.moves, step.notes

    def resume(self, point: int, before: State, output: str, after: State) -> tuple[int, State, str]:
        """Where a task, module or bot returns to."""
        here = self.facts.program.points[point]
        assert here.site is not None
        operation, environment = here.site.action.operation, self.facts.environment
        match operation:
            case CallTask(bindings=bindings):
                after = environment.out_of_task(before, after, here.flow, bindings)
            case CallModule(bindings=bindings):
                called = self.facts.callee(here)
                after = environment.out_of_flow(before, after, here.flow, called, bindings)
            case CallBot(bindings=bindings, intent=intent):
                called = self.facts.callee(here)
                after = environment.out_of_flow(before, after, here.flow, called, bindings)
                after = environment.forget(after, here.flow, (intent, operation.exit_reason))
        if output.startswith(JUMPED):
            return self.places.id(Jumped(point, int(output[1:]))), after, "jumps"
        if output == RAISED:
            return self.places.id(Raised(point)), after, "an error comes back"
        out = here.out(output)
        target_point = out.target if out is not None else here.next
        return target_point, environment.trim(after, target_point), "returns"


def _task_end(step: Step, point: Point, state: State) -> None:
    if point.restarts:
        step.go(point.next, state, "the in-queue flow starts over")
    elif step.called:
        step.leave("default", state, "the task ends")
    else:
        name = _container_name(step, point)
        state = step.taint(point.id, state, f'control falls off the end of task "{name}"')
        step.stop(state, "the call ends")


def _container_name(step: Step, point: Point) -> str:
    return next((c.name for c in step.flow(point).containers if c.id == point.container), point.container)


def _act(step: Step, point: Point, state: State) -> None:
    """One action; what it computes may raise to flow error handling first."""
    assert point.site is not None
    operation = point.site.action.operation
    if not _computable(step, point, state):
        return
    match operation:  # the most frequent ones first
        case Decide():
            deciding.decide(step, point, operation, state)
        case Lookup() | CollectInput() | AskBot() | GetParticipantData():
            _ask(step, point, operation, state)
        case Switch():
            deciding.switch(step, point, operation, state)
        case SetParticipantData():
            deciding.write_participant_data(step, point, operation, state)
        case Play(flushes=flushes) | Pass(flushes=flushes):
            state = effects.announced(state) if point.id in step.facts.announcing else state
            _plain(step, point, operation, effects.flushed(state) if flushes else state)
        case CallTask() | CallModule() | CallBot():
            calling.call(step, point, operation, state)
        case Jump():
            calling.jump(step, point, operation, state)
        case Assign():
            deciding.assign(step, point, operation, state)
        case (
            TransferQueue() | TransferFlow() | TransferUser() | TransferGroup() | TransferNumber()
            | TransferVoicemail() | TransferExtension()
        ):  # fmt: skip
            handing.transfer(step, point, operation, state)
        case EndTask() | EndFlow() | EndState() | ReturnToAgent() | Disconnect():
            _end(step, point, operation, state)
        case Loop():
            deciding.loop(step, point, operation, state)
        case Schedule() | LoopExit() | LoopNext():
            step.every_way(point, state)
        case SetLanguage():
            step.go(point.next, state, "")
        case CopyAudio(kind=kind, on=on):
            _copy(step, point, kind.value, setting(on, True), state)
        case EnableRecording():
            state = effects.enabled(state, step.facts.subject(point), step.lanes, step.notes)
            step.go(point.next, state, "")
        case CreateCallback() | SetPostFlow():
            _arrange(step, point, operation, state)
        case Unmodelled(type=name):
            _unmodelled(step, point, name, state)
        case _:
            assert_never(operation)


def _ask(
    step: Step, point: Point, operation: CollectInput | AskBot | Lookup | GetParticipantData, state: State
) -> None:
    match operation:
        case Lookup():
            returning.lookup(step, point, operation, _evidence(step, point, state))
        case CollectInput():
            asking.collect(step, point, operation, state)
        case AskBot():
            returning.ask_bot(step, point, operation, state)
        case GetParticipantData():
            returning.participant_data(step, point, operation, state)


def _computable(step: Step, point: Point, state: State) -> bool:
    """Whether the action can go on; what may not be computable raises to flow error handling."""
    computed = step.facts.uses(point).computed
    expressions = [e for e in computed if isinstance(e, Apply)]  # nothing else can fail
    if not expressions:
        return True
    lookup = step.environment.lookup(state, point.flow)
    results = [evaluate(e, lookup) for e in expressions]
    failing = next((e for e, r in zip(expressions, results, strict=True) if r.may_raise), None)
    if failing is not None:
        step.error(point, state, told("an error occurs", failing, lookup))
    return not any(r.must_raise for r in results)


def _evidence(step: Step, point: Point, state: State) -> State:
    assert point.site is not None
    return effects.done(state, effects.EVIDENCE, step.notes) if point.site.action.type in STORING else state


def _plain(step: Step, point: Point, operation: Play | Pass, state: State) -> None:
    state = _evidence(step, point, state)
    if isinstance(operation, Pass):
        state = step.environment.forget(state, point.flow, [b.variable for b in operation.bindings])
    step.every_way(point, state)


def _copy(step: Step, point: Point, name: str, on: bool, state: State) -> None:
    subject = step.facts.subject(point)
    others = [pair for pair in state.copies if pair[0] != name]
    state = replace(state, copies=tuple(sorted([*others, (name, subject)])) if on else tuple(others))
    if on:
        step.note(Kind.COPIED, subject, state, name)
    step.every_way(point, state)


def _arrange(step: Step, point: Point, operation: CreateCallback | SetPostFlow, state: State) -> None:
    match operation:
        case CreateCallback():
            step.note(Kind.CALLBACK, step.facts.subject(point), state)
        case SetPostFlow(flow=None):
            state = replace(state, post=-1)
        case SetPostFlow(flow=Reference() as reference):
            index = handing.resolve_flow(step, reference, step.flow(point).division)
            if index < 0:
                state = step.taint(point.id, state, "the post-flow is not in the export")
            state = replace(state, post=index)
        case SetPostFlow():
            state = step.taint(point.id, state, "the post-flow is computed at run time")
    step.every_way(point, state)


def _end(
    step: Step, point: Point, operation: EndTask | EndFlow | EndState | ReturnToAgent | Disconnect, state: State
) -> None:
    match operation:
        case Disconnect():
            step.stop(state, "disconnects")
        case EndTask(output=output) if step.called:
            step.leave(output, state, "the task ends")
        case EndTask():
            state = step.taint(point.id, state, "a task that was not called is ended")
            step.stop(state, "the call ends")
        case EndFlow() | EndState() if step.called:
            step.leave("default", state, "the flow ends")
        case EndFlow() | EndState():
            step.stop(state, "the flow ends")
        case ReturnToAgent():
            if step.flow(point).type is FlowType.SECURE_CALL:
                state = step.taint(point.id, state, "the secure flow returns to an agent, but none started it")
            step.stop(state, "returns to the agent")


def _unmodelled(step: Step, point: Point, name: str, state: State) -> None:
    state = step.taint(point.id, state, f'the action type "{name}" has no model')
    step.every_way(point, state)
    if step.regime.acts:
        notes: list[Note] = []
        acted = effects.enabled(state, step.facts.subject(point), step.lanes, notes)
        step.notes.extend(n for n in notes if n.seen.kind is not Kind.ENABLED)
        for consent in (Consent.GRANTED, Consent.REFUSED):
            step.every_way(point, replace(acted, consent=consent), "it may ask and enable")
        step.every_way(point, acted, "it may enable recording")
