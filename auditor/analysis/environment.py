"""Values of tracked variables along a run: reading, writing, scopes, and letting go of what is no longer read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy

from msgspec.structs import replace

from auditor.analysis.evaluate import evaluate
from auditor.analysis.liveness import live_keys, reads_of
from auditor.analysis.state import State
from auditor.analysis.tracking import (
    ANY_ATTRIBUTE,
    SHARED,
    callee,
    declared_alike,
    initial_expressions,
    interface,
    scoped,
)
from auditor.analysis.values import ANY, NOT_SET_VALUE, SOMETHING, Atom, Values
from auditor.graph.points import Point
from auditor.graph.program import Program
from auditor.model.expressions import Empty, Expr
from auditor.model.operations import Argument, Binding, CallBot, CallModule

MANY_VALUES = 12
"""A variable assigned more different values than this becomes anything (a counter, say)."""

_ALWAYS_SET = frozenset(
    {
        "call.ani",
        "call.calledaddress",
        "call.calledaddressoriginal",
        "call.conversationid",
        "call.language",
        "flow.istest",
        "flow.startdatetimeutc",
        "flow.version",
    }
)
"""Built-in variables that every call has; others, such as Call.RemoteName, may be NOT_SET."""
UNWRITTEN = Values(frozenset({Atom("not_set", "unwritten")}))
"""Participant data that the run has not written: NOT_SET, but for a consent point, which reads what was stored."""
_BUILT_IN = ("call.", "flow.istest", "flow.version", "flow.startdatetimeutc", "interaction.", "session.", "menu.")


class Environment:
    """Operations on State.env. widened: variables and points at which values were given up, in words."""

    def __init__(
        self,
        program: Program,
        tracked: Mapping[int, frozenset[str]],
        stored: Mapping[int, frozenset[str]],
        *,
        constant: Mapping[int, frozenset[str]],
        keeps: bool,
        widens: bool = True,
    ) -> None:
        """tracked: keys by flow, and those of participant data (Tracking.keys); stored, keeps: see live_keys.

        constant: keys by flow of variables that nothing writes; widens: whether values are given up where there are
        many, without which a search need not end.
        """
        self.program = program
        self.keys = {flow: tracked.get(flow, frozenset()) for flow in range(SHARED, len(program.codes))}
        self.shared = self.keys[SHARED]
        self.widened: set[str] = set()
        self._widens = widens
        self._values: dict[tuple[int, str], set[Values]] = {}
        self._live: dict[int, frozenset[str]] = {}
        self._reads: dict[int, frozenset[str]] = {}
        self._constant = {
            flow: {key: self.initial(e) for key, e in declared_alike(program.codes[flow]).items() if key in keys}
            for flow, keys in constant.items()
        }
        self._stored, self._keeps, self._returned = stored, keeps, _returned(program)

    def anew(self) -> Environment:
        """The same with nothing counted yet, so that what is given up does not hang on other explorations."""
        other = copy(self)
        other.widened, other._values = set(), {}
        return other

    def outside(self, flow: int) -> tuple[list[str], list[str], list[str]]:
        """What others decide for a flow: its variables that are tracked, are constant, and are returned to callers."""
        return sorted(self.keys[flow]), sorted(self._constant.get(flow, {})), sorted(self._returned.get(flow, ()))

    def tracks(self, key: str, flow: int) -> bool:
        """Whether what a variable of a flow holds matters."""
        return key in self.keys[flow] or key in self.shared

    def lookup(self, state: State, flow: int | None = None) -> Callable[[str], Values]:
        """The value of a variable in a state. flow: whose variables that nothing writes are looked up too."""
        known = dict(state.env)
        constant = self._constant.get(flow, {}) if flow is not None else {}

        def value(key: str) -> Values:
            found = known.get(key)
            if found is not None:
                return found
            if key in constant:
                return constant[key]
            return SOMETHING if key in _ALWAYS_SET else ANY

        return value

    def assign(self, state: State, flow: int, changes: Mapping[str, Values]) -> State:
        """Writes variables of a flow, those that are tracked; ANY is written by forgetting."""
        mine = self.keys[flow]
        changes = {key: value for key, value in changes.items() if key in mine or key in self.shared}
        if not changes:
            return state
        known = dict(state.env)
        for key, value in changes.items():
            value = self._bounded(flow, key, value)
            if value == ANY:
                known.pop(key, None)
            else:
                known[key] = value
        return replace(state, env=tuple(sorted(known.items(), key=_name)))

    def forget(self, state: State, flow: int, names: Iterable[str | None]) -> State:
        """These variables hold anything now."""
        return self.assign(state, flow, {n.casefold(): ANY for n in names if n is not None})

    def refine(self, state: State, changes: Mapping[str, Values], flow: int) -> State:
        """The state in which a condition was decided; refinements of untracked variables are dropped."""
        tracked = {k: v for k, v in changes.items() if k in self.keys[flow] or k in self.shared}
        if not tracked:
            return state
        known = {**dict(state.env), **tracked}
        return replace(state, env=tuple(sorted(((k, v) for k, v in known.items() if v != ANY), key=_name)))

    def _bounded(self, flow: int, key: str, value: Values) -> Values:
        if not self._widens:
            return value
        seen = self._values.setdefault((flow if key in self.keys[flow] else SHARED, key), set())
        seen.add(value)
        if len(seen) <= MANY_VALUES:
            return value
        self.widened.add(f"{key} takes many values; it counts as anything")
        return ANY

    def trim(self, state: State, point: int) -> State:
        """Lets go of what is not read at or behind a point."""
        if not state.env:
            return state
        live = self.live(point)
        env = tuple([pair for pair in state.env if pair[0] in live])
        return state if len(env) == len(state.env) else replace(state, env=env)

    def live(self, point: int) -> frozenset[str]:
        """The variables that are read at or behind a point."""
        found = self._live.get(point)
        return self._find_live(point) if found is None else found

    def reads(self, point: Point) -> frozenset[str]:
        """The variables that a point reads, tracked or not."""
        found = self._reads.get(point.id)
        if found is None:
            found = self._reads[point.id] = reads_of(point)
        return found

    def _find_live(self, point: int) -> frozenset[str]:
        """What is read at or behind a point, found for all points of its flow; at a virtual one participant data."""
        if point not in self.program.points:
            return self.shared
        index = self.program.points[point].flow
        keys, returned = self.keys[index], frozenset(self._returned.get(index, ()))
        found = live_keys(self.program.codes[index], keys, self._reading(index), returned, self._keeps) if keys else {}
        self._live.update((p.id, found.get(p.id, frozenset()) | self.shared) for p in self.program.codes[index].points)
        return self._live[point]

    def _reading(self, flow: int) -> dict[int, frozenset[str]]:
        points = self.program.codes[flow].points
        return {p.id: self.reads(p) | self._stored.get(p.id, frozenset()) for p in points}

    def shared_only(self, state: State) -> State:
        """Only participant data go along."""
        if not state.env or all(key in self.shared for key, _ in state.env):
            return state
        return replace(state, env=tuple(pair for pair in state.env if pair[0] in self.shared))

    def begin(self, state: State) -> State:
        """The beginning of an entry: participant data are not set."""
        return replace(state, env=tuple((key, UNWRITTEN) for key in sorted(self.shared) if key != ANY_ATTRIBUTE))

    def fresh(self, state: State, flow: int) -> State:
        """A flow begins with the initial values of its variables."""
        state = self.shared_only(state)
        keys = self.keys[flow]
        if not keys:
            return state
        code = self.program.codes[flow]
        initial: dict[str, Values] = {}
        for key, expr in initial_expressions(code, keys, code.flow.start).items():
            initial[key] = self.initial(expr) if not key.startswith(_BUILT_IN) else ANY
        return self.assign(state, flow, initial)

    @staticmethod
    def initial(expr: Expr | None) -> Values:
        """The value a variable is declared with."""
        if expr is None or isinstance(expr, Empty):
            return NOT_SET_VALUE
        return evaluate(expr, lambda _: ANY).values

    def arguments(
        self, state: State, flow: int, inputs: tuple[Argument, ...], name: Callable[[str], str]
    ) -> dict[str, Values]:
        """The values given to inputs, by the key the callee knows them by."""
        lookup = self.lookup(state, flow)
        return {
            name(a.name): (NOT_SET_VALUE if isinstance(a.value, Empty) else evaluate(a.value, lookup).values)
            for a in inputs
        }

    def into_task(self, state: State, flow: int, container: str | None, inputs: tuple[Argument, ...]) -> State:
        """A task begins: the caller's task variables are out of sight, its own are initial or given."""
        if not self.keys[flow]:
            return state
        given = self.arguments(state, flow, inputs, lambda n: scoped(n, "task"))
        keep = tuple(pair for pair in state.env if not pair[0].startswith("task."))
        own = {**self._task_initials(flow, container), **given}
        return self.assign(replace(state, env=keep), flow, own)

    def _task_initials(self, flow: int, container: str | None) -> dict[str, Values]:
        keys = frozenset(k for k in self.keys[flow] if k.startswith("task."))
        if not keys:
            return {}
        return {k: self.initial(e) for k, e in initial_expressions(self.program.codes[flow], keys, container).items()}

    def out_of_task(self, before: State, after: State, flow: int, bindings: tuple[Binding, ...]) -> State:
        """A task returns: its outputs go to the caller's variables, the caller's task variables are back."""
        if not (before.env or after.env or (bindings and self.keys[flow])):
            return after
        inner = self.lookup(after, flow)
        outputs = {b.variable.casefold(): inner(scoped(b.output, "task")) for b in bindings}
        mine = tuple(pair for pair in before.env if pair[0].startswith("task."))
        rest = tuple(pair for pair in after.env if not pair[0].startswith("task."))
        return self.assign(replace(after, env=tuple(sorted(mine + rest, key=_name))), flow, outputs)

    def into_flow(self, state: State, caller: int, called: int, inputs: tuple[Argument, ...]) -> State:
        """A module or bot begins with its initial values and what it is given."""
        if not self.keys[called]:
            return self.shared_only(state)
        code = self.program.codes[called]
        given = self.arguments(state, caller, inputs, lambda n: interface(code, n))
        return self.assign(self.fresh(state, called), called, given)

    def out_of_flow(
        self, before: State, after: State, caller: int, called: int | None, bindings: tuple[Binding, ...]
    ) -> State:
        """A module or bot returns: the caller's variables are back, its outputs are stored."""
        if called is None:
            return self.forget(after, caller, [b.variable for b in bindings])
        if not (before.env or after.env or (bindings and self.keys[caller])):
            return after
        code = self.program.codes[called]
        inner = self.lookup(after, called)
        outputs = {b.variable.casefold(): inner(interface(code, b.output)) for b in bindings}
        mine = tuple(pair for pair in before.env if pair[0] not in self.shared)
        rest = tuple(pair for pair in after.env if pair[0] in self.shared)
        return self.assign(replace(after, env=tuple(sorted(mine + rest, key=_name))), caller, outputs)


def _returned(program: Program) -> dict[int, set[str]]:
    """Flow -> keys of what its callers store when it returns."""
    found: dict[int, set[str]] = {}
    for point, operation in program.acting(CallModule, CallBot):
        match operation:
            case CallModule(module=target, bindings=bindings):
                called = callee(program, target, point.flow, "module")
            case CallBot(bot=target, bindings=bindings):
                called = callee(program, target, point.flow, "bot")
            case _:
                continue
        if called is not None:
            found.setdefault(called, set()).update(interface(program.codes[called], b.output) for b in bindings)
    return found


def _name(pair: tuple[str, Values]) -> str:
    return pair[0]
