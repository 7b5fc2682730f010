"""The transition relation: one match over the closed union of operations (semantics, section 3).

`step` says where a call can go from a situation and what is observed there; it does not judge. Questions are in
`asking`, conditions in `deciding`, hand-overs in `handing`; what an event does to the state is in `effects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from auditor.analysis import asking, deciding, effects, handing
from auditor.analysis.entries import Way
from auditor.analysis.evaluate import evaluate
from auditor.analysis.explore import Edge
from auditor.analysis.facts import COPY_BITS, Facts
from auditor.analysis.places import Jumped, Places, Raised
from auditor.analysis.raising import computed
from auditor.analysis.state import Consent, Kind, Regime, Seen, State
from auditor.analysis.state import Place as Where
from auditor.analysis.step import FLOW, JUMPED, RAISED, TASK, Step, setting
from auditor.analysis.virtual import step_virtual
from auditor.graph.points import Point, PointKind
from auditor.model.flows import ContainerKind, FlowType, Task
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
    Menus,
    Operation,
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

_NEVER_RAISE = (
    EnableRecording,
    EndTask,
    EndFlow,
    EndState,
    LoopExit,
    LoopNext,
    Jump,
    Disconnect,
    ReturnToAgent,
)
"""What only ends, jumps or enables (the seed: enabling again raises nothing)."""
_EVIDENCE = ("setExternalTag", "setConversationData", "setFlowOutcome", "addFlowMilestone", "callData", "setUUIData")


class CallMachine:
    """How calls move in one regime. ways: the entries, by index."""

    def __init__(self, facts: Facts, regime: Regime, places: Places, ways: Sequence[Way]) -> None:
        self.facts, self.regime, self.places, self.ways = facts, regime, places, ways

    def step(self, point: int, state: State, frame: int) -> tuple[Sequence[Edge[State]], Sequence[Seen]]:
        """Moves and observations of a situation."""
        step = Step(self.facts, self.regime, self.places, frame)
        place = self.places.at(point)
        if place is not None:
            step_virtual(step, point, place, state, self.ways)
            return step.moves, step.notes
        here = self.facts.program.points[point]
        if state.place in (Where.WAITING, Where.SUPPRESSED_WAITING):
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
        out = here.out(output) or (None if output == "default" else here.out("default"))
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
    """One action; an error on it leads to flow error handling (formats reference, 1.8: from every action)."""
    assert point.site is not None
    operation = point.site.action.operation
    if not _computable(step, point, operation, state):
        return
    if point.id in step.facts.announcing and isinstance(operation, Play | Pass):
        state = effects.announced(state)
    match operation:
        case Play(flushes=flushes) | Pass(flushes=flushes):
            _plain(step, point, operation, effects.flushed(state) if flushes else state)
        case SetLanguage():
            step.go(point.next, state, "")
        case Schedule() | LoopExit() | LoopNext():
            step.every_way(point, state)
        case CopyAudio(kind=kind, on=on):
            _copy(step, point, COPY_BITS[kind], kind.value, setting(on, True), state)
        case EnableRecording():
            state = effects.enabled(state, step.facts.subject(point), step.regime, step.notes)
            step.go(point.next, state, "")
        case CollectInput():
            asking.collect(step, point, operation, state)
        case AskBot():
            asking.ask_bot(step, point, operation, state)
        case Lookup():
            asking.lookup(step, point, operation, _evidence(step, point, state))
        case GetParticipantData():
            asking.participant_data(step, point, operation, state)
        case SetParticipantData():
            deciding.write_participant_data(step, point, operation, state)
        case Assign():
            deciding.assign(step, point, operation, state)
        case Decide():
            deciding.decide(step, point, operation, state)
        case Switch():
            deciding.switch(step, point, operation, state)
        case Loop():
            deciding.loop(step, point, operation, state)
        case CallTask() | CallModule() | CallBot():
            _call(step, point, operation, state)
        case Jump():
            _jump(step, point, operation, state)
        case (
            TransferQueue()
            | TransferFlow()
            | TransferUser()
            | TransferGroup()
            | TransferNumber()
            | TransferVoicemail()
            | TransferExtension()
        ):
            handing.transfer(step, point, operation, state)
        case CreateCallback() | SetPostFlow():
            _arrange(step, point, operation, state)
        case EndTask() | EndFlow() | EndState() | ReturnToAgent() | Disconnect():
            _end(step, point, operation, state)
        case Unmodelled(type=name):
            _unmodelled(step, point, name, state)
        case _:
            assert_never(operation)


def _computable(step: Step, point: Point, operation: Operation, state: State) -> bool:
    """An error can occur in nearly every action. Whether the action can go on: not if it must raise."""
    if not isinstance(operation, _NEVER_RAISE):
        step.error(point, state)
    lookup = step.environment.lookup(state)
    return not any(evaluate(e, lookup).must_raise for e in computed(operation))


def _evidence(step: Step, point: Point, state: State) -> State:
    assert point.site is not None
    return effects.done(state, "evidence", step.notes) if point.site.action.type in _EVIDENCE else state


def _plain(step: Step, point: Point, operation: Play | Pass, state: State) -> None:
    state = _evidence(step, point, state)
    if isinstance(operation, Pass):
        state = step.environment.forget(state, point.flow, [b.variable for b in operation.bindings])
    step.every_way(point, state)


def _copy(step: Step, point: Point, bit: int, name: str, on: bool, state: State) -> None:
    state = state._replace(copies=state.copies | bit if on else state.copies & ~bit)
    if on:
        step.note(Kind.COPIED, step.facts.subject(point), state, name)
    step.every_way(point, state)


def _call(step: Step, point: Point, operation: CallTask | CallModule | CallBot, state: State) -> None:
    environment, program = step.environment, step.facts.program
    match operation:
        case CallTask(container=container, inputs=inputs):
            start = program.code_of(point).starts.get(container or "")
            if start is None:
                step.every_way(point, step.taint(point.id, state, "the called task is missing"))
                return
            step.call(start, environment.into_task(state, point.flow, inputs), f"calls {_name(step, point)}", TASK)
        case CallModule():
            called = step.facts.callee(point)
            _into_flow(step, point, called, "common module", operation, state)
        case CallBot(bot=target):
            called = step.facts.callee(point)
            known = called is not None and program.codes[called].start is not None
            is_flow = isinstance(target, Reference) and target.kind == "bot"
            if point.id in step.facts.points or not is_flow:
                asking.external_bot(step, point, operation, state)
            elif known:
                _into_flow(step, point, called, "bot", operation, asking.heard(step, point, state))
            else:
                state = step.taint(point.id, state, "the bot flow is not in the export")
                asking.external_bot(step, point, operation, state)


def _into_flow(
    step: Step, point: Point, called: int | None, what: str, operation: CallModule | CallBot, state: State
) -> None:
    start = step.facts.program.codes[called].start if called is not None else None
    if called is None or start is None:
        state = step.taint(point.id, state, f"the {what} is not in the export or not unique")
        state = step.environment.forget(state, point.flow, [b.variable for b in operation.bindings])
        step.every_way(point, state)
        return
    name = step.facts.program.codes[called].flow.name
    inner = step.environment.into_flow(state, point.flow, called, operation.inputs)
    step.call(start, inner, f'calls {what} "{name}"', FLOW)


def _name(step: Step, point: Point) -> str:
    assert point.site is not None
    operation = point.site.action.operation
    wanted = operation.container if isinstance(operation, CallTask | Jump) else None
    found = next((c for c in step.flow(point).containers if c.id == wanted), None)
    if found is None:
        return "a missing task"
    return f'{"task" if isinstance(found, Task) else "menu"} "{found.name}"'


def _jump(step: Step, point: Point, operation: Jump, state: State) -> None:
    code = step.facts.program.code_of(point)
    if operation.menu is not None:
        _jump_by_position(step, point, operation.menu, state)
        return
    target = code.starts.get(operation.container or "")
    if target is None:
        step.stop(step.taint(point.id, state, "the target of the jump is missing"), "jumps")
        return
    container = next(c for c in code.flow.containers if c.id == operation.container)
    states = isinstance(container, Task) and container.kind in (ContainerKind.STATE, ContainerKind.BOT_STATE)
    if isinstance(container, Task):
        state = step.environment.into_task(state, point.flow, operation.inputs)
    why = f"goes to {_name(step, point)}"
    if states:
        step.go(target, state, why)
    else:
        step.jump(point, target, state, why)


def _jump_by_position(step: Step, point: Point, menu: Menus, state: State) -> None:
    program, code = step.facts.program, step.facts.program.code_of(point)
    assert point.site is not None
    here = point.container
    if menu is Menus.REPEAT and point.site.choice is not None:
        step.go(code.starts[here], state, "repeats the menu")
        return
    menus = program.parents.get((point.flow, here), ())
    if not menus:
        menus = tuple(p.id for p in program.menus(point.flow))
        state = step.taint(point.id, state, "which menu is meant depends on how the call came here")
    for target in menus:
        why = "repeats the menu" if menu is Menus.REPEAT else "goes back to the previous menu"
        step.jump(point, target, state, why)
    if not menus:
        step.stop(state, "there is no menu to go to")


def _arrange(step: Step, point: Point, operation: CreateCallback | SetPostFlow, state: State) -> None:
    match operation:
        case CreateCallback():
            step.note(Kind.CALLBACK, step.facts.subject(point), state)
        case SetPostFlow(flow=None):
            state = state._replace(post=-1)
        case SetPostFlow(flow=Reference() as reference):
            index = handing.resolve_flow(step, reference, step.flow(point).division)
            if index < 0:
                state = step.taint(point.id, state, "the post-flow is not in the export")
            state = state._replace(post=index)
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
        notes: list[Seen] = []
        acted = effects.enabled(state, step.facts.subject(point), step.regime, notes)
        step.notes.extend(n for n in notes if n.kind is not Kind.ENABLED)
        for consent in (Consent.GRANTED, Consent.REFUSED):
            step.every_way(point, acted._replace(consent=consent), "it may ask and enable")
        step.every_way(point, acted, "it may enable recording")
