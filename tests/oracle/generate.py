"""Random small organisations: `sample(seed, profile)` fast and repeatable, `samples(profile)` for hypothesis."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint, PointKind
from auditor.model.flows import (
    Choice,
    ContainerKind,
    ErrorHandling,
    Flow,
    FlowType,
    FlowVariable,
    Handling,
    Menu,
    Task,
)
from auditor.model.location import NOWHERE
from auditor.model.operations import CollectInput, Jump, Menus, Reference
from auditor.model.organisation import Organisation
from auditor.model.routing import CallbackSettings, Did, Group, Queue
from auditor.model.telephony import TrunkBase
from tests.oracle import build as b
from tests.oracle.blocks import MODULE_OUT, Blocks, Scope
from tests.oracle.build import Ask, Block, points_of
from tests.oracle.profile import Profile


class Sample(Struct, frozen=True):
    """A random organisation, what is asked in it, and how it is to be audited."""

    organisation: Organisation
    asks: tuple[Ask, ...]
    mode: str = "opt_in"
    orphans: bool = False

    @property
    def points(self) -> tuple[ConsentPoint, ...]:
        """The consent points in their places."""
        return points_of(self.organisation, self.asks)


def sample(seed: int, profile: Profile) -> Sample:
    """The organisation of a seed."""
    return generate(Random(f"{profile.name} {seed}"), profile)


def samples(profile: Profile) -> st.SearchStrategy[Sample]:
    """Organisations for hypothesis, which shrinks the choices that were made."""
    return st.randoms(use_true_random=False).map(lambda rng: generate(rng, profile))


def generate(rng: Random, profile: Profile) -> Sample:
    """An organisation of random choices."""
    return _Maker(rng, profile).sample()


class _Maker(Blocks):
    def __init__(self, rng: Random, profile: Profile) -> None:
        super().__init__(rng, profile)
        self.budget = rng.randint(profile.actions // 2, profile.actions)
        self.flows_only = self.chance(profile.flows_only)
        self.users = tuple(f"U{i}" for i in range(rng.randint(1, 2)))
        self.queues = () if self.flows_only else tuple(f"Q{i}" for i in range(rng.randint(1, 2)))
        self.after = profile.of("post_flow") > 0 and self.chance(0.4)
        self.groups = ("G",) if self.chance(0.3) and not self.flows_only else ()

    def sample(self) -> Sample:
        calls = [f"F{i}" for i in range(self.rng.randint(1, self.profile.flows))]
        modules = [f"M{i}" for i in range(1 + self.chance(0.2)) if self.chance(self.profile.modules)]
        secure = ["S0"] if self.chance(self.profile.secure) else []
        waiting = [f"W{i}" for i in range(len(self.queues)) if self.chance(self.profile.in_queue)]
        flows: list[Flow] = []
        for number, name in enumerate(calls):
            outbound = number > 0 and self.chance(0.1)
            type_ = FlowType.OUTBOUND_CALL if outbound else FlowType.INBOUND_CALL
            others = tuple(n for n in calls if n != name or self.chance(0.3))
            flows.append(self._call_flow(name, type_, tuple(modules), others, tuple(secure)))
        flows += [self._call_flow(n, FlowType.SECURE_CALL, tuple(modules), tuple(calls), ()) for n in secure]
        flows += [self._module_flow(n, tuple(modules[:i])) for i, n in enumerate(modules)]
        flows += [self._waiting_flow(n, tuple(modules)) for n in waiting]
        if self.after:
            flows.append(self._survey())
        organisation = self._around(flows, calls, waiting)
        mode = self.rng.choice(self.profile.modes)
        return Sample(organisation, tuple(self.asks), mode, self.chance(self.profile.orphans))

    # -- flows ------------------------------------------------------------------------------------------------

    def _call_flow(
        self, name: str, type_: FlowType, modules: tuple[str, ...], flows: tuple[str, ...], secure: tuple[str, ...]
    ) -> Flow:
        tasks = [f"{name} task {i}" for i in range(self.rng.randint(1, 2))]
        called = {f"{name} reusable {i}": self._paths() for i in range(self.rng.randint(0, 2))}
        menus = [f"{name} menu {i}" for i in range(2) if self.chance(self.profile.menus)]
        scope = Scope(type_, tuple(tasks + menus), called, modules, flows, secure)
        self._variables(scope)
        containers: list[Task | Menu] = [self._task(t, scope) for t in tasks]
        order = sorted(called)
        for i, reusable in enumerate(order):
            calls = called if self.profile.recursion else {k: called[k] for k in order[:i]}
            containers.append(
                self._reusable(reusable, replace(scope, calls=calls, paths=called[reusable], called=True))
            )
        for m in menus:
            made, inline = self._menu(m, scope)
            containers += [made, *inline]
        if menus and self.chance(0.3):
            containers.insert(0, containers.pop(next(i for i, c in enumerate(containers) if isinstance(c, Menu))))
        return b.flow(
            name, *containers, type=type_, suppress=self._setting(0.6), variables=self._declared(),
            errors=self._handler(tasks, menus), directory=self._directory(),
        )  # fmt: skip

    def _paths(self) -> tuple[str, ...]:
        return ("default",) if self.chance(0.5) else ("Yes", "No")

    def _directory(self) -> str | None:
        return self.rng.choice(("entireFlow", "startUpObject")) if self.chance(self.profile.directory) else None

    def _variables(self, scope: Scope) -> None:
        if self.profile.values:
            scope.strings += ["Flow.A"]
            scope.booleans += ["Flow.Rec"]

    def _declared(self) -> tuple[FlowVariable, ...]:
        if not self.profile.values:
            return ()
        start = self.rng.choice((None, True, False, False))
        first = None if start is None else b.yes_or_no(start)
        return (b.variable("Flow.A"), b.variable("Flow.Rec", "boolean", first))

    def _handler(self, tasks: list[str], menus: list[str]) -> ErrorHandling | None:
        if not self.chance(self.profile.handlers):
            return None
        kind = self.rng.choice((Handling.DISCONNECT, Handling.QUEUE, Handling.TASK, Handling.MENU))
        if kind is Handling.QUEUE and self.queues:
            return ErrorHandling(kind, NOWHERE, Reference("queue", self.queues[0], self.queues[0]))
        if kind is Handling.MENU and menus:
            return ErrorHandling(kind, NOWHERE, container=menus[0])
        if kind is Handling.TASK:
            return ErrorHandling(kind, NOWHERE, container=tasks[-1])
        return ErrorHandling(Handling.DISCONNECT, NOWHERE)

    def _task(self, name: str, scope: Scope, *, inline: bool = False) -> Task:
        block = self.block(replace(scope, depth=0), 4)
        ending = [b.disconnect(self.name("Bye"))]
        if self.chance(0.6):
            ending = list(self._user(scope.inner())) if not self.queues else list(self._queue(scope.inner()))
            ending.append(b.disconnect(self.name("Bye")))
        return b.task(name, *block, *ending, inline=inline, variables=self._locals(scope, block))

    def _locals(self, scope: Scope, block: Block) -> tuple[FlowVariable, ...]:
        """Task variables: those for handing over, and one for each answer that is tested at once."""
        handed = ["Task.In", "Task.Back"] if self.profile.values and scope.called else []
        return tuple(b.variable(name) for name in (*handed, *_answers(block)))

    def _reusable(self, name: str, scope: Scope) -> Task:
        inner = replace(scope, strings=[*scope.strings])
        if self.profile.values:
            inner.strings += ["Task.In", "Task.Back"]
        block = self.block(inner, 3)
        last = self.rng.choice(scope.paths)
        ending = () if scope.paths == ("default",) and self.chance(0.3) else (b.end_task(self.name("End"), last),)
        return b.task(name, *block, *ending, paths=scope.paths, variables=self._locals(scope, block))

    def _module_flow(self, name: str, modules: tuple[str, ...]) -> Flow:
        scope = Scope(FlowType.COMMON_MODULE, modules=modules, called=True)
        if self.profile.values:
            scope.booleans.append(MODULE_OUT)
            scope.strings.append("Flow.B")
        start = b.yes_or_no(self.chance(0.3)) if self.chance(0.7) else None
        variables = (b.variable(MODULE_OUT, "boolean", start), b.variable("Flow.B")) if self.profile.values else ()
        block = self.block(scope, 3)
        body = b.task(f"{name} task", *block, variables=tuple(b.variable(v) for v in _answers(block)))
        return b.flow(name, body, type=FlowType.COMMON_MODULE, variables=variables)

    def _survey(self) -> Flow:
        """The flow after the agent."""
        scope = Scope(FlowType.VOICE_SURVEY)
        self._variables(scope)
        body = b.task("V0 task", *self.block(scope, 2), b.disconnect(self.name("Bye")))
        made = b.flow("V0", body, type=FlowType.VOICE_SURVEY, variables=self._declared())
        return replace(made, suppress_recording=b.setting(self._setting(0.6)))

    def _waiting_flow(self, name: str, modules: tuple[str, ...]) -> Flow:
        scope = Scope(FlowType.IN_QUEUE_CALL, modules=modules)
        self._variables(scope)
        block = self.block(scope, 3)
        variables = tuple(b.variable(v) for v in _answers(block))
        body = b.task(f"{name} loop", *block, kind=ContainerKind.LOOP_TASK, variables=variables)
        return b.flow(name, body, type=FlowType.IN_QUEUE_CALL, variables=self._declared())

    # -- menus ------------------------------------------------------------------------------------------------

    def _menu(self, name: str, scope: Scope) -> tuple[Menu, list[Task]]:
        consent = self.chance(0.6)
        choices: list[Choice] = []
        inline: list[Task] = []
        again: tuple[str, ...] = ()
        for digit in ("1", "2", "3")[: self.rng.randint(1, 3)]:
            made, tasks = self._choice(digit, scope)
            choices.append(made)
            inline += tasks
        if self.chance(0.15):
            everywhere = b.choice("9" if name.endswith("0") else "8", b.disconnect(self.name("Leave")), everywhere=True)
            choices.append(everywhere)
        if self.chance(0.15):
            repeat = b.choice("0", b.act(self.name("Repeat"), "menuRepeatMenu", Jump(None, Menus.REPEAT)))
            choices.append(repeat)
            again = (repeat.id,)
        default = self.rng.choice([c for c in choices if c.id not in again]) if self.chance(0.5) else None
        if consent:
            self._consent(name, PointKind.MENU, ("1",))
            self.asks[-1] = replace(self.asks[-1], ignored=again)
        dials = not consent and self.chance(self.profile.dials)
        return b.menu(name, *choices, default=default, consent=consent, dials=dials), inline

    def _choice(self, digit: str, scope: Scope) -> tuple[Choice, list[Task]]:
        kind = self.rng.choices(("task", "jump", "queue", "hang_up"), (4, 2, 1, 1))[0]
        if kind == "task":
            name = self.name("Choice task")
            choice = b.choice(digit, b.jump(self.name("Chosen"), name, "menuTask"), everywhere=self.chance(0.08))
            return replace(choice, global_dtmf=False), [self._task(name, scope, inline=True)]
        if kind == "jump":
            return b.choice(digit, b.jump(self.name("Chosen"), self.rng.choice(scope.jumps), "menuJumpToTask")), []
        if kind == "queue" and self.queues:
            made = b.to_queue(self.name("Chosen queue"), self.rng.choice(self.queues))
            return b.choice(digit, replace(made, type="menuTransferToAcd", outputs=())), []
        return b.choice(digit, b.act(self.name("Chosen end"), "menuDisconnect", b.disconnect("").operation)), []

    # -- around the flows -------------------------------------------------------------------------------------

    def _setting(self, on: float) -> bool | None:
        if self.chance(self.profile.unset):
            return None
        return self.chance(on)

    def _around(self, flows: list[Flow], calls: list[str], waiting: list[str]) -> Organisation:
        if self.flows_only:
            return Organisation(flows=tuple(flows))
        phones = tuple(b.phone(f"P{i}", self._setting(0.4)) for i in range(self.rng.randint(1, 3)))
        tied = {u: self.rng.choice(phones).name for u in self.users if self.chance(0.75)}
        stations = tuple(b.station(f"S {u}", p, u) for u, p in tied.items())
        routes = [b.route("R0", calls[0], closed=self._other(calls), holiday=self._other(calls))]
        if self.chance(0.2):
            routes.append(b.route("R1", self.rng.choice(calls)))
        active = self.chance(self.profile.active)
        sites = ("A", "B") if self.chance(self.profile.routed) else ()
        organisation = Organisation(
            flows=tuple(flows), trunk_bases=self._trunks(), phones=phones, stations=stations,
            users=tuple(
                b.user(u, f"S {u}" if u in tied else None, active=active, site=self._site(sites)) for u in self.users
            ),
            groups=tuple(Group(g, g, self._some(), (), (), True, NOWHERE) for g in self.groups),
            queues=tuple(self._made_queue(q, w) for q, w in zip(self.queues, [*waiting, None, None], strict=False)),
            routes=tuple(routes), schedule_groups=(b.HOURS,), dids=self._dids(phones[0].name),
        )  # fmt: skip
        return self._calling_out(organisation, sites)

    def _site(self, sites: tuple[str, ...]) -> str | None:
        return self.rng.choice((*sites, None)) if sites else None

    def _made_queue(self, name: str, waiting: str | None) -> Queue:
        made = b.queue(name, self._some(), suppress=self._setting(0.5), in_queue=waiting)
        if self.chance(self.profile.copies):
            made = replace(made, transcription=b.setting(self._setting(0.6)))
        if self.chance(self.profile.callbacks):
            made = replace(made, callback=self._callback_settings())
        return made

    def _callback_settings(self) -> CallbackSettings:
        if self.chance(0.4):
            return b.callback("AgentFirst")
        reaction = self.rng.choice((None, "TransferToQueue", "HangUp", "TransferToFlow"))
        return b.callback("CustomerFirst", voice=reaction, flow="F0" if reaction == "TransferToFlow" else None)

    def _calling_out(self, o: Organisation, sites: tuple[str, ...]) -> Organisation:
        """Outbound routes of sites, and campaigns."""
        ids = [t.id for t in o.trunk_bases]
        over = {s: self.rng.sample(ids, self.rng.randint(1, len(ids))) for s in sites}
        o = replace(o, outbound_routes=tuple(b.outbound(f"Out {s}", s, *trunks) for s, trunks in over.items()))
        if not self.queues or not self.chance(self.profile.campaigns):
            return o
        answers = self.chance(0.7)
        live = self.rng.choice((("transfer_flow", "F0"), ("transfer", None), ("hangup", None)))
        rows = [("callable_lineconnected", *live)] if self.chance(0.8) else []
        rows += [("callable_machine", "transfer_flow", "F0")] if self.chance(0.3) else []
        mode = self.rng.choice(("agentless", "power", "preview"))
        made = b.campaign("C", mode, queue=self.queues[0], answers="RS" if answers else None, site=self._site(sites))
        return replace(o, campaigns=(made,), response_sets=(b.reactions("RS", *rows),) if answers else ())

    def _other(self, calls: list[str]) -> str | None:
        return self.rng.choice(calls) if self.chance(0.2) else None

    def _some(self) -> tuple[str, ...] | None:
        if self.chance(0.15):
            return None
        return tuple(u for u in self.users if self.chance(0.8)) or (self.users[0],)

    def _trunks(self) -> tuple[TrunkBase, ...]:
        external, consult = self._setting(0.2), self._setting(self.profile.consult)
        return tuple(
            b.trunk(f"T{i}", self._setting(0.85), self._setting(0.75), external=external, consult=consult)
            for i in range(self.rng.randint(1, 2))
        )

    def _dids(self, phone: str) -> tuple[Did, ...]:
        if not self.chance(self.profile.direct):
            return ()
        owners = [(self.users[0], "USER"), (phone, "PHONE"), *((g, "GROUP") for g in self.groups)]
        return (b.direct("+49 40 1", *self.rng.choice(owners)),)


def _answers(block: Block) -> list[str]:
    """Task variables that take answers in the block."""
    found: list[str] = []
    for action in block:
        operation = action.operation
        if isinstance(operation, CollectInput) and (operation.variable or "").startswith("Task.Ask"):
            found.append(operation.variable or "")
        for output in action.outputs:
            found += _answers(output.block)
    return found
