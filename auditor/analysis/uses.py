"""What actions do with expressions and variables, worked out once for each action.

What an action computes at run time may not be computable; that raises to flow error handling. Conditions and
assignments know exactly when they raise. Source: formats reference, 1.8. Participant data are named "pd:<name>".
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auditor.graph.points import Point
from auditor.graph.program import Program
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Apply, Expr, Literal, Unparsed, Variable
from auditor.model.operations import (
    Argument,
    AskBot,
    Assign,
    Audio,
    CallBot,
    CallModule,
    CallTask,
    Case,
    CollectInput,
    Decide,
    Dynamic,
    DynamicAudio,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    Operation,
    Pass,
    Play,
    SetParticipantData,
    Switch,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
)

ANY_ATTRIBUTE = "pd:*"
_AT_RUN_TIME = (Apply, Variable, Unparsed)
_Keys = frozenset[str]
_NO_KEYS: _Keys = frozenset()


class Uses(Struct, frozen=True, gc=False):
    """What an action does with values.

    tests: its conditions; computed: what is computed before it does anything; assigned: what an assignment computes;
    reads: variables it reads, whichever way it is left; writes: variables and participant data that it may write, if
    it does no more than look at values and store them.
    """

    tests: tuple[Expr, ...] = ()
    computed: tuple[Expr, ...] = ()
    assigned: tuple[Expr, ...] = ()
    reads: frozenset[str] = _NO_KEYS
    writes: frozenset[str] = _NO_KEYS

    @property
    def values(self) -> tuple[Expr, ...]:
        """What it computes: whether that can be done decides between going on and the error handling."""
        return self.assigned or self.computed


NOTHING = Uses()


def attribute(name: Expr) -> str:
    """The key of a participant attribute; ANY_ATTRIBUTE when its name is computed."""
    return f"pd:{str(name.value).casefold()}" if isinstance(name, Literal) else ANY_ATTRIBUTE


class ProgramUses:
    """What the actions of a program do with values."""

    def __init__(self, program: Program) -> None:
        self.flows = [[uses_of(site.action.operation) for site in code.sites] for code in program.codes]

    def at(self, point: Point) -> Uses:
        """What the action at a point does with values."""
        site = point.site
        return NOTHING if site is None else self.flows[point.flow][site.number]


def uses_of(operation: Operation) -> Uses:
    """What an operation does with values."""
    match operation:
        case Play(audio=audio) | AskBot(audio=audio):
            return _uses(computed=_spoken(audio)) if audio else NOTHING
        case SetParticipantData(attributes=attributes):
            keys = frozenset([attribute(name) for name, _ in attributes])
            return _uses(computed=[e for pair in attributes for e in pair], keys=keys, writes=keys)
        case Decide(condition=condition):
            return _uses(tests=(condition,))
        case Assign(assignments=assignments):
            keys = frozenset([variable.casefold() for variable, _ in assignments])
            return _uses(assigned=tuple([value for _, value in assignments]), writes=keys)
        case Lookup(key=inputs, bindings=bindings, failure_bindings=others):
            keys = frozenset([b.variable.casefold() for b in (*bindings, *others)])
            return _uses(computed=_given(inputs), writes=keys)
        case Jump(inputs=inputs):
            return _uses(read=_given(inputs)) if inputs else NOTHING
        case CallTask(inputs=inputs) | CallModule(inputs=inputs):
            return _uses(computed=_given(inputs))
        case CallBot(inputs=inputs, audio=audio):
            return _uses(computed=[*_spoken(audio), *_given(inputs)])
        case _:
            return _rarely(operation)


def _rarely(operation: Operation) -> Uses:
    match operation:
        case CollectInput(audio=audio, variable=variable):
            return _uses(computed=_spoken(audio), writes=_one(variable))
        case Switch(cases=cases, subject=subject):
            return _uses(tests=(*_conditions(cases), *((subject,) if subject is not None else ())))
        case Loop(cases=cases, index=index):
            return _uses(tests=_conditions(cases), writes=_one(index))
        case GetParticipantData(attributes=attributes):
            keys = [key for name, variable in attributes for key in (variable.casefold(), attribute(name))]
            return _uses(writes=frozenset(keys))
        case Pass(bindings=bindings):
            return _uses(writes=frozenset([b.variable.casefold() for b in bindings])) if bindings else NOTHING
        case TransferQueue(queue=Dynamic(expression=e)) | TransferUser(user=Dynamic(expression=e)):
            return _uses(computed=[e])
        case TransferGroup(group=Dynamic(expression=e)) | TransferNumber(number=e):
            return _uses(computed=[e])
        case _:
            return NOTHING


def _uses(
    *,
    tests: tuple[Expr, ...] = (),
    computed: Iterable[Expr] = (),
    assigned: tuple[Expr, ...] = (),
    read: Iterable[Expr] = (),
    keys: _Keys = _NO_KEYS,
    writes: _Keys = _NO_KEYS,
) -> Uses:
    """read: what is read besides, and never raises; keys: participant data that are read."""
    later = tuple([e for e in computed if isinstance(e, _AT_RUN_TIME)])
    found = [names for e in (*tests, *later, *assigned, *read) if (names := variables_in(e))]
    return Uses(tests, later, assigned, keys.union(*found) if found else keys, writes)


def _spoken(audio: Audio) -> list[Expr]:
    return [part.expression for part in audio if isinstance(part, DynamicAudio)]


def _given(inputs: tuple[Argument, ...]) -> list[Expr]:
    return [argument.value for argument in inputs]


def _conditions(cases: tuple[Case, ...]) -> tuple[Expr, ...]:
    return tuple([case.value for case in cases])


def _one(variable: str | None) -> _Keys:
    return _NO_KEYS if variable is None else frozenset({variable.casefold()})
