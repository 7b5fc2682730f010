"""Values of tracked variables along a run: reading, writing, scopes, and letting go of what is no longer read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy

from msgspec.structs import replace

from auditor.analysis.evaluate import evaluate
from auditor.analysis.liveness import live_keys
from auditor.analysis.state import State
from auditor.analysis.tracking import (
    SHARED,
    callee,
    declared_alike,
    initial_expressions,
    interface,
    scoped,
)
from auditor.analysis.uses import ANY_ATTRIBUTE, ProgramUses
from auditor.analysis.values import ANY, NOT_SET_VALUE, SOMETHING, Atom, Values
from auditor.graph.points import FlowCode
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
    """Operations on State.env. widened: variables and points at which values were given up, in words; given_up: how

    many variables.
    """

    def __init__(
        self,
        program: Program,
        uses: ProgramUses,
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
        self.program, self.uses = program, uses
        self.keys = {flow: tracked.get(flow, frozenset()) for flow in range(SHARED, len(program.codes))}
        self.shared = self.keys[SHARED]
        self.widened: set[str] = set()
        self.given_up = 0
        self._widens = widens
        self._values: dict[tuple[int, str], set[Values]] = {}
        self._live: dict[int, frozenset[str]] = {}
        self._unread: frozenset[int] = frozenset()
        self._of_flows: dict[int, Mapping[str, Values]] = {}
        self._of_tasks: dict[tuple[int, str | None], Mapping[str, Values]] = {}
        self._constant = {
            flow: {key: self.initial(e) for key, e in declared_alike(program.codes[flow]).items() if key in keys}
            for flow, keys in constant.items()
        }
        self._stored, self._keeps, self._returned = stored, keeps, _returned(program)

    def anew(self) -> Environment:
        """The same with nothing counted yet, so that what is given up does not hang on other explorations."""
        other = copy(self)
        other.widened, other.given_up, other._values = set(), 0, {}
        return other

    def following(self, keys: Mapping[int, frozenset[str]], unread: frozenset[int]) -> Environment:
        """The same, following only these of its variables, by flow. unread: points whose reading does not count."""
        other = self.anew()
        other.keys = {flow: known & keys.get(flow, frozenset()) for flow, known in self.keys.items()}
        other.shared, other._live, other._unread = other.keys[SHARED], {}, unread
        other._of_flows, other._of_tasks = {}, {}
        return other

    def outside(self, flow: int) -> tuple[list[str], list[str], list[str]]:
        """What others decide for a flow: its variables that are tracked, are constant, and are returned to callers."""
        return sorted(self.keys[flow]), sorted(self._constant.get(flow, {})), sorted(self._returned.get(flow, ()))

    def constant_in(self, flow: int) -> Collection[str]:
        """The variables of a flow that nothing writes."""
        return self._constant.get(flow, ())

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
        mine, shared = self.keys[flow], self.shared
        written = {key: self._bounded(flow, key, v) for key, v in changes.items() if key in mine or key in shared}
        return _with(state, written) if written else state

    def forget(self, state: State, flow: int, names: Iterable[str | None]) -> State:
        """These variables hold anything now."""
        return self.assign(state, flow, {n.casefold(): ANY for n in names if n is not None})

    def refine(self, state: State, changes: Mapping[str, Values], flow: int) -> State:
        """The state in which a condition was decided; refinements of untracked variables are dropped."""
        mine, shared = self.keys[flow], self.shared
        narrowed = {key: value for key, value in changes.items() if key in mine or key in shared}
        return _with(state, narrowed) if narrowed else state

    def _bounded(self, flow: int, key: str, value: Values) -> Values:
        if not self._widens:
            return value
        place = (flow if key in self.keys[flow] else SHARED, key)
        seen = self._values.get(place)
        if seen is None:
            seen = self._values[place] = set()
        before = len(seen)
        seen.add(value)
        if len(seen) <= MANY_VALUES:
            return value
        if before == MANY_VALUES:
            self.given_up += 1
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

    def _find_live(self, point: int) -> frozenset[str]:
        """What is read at or behind a point, found for all points of its flow; at a virtual one participant data."""
        if point not in self.program.points:
            return self.shared
        index = self.program.points[point].flow
        code, keys = self.program.codes[index], self.keys[index]
        found: Iterable[frozenset[str]] = [self.shared] * len(code.points)
        if keys:
            returned = frozenset(self._returned.get(index, ()))
            live = live_keys(code, keys, self._reading(code), returned, self._keeps)
            whole = {mine: mine | self.shared for mine in set(live)}
            found = [whole[mine] for mine in live]
        self._live.update(zip([p.id for p in code.points], found, strict=True))
        return self._live[point]

    def _reading(self, code: FlowCode) -> list[frozenset[str]]:
        reads, stored, unread = self.uses.at, self._stored, self._unread
        read = [frozenset[str]() if p.id in unread else reads(p).reads for p in code.points]
        return [keys | stored[p.id] if p.id in stored else keys for p, keys in zip(code.points, read, strict=True)]

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
        return self.assign(state, flow, self._flow_initials(flow)) if self.keys[flow] else state

    def _flow_initials(self, flow: int) -> Mapping[str, Values]:
        found = self._of_flows.get(flow)
        if found is None:
            code, keys = self.program.codes[flow], self.keys[flow]
            declared = initial_expressions(code, keys, code.flow.start)
            found = {k: ANY if k.startswith(_BUILT_IN) else self.initial(e) for k, e in declared.items()}
            self._of_flows[flow] = found
        return found

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

    def _task_initials(self, flow: int, container: str | None) -> Mapping[str, Values]:
        found = self._of_tasks.get((flow, container))
        if found is None:
            keys = frozenset(k for k in self.keys[flow] if k.startswith("task."))
            declared = initial_expressions(self.program.codes[flow], keys, container) if keys else {}
            found = self._of_tasks[flow, container] = {k: self.initial(e) for k, e in declared.items()}
        return found

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


def _with(state: State, changes: Mapping[str, Values]) -> State:
    """The state with these values; ANY is none."""
    known = dict(state.env)
    known.update(changes)
    env = [(key, value) for key, value in known.items() if value != ANY]
    if len(env) > 1:
        env.sort(key=_name)
    after = tuple(env)
    return state if after == state.env else replace(state, env=after)


def _name(pair: tuple[str, Values]) -> str:
    return pair[0]
