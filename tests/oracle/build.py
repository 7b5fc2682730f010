"""Short ways to write small organisations in tests. Every action name is unique in its organisation."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint, PlaceKey, PointKind
from auditor.model.confidence import Confidence
from auditor.model.expressions import Apply, Expr, Literal, Variable
from auditor.model.flows import (
    Action,
    Choice,
    ContainerKind,
    ErrorHandling,
    Flow,
    FlowType,
    FlowVariable,
    Menu,
    Output,
    Task,
)
from auditor.model.location import NOWHERE
from auditor.model.operations import Assign as AssignOp
from auditor.model.operations import (
    Binding,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    Decide,
    Disconnect,
    EnableRecording,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Loop,
    Operation,
    Play,
    Reference,
    SetParticipantData,
    Spoken,
    TransferFlow,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.organisation import Organisation
from auditor.model.routing import (
    CallbackSettings,
    CallRoute,
    Campaign,
    Did,
    Member,
    ObjectRef,
    Queue,
    Reaction,
    ResponseSet,
    ScheduleGroup,
    User,
)
from auditor.model.settings import UNSET, Known, Setting
from auditor.model.sites import action_sites
from auditor.model.telephony import Line, OutboundRoute, Phone, Station, TrunkBase

Block = tuple[Action, ...]
NOTICE = (Spoken("This call may be recorded."),)
WELCOME = (Spoken("Welcome."),)
QUESTION = (Spoken("May we record this call? Press 1 to agree."),)
OTHER_QUESTION = (Spoken("Press 1 for sales or 2 for service."),)


def setting(value: bool | None) -> Setting[bool]:
    """A setting from True, False or None (unset)."""
    return UNSET if value is None else Known(value)


# -- actions ----------------------------------------------------------------------------------------------------


def act(name: str, type: str, operation: Operation, **outputs: Block) -> Action:
    """An action; outputs by key."""
    return Action("", None, name, type, operation, tuple(Output(k, k, b) for k, b in outputs.items()), NOWHERE)


def enable(name: str = "Enable") -> Action:
    return act(name, "enableParticipantRecord", EnableRecording())


def play(name: str, *, notice: bool = False, flushes: bool = False) -> Action:
    kind = "playAudioOnSilence" if flushes else "playAudio"
    return act(name, kind, Play(NOTICE if notice else WELCOME, flushes))


def collect(
    name: str, success: Block = (), failure: Block = (), *, into: str | None = None, consent: bool = True
) -> Action:
    operation = CollectInput(QUESTION if consent else OTHER_QUESTION, into, 1, 1)
    return act(name, "collectInput", operation, success=success, failure=failure)


def decide(name: str, condition: Expr, yes: Block = (), no: Block = ()) -> Action:
    return act(name, "decision", Decide(condition), yes=yes, no=no)


def maybe(name: str, yes: Block = (), no: Block = ()) -> Action:
    """A decision that may go either way, each time anew: it asks for the time."""
    now = Apply("hour", (Apply("getcurrentdatetimeutc", ()),))
    return decide(name, Apply(">=", (now, Literal(12, "int"))), yes, no)


def assign(name: str, variable: str, value: Expr) -> Action:
    return act(name, "updateData", AssignOp(((variable, value),)))


def bot(name: str, intents: dict[str, Block], failure: Block = (), *, intent: str | None = None) -> Action:
    operation = CallBot("callLexV2Bot", Reference("externalbot", name="Lex"), intent=intent, audio=QUESTION)
    return act(name, "callLexV2Bot", operation, **intents, failure=failure)


def table(
    name: str, found: Block = (), not_found: Block = (), failure: Block = (), *, into: str | None = None
) -> Action:
    bindings = (Binding("consent", into),) if into else ()
    operation = Lookup("dataTableLookup", "Consents", bindings=bindings)
    return act(name, "dataTableLookup", operation, found=found, notFound=not_found, failure=failure)


def get_data(name: str, attribute: str, into: str) -> Action:
    return act(name, "getParticipantData", GetParticipantData(((Literal(attribute, "str"), into),)))


def set_data(name: str, attribute: str, value: Expr) -> Action:
    return act(name, "setParticipantData", SetParticipantData(((Literal(attribute, "str"), value),)))


def loop(name: str, body: Block) -> Action:
    return act(name, "loop", Loop(count=Literal(3, "int")), loop=body)


def call(name: str, task: str, *, bindings: tuple[Binding, ...] = (), **outputs: Block) -> Action:
    return act(name, "callTask", CallTask(task, bindings=bindings), **(outputs or {"default": ()}))


def module(name: str, flow: str, *, bindings: tuple[Binding, ...] = ()) -> Action:
    return act(name, "callCommonModule", CallModule(Reference("module", flow, flow), bindings=bindings))


def jump(name: str, container: str, type: str = "jumpToTask") -> Action:
    return act(name, type, Jump(container))


def end_task(name: str, output: str = "default") -> Action:
    return act(name, "endTask", EndTask(output))


def disconnect(name: str) -> Action:
    return act(name, "disconnect", Disconnect())


def to_queue(name: str, queue: str = "Q", failure: Block = ()) -> Action:
    return act(name, "transferToAcd", TransferQueue(Reference("queue", queue, queue)), failure=failure)


def to_flow(name: str, flow: str, failure: Block = (), *, secure: bool = False) -> Action:
    operation = TransferFlow(Reference("flow", flow, flow), secure)
    return act(name, "transferToFlowSecure" if secure else "transferToFlow", operation, failure=failure)


def to_user(name: str, user: str, failure: Block = ()) -> Action:
    return act(name, "transferToUser", TransferUser(Reference("user", user, user)), failure=failure)


def to_voicemail(name: str, user: str, failure: Block = ()) -> Action:
    return act(name, "transferToVoicemail", TransferVoicemail(Reference("user", user, user)), failure=failure)


# -- expressions ------------------------------------------------------------------------------------------------


def equals(variable: str, value: str | bool) -> Expr:
    return Apply("==", (Variable(variable), Literal(value, "bln" if isinstance(value, bool) else "str")))


def yes_or_no(value: bool) -> Expr:
    return Literal(value, "bln")


# -- containers and flows ---------------------------------------------------------------------------------------


def task(
    name: str,
    *block: Action,
    kind: ContainerKind = ContainerKind.TASK,
    variables: tuple[FlowVariable, ...] = (),
    paths: tuple[str, ...] = (),
    inline: bool = False,
) -> Task:
    return Task(name, name, kind, block, NOWHERE, variables, paths, inline)


def choice(digit: str, action: Action, *, everywhere: bool = False) -> Choice:
    """A choice of a menu; its id and name are made of the digit and the action."""
    name = f"{digit}:{action.name}"
    return Choice(name, name, digit, (), everywhere, False, action, NOWHERE)


def menu(
    name: str, *choices: Choice, default: Choice | None = None, consent: bool = False, dials: bool = False
) -> Menu:
    audio = QUESTION if consent else OTHER_QUESTION
    return Menu(name, name, audio, choices, default.id if default else None, Known(dials), NOWHERE)


def flow(
    name: str,
    *containers: Task | Menu,
    type: FlowType = FlowType.INBOUND_CALL,
    suppress: bool | None = True,
    variables: tuple[FlowVariable, ...] = (),
    errors: ErrorHandling | None = None,
    directory: str | None = None,
) -> Flow:
    """A flow; its id is its name and it starts at the first container. Types without the key are unset."""
    has_key = type in (FlowType.INBOUND_CALL, FlowType.OUTBOUND_CALL, FlowType.SECURE_CALL)
    return Flow(
        name, name, None, type, str(type), NOWHERE, containers[0].id, containers,
        setting(suppress) if has_key else UNSET, variables=variables, error_handling=errors,
        company_directory=directory,
    )  # fmt: skip


def variable(name: str, type: str = "string", initial: Expr | None = None) -> FlowVariable:
    return FlowVariable(name, type, initial)


# -- the organisation around flows ------------------------------------------------------------------------------


def trunk(
    name: str = "T",
    line: bool | None = True,
    gate: bool | None = True,
    *,
    external: bool | None = False,
    consult: bool | None = False,
) -> TrunkBase:
    return TrunkBase(
        name, name, "EXTERNAL", "active", "external_sip.json", False, None, None, Known(True), setting(line),
        setting(gate), Known(True), setting(consult), setting(external), Known(False), NOWHERE,
    )  # fmt: skip


def phone(name: str, recording: bool | None = False) -> Phone:
    line = Line(f"{name} line", f"{name} line", setting(recording), None, None, NOWHERE, name)
    return Phone(name, name, "active", None, None, None, None, UNSET, (line,), NOWHERE)


def station(name: str, phone_name: str, user_name: str) -> Station:
    return Station(name, name, user_name, phone_name, f"{phone_name} line", None, NOWHERE)


def user(name: str, station_name: str | None = None, *, active: bool = True, site: str | None = None) -> User:
    state = "active" if active else "inactive"
    return User(name, name, None, state, None, station_name, None, (), (), NOWHERE, site)


def queue(
    name: str = "Q",
    members: tuple[str, ...] | None = None,
    *,
    suppress: bool | None = True,
    in_queue: str | None = None,
) -> Queue:
    people = None if members is None else tuple(Member(m, True) for m in members)
    return Queue(
        name, name, None, in_queue, setting(suppress), Known(False), Known(False), people, (), None, None, NOWHERE
    )


def route(name: str, open: str, *, closed: str | None = None, holiday: str | None = None) -> CallRoute:
    slots = [ObjectRef(f, f) if f else None for f in (open, closed, holiday)]
    group = ObjectRef("Hours", "Hours") if closed or holiday else None
    return CallRoute(name, name, None, (f"+49 30 {name}",), slots[0], slots[1], slots[2], group, NOWHERE)


HOURS = ScheduleGroup("Hours", "Hours", (), (), (), NOWHERE)


def direct(number: str, owner: str, type: str = "USER") -> Did:
    return Did(number, number, owner, owner, type, None, NOWHERE)


def outbound(name: str, site: str, *trunks: str) -> OutboundRoute:
    return OutboundRoute(name, name, site, Known(True), trunks, NOWHERE)


def campaign(
    name: str, mode: str, *, queue: str = "Q", answers: str | None = None, site: str | None = None
) -> Campaign:
    return Campaign(name, name, None, mode, "on", queue, site, None, answers, NOWHERE)


def reactions(name: str, *rows: tuple[str, str, str | None]) -> ResponseSet:
    """A call analysis response set. rows: event, reaction, flow."""
    return ResponseSet(name, name, tuple(Reaction(e, t, f, f) for e, t, f in rows), NOWHERE)


def callback(mode: str, *, voice: str | None = None, flow: str | None = None) -> CallbackSettings:
    return CallbackSettings(mode, voice, ObjectRef(flow) if flow else None, None, None, None, None, True)


# -- consent points ---------------------------------------------------------------------------------------------


class Ask(Struct, frozen=True):
    """A consent point by the name of its action or menu."""

    name: str
    kind: PointKind
    granting: tuple[str, ...] | None = ("1",)
    refusing: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()


def points_of(organisation: Organisation, asks: Iterable[Ask]) -> tuple[ConsentPoint, ...]:
    """The consent points in their places; those whose action is not there are left out."""
    wanted = {a.name: a for a in asks}
    places: dict[str, PlaceKey] = {}
    for index, flow_ in enumerate(organisation.flows):
        for container in flow_.containers:
            if isinstance(container, Menu) and container.name in wanted:
                places[container.name] = PlaceKey(index, container.id, None)
        for site in action_sites(flow_):
            if site.action.name in wanted:
                places[site.action.name] = PlaceKey(index, site.container.id, site.number)
    return tuple(
        ConsentPoint(
            place, wanted[name].kind, name, Confidence.HIGH, wanted[name].granting, wanted[name].refusing,
            "May we record this call?", "policy file", (), wanted[name].ignored,
        )
        for name, place in places.items()
    )  # fmt: skip
