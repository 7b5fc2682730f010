"""Random blocks of actions. Every name is unique; what is asked is recorded in `asks`."""

from __future__ import annotations

from random import Random

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.analysis.consent import PointKind
from auditor.model.expressions import Expr, Literal, NotSet, Variable
from auditor.model.flows import Action, FlowType
from auditor.model.operations import (
    Argument,
    Binding,
    CallTask,
    Case,
    CopyAudio,
    CopyKind,
    CreateCallback,
    LoopExit,
    LoopNext,
    Pass,
    Reference,
    Schedule,
    SetLanguage,
    SetPostFlow,
    Switch,
    SwitchStyle,
    TransferExtension,
    TransferGroup,
    TransferNumber,
    Unmodelled,
)
from auditor.model.settings import Known
from tests.oracle import build as b
from tests.oracle.build import Ask, Block
from tests.oracle.conditions import condition
from tests.oracle.profile import Profile

MODULE_OUT = "Flow.Out"
ENDS = frozenset({"jump", "hang_up", "end_task", "loop_exit", "loop_next"})


class Scope(Struct):
    """What a block may use. calls: task -> its output paths; strings, booleans: variables with scope."""

    flow_type: FlowType
    jumps: tuple[str, ...] = ()
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    secure: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    called: bool = False
    in_loop: bool = False
    depth: int = 0
    strings: list[str] = field(default_factory=list)
    booleans: list[str] = field(default_factory=list)

    def inner(self, *, loop: bool = False) -> Scope:
        """The scope of a branch."""
        return replace(self, depth=self.depth + 1, in_loop=self.in_loop or loop)


class Blocks:
    """Makes blocks until the budget of actions is used up."""

    def __init__(self, rng: Random, profile: Profile) -> None:
        self.rng = rng
        self.profile = profile
        self.budget = profile.actions
        self.count = 0
        self.asks: list[Ask] = []
        self.queues: tuple[str, ...] = ("Q",)
        self.users: tuple[str, ...] = ("U",)
        self.groups: tuple[str, ...] = ()
        self.after = False

    def name(self, word: str) -> str:
        self.count += 1
        return f"{word} {self.count}"

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def block(self, scope: Scope, most: int = 3) -> Block:
        """Up to so many actions; one that ends the block is the last."""
        made: list[Action] = []
        for _ in range(self.rng.randint(0 if scope.depth else 1, most)):
            if self.budget <= 0:
                break
            kind = self._kind(scope)
            self.budget -= 1
            made += getattr(self, f"_{kind}")(scope)
            if kind in ENDS:
                break
        return tuple(made)

    def _kind(self, scope: Scope) -> str:
        possible: dict[str, bool] = {
            "call": bool(scope.calls),
            "module": bool(scope.modules),
            "jump": bool(scope.jumps) and scope.depth > 0 and (self.profile.abandoning or not scope.called),
            "queue": bool(self.queues),
            "group": bool(self.groups),
            "flow": bool(scope.flows or scope.secure),
            "hang_up": scope.depth > 0,
            "loop": scope.depth < 2,
            "callback": bool(self.queues),
            "post_flow": self.after,
            "assign": bool(scope.booleans or scope.strings),
            "test": bool(scope.booleans or scope.strings) and scope.depth < 3,
            "switch": bool(scope.strings) and scope.depth < 2,
            "write": bool(scope.booleans or scope.strings),
            "read": bool(scope.strings),
            "keep": bool(scope.strings and scope.booleans),
            "ask_value": bool(scope.strings),
            "ask_data": bool(scope.strings),
            "maybe": scope.depth < 3,
        }
        kinds = [k for k in (*self.profile.weights, "unmodelled") if possible.get(k, True)]
        weights = [self.profile.of(k) for k in kinds]
        if scope.in_loop and scope.depth > 1:
            kinds += ["loop_exit", "loop_next"]
            weights += [0.8, 0.4]
        if scope.called:
            kinds.append("end_task")
            weights.append(1.0)
        return self.rng.choices(kinds, weights)[0]

    # -- recording, questions ---------------------------------------------------------------------------------

    def _enable(self, _scope: Scope) -> Block:
        return (b.enable(self.name("Enable")),)

    def _consent(self, name: str, kind: PointKind, terms: tuple[str, ...]) -> None:
        opposite = self.chance(0.15)
        self.asks.append(Ask(name, kind, None if opposite else terms, terms if opposite else None))

    def _ask(self, scope: Scope) -> Block:
        """A question; its answer is tested at once, in the same container."""
        name = self.name("Ask")
        self._consent(name, PointKind.COLLECT_INPUT, ("1",) if self.chance(0.85) else ("1", "2"))
        if not self.profile.stored or self.chance(0.3):
            return (b.collect(name, self.block(scope.inner(), 1), self.block(scope.inner(), 1)),)
        into = f"Task.{name.replace(' ', '')}"
        test = b.decide(
            self.name("Answer?"), b.equals(into, self.rng.choice(("1", "1", "2"))), self.block(scope.inner(), 2),
            self.block(scope.inner(), 1),
        )  # fmt: skip
        if self.chance(0.3):
            return (b.collect(name, (), self.block(scope.inner(), 1), into=into), test)
        return (b.collect(name, (test,), self.block(scope.inner(), 1), into=into),)

    def _ask_bot(self, scope: Scope) -> Block:
        name = self.name("Ask")
        self._consent(name, PointKind.BOT, ("yes",))
        intents = {k: self.block(scope.inner(), 1) for k in ("yes", "no", "help")[: self.rng.randint(2, 3)]}
        intent = self.rng.choice(scope.strings) if scope.strings and self.chance(0.5) else None
        return (b.bot(name, intents, self.block(scope.inner(), 1), intent=intent),)

    def _ask_table(self, scope: Scope) -> Block:
        name = self.name("Look")
        self._consent(name, PointKind.STORED, ("found",))
        outs = [self.block(scope.inner(), 1) for _ in range(3)]
        return (b.table(name, *outs),)

    def _ask_value(self, scope: Scope) -> Block:
        into = self.rng.choice(scope.strings)
        if self.chance(0.4):
            name = self.name("Look")
            self._consent(name, PointKind.STORED, (f"{into}=yes",))
            return (b.table(name, *(self.block(scope.inner(), 1) for _ in range(3)), into=into),)
        name = self.name("Ask")
        self._consent(name, PointKind.COLLECT_INPUT, ("1",))
        return (b.collect(name, self.block(scope.inner(), 1), self.block(scope.inner(), 1), into=into),)

    def _ask_data(self, scope: Scope) -> Block:
        name, into = self.name("Read"), self.rng.choice(scope.strings)
        self._consent(name, PointKind.STORED, (f"{into}=yes",))
        return (b.get_data(name, self._attribute(), into),)

    def _other_question(self, scope: Scope) -> Block:
        into = self.rng.choice(scope.strings) if scope.strings and self.chance(0.3) else None
        outs = (self.block(scope.inner(), 1), self.block(scope.inner(), 1))
        return (b.collect(self.name("Collect"), *outs, into=into, consent=False),)

    # -- branches and audio -----------------------------------------------------------------------------------

    def _maybe(self, scope: Scope) -> Block:
        return (b.maybe(self.name("Data?"), self.block(scope.inner(), 2), self.block(scope.inner(), 1)),)

    def _schedule(self, scope: Scope) -> Block:
        outs = {k: self.block(scope.inner(), 1) for k in ("open", "closed", "holiday", "emergency")}
        return (b.act(self.name("Hours"), "evaluateScheduleGroup", Schedule(), **outs),)

    def _loop(self, scope: Scope) -> Block:
        return (b.loop(self.name("Loop"), self.block(scope.inner(loop=True), 2)),)

    def _loop_exit(self, _scope: Scope) -> Block:
        return (b.act(self.name("Exit loop"), "loopExit", LoopExit()),)

    def _loop_next(self, _scope: Scope) -> Block:
        return (b.act(self.name("Next round"), "loopNext", LoopNext()),)

    def _play(self, _scope: Scope) -> Block:
        return (b.play(self.name("Play"), flushes=self.chance(0.3)),)

    def _notice(self, _scope: Scope) -> Block:
        return (b.play(self.name("Notice"), notice=True, flushes=self.chance(0.3)),)

    def _flush(self, _scope: Scope) -> Block:
        return (b.act(self.name("Flush"), "flushAudio", Pass(flushes=True)),)

    def _language(self, _scope: Scope) -> Block:
        return (b.act(self.name("Language"), "setLanguage", SetLanguage("de-de")),)

    def _callback(self, _scope: Scope) -> Block:
        target = Reference("queue", self.queues[0], self.queues[0])
        return (b.act(self.name("Callback"), "createCallback", CreateCallback(target)),)

    def _copy(self, _scope: Scope) -> Block:
        kind = self.rng.choice((CopyKind.TRANSCRIPTION, CopyKind.MONITORING))
        return (b.act(self.name("Copy"), str(kind), CopyAudio(kind, Known(self.chance(0.7)))),)

    def _post_flow(self, _scope: Scope) -> Block:
        return (b.act(self.name("Post flow"), "setPostFlow", SetPostFlow(Reference("flow", "V0", "V0"))),)

    def _unmodelled(self, scope: Scope) -> Block:
        return (b.act(self.name("Odd"), "odd", Unmodelled("odd"), default=self.block(scope.inner(), 1)),)

    # -- control flow -----------------------------------------------------------------------------------------

    def _call(self, scope: Scope) -> Block:
        target = self.rng.choice(sorted(scope.calls))
        paths = scope.calls[target]
        keys = [k for k in paths if self.chance(0.8)] if len(paths) > 1 else list(paths)
        outs = {k: self.block(scope.inner(), 1) for k in keys}
        action = b.act(self.name("Call"), "callTask", CallTask(target), **outs)
        if self.profile.values and scope.strings and self.chance(0.5):
            operation = CallTask(
                target,
                (Argument("Task.In", Variable(self.rng.choice(scope.strings))),) if self.chance(0.5) else (),
                (Binding("Task.Back", self.rng.choice(scope.strings)),) if self.chance(0.7) else (),
            )
            action = replace(action, operation=operation)
        return (action,)

    def _module(self, scope: Scope) -> Block:
        bound: tuple[Binding, ...] = ()
        if scope.booleans and self.chance(0.8):
            bound = (Binding(MODULE_OUT, self.rng.choice(scope.booleans)),)
        return (b.module(self.name("Module"), self.rng.choice(scope.modules), bindings=bound),)

    def _jump(self, scope: Scope) -> Block:
        return (b.jump(self.name("Jump"), self.rng.choice(scope.jumps)),)

    def _hang_up(self, _scope: Scope) -> Block:
        return (b.disconnect(self.name("Bye")),)

    def _end_task(self, scope: Scope) -> Block:
        return (b.end_task(self.name("End"), self.rng.choice(scope.paths or ("default",))),)

    # -- transfers --------------------------------------------------------------------------------------------

    def _queue(self, scope: Scope) -> Block:
        return (b.to_queue(self.name("To queue"), self.rng.choice(self.queues), self.block(scope.inner(), 1)),)

    def _user(self, scope: Scope) -> Block:
        return (b.to_user(self.name("To user"), self.rng.choice(self.users), self.block(scope.inner(), 1)),)

    def _voicemail(self, scope: Scope) -> Block:
        return (b.to_voicemail(self.name("Voicemail"), self.users[0], self.block(scope.inner(), 1)),)

    def _flow(self, scope: Scope) -> Block:
        secure = bool(scope.secure) and (not scope.flows or self.chance(0.3))
        target = self.rng.choice(scope.secure if secure else scope.flows)
        return (b.to_flow(self.name("To flow"), target, self.block(scope.inner(), 1), secure=secure),)

    def _group(self, scope: Scope) -> Block:
        operation = TransferGroup(Reference("group", self.groups[0], self.groups[0]))
        return (b.act(self.name("To group"), "transferToGroup", operation, failure=self.block(scope.inner(), 1)),)

    def _number(self, scope: Scope) -> Block:
        operation = TransferNumber(Literal("+49301", "str"), Known(self.chance(0.3)))
        return (b.act(self.name("To number"), "transferToNumber", operation, failure=self.block(scope.inner(), 1)),)

    def _extension(self, scope: Scope) -> Block:
        outs = {k: self.block(scope.inner(), 1) for k in ("failure", "timeout")}
        return (b.act(self.name("Dial"), "dialByExtension", TransferExtension(), **outs),)

    # -- values -----------------------------------------------------------------------------------------------

    def _attribute(self) -> str:
        return self.rng.choice(("Consent", "Consent", "Concent"))

    def _assign(self, scope: Scope) -> Block:
        if scope.booleans and (not scope.strings or self.chance(0.7)):
            value: Expr = b.yes_or_no(self.chance(0.5)) if self.chance(0.7) else self._condition(scope)
            return (b.assign(self.name("Set"), self.rng.choice(scope.booleans), value),)
        into = self.rng.choice(scope.strings)
        values: list[Expr] = [
            Literal("yes", "str"),
            Literal("1", "str"),
            NotSet(),
            Variable(self.rng.choice(scope.strings)),
        ]
        return (b.assign(self.name("Set"), into, self.rng.choice(values)),)

    def _test(self, scope: Scope) -> Block:
        yes, no = self.block(scope.inner(), 2), self.block(scope.inner(), 1)
        if self.chance(0.4):
            yes = (*self._enable(scope), *yes)
        return (b.decide(self.name("Test"), self._condition(scope), yes, no),)

    def _keep(self, scope: Scope) -> Block:
        """The answer is asked and kept as a boolean, rightly or not, to be tested somewhere else."""
        name, answer, kept = self.name("Ask"), self.rng.choice(scope.strings), self.rng.choice(scope.booleans)
        self._consent(name, PointKind.COLLECT_INPUT, ("1",))

        def keep(value: bool) -> Block:
            right = value if self.chance(0.85) else not value
            return (b.assign(self.name("Keep"), kept, b.yes_or_no(right)),) if self.chance(0.85) else ()

        test = b.decide(self.name("Answer?"), b.equals(answer, "1"), keep(True), keep(False))
        return (b.collect(name, (test,), keep(False), into=answer),)

    def _switch(self, scope: Scope) -> Block:
        outs = {k: self.block(scope.inner(), 1) for k in ("case1", "case2", "default")}
        subject = self.rng.choice(scope.strings)
        if self.chance(0.5):
            cases = (Case("case1", Literal("1", "str")), Case("case2", Literal("2", "str")))
            operation = Switch(SwitchStyle.MATCH, cases, Variable(subject))
        else:
            cases = (Case("case1", b.equals(subject, "yes")), Case("case2", self._condition(scope)))
            operation = Switch(SwitchStyle.FIRST_TRUE, cases)
        return (b.act(self.name("Switch"), "switch", operation, **outs),)

    def _write(self, scope: Scope) -> Block:
        values: list[Expr] = [Literal("yes", "str"), Literal("no", "str")]
        values += [Variable(self.rng.choice(scope.strings))] * 2 if scope.strings else []
        return (b.set_data(self.name("Write"), self._attribute(), self.rng.choice(values)),)

    def _read(self, scope: Scope) -> Block:
        return (b.get_data(self.name("Read"), self._attribute(), self.rng.choice(scope.strings)),)

    def _condition(self, scope: Scope) -> Expr:
        return condition(self.rng, scope.strings, scope.booleans)
