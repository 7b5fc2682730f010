"""Calls that return and jumps that do not: tasks, common modules, bots, menus (semantics, section 3)."""

from __future__ import annotations

from auditor.analysis import asking, returning
from auditor.analysis.state import State
from auditor.analysis.step import FLOW, TASK, Step
from auditor.analysis.versions import newer_than_caller
from auditor.graph.points import Point
from auditor.model.flows import ContainerKind, Task
from auditor.model.operations import CallBot, CallModule, CallTask, Jump, Menus, Reference


def call(step: Step, point: Point, operation: CallTask | CallModule | CallBot, state: State) -> None:
    """A task, module or bot is called; it returns to the output that it names."""
    environment, program = step.environment, step.facts.program
    match operation:
        case CallTask(container=container, inputs=inputs):
            start = program.code_of(point).starts.get(container or "")
            if start is None:
                step.every_way(point, step.taint(point.id, state, "the called task is missing"))
                return
            inner = environment.into_task(state, point.flow, container, inputs)
            step.call(start, inner, f"calls {_name(step, point)}", TASK)
        case CallModule():
            called = step.facts.callee(point)
            newer = newer_than_caller(step.facts.program, point.flow, called, operation) if step.regime.newer else None
            if newer is not None:
                state = step.taint(point.id, state, newer)
            _into_flow(step, point, called, "common module", operation, state)
        case CallBot(bot=target):
            called = step.facts.callee(point)
            known = called is not None and program.codes[called].start is not None
            is_flow = isinstance(target, Reference) and target.kind == "bot"
            if point.id in step.facts.points or not is_flow:
                returning.external_bot(step, point, operation, state)
            elif known:
                _into_flow(step, point, called, "bot", operation, asking.heard(step, point, state))
            else:
                state = step.taint(point.id, state, "the bot flow is not in the export")
                returning.external_bot(step, point, operation, state)


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


def jump(step: Step, point: Point, operation: Jump, state: State) -> None:
    """A jump to a task, menu or state of the same flow."""
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
        state = step.environment.into_task(state, point.flow, operation.container, operation.inputs)
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
