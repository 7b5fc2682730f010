"""Which variables are tested, and what flows into them: a backward slice over assignments and parameters.

Everything else is "anything", which costs precision only. Participant data are variables of no flow, named "pd:<name>".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from auditor.analysis.evaluate import evaluate
from auditor.analysis.uses import NOTHING, ProgramUses, Uses
from auditor.analysis.values import ANY, Values
from auditor.graph.points import FlowCode
from auditor.graph.program import Program
from auditor.model.directory import Found
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Apply, Expr, Literal
from auditor.model.flows import Task
from auditor.model.operations import (
    Argument,
    Assign,
    Binding,
    CallBot,
    CallModule,
    CallTask,
    Dynamic,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    Operation,
    Pass,
    Reference,
    SetParticipantData,
    Target,
)

Name = tuple[int, str]
"""A variable: index of its flow (-1: participant data) and casefolded name."""

SHARED = -1
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


class Tracking:
    """The variables that are tested anywhere, and what flows into them, by flow. keys[flow]: casefolded names;

    keys[SHARED]: participant data.

    constant: variables that are tested, are declared alike everywhere and written nowhere: no state holds them. What
    actions fill without it being followed when (why a transfer failed) is neither: it may hold anything.
    decided: variables that decide consent.
    """

    def __init__(self, program: Program, uses: ProgramUses, tested: Iterable[Name] = ()) -> None:
        """tested: variables that decide consent."""
        self.program = program
        self.decided = frozenset(tested)
        self._flows: dict[Name, set[Name]] = {}
        self._unfollowed: set[Name] = set()
        self._emptied: set[Name] = set()
        self._tested: set[Name] = set(self.decided)
        for index, code in enumerate(program.codes):
            for site, used in zip(code.sites, uses.flows[index], strict=True):
                action = site.action
                if used is not NOTHING:
                    self._read(index, action.operation, used)
                if type(action.operation) in _CALLING:
                    for target, sources in self._handed(index, code, action.operation):
                        self._flow_into(target, sources)
                        self._emptied.add(target)
                if action.fills:
                    self._unfollowed.update((index, variable.casefold()) for variable in action.fills)
        names = self.closure(self._tested) - self._unfollowed
        changing = {(i, k) for i, code in enumerate(program.codes) for k, v in _declared(code).items() if len(v) > 1}
        followed = self._flows.keys() | self.decided | changing
        self.names = frozenset(n for n in names if n in followed or n[0] == SHARED)
        self.constant = by_flow(names - self.names)
        self.keys = {flow: frozenset[str]() for flow in range(SHARED, len(program.codes))} | by_flow(self.names)

    def closure(self, names: Iterable[Name]) -> set[Name]:
        """Variables, and all that flows into them."""
        found = set(names)
        todo = list(found)
        while todo:
            for source in self._flows.get(todo.pop(), ()):
                if source not in found:
                    found.add(source)
                    todo.append(source)
        return found

    def stays_set(self, name: Name) -> bool:
        """Whether a variable begins with a value, and nothing that writes it leaves it without one for certain."""
        if name[0] == SHARED or name in self._emptied:
            return False
        initial = _declared(self.program.codes[name[0]]).get(name[1], {None})
        return all(isinstance(e, Literal) for e in initial)

    def _read(self, index: int, operation: Operation, uses: Uses) -> None:
        """What an action tests, and what flows where. What may not be computable is tested, too."""
        tested = uses.tests
        if values := uses.assigned or uses.computed:
            tested = (*tested, *(e for e in values if may_fail(e)))
        for expression in tested:
            self._tested.update([(index, key) for key in variables_in(expression)])
        target = SHARED if isinstance(operation, SetParticipantData) else index
        source = SHARED if isinstance(operation, GetParticipantData) else index
        for key, sources in uses.stores:
            self._flow_into((target, key), [(source, each) for each in sources] if sources else ())
            if not _may_set(operation, key):
                self._emptied.add((target, key))

    def _flow_into(self, target: Name, sources: Collection[Name]) -> None:
        known = self._flows.get(target)
        if known is None:
            self._flows[target] = set(sources)
        elif sources:
            known.update(sources)

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


def _may_set(operation: Operation, key: str) -> bool:
    """Whether an action that writes a variable may always leave a value in it."""
    match operation:
        case Lookup() | Pass() | Loop():
            return True
        case Assign(assignments=assignments):
            return all(isinstance(value, Literal) for variable, value in assignments if variable.casefold() == key)
        case _:
            return False


def by_flow(names: Iterable[Name]) -> dict[int, frozenset[str]]:
    """Names of variables by the index of their flow."""
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
