"""Conditions: which branches the values allow, and what each branch says about the values."""

from __future__ import annotations

from functools import partial

from auditor.analysis import effects
from auditor.analysis.evaluate import Lookup, Refinement, Split, assume, evaluate
from auditor.analysis.failing import told
from auditor.analysis.lettering import undecided
from auditor.analysis.state import State
from auditor.analysis.step import Step
from auditor.analysis.tracking import SHARED
from auditor.analysis.uses import ANY_ATTRIBUTE, attribute
from auditor.analysis.values import ANY, Values
from auditor.graph.points import Point
from auditor.model.expression_tools import template_in, unread_in
from auditor.model.expressions import Apply, Empty, Expr
from auditor.model.operations import Assign, Case, Decide, Loop, SetParticipantData, Switch, SwitchStyle

_NO_CONDITION = "the condition is not in the export"


def decide(step: Step, point: Point, operation: Decide, state: State) -> None:
    """A decision: yes, no, or an error when its condition cannot be computed."""
    state = _tested(step, point, operation.condition, state)
    split = _test(step, point.flow, operation.condition, state)
    for key, ways in (("yes", split.true), ("no", split.false)):
        for changes in ways:
            step.out(point, key, step.environment.refine(state, changes, point.flow))
    _raised(step, point, operation.condition, split, state)


def switch(step: Step, point: Point, operation: Switch, state: State) -> None:
    """A switch that takes the first case that holds, or the default."""
    left = [state]
    for case in operation.cases:
        left = _case(step, point, operation, case, left)
    for after in left:
        step.out(point, "default", after, "no case applies")


def _case(step: Step, point: Point, operation: Switch, case: Case, states: list[State]) -> list[State]:
    left: dict[State, None] = {}
    for state in states:
        state = _tested(step, point, _condition(operation, case), state)
        split = _test(step, point.flow, _condition(operation, case), state)
        for changes in split.true:
            step.out(point, case.output, step.environment.refine(state, changes, point.flow))
        for changes in split.false:
            left[step.environment.refine(state, changes, point.flow)] = None
        _raised(step, point, _condition(operation, case), split, state)
    return list(left)


def _condition(operation: Switch, case: Case) -> Expr:
    if operation.style is SwitchStyle.MATCH and operation.subject is not None:
        return Apply("==", (operation.subject, case.value))
    return case.value


def one_case(step: Step, point: Point, case: Case, state: State) -> None:
    """One case of a switch that runs every true case."""
    state = _tested(step, point, case.value, state)
    split = _test(step, point.flow, case.value, state)
    for key, ways in (("yes", split.true), ("no", split.false)):
        for changes in ways:
            step.out(point, key, step.environment.refine(state, changes, point.flow))
    _raised(step, point, case.value, split, state)


def loop(step: Step, point: Point, operation: Loop, state: State) -> None:
    """The head of a loop: it goes round, a condition ends it, or its rounds are over."""
    if operation.index is not None:
        state = step.environment.assign(state, point.flow, {operation.index.casefold(): ANY})
    left = [state]
    for case in operation.cases:
        switch_like = Switch(SwitchStyle.FIRST_TRUE, operation.cases)
        left = _case(step, point, switch_like, case, left)
    for after in left:
        step.out(point, "loop", after, "the loop goes round")
        over = point.out("loopsMax")
        step.take(point, over, after, "the loop has run its rounds")


def _tested(step: Step, point: Point, condition: Expr, state: State) -> State:
    """The state, tainted where a condition is not understood."""
    unread = unread_in(condition)
    if unread is not None:
        state = step.taint(point.id, state, f"the condition {unread} cannot be read" if unread else _NO_CONDITION)
    return _doubted(step, point, condition, _filled(step, point, condition, state))


def _filled(step: Step, point: Point, expr: Expr, state: State) -> State:
    """The state, tainted where a template stands in an expression that nothing has filled in."""
    template = template_in(expr)
    if template is None:
        return state
    return step.taint(point.id, state, f"the template {template} is not filled in, which --substitutions can do")


def _doubted(step: Step, point: Point, expr: Expr, state: State) -> State:
    """The state, tainted where the expression compares texts that differ only by case."""
    doubt = undecided(expr, step.environment.lookup(state, point.flow))
    return state if doubt is None else step.taint(point.id, state, doubt)


def _test(step: Step, flow: int, condition: Expr, state: State) -> Split:
    return assume(condition, step.environment.lookup(state, flow))


def _raised(step: Step, point: Point, condition: Expr, split: Split, state: State) -> None:
    for changes in split.raises:
        lookup = partial(_narrowed, changes, step.environment.lookup(state, point.flow))
        why = told("the condition cannot be computed", condition, lookup)
        step.error(point, step.environment.refine(state, changes, point.flow), why)


def _narrowed(changes: Refinement, lookup: Lookup, key: str) -> Values:
    return changes[key] if key in changes else lookup(key)


def assign(step: Step, point: Point, operation: Assign, state: State) -> None:
    """Update Data, statement by statement; one that cannot be computed raises."""
    before = state
    for variable, value in operation.assignments:
        if isinstance(value, Empty):
            continue
        state = _doubted(step, point, value, state)
        if step.environment.tracks(variable.casefold(), point.flow):
            state = _filled(step, point, value, state)
        lookup = step.environment.lookup(state, point.flow)
        result = evaluate(value, lookup)
        if result.may_raise:
            step.error(point, before, told("a value cannot be computed", value, lookup))
        if result.must_raise:
            return
        state = step.environment.assign(state, point.flow, {variable.casefold(): result.values})
    step.go(point.next, state, "")


def write_participant_data(step: Step, point: Point, operation: SetParticipantData, state: State) -> None:
    """Attributes are written; one whose name is computed may be any of them."""
    state = effects.done(state, effects.EVIDENCE, step.notes)
    for name, value in operation.attributes:
        state = _doubted(step, point, value, state)
        result = evaluate(value, step.environment.lookup(state, point.flow))
        key = attribute(name)
        if step.environment.tracks(key, point.flow):
            state = _filled(step, point, value, state)
        changes: dict[str, Values] = {key: result.values}
        if key == ANY_ATTRIBUTE:
            changes = dict.fromkeys(step.environment.keys[SHARED], ANY)
        state = step.environment.assign(state, point.flow, changes)
    step.go(point.next, state, "")
