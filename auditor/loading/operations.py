"""Fields of an action to its operation: the only place that says which fields mean what, for both forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.loading.fields import Fields
from auditor.model.expressions import Empty, Expr, Literal, Unparsed
from auditor.model.operations import (
    AskBot,
    Assign,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    CopyAudio,
    CopyKind,
    CreateCallback,
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
    LoopExit,
    LoopNext,
    Menus,
    Operation,
    Pass,
    Play,
    Reference,
    ReturnToAgent,
    Schedule,
    SetLanguage,
    SetParticipantData,
    SetPostFlow,
    Switch,
    Target,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
    Unmodelled,
)
from auditor.model.settings import Known

_BOT_KINDS = {"bot flow": "bot", "digital bot flow": "flow", "voice flow": "flow"}
_PLAYED = (("audio", "prompts"), ("prompt", "prompt"), ("communication", "communication"))


def operation_of(fields: Fields) -> Operation:
    """What the action does; Unmodelled for a type that the action table does not hold."""
    build = BUILDERS.get(fields.type.operation)
    return Unmodelled(fields.type.key) if build is None else build(fields)


def filled_besides(fields: Fields, operation: Operation) -> tuple[str, ...]:
    """The variables that the action fills of which the operation says nothing."""
    filled = fields.fills()
    if not filled:
        return ()
    said = _said(operation)
    return tuple(name for name in filled if name not in said)


def _said(operation: Operation) -> tuple[str | None, ...]:
    match operation:
        case CollectInput(variable=variable) | AskBot(variable=variable) | Loop(index=variable):
            return (variable,)
        case CallBot(bindings=bindings, intent=intent, exit_reason=reason):
            return (intent, reason, *[b.variable for b in bindings])
        case Lookup(bindings=bindings, failure_bindings=others):
            return tuple([b.variable for b in (*bindings, *others)])
        case CallModule(bindings=bindings) | CallTask(bindings=bindings) | Pass(bindings=bindings):
            return tuple([b.variable for b in bindings])
        case Assign(assignments=pairs):
            return tuple([variable for variable, _ in pairs])
        case GetParticipantData(attributes=attributes):
            return tuple([variable for _, variable in attributes])
        case _:
            return ()


def _pass(f: Fields) -> Operation:
    return Pass(f.type.flushes, f.called().outputs)


def _play(f: Fields) -> Operation:
    for yaml, json in _PLAYED:
        if audio := f.audio(yaml, json):
            return Play(audio, f.type.flushes)
    return Play((), f.type.flushes)


def _copy(kind: CopyKind, field: str) -> Callable[[Fields], Operation]:
    return lambda f: CopyAudio(kind, f.setting(field) if field else Known(True))


def _collect_input(f: Fields) -> Operation:
    return CollectInput(f.audio("inputAudio", "prompts"), f.variable("inputData", "resultData"), *f.digits())


def _ask_bot(f: Fields) -> Operation:
    slot = f.slot()
    stored = f.variable("result", "askResult") or (f"Slot.{slot}" if slot else None)
    return AskBot(f.audio("question"), stored, slot)


def _call_bot(f: Fields) -> Operation:
    called = f.called()
    return CallBot(
        f.type.key,
        _reference(_BOT_KINDS.get(f.type.hands_to, "external_bot"), called.name, called.id),
        called.inputs,
        called.outputs,
        f.variable("intent"),
        f.variable("exitReason"),
        f.audio("inputAudio", "prompts"),
    )


def _call_module(f: Fields) -> Operation:
    called = f.called()
    target = _reference("module", called.name, called.id)
    return CallModule(target, called.inputs, called.outputs, called.version)


def _lookup(f: Fields) -> Operation:
    called = f.called()
    return Lookup(
        f.type.key, called.name, called.id, called.inputs, called.outputs, called.failures, flushes=f.type.flushes
    )


def _schedule(f: Fields) -> Operation:
    return Schedule(
        f.schedule(), f.target("schedule_group", "scheduleGroup"), f.target("emergency_group", "emergencyGroup")
    )


def _decide(f: Fields) -> Operation:
    """A decision always has a condition; without one something is missing that decides."""
    condition = f.expr("condition", "expression")
    return Decide(Unparsed("") if isinstance(condition, Empty) else condition)


def _switch(f: Fields) -> Operation:
    choosing = f.choosing()
    return Switch(choosing.style, choosing.cases, choosing.subject)


def _loop(f: Fields) -> Operation:
    count = _given(f.expr("loopCount")) or _given(f.expr("maxLoopCount"))
    return Loop(f.variable("currentIndex"), count, f.choosing().cases)


def _call_task(f: Fields) -> Operation:
    return CallTask(f.container("task"), f.task_inputs(), f.task_outputs())


def _jump(kind: str) -> Callable[[Fields], Operation]:
    return lambda f: Jump(f.container(kind), inputs=f.task_inputs())


def _transfer_queue(f: Fields) -> Operation:
    return TransferQueue(
        f.target("queue", "targetQueue", "queues"),
        f.flow("flow", "overrideInQueueFlow", "inQueueFlow"),
        f.target("user", "directAgent"),
    )


def _transfer_number(f: Fields) -> Operation:
    return TransferNumber(f.expr("targetNumber", "externalNumber"), f.setting("releaseLinkTransfer"))


def _set_language(f: Fields) -> Operation:
    language = f.text("language", "languageCode")
    if not language:
        value = f.expr("languageValue", "language")
        language = str(value.value) if isinstance(value, Literal) else None
    return SetLanguage(language.lower() if language else None)


def _given(tree: Expr) -> Expr | None:
    return None if isinstance(tree, Empty) else tree


def _reference(kind: str, name: str | None, id: str | None) -> Target:
    return Reference(kind, id, name) if name or id else None


BUILDERS: Mapping[str, Callable[[Fields], Operation]] = {
    "pass": _pass,
    "play": _play,
    "transcription": _copy(CopyKind.TRANSCRIPTION, "enableTranscription"),
    "audio_monitoring": _copy(CopyKind.MONITORING, "enableMonitoring"),
    "audio_streaming": _copy(CopyKind.STREAMING, ""),
    "enable_recording": lambda f: EnableRecording(),
    "collect_input": _collect_input,
    "ask_bot": _ask_bot,
    "call_bot": _call_bot,
    "call_module": _call_module,
    "call_task": _call_task,
    "lookup": _lookup,
    "get_participant_data": lambda f: GetParticipantData(f.read_attributes()),
    "set_participant_data": lambda f: SetParticipantData(f.written_attributes()),
    "assign": lambda f: Assign(f.statements()),
    "decide": _decide,
    "switch": _switch,
    "schedule": _schedule,
    "loop": _loop,
    "loop_exit": lambda f: LoopExit(),
    "loop_next": lambda f: LoopNext(),
    "jump_to_task": _jump("task"),
    "jump_to_menu": _jump("menu"),
    "change_state": _jump("state"),
    "previous_menu": lambda f: Jump(None, Menus.PREVIOUS),
    "repeat_menu": lambda f: Jump(None, Menus.REPEAT),
    "transfer_queue": _transfer_queue,
    "transfer_flow": lambda f: TransferFlow(f.flow("flow", "targetFlow")),
    "transfer_secure_flow": lambda f: TransferFlow(f.flow("flow", "targetFlow"), secure=True),
    "transfer_user": lambda f: TransferUser(f.target("user", "targetUser", "user")),
    "transfer_group": lambda f: TransferGroup(f.target("group", "targetGroup", "group")),
    "transfer_number": _transfer_number,
    "transfer_voicemail": lambda f: TransferVoicemail(f.voicemail()),
    "transfer_extension": lambda f: TransferExtension(),
    "create_callback": lambda f: CreateCallback(f.target("queue", "queue")),
    "set_post_flow": lambda f: SetPostFlow(f.flow("flow", "targetFlow")),
    "clear_post_flow": lambda f: SetPostFlow(None),
    "set_language": _set_language,
    "end_task": lambda f: EndTask(f.end_path()),
    "end_flow": lambda f: EndFlow(),
    "return_to_agent": lambda f: ReturnToAgent(),
    "end_state": lambda f: EndState(),
    "disconnect": lambda f: Disconnect(),
}
"""Operation of the action table -> its builder."""
