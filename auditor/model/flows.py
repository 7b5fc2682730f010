"""Architect flows: containers of structured actions, the same from YAML, `.i3*` and configuration JSON."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from auditor.model.expressions import Expr
from auditor.model.location import Location
from auditor.model.operations import Audio, Operation, Target
from auditor.model.settings import Setting


class FlowType(StrEnum):
    """Flow types as the platform API spells them."""

    INBOUND_CALL = "inboundcall"
    IN_QUEUE_CALL = "inqueuecall"
    OUTBOUND_CALL = "outboundcall"
    SECURE_CALL = "securecall"
    COMMON_MODULE = "commonmodule"
    VOICEMAIL = "voicemail"
    VOICE_SURVEY = "voicesurvey"
    BOT = "bot"
    VOICE = "voice"
    OTHER = "other"  # recognised, not voice


VOICE_TYPES = frozenset(FlowType) - {FlowType.OTHER}
SUPPRESSIBLE = frozenset(
    {
        FlowType.INBOUND_CALL,
        FlowType.OUTBOUND_CALL,
        FlowType.SECURE_CALL,
        FlowType.VOICEMAIL,
        FlowType.VOICE_SURVEY,
    }
)
"""Flow types that have the key suppressRecording (semantics, A7)."""


class Output(Struct, frozen=True, gc=False):
    """One way out of an action.

    key: canonical (YAML) name: "yes", "no", "success", "failure", "timeout", "found", "loop", ...; for
    switch cases "case1", "case2", ... in order; for intents, task paths the name as exported (unique).
    label: what an administrator reads; block: actions that run; may be empty (falls through).
    disabled: Architect marks it unreachable.
    """

    key: str
    label: str
    block: tuple[Action, ...] = ()
    disabled: bool = False


class Action(Struct, frozen=True, gc=False):
    """One action. type is the YAML key ("transferToAcd") in every form, or the raw JSON `__type` if unknown.

    id: GUID (JSON) or "" ; tracking_id: number as text or None. outputs holds only the outputs present in the
    export plus, from the action table, the ones that always exist but were omitted (empty block).
    Loaders give the outputs in the order of the table, then dynamic ones in file order. fills: the variables that it
    writes of which the operation says nothing, as why a transfer failed.
    """

    id: str
    tracking_id: str | None
    name: str
    type: str
    operation: Operation
    outputs: tuple[Output, ...]
    location: Location
    fills: tuple[str, ...] = ()


class ContainerKind(StrEnum):
    """What holds actions."""

    TASK = "task"
    LOOP_TASK = "loop_task"  # the one task of an in-queue flow; starts over at its end
    STATE = "state"
    BOT_STATE = "bot_state"


class FlowVariable(Struct, frozen=True, gc=False):
    """A declared variable. name with its scope ("Flow.Recorded"); type as exported, lower case."""

    name: str
    type: str
    initial: Expr | None = None
    is_input: bool = False
    is_output: bool = False


class Task(Struct, frozen=True, gc=False):
    """A task, state, or the inline task of a menu choice (name of the choice then).

    id: unique in the flow: GUID (JSON) or refId (YAML); output_paths: names of declared outputs.
    """

    id: str
    name: str
    kind: ContainerKind
    block: tuple[Action, ...]
    location: Location
    variables: tuple[FlowVariable, ...] = ()
    output_paths: tuple[str, ...] = ()
    inline: bool = False


class Choice(Struct, frozen=True, gc=False):
    """A menu choice. digit: "0".."9", "*", "#", or None (speech only).

    action is what the choice does; its type is the YAML key of the choice ("menuTransferToAcd").
    A menuTask is an action with operation Jump to an inline Task. speech: (language, term).
    """

    id: str
    name: str
    digit: str | None
    speech: tuple[tuple[str, str], ...]
    global_dtmf: bool
    global_speech: bool
    action: Action
    location: Location


class Menu(Struct, frozen=True, gc=False):
    """A menu. default: id of the default Choice; None: no match or no input disconnects."""

    id: str
    name: str
    audio: Audio
    choices: tuple[Choice, ...]
    default: str | None
    listens_for_extension: Setting[bool]
    location: Location


Container = Task | Menu


class Handling(StrEnum):
    """What flow error handling does."""

    DISCONNECT = "disconnect"
    QUEUE = "queue"
    MENU = "menu"
    TASK = "task"
    STATE = "state"
    END = "end"  # exit, continue, endFlow, endInQueueState ...
    UNKNOWN = "unknown"


class ErrorHandling(Struct, frozen=True, gc=False):
    """Flow error handling. queue: with QUEUE; container: id of the task, menu or state jumped to."""

    kind: Handling
    location: Location
    queue: Target = None
    container: str | None = None
    audio: Audio = ()


class Flow(Struct, frozen=True, gc=False):
    """A flow as exported. start: id of the first container, None when dangling or missing.

    id: GUID or None; version: "57.0" or None; company_directory: none, entireFlow or startUpObject;
    type_name: the root key or API type as exported; templates: unresolved `{{x}}` / `${x}` names;
    body: False when only the flow's existence is known. draft: version of a newer draft, from a listing;
    published_at: when this version became the published one, UTC, to compare as text; None when not known.
    """

    id: str | None
    name: str
    division: str | None
    type: FlowType
    type_name: str
    location: Location
    start: str | None
    containers: tuple[Container, ...]
    suppress_recording: Setting[bool]
    version: str | None = None
    published: bool | None = None
    default_language: str | None = None
    languages: tuple[str, ...] = ()
    company_directory: str | None = None
    greeting: Audio = ()
    variables: tuple[FlowVariable, ...] = ()
    error_handling: ErrorHandling | None = None
    templates: tuple[str, ...] = ()
    body: bool = True
    draft: str | None = None
    published_at: str | None = None

    @property
    def declared(self) -> tuple[FlowVariable, ...]:
        """Its variables, then those of its tasks."""
        tasks = (c for c in self.containers if isinstance(c, Task))
        return (*self.variables, *(variable for task in tasks for variable in task.variables))

    def type_of(self, variable: str) -> str:
        """The type of a variable of the flow or of its tasks, by casefolded name; empty where they declare several."""
        kinds = {v.type for v in self.declared if v.name.casefold() == variable}
        return kinds.pop() if len(kinds) == 1 else ""
