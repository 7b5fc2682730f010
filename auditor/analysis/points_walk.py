"""Where one flow can go on from an answer: a small walk over its points with the values that the answer decides.

Only for recognising questions whose words are not known. Calls of tasks return, transfers and other flows end it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from auditor.analysis.evaluate import Split, assume, evaluate, match_case
from auditor.analysis.tracking import scoped
from auditor.analysis.values import ANY, Values
from auditor.graph.points import Point, PointKind
from auditor.graph.program import Program
from auditor.model.expressions import Expr
from auditor.model.operations import (
    Argument,
    AskBot,
    Assign,
    Binding,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
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
    Pass,
    ReturnToAgent,
    Switch,
    SwitchStyle,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)

Known = tuple[tuple[str, Values], ...]
"""What is known about variables, by casefolded name, sorted."""

_LEAVING = (
    Disconnect,
    EndFlow,
    EndState,
    ReturnToAgent,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
_DEEPEST = 8
_MOST = 4_000


class TooMuch(Exception):
    """The walk visits too many states to say anything."""


class _Frame(Struct, frozen=True):
    """A call to return to. known: the caller's own task variables."""

    call: int
    known: Known


class _State(Struct, frozen=True):
    point: int
    stack: tuple[_Frame, ...]
    known: Known


def packed(known: Mapping[str, Values]) -> Known:
    """Values worth remembering, in a fixed order."""
    return tuple(sorted(((k, v) for k, v in known.items() if v != ANY), key=lambda pair: pair[0]))


class Walk:
    """A walk in one flow. relevant: variables that conditions test; stops: points at which it ends (questions)."""

    def __init__(self, program: Program, flow: int, relevant: frozenset[str], stops: frozenset[int]) -> None:
        self.program, self.relevant, self.stops = program, relevant, stops
        self.code = program.codes[flow]

    def enables(self, starts: Iterable[tuple[int, Known]]) -> Point | None:
        """The first Enable Participant Recording that the walk comes to; raises TooMuch."""
        todo = [_State(point, (), known) for point, known in starts]
        seen = set(todo)
        for state in todo:
            point = self.program.points[state.point]
            if point.id in self.stops:
                continue
            if point.site is not None and isinstance(point.site.action.operation, EnableRecording):
                return point
            for after in self._after(point, state):
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
            if len(todo) > _MOST:
                raise TooMuch
        return None

    def _after(self, point: Point, state: _State) -> Iterator[_State]:
        match point.kind:
            case PointKind.MENU:
                assert point.menu is not None
                for choice in point.menu.choices:
                    yield _State(self.code.choices[point.menu.id, choice.id], state.stack, state.known)
            case PointKind.TASK_END:
                if point.restarts:
                    yield _State(point.next, state.stack, state.known)
                else:
                    yield from self._returns(point, state, "default")
            case PointKind.CASE if point.case is not None:
                yield from _branches(point, state, (("yes", True), ("no", False)), point.case.value)
            case PointKind.CASE:
                yield _State(point.next, state.stack, state.known)
            case PointKind.FIRST_ROUND | PointKind.ROUND | PointKind.ACTION:
                yield from self._act(point, state)

    def _act(self, point: Point, state: _State) -> Iterator[_State]:
        assert point.site is not None
        match point.site.action.operation:
            case operation if isinstance(operation, _LEAVING):
                return
            case Decide(condition=condition):
                yield from _branches(point, state, (("yes", True), ("no", False)), condition)
            case Switch() as switch:
                yield from _switch(point, state, switch)
            case Assign(assignments=assignments):
                yield _State(point.next, state.stack, _assigned(state.known, assignments, self.relevant))
            case CallTask(container=str() as name, inputs=inputs) if name in self.code.starts:
                if len(state.stack) >= _DEEPEST:
                    raise TooMuch
                frame = _Frame(point.id, _only(state.known, task=True))
                inner = _given(_only(state.known, task=False), inputs, state.known)
                yield _State(self.code.starts[name], (*state.stack, frame), inner)
            case EndTask(output=output):
                yield from self._returns(point, state, output)
            case Jump(container=str() as name, inputs=inputs) if name in self.code.starts:
                known = _given(_only(state.known, task=False), inputs, state.known)
                yield _State(self.code.starts[name], state.stack, known)
            case Jump():
                return
            case operation:
                known = _without(state.known, _written(operation))
                yield from (_State(o.target, state.stack, known) for o in point.outs)
                if not point.outs or isinstance(operation, Loop):
                    yield _State(point.next, state.stack, known)

    def _returns(self, point: Point, state: _State, output: str) -> Iterator[_State]:
        """Back to the caller that is known, else to every one."""
        if state.stack:
            frame = state.stack[-1]
            call = self.program.points[frame.call]
            yield self._resumed(call, state.stack[:-1], frame.known, state.known, output)
            return
        for call in self._callers.get(point.container, ()):
            yield self._resumed(call, (), (), state.known, output)

    def _resumed(self, call: Point, stack: tuple[_Frame, ...], own: Known, inner: Known, output: str) -> _State:
        assert call.site is not None and isinstance(call.site.action.operation, CallTask)
        values = dict(inner)
        known = dict(_only(inner, task=False)) | dict(own)
        for binding in call.site.action.operation.bindings:
            known[binding.variable.casefold()] = values.get(scoped(binding.output, "task"), ANY)
        out = call.out(output)
        return _State(out.target if out is not None else call.next, stack, packed(known))

    @cached_property
    def _callers(self) -> Mapping[str, list[Point]]:
        found: dict[str, list[Point]] = {}
        for point in self.code.points:
            operation = point.site.action.operation if point.site is not None else None
            if isinstance(operation, CallTask) and operation.container is not None:
                found.setdefault(operation.container, []).append(point)
        return found


def _lookup(known: Known) -> Callable[[str], Values]:
    values = dict(known)
    return lambda key: values.get(key, ANY)


def _refined(known: Known, split: Split, wanted: bool) -> Iterator[Known]:
    """What is known after a condition; only what was known before is narrowed, so that states stay few."""
    values = dict(known)
    for changes in split.true if wanted else split.false:
        yield packed(values | {k: v for k, v in changes.items() if k in values})


def _branches(point: Point, state: _State, keys: Iterable[tuple[str, bool]], condition: Expr) -> Iterator[_State]:
    split = assume(condition, _lookup(state.known))
    for key, wanted in keys:
        out = point.out(key)
        for known in _refined(state.known, split, wanted):
            yield _State(out.target if out is not None else point.next, state.stack, known)


def _switch(point: Point, state: _State, switch: Switch) -> Iterator[_State]:
    left = [state.known]
    for case in switch.cases:
        out, after = point.out(case.output), list[Known]()
        for known in left:
            if switch.style is SwitchStyle.MATCH and switch.subject is not None:
                split = match_case(switch.subject, case.value, _lookup(known))
            else:
                split = assume(case.value, _lookup(known))
            target = out.target if out is not None else point.next
            yield from (_State(target, state.stack, each) for each in _refined(known, split, True))
            after.extend(_refined(known, split, False))
        left = list(dict.fromkeys(after))
    default = point.out("default")
    yield from (_State(default.target if default is not None else point.next, state.stack, each) for each in left)


def _assigned(known: Known, assignments: Iterable[tuple[str, Expr]], relevant: frozenset[str]) -> Known:
    values = dict(known)
    for variable, value in assignments:
        key = variable.casefold()
        result = evaluate(value, _lookup(packed(values))).values
        values[key] = result if key in relevant else ANY
    return packed(values)


def _only(known: Known, *, task: bool) -> Known:
    return tuple((k, v) for k, v in known if k.startswith("task.") is task)


def _given(known: Known, inputs: Iterable[Argument], outer: Known) -> Known:
    values = dict(known)
    for argument in inputs:
        values[scoped(argument.name, "task")] = evaluate(argument.value, _lookup(outer)).values
    return packed(values)


def _without(known: Known, names: Iterable[str]) -> Known:
    gone = {name.casefold() for name in names}
    return tuple(pair for pair in known if pair[0] not in gone)


def _written(operation: object) -> Iterator[str]:
    """The variables that an action may write."""
    bound: tuple[Binding, ...] = ()
    match operation:
        case CollectInput(variable=str() as name) | AskBot(variable=str() as name):
            yield name
        case Lookup(bindings=bindings, failure_bindings=others):
            bound = (*bindings, *others)
        case CallBot(bindings=bindings, intent=intent, exit_reason=reason):
            bound = bindings
            yield from (name for name in (intent, reason) if name is not None)
        case CallModule(bindings=bindings) | Pass(bindings=bindings):
            bound = bindings
        case GetParticipantData(attributes=attributes):
            yield from (variable for _, variable in attributes)
        case Loop(index=str() as name):
            yield name
    yield from (b.variable for b in bound)
