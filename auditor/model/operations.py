"""What an Architect action does: a closed union of operations.

Which action type is which operation is a table (loading/actions.toml, made after the action catalogue).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

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


class Pass(Struct, frozen=True, gc=False):
    """Does nothing that matters to recording; its outputs, if any, may be taken either way."""

    flushes: bool = False
    bindings: tuple[Binding, ...] = ()


class Play(Struct, frozen=True, gc=False):
    """Queues audio; the caller hears it at the next flush. flushes: plays at once (e.g. on silence)."""

    audio: Audio = ()
    flushes: bool = False


class CopyKind(StrEnum):
    """Ways in which audio is copied beside recording (rule RC141)."""

    TRANSCRIPTION = "transcription"
    MONITORING = "monitoring"
    STREAMING = "streaming"


class CopyAudio(Struct, frozen=True, gc=False):
    """Switches transcription, audio monitoring or streaming on or off."""

    kind: CopyKind
    on: Setting[bool] = UNSET


class EnableRecording(Struct, frozen=True, gc=False):
    """Enable Participant Recording. Only enables; nothing disables (seed document)."""


class CollectInput(Struct, frozen=True, gc=False):
    """Asks for digits. variable: where success stores them; min/max digits when the export says so."""

    audio: Audio = ()
    variable: str | None = None
    min_digits: int | None = None
    max_digits: int | None = None


class AskBot(Struct, frozen=True, gc=False):
    """A question of a bot flow itself (Ask for Yes/No, intent, slot). variable: where the answer goes."""

    audio: Audio = ()
    variable: str | None = None
    slot: str | None = None


class CallBot(Struct, frozen=True, gc=False):
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


class Lookup(Struct, frozen=True, gc=False):
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


class GetParticipantData(Struct, frozen=True, gc=False):
    """Reads participant attributes into variables. name is an expression (mostly a literal)."""

    attributes: tuple[tuple[Expr, str], ...]


class SetParticipantData(Struct, frozen=True, gc=False):
    """Writes participant attributes: (name, value)."""

    attributes: tuple[tuple[Expr, Expr], ...]


class Assign(Struct, frozen=True, gc=False):
    """Update Data: (variable, value), in order."""

    assignments: tuple[tuple[str, Expr], ...]


class Decide(Struct, frozen=True, gc=False):
    """Decision: outputs "yes" and "no"."""

    condition: Expr


class Case(Struct, frozen=True, gc=False):
    """One case of a switch. output: key of the action's output it leads to."""

    output: str
    value: Expr
    name: str | None = None


class SwitchStyle(StrEnum):
    """How a switch chooses: first true case, every true case, or the case equal to an expression."""

    FIRST_TRUE = "first_true"
    ALL_TRUE = "all_true"
    MATCH = "match"


class Switch(Struct, frozen=True, gc=False):
    """Switch with its cases in order; output "default" when none holds. subject: only with MATCH."""

    style: SwitchStyle
    cases: tuple[Case, ...]
    subject: Expr | None = None


class Schedule(Struct, frozen=True, gc=False):
    """Evaluate Schedule (active/inactive) or Schedule Group (open/closed/holiday/emergency)."""

    schedule: Target = None
    group: Target = None
    emergency_group: Target = None


class Loop(Struct, frozen=True, gc=False):
    """Loop or Loop Until. Output "loop" is the body; others are exits by a condition."""

    index: str | None = None
    count: Expr | None = None
    cases: tuple[Case, ...] = ()


class LoopExit(Struct, frozen=True, gc=False):
    """Leaves the innermost loop."""


class LoopNext(Struct, frozen=True, gc=False):
    """Goes on with the next round of the innermost loop."""


class CallTask(Struct, frozen=True, gc=False):
    """Calls a reusable task of the same flow, returns to the output of that name.

    container: id (None: dangling); inputs: (task variable, value); bindings: (task's output, caller's variable).
    """

    container: str | None
    inputs: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()


class CallModule(Struct, frozen=True, gc=False):
    """Calls a common module and returns. version: the one that the flow was published with, None when not known."""

    module: Target
    inputs: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()
    version: str | None = None


class Menus(StrEnum):
    """Menus that are named by position."""

    PREVIOUS = "previous"
    REPEAT = "repeat"


class Jump(Struct, frozen=True, gc=False):
    """Jumps to a task, menu or state of the same flow and does not return (A10).

    container: id of the Container; None with menu None: dangling. menu: previous or repeat.
    """

    container: str | None
    menu: Menus | None = None
    inputs: tuple[Argument, ...] = ()


class TransferQueue(Struct, frozen=True, gc=False):
    """Transfer to ACD. in_queue_flow: override of the queue's own."""

    queue: Target
    in_queue_flow: Target = None
    direct_agent: Target = None


class TransferFlow(Struct, frozen=True, gc=False):
    """Transfer to another call flow; secure: Transfer to Secure Flow."""

    flow: Target
    secure: bool = False


class TransferUser(Struct, frozen=True, gc=False):
    """Transfer to one user."""

    user: Target


class TransferGroup(Struct, frozen=True, gc=False):
    """Transfer to a group ring."""

    group: Target


class TransferNumber(Struct, frozen=True, gc=False):
    """Transfer to a number. release_link: the call leaves the platform."""

    number: Expr
    release_link: Setting[bool] = UNSET


class TransferVoicemail(Struct, frozen=True, gc=False):
    """Transfer to a voicemail box of a queue, user or group."""

    destination: Target


class TransferExtension(Struct, frozen=True, gc=False):
    """Dial by extension: to any internal participant."""


class CreateCallback(Struct, frozen=True, gc=False):
    """Orders a callback in a queue; the present call goes on."""

    queue: Target


class SetPostFlow(Struct, frozen=True, gc=False):
    """The flow that runs after the agent has hung up; None clears it."""

    flow: Target


class SetLanguage(Struct, frozen=True, gc=False):
    """Set Language. language: "de-de", None when dynamic."""

    language: str | None


class EndTask(Struct, frozen=True, gc=False):
    """Ends a task through an output path ("default" when it has only one)."""

    output: str = "default"


class EndFlow(Struct, frozen=True, gc=False):
    """Exit Bot Flow and the like: the flow returns to its caller."""


class ReturnToAgent(Struct, frozen=True, gc=False):
    """A secure flow started by an agent goes back to that agent."""


class EndState(Struct, frozen=True, gc=False):
    """Ends a state of a bot or message flow."""


class Disconnect(Struct, frozen=True, gc=False):
    """Hangs up."""


class Unmodelled(Struct, frozen=True, gc=False):
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
