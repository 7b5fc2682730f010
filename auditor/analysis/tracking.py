"""Which variables matter: a backward slice over conditions, assignments, parameters and participant data.

A condition matters when one of its branches does something that the analysis looks at, or assigns a variable that
matters; its variables are tracked, and whatever flows into them. Everything else is "anything", which costs
precision only. Participant data are variables of no flow, named "pd:<name>".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from auditor.analysis.evaluate import evaluate
from auditor.analysis.uses import NOTHING, ProgramUses, Uses
from auditor.analysis.values import ANY, Values
from auditor.graph.points import FlowCode
from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Apply, Expr
from auditor.model.flows import Task
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
    Dynamic,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    Operation,
    Pass,
    Play,
    Reference,
    Schedule,
    SetLanguage,
    SetParticipantData,
    Switch,
    Target,
)
from auditor.model.sites import ActionSite

Name = tuple[int, str]
"""A variable: index of its flow (-1: participant data) and casefolded name."""

SHARED = -1
_NOTHING_TESTED = frozenset[str]()
_QUIET = frozenset({
    Pass, Play, Schedule, Decide, Switch, Loop, Assign, GetParticipantData, SetParticipantData, SetLanguage,
    CollectInput, AskBot, Lookup, CallTask, CallModule,
})  # fmt: skip
"""What by itself does nothing that matters, unless it asks for consent or announces."""
_CALLING = frozenset({CallTask, Jump, CallModule, CallBot})
"""What hands values over to others."""


def scoped(name: str, scope: str) -> str:
    """The key of a variable that may be written without its scope, as inputs and outputs are."""
    key = name.casefold()
    return key if "." in key else f"{scope}.{key}"


def interface(code: FlowCode, name: str) -> str:
    """The key of an input or output of a flow, as declared there: `X` may stand for `Flow.X` or `Common.X`."""
    key = name.casefold()
    for variable in code.flow.variables:
        declared = variable.name.casefold()
        if key in (declared, declared.rpartition(".")[2]):
            return declared
    return scoped(name, "flow")


def callee(program: Program, target: Target, flow: int, kind: str) -> int | None:
    """The flow that a module or bot call runs, None when it is not exported, ambiguous or computed."""
    match target:
        case Reference() as reference:
            division = program.codes[flow].flow.division
            directory = program.directory
            found = directory.module(reference, division) if kind == "module" else directory.bot(reference, division)
            return found.object if isinstance(found, Found) else None
        case Dynamic() | None:
            return None


def may_fail(expr: Expr) -> bool:
    """Whether an expression cannot be computed with some values of its variables; only functions can fail."""
    return isinstance(expr, Apply) and evaluate(expr, _anything).may_raise


def _anything(_: str) -> Values:
    return ANY


class _Site(Struct, gc=False):
    """What an action and all it contains do. written: variables they assign; calls: containers or flows they run."""

    flow: int
    loud: bool
    written: set[Name]
    calls: frozenset[tuple[int, str]] = frozenset()
    tested: frozenset[str] = frozenset()

    def add(self, other: _Site) -> None:
        """What something else does is done here too."""
        self.loud |= other.loud
        if other.written:
            self.written |= other.written
        if other.calls:
            self.calls |= other.calls


class Tracking:
    """The variables to track, by flow. keys[flow]: casefolded names; keys[SHARED]: participant data.

    constant: variables that matter, are declared alike everywhere and written nowhere: no state holds them. What
    actions fill without it being followed when (why a transfer failed) is neither: it may hold anything.
    """

    def __init__(
        self, program: Program, uses: ProgramUses, points: Iterable[tuple[int, int]], tested: Iterable[Name] = ()
    ) -> None:
        """points: (flow, site number) of consent points and announcements; tested: variables that decide consent."""
        self.program = program
        tested = frozenset(tested)
        self._points: dict[int, set[int]] = {}
        for flow, number in points:
            self._points.setdefault(flow, set()).add(number)
        self._flows: dict[Name, set[Name]] = {}
        self._unfollowed: set[Name] = set()
        self._branches: list[_Site] = []
        self._containers: dict[tuple[int, str], _Site] = {}
        for index, code in enumerate(program.codes):
            self._read(index, code, uses.flows[index])
        names = self._close(set(tested) | self._tested()) - self._unfollowed
        changing = {(i, k) for i, code in enumerate(program.codes) for k, v in _declared(code).items() if len(v) > 1}
        written = set[Name]().union(*(whole.written for whole in self._containers.values()))
        self.names = frozenset(n for n in names if n in written or n in tested or n[0] == SHARED or n in changing)
        self.constant = _by_flow(n for n in names if n not in self.names)
        self.keys = {flow: frozenset[str]() for flow in range(SHARED, len(program.codes))} | _by_flow(self.names)

    def _read(self, index: int, code: FlowCode, uses: Sequence[Uses]) -> None:
        containers = {
            c.id: self._containers.setdefault((index, c.id), _Site(index, False, set())) for c in code.flow.containers
        }
        whole: dict[int, _Site] = {}
        points, loud = self._points.get(index, set()), _Site(index, True, set())
        for site, used in zip(reversed(code.sites), reversed(uses), strict=True):
            action, asks = site.action, site.number in points
            total = None
            if used is not NOTHING or action.fills or type(action.operation) in _CALLING:
                total = self._own(index, code, site, used, asks=asks)
            elif asks or type(action.operation) not in _QUIET:
                total = loud
            if total is not None:
                containers[site.container.id].add(total)
            blocks = [output.block for output in action.outputs if output.block]
            parts = [part for block in blocks for inner in block if (part := whole.get(id(inner))) is not None]
            if parts:
                total = _whole(total or _Site(index, False, set()), parts)
            if total is None:
                continue
            if total.tested:
                self._branches.append(total)
            whole[id(action)] = total

    def _own(self, index: int, code: FlowCode, site: ActionSite, uses: Uses, *, asks: bool) -> _Site | None:
        """What an action does by itself; None: nothing. asks: or announces."""
        action = site.action
        operation = action.operation
        loud, tested = asks or type(operation) not in _QUIET, _NOTHING_TESTED
        values = uses.assigned or uses.computed
        if uses.tests or values:
            risky = [e for e in (*values, *uses.tests) if may_fail(e)]
            loud = loud or bool(risky)
            tested = uses.reads if uses.tests else tested.union(*(variables_in(e) for e in risky))
        if action.fills:
            self._unfollowed.update((index, variable.casefold()) for variable in action.fills)
        calls = type(operation) in _CALLING
        if not (loud or tested or uses.stores or calls):
            return None
        own = _Site(index, loud, set(), tested=tested)
        target = SHARED if isinstance(operation, SetParticipantData) else index
        source = SHARED if isinstance(operation, GetParticipantData) else index
        own.written.update([(target, key) for key, _ in uses.stores])
        for key, sources in uses.stores:
            if sources:
                self._flows.setdefault((target, key), set()).update([(source, each) for each in sources])
        if calls:
            self._call(own, index, code, operation)
        return own

    def _call(self, own: _Site, index: int, code: FlowCode, operation: Operation) -> None:
        for target, sources in self._handed(index, code, operation):
            own.written.add(target)
            if sources:
                self._flows.setdefault(target, set()).update(sources)
        match operation:
            case CallTask(container=str() as container):
                own.calls = frozenset({(index, container)})
            case CallModule(module=module):
                flow = callee(self.program, module, index, "module")
                own.loud |= flow is None
                if flow is not None:
                    own.calls = frozenset((flow, c.id) for c in self.program.codes[flow].flow.containers)

    def _handed(self, index: int, code: FlowCode, operation: Operation) -> Iterator[tuple[Name, Collection[Name]]]:
        """(variable, what flows into it) for each variable that a call or jump may write, here or where it leads."""
        match operation:
            case CallTask(inputs=inputs, bindings=bindings):
                yield from self._parameters(index, index, inputs, bindings, code, "task")
            case Jump(container=str(), inputs=inputs):
                yield from self._parameters(index, index, inputs, (), code, "task")
            case CallModule(module=target, inputs=inputs, bindings=bindings):
                yield from self._parameters(
                    index, callee(self.program, target, index, "module"), inputs, bindings, code, ""
                )
            case CallBot(bot=target, inputs=inputs, bindings=bindings, intent=intent, exit_reason=reason):
                flow = callee(self.program, target, index, "bot")
                yield from self._parameters(index, flow, inputs, bindings, code, "")
                yield from (((index, v.casefold()), ()) for v in (intent, reason) if v is not None)

    def _parameters(
        self,
        caller: int,
        called: int | None,
        inputs: tuple[Argument, ...],
        bindings: tuple[Binding, ...],
        code: FlowCode,
        scope: str,
    ) -> Iterator[tuple[Name, Collection[Name]]]:
        def inner(name: str) -> set[Name]:
            if called is None:
                return set()
            return {(called, scoped(name, scope) if scope else interface(self.program.codes[called], name))}

        for argument in inputs:
            for target in inner(argument.name):
                yield target, [(caller, key) for key in variables_in(argument.value)]
        for binding in bindings:
            yield (caller, binding.variable.casefold()), inner(binding.output)

    def _tested(self) -> set[Name]:
        """Every variable that is tested: a run must not contradict itself in what is shown of it either."""
        return {(branch.flow, key) for branch in self._branches for key in branch.tested}

    def _close(self, names: set[Name]) -> frozenset[Name]:
        """Adds what matters until nothing new does."""
        loud = self._loud_containers()
        while True:
            before = len(names)
            for branch in self._branches:
                if branch.loud or branch.written & names or any(c in loud for c in branch.calls):
                    names.update((branch.flow, key) for key in branch.tested)
            todo = list(names)
            while todo:
                for source in self._flows.get(todo.pop(), ()):
                    if source not in names:
                        names.add(source)
                        todo.append(source)
            loud |= {c for c, whole in self._containers.items() if whole.written & names}
            if len(names) == before:
                return frozenset(names)

    def _loud_containers(self) -> set[tuple[int, str]]:
        loud = {c for c, whole in self._containers.items() if whole.loud}
        while True:
            more = {c for c, whole in self._containers.items() if c not in loud and whole.calls & loud}
            if not more:
                return loud
            loud |= more


def _whole(own: _Site, parts: Iterable[_Site]) -> _Site:
    """An action with what it contains."""
    found = _Site(own.flow, own.loud, set(own.written), own.calls, own.tested)
    for part in parts:
        found.add(part)
    return found


def _by_flow(names: Iterable[Name]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for flow, key in names:
        found.setdefault(flow, set()).add(key)
    return {flow: frozenset(keys) for flow, keys in found.items()}


def _declared(code: FlowCode) -> dict[str, set[Expr | None]]:
    """Variable -> the initial values that its declarations, in the flow and in its tasks, give it."""
    found: dict[str, set[Expr | None]] = {}
    for variable in code.flow.declared:
        found.setdefault(variable.name.casefold(), set()).add(variable.initial)
    return found


def declared_alike(code: FlowCode) -> dict[str, Expr | None]:
    """Variables that have the same initial value wherever they are declared, with that value."""
    return {key: next(iter(values)) for key, values in _declared(code).items() if len(values) == 1}


def initial_expressions(code: FlowCode, keys: frozenset[str], container: str | None) -> Mapping[str, Expr | None]:
    """The initial value of each tracked variable when a container of a flow begins; None: not set."""
    task = next((c for c in code.flow.containers if c.id == container and isinstance(c, Task)), None)
    declared = {v.name.casefold(): v.initial for v in (*(task.variables if task else ()), *code.flow.variables)}
    return {key: declared.get(key) for key in sorted(keys)}
