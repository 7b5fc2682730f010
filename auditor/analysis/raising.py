"""What an action computes at run time: a value that cannot be computed raises to flow error handling.

Conditions and assignments are not listed; they know exactly when they raise. Source: formats reference, 1.8.
"""

from __future__ import annotations

from auditor.model.expressions import Apply, Expr, Unparsed, Variable
from auditor.model.operations import (
    AskBot,
    Audio,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    Dynamic,
    DynamicAudio,
    Lookup,
    Operation,
    Play,
    SetParticipantData,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
)

_COMPUTING = frozenset({
    Play, CollectInput, AskBot, CallBot, CallTask, CallModule, Lookup, SetParticipantData, TransferQueue, TransferUser,
    TransferGroup, TransferNumber,
})  # fmt: skip
_AT_RUN_TIME = (Apply, Variable, Unparsed)


def computed(operation: Operation) -> tuple[Expr, ...]:
    """The expressions of an action that are computed before it does anything."""
    if type(operation) not in _COMPUTING:
        return ()
    found: tuple[Expr, ...]
    match operation:
        case Play(audio=audio) | CollectInput(audio=audio) | AskBot(audio=audio):
            found = _audio(audio)
        case CallBot(inputs=inputs, audio=audio):
            found = (*_audio(audio), *(a.value for a in inputs))
        case CallTask(inputs=inputs) | CallModule(inputs=inputs) | Lookup(key=inputs):
            found = tuple(a.value for a in inputs)
        case SetParticipantData(attributes=attributes):
            found = tuple(e for pair in attributes for e in pair)
        case TransferQueue(queue=Dynamic(expression=e)) | TransferUser(user=Dynamic(expression=e)):
            found = (e,)
        case TransferGroup(group=Dynamic(expression=e)) | TransferNumber(number=e):
            found = (e,)
        case _:
            return ()
    return tuple([e for e in found if isinstance(e, _AT_RUN_TIME)]) if found else ()


def _audio(audio: Audio) -> tuple[Expr, ...]:
    return tuple([part.expression for part in audio if isinstance(part, DynamicAudio)])
