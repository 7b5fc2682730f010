"""What actions do with expressions and variables, worked out once for each action.

What an action computes at run time may not be computable; that raises to flow error handling. Conditions and
assignments know exactly when they raise. Source: formats reference, 1.8. Participant data are named "pd:<name>".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

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
    Disconnect,
    Dynamic,
    DynamicAudio,
    EndFlow,
    EndState,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    LoopExit,
    LoopNext,
    Operation,
    Pass,
    Play,
    ReturnToAgent,
    Schedule,
    SetLanguage,
    SetParticipantData,
    Switch,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
)

ANY_ATTRIBUTE = "pd:*"
_WITHOUT = frozenset({
    Disconnect, EndFlow, EndState, EndTask, LoopExit, LoopNext, ReturnToAgent, Schedule, SetLanguage, TransferFlow,
})  # fmt: skip
"""What is frequent and has nothing to do with values."""
_AT_RUN_TIME = (Apply, Variable, Unparsed)
_NO_KEYS = frozenset[str]()


Stored = tuple[str, frozenset[str]]
"""A variable, or participant data, that an action writes, and the variables that flow into it."""


class Uses(Struct, frozen=True, gc=False):
    """What an action does with values.

    tests: its conditions; computed: what is computed before it does anything; assigned: what an assignment computes;
    reads: variables it reads, whichever way it is left; stores: what it may write of the flow that it stands in;
    writes: the keys of that and of what is read for the first time, if it does no more than look at values and store
    them.
    """

    tests: tuple[Expr, ...] = ()
    computed: tuple[Expr, ...] = ()
    assigned: tuple[Expr, ...] = ()
    reads: frozenset[str] = _NO_KEYS
    stores: tuple[Stored, ...] = ()
    writes: frozenset[str] = _NO_KEYS


NOTHING = Uses()


@lru_cache(maxsize=4096)
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
    if type(operation) in _WITHOUT:
        return NOTHING
    match operation:
        case Play(audio=audio):
            return _computing(_spoken(audio)) if audio else NOTHING
        case SetParticipantData(attributes=attributes):
            later = [e for pair in attributes for e in pair if type(e) is not Literal and isinstance(e, _AT_RUN_TIME)]
            stores = tuple([(attribute(n), variables_in(value) if later else _NO_KEYS) for n, value in attributes])
            keys = _keys(stores)
            return Uses((), tuple(later), (), keys | _read_in(later) if later else keys, stores, keys)
        case Decide(condition=condition):
            return Uses((condition,), reads=variables_in(condition))
        case Assign(assignments=assignments):
            stores = tuple([(variable.casefold(), variables_in(value)) for variable, value in assignments])
            assigned = tuple([value for _, value in assignments])
            return Uses((), (), assigned, _read_in(assigned), stores, _keys(stores))
        case Lookup(key=inputs, bindings=bindings, failure_bindings=others):
            return _computing(_given(inputs), [b.variable for b in (*bindings, *others)])
        case Jump(inputs=inputs):
            return Uses(reads=_read_in(_given(inputs))) if inputs else NOTHING
        case CallTask(inputs=inputs) | CallModule(inputs=inputs):
            return _computing(_given(inputs))
        case CallBot(inputs=inputs, audio=audio):
            return _computing([*_spoken(audio), *_given(inputs)])
        case _:
            return _seldom(operation)


def _seldom(operation: Operation) -> Uses:
    """The same for the other operations."""
    match operation:
        case CollectInput(audio=audio, variable=variable):
            return _computing(_spoken(audio), _one(variable))
        case AskBot(audio=audio, variable=variable):
            return replace(_computing(_spoken(audio), _one(variable)), writes=_NO_KEYS)
        case Switch(cases=cases, subject=subject):
            return _testing((*_conditions(cases), *((subject,) if subject is not None else ())))
        case Loop(cases=cases, index=index):
            stores = _filled(_one(index))
            return replace(_testing(_conditions(cases)), stores=stores, writes=_keys(stores))
        case GetParticipantData(attributes=attributes):
            read = [(variable.casefold(), attribute(name)) for name, variable in attributes]
            stores = tuple((variable, frozenset({data})) for variable, data in read)
            return Uses(stores=stores, writes=frozenset(key for pair in read for key in pair))
        case Pass(bindings=bindings):
            return _computing((), [b.variable for b in bindings]) if bindings else NOTHING
        case TransferQueue(queue=Dynamic(expression=e)) | TransferUser(user=Dynamic(expression=e)):
            return _computing([e])
        case TransferGroup(group=Dynamic(expression=e)) | TransferNumber(number=e):
            return _computing([e])
        case _:
            return NOTHING


def _computing(given: Sequence[Expr], filled: Sequence[str] = ()) -> Uses:
    """filled: variables that get values from elsewhere."""
    later = [e for e in given if isinstance(e, _AT_RUN_TIME)]
    if not later and not filled:
        return NOTHING
    stores = _filled(filled)
    return Uses((), tuple(later), (), _read_in(later), stores, _keys(stores))


def _testing(conditions: tuple[Expr, ...]) -> Uses:
    return Uses(conditions, reads=_read_in(conditions))


def _filled(variables: Sequence[str]) -> tuple[Stored, ...]:
    return tuple([(variable.casefold(), _NO_KEYS) for variable in variables])


def _keys(stores: tuple[Stored, ...]) -> frozenset[str]:
    return frozenset([key for key, _ in stores])


def _read_in(expressions: Iterable[Expr]) -> frozenset[str]:
    found = [names for e in expressions if (names := variables_in(e))]
    return found[0].union(*found[1:]) if found else _NO_KEYS


def _spoken(audio: Audio) -> list[Expr]:
    return [part.expression for part in audio if isinstance(part, DynamicAudio)]


def _given(inputs: tuple[Argument, ...]) -> list[Expr]:
    return [argument.value for argument in inputs]


def _conditions(cases: tuple[Case, ...]) -> tuple[Expr, ...]:
    return tuple([case.value for case in cases])


def _one(variable: str | None) -> tuple[str, ...]:
    return () if variable is None else (variable,)
