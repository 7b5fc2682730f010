"""What an Architect action does: a closed union of operations.

Which action type is which operation is a table (loading/actions.toml, made after the action catalogue).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.audio import Audio as Audio
from auditor.model.audio import AudioPart as AudioPart
from auditor.model.audio import DynamicAudio as DynamicAudio
from auditor.model.audio import PromptRef as PromptRef
from auditor.model.audio import Spoken as Spoken
from auditor.model.expressions import Expr
from auditor.model.parameters import Argument as Argument
from auditor.model.parameters import Binding as Binding
from auditor.model.references import Dynamic as Dynamic
from auditor.model.references import Reference as Reference
from auditor.model.references import Target as Target
from auditor.model.settings import UNSET, Setting


@dataclass(frozen=True, slots=True)
class Pass:
    """Does nothing that matters to recording; its outputs, if any, may be taken either way."""

    flushes: bool = False
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """Queues audio; the caller hears it at the next flush. flushes: plays at once (e.g. on silence)."""

    audio: Audio = ()
    flushes: bool = False


class CopyKind(StrEnum):
    """Ways in which audio is copied beside recording (rule RC141)."""

    TRANSCRIPTION = "transcription"
    MONITORING = "monitoring"
    STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class CopyAudio:
    """Switches transcription, audio monitoring or streaming on or off."""

    kind: CopyKind
    on: Setting[bool] = UNSET


@dataclass(frozen=True, slots=True)
class EnableRecording:
    """Enable Participant Recording. Only enables; nothing disables (seed document)."""


@dataclass(frozen=True, slots=True)
class CollectInput:
    """Asks for digits. variable: where success stores them; min/max digits when the export says so."""

    audio: Audio = ()
    variable: str | None = None
    min_digits: int | None = None
    max_digits: int | None = None


@dataclass(frozen=True, slots=True)
class AskBot:
    """A question of a bot flow itself (Ask for Yes/No, intent, slot). variable: where the answer goes."""

    audio: Audio = ()
    variable: str | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class CallBot:
    """Calls a bot and returns. kind: the action type ("callLexV2Bot"); bot: a bot flow, or an external one.

    bindings hold slots and outputs; intent/exit_reason: the variables that receive them.
    """

    kind: str
    bot: Target
    inputs: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()
    intent: str | None = None
    exit_reason: str | None = None
    audio: Audio = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Reads stored data: data table, data action, external contact, ... kind: the action type.

    source: name of table or data action; found_bindings: filled on found/success;
    failure_bindings: filled on failure; flushes: queued audio is heard first (data actions).
    """

    kind: str
    source: str | None = None
    source_id: str | None = None
    key: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()
    failure_bindings: tuple[Binding, ...] = ()
    flushes: bool = False


@dataclass(frozen=True, slots=True)
class GetParticipantData:
    """Reads participant attributes into variables. name is an expression (mostly a literal)."""

    attributes: tuple[tuple[Expr, str], ...]


@dataclass(frozen=True, slots=True)
class SetParticipantData:
    """Writes participant attributes: (name, value)."""

    attributes: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """Update Data: (variable, value), in order."""

    assignments: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Decide:
    """Decision: outputs "yes" and "no"."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a switch. output: key of the action's output it leads to."""

    output: str
    value: Expr
    name: str | None = None


class SwitchStyle(StrEnum):
    """How a switch chooses: first true case, every true case, or the case equal to an expression."""

    FIRST_TRUE = "first_true"
    ALL_TRUE = "all_true"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Switch:
    """Switch with its cases in order; output "default" when none holds. subject: only with MATCH."""

    style: SwitchStyle
    cases: tuple[Case, ...]
    subject: Expr | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Evaluate Schedule (active/inactive) or Schedule Group (open/closed/holiday/emergency)."""

    schedule: Target = None
    group: Target = None
    emergency_group: Target = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Loop or Loop Until. Output "loop" is the body; others are exits by a condition."""

    index: str | None = None
    count: Expr | None = None
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopExit:
    """Leaves the innermost loop."""


@dataclass(frozen=True, slots=True)
class LoopNext:
    """Goes on with the next round of the innermost loop."""


@dataclass(frozen=True, slots=True)
class CallTask:
    """Calls a reusable task of the same flow, returns to the output of that name.

    container: id (None: dangling); inputs: (task variable, value); bindings: (task's output, caller's variable).
    """

    container: str | None
    inputs: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class CallModule:
    """Calls a common module and returns. version: the one that the flow was published with, None when not known."""

    module: Target
    inputs: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()
    version: str | None = None


class Menus(StrEnum):
    """Menus that are named by position."""

    PREVIOUS = "previous"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Jump:
    """Jumps to a task, menu or state of the same flow and does not return (A10).

    container: id of the Container; None with menu None: dangling. menu: previous or repeat.
    """

    container: str | None
    menu: Menus | None = None
    inputs: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferQueue:
    """Transfer to ACD. in_queue_flow: override of the queue's own."""

    queue: Target
    in_queue_flow: Target = None
    direct_agent: Target = None


@dataclass(frozen=True, slots=True)
class TransferFlow:
    """Transfer to another call flow; secure: Transfer to Secure Flow."""

    flow: Target
    secure: bool = False


@dataclass(frozen=True, slots=True)
class TransferUser:
    """Transfer to one user."""

    user: Target


@dataclass(frozen=True, slots=True)
class TransferGroup:
    """Transfer to a group ring."""

    group: Target


@dataclass(frozen=True, slots=True)
class TransferNumber:
    """Transfer to a number. release_link: the call leaves the platform."""

    number: Expr
    release_link: Setting[bool] = UNSET


@dataclass(frozen=True, slots=True)
class TransferVoicemail:
    """Transfer to a voicemail box of a queue, user or group."""

    destination: Target


@dataclass(frozen=True, slots=True)
class TransferExtension:
    """Dial by extension: to any internal participant."""


@dataclass(frozen=True, slots=True)
class CreateCallback:
    """Orders a callback in a queue; the present call goes on."""

    queue: Target


@dataclass(frozen=True, slots=True)
class SetPostFlow:
    """The flow that runs after the agent has hung up; None clears it."""

    flow: Target


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Set Language. language: "de-de", None when dynamic."""

    language: str | None


@dataclass(frozen=True, slots=True)
class EndTask:
    """Ends a task through an output path ("default" when it has only one)."""

    output: str = "default"


@dataclass(frozen=True, slots=True)
class EndFlow:
    """Exit Bot Flow and the like: the flow returns to its caller."""


@dataclass(frozen=True, slots=True)
class ReturnToAgent:
    """A secure flow started by an agent goes back to that agent."""


@dataclass(frozen=True, slots=True)
class EndState:
    """Ends a state of a bot or message flow."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Hangs up."""


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """An action type the table does not know: traversed by its outputs, and tainting (A8)."""

    type: str


Operation = (
    Pass | Play | CopyAudio | EnableRecording | CollectInput | AskBot | CallBot | Lookup
    | GetParticipantData | SetParticipantData | Assign | Decide | Switch | Schedule
    | Loop | LoopExit | LoopNext | CallTask | CallModule | Jump
    | TransferQueue | TransferFlow | TransferUser | TransferGroup | TransferNumber
    | TransferVoicemail | TransferExtension | CreateCallback | SetPostFlow | SetLanguage
    | EndTask | EndFlow | ReturnToAgent | EndState | Disconnect | Unmodelled
)  # fmt: skip
