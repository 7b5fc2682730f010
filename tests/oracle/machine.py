"""One step of a call: every configuration that can follow a configuration.

Settings of trunks, queues and phones do not steer a call, so they are no part of a configuration: the judge
applies them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysis.consent import Answer
from auditor.model.expressions import Literal
from auditor.model.flows import Choice, Menu
from auditor.model.operations import (
    AskBot,
    Assign,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    CopyAudio,
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
    Operation,
    Pass,
    Play,
    ReturnToAgent,
    Schedule,
    SetLanguage,
    SetParticipantData,
    SetPostFlow,
    Switch,
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
from tests.oracle.expressions import Special
from tests.oracle.moves import Moves
from tests.oracle.program import Spot, speaks_of_recording
from tests.oracle.state import Config, Edge, Event, Step, answered, arrive, copied, flush, lost
from tests.oracle.values import ERROR, pairs_of


class Machine(Moves):
    """The steps of all calls of one organisation."""

    def successors(self, c: Config) -> list[Edge]:
        """Every step from here."""
        return list(self._successors(c))

    def _successors(self, c: Config) -> Iterator[Edge]:
        if c.place == "waiting":
            hand = Event("hand", c.handing) if c.handing is not None else None
            for target in self.people(c, self.endpoints.of_queue(c.host)):
                yield Edge(None, hand, target)
        if c.place == "internal":
            for target in self.after_answer(c):
                yield Edge(None, None, target)
        spot = c.spot
        if spot is None:
            return
        if spot.is_menu:
            steps = self._menu(c, spot)
        elif spot.action is None:
            yield Edge(None, None, self.leave(c, "default"))
            return
        else:
            steps = self._run(c, spot, spot.action.operation)
        for event, target in steps:
            if event is None and target.handing is spot is not c.handing:
                event = Event("hand", spot)  # by error handling
            yield Edge(spot, event, target)

    def _run(self, c: Config, spot: Spot, operation: Operation) -> Iterator[Step]:
        match operation:
            case CollectInput():
                yield from self._collect(c, spot, operation)
            case AskBot():
                yield from self._ask(c, spot, operation)
            case CallBot(kind=kind) if kind != "callBotFlow":
                yield from self._bot(c, spot, operation)
            case Lookup():
                yield from self._lookup(c, spot, operation)
            case GetParticipantData():
                yield from self._get(c, spot, operation)
            case (
                TransferQueue() | TransferFlow() | TransferUser() | TransferGroup() | TransferNumber()
                | TransferVoicemail() | TransferExtension()
            ):  # fmt: skip
                yield from self.transfer(flush(c), spot, operation)
            case EnableRecording():
                c = flush(c)._replace(enabled=True)
                yield from ((Event("enable", spot), t) for t in self.outputs(c, spot))
            case _:
                yield from ((None, t) for t in self._plain(c, spot, operation))

    def _plain(self, c: Config, spot: Spot, operation: Operation) -> Iterator[Config]:
        match operation:
            case Pass(flushes=flushes, bindings=bindings):
                for after in self.anything(flush(c) if flushes else c, spot, [b.variable for b in bindings]):
                    yield from self.outputs(after, spot)
            case Play(audio=audio, flushes=flushes):
                c = c._replace(queued=c.queued or speaks_of_recording(audio))
                yield from self.outputs(flush(c) if flushes else c, spot)
            case CreateCallback() | Schedule():
                yield from self.outputs(c, spot)
            case CopyAudio(kind=kind, on=on):
                for after in copied(c, kind.value, spot, on):
                    yield from self.outputs(after, spot)
            case SetPostFlow(flow=flow):
                yield from self.outputs(c._replace(post=self.program.flow_of(flow)), spot)
            case SetParticipantData() | Assign() | Decide() | Switch():
                for output, after in self.compute(c, spot, operation):
                    if output == ERROR:
                        yield from self.error(after, spot)
                    else:
                        yield from self.take(after, spot, output) if output else iter((self.go(after, spot.next),))
            case Loop():
                if not spot.first:
                    yield self.go(c, spot.next)
                yield from self.outputs(c, spot)
            case CallTask() | CallModule():
                yield from self.call(c, spot, operation)
            case CallBot():
                yield from self.call(flush(c), spot, operation)
            case Jump():
                yield from self.jump(c, spot, operation)
            case SetLanguage():
                yield from self.outputs(c._replace(language=True), spot)
            case Unmodelled():
                yield from self.outputs(c._replace(taint=True), spot)
            case _:
                yield self._ending(c, spot, operation)

    def _ending(self, c: Config, spot: Spot, operation: Operation) -> Config:
        match operation:
            case LoopExit():
                return self.go(c, spot.exit)
            case LoopNext():
                return self.go(c, spot.head)
            case EndTask(output=output):
                return self.leave(c, output)
            case EndFlow():
                return self.leave_flow(c)
            case Disconnect():
                return arrive(flush(c), "ended")
            case ReturnToAgent() | EndState():
                return lost(c)
            case _:
                raise ValueError(f"no step for {operation}")

    # -- questions --------------------------------------------------------------------------------------------

    def _menu(self, c: Config, spot: Spot) -> Iterator[Step]:
        menu = spot.container
        assert isinstance(menu, Menu)
        asks = spot.point is not None
        c = flush(c)
        c = c._replace(noticed=c.noticed or asks or speaks_of_recording(menu.audio))
        for choice, chosen, foreign in spot.offers:
            answer = self._choice_answer(spot.point, choice, foreign) if spot.point is not None else None
            yield from self._left(spot, answer, [self.go(c, chosen)])
        after = self.go(c, spot.default) if spot.default is not None else arrive(c, "ended")
        yield from self._left(spot, Answer.UNANSWERED if asks else None, [after])
        listens = menu.listens_for_extension
        if not isinstance(listens, Known) or listens.value:
            yield from ((Event("hand", spot), t) for t in self.people(c, self.endpoints.anybody))
        yield from self._names(c, spot)

    def _names(self, c: Config, spot: Spot) -> Iterator[Step]:
        """The caller says the name of somebody in the company directory."""
        flow = self.organisation.flows[spot.flow]
        scope = (flow.company_directory or "none").casefold()
        if scope == "entireflow" or (scope == "startupobject" and spot.container.id == flow.start):
            yield from ((Event("hand", spot), t) for t in self.people(c, self.endpoints.anybody))

    def _choice_answer(self, point: int, choice: Choice, foreign: bool) -> Answer | None:
        if choice.id in self.program.points[point].ignored:
            return None
        if foreign:
            return Answer.REFUSED
        return self._classify(point, {choice.name} | ({choice.digit} if choice.digit is not None else set()))

    def _classify(self, point: int, terms: set[str]) -> Answer:
        consent_point = self.program.points[point]
        wanted = consent_point.granting if consent_point.granting is not None else consent_point.refusing
        assert wanted is not None
        held = {t.casefold() for t in terms} & {w.casefold() for w in wanted}
        return Answer.GRANTED if bool(held) is (consent_point.granting is not None) else Answer.REFUSED

    def classes(self, point: int) -> set[str]:
        """The classes that a consent point has."""
        place = self.program.points[point].place
        spots = (*self.program.actions, *self.program.containers.values())
        spot = next(s for s in spots if s.point == point and (s.flow, s.container.id) == (place.flow, place.container))
        return {e.answer for e, _ in self._outcomes(spot) if e is not None and e.kind == "leave"}

    def _outcomes(self, spot: Spot) -> Iterator[Step]:
        """The steps from a consent point in a call in which nothing has happened yet."""
        call = Config("flow", spot, spot.flow)
        if spot.action is None:
            return self._menu(call, spot)
        return self._run(call, spot, spot.action.operation)

    def _left(self, spot: Spot, answer: Answer | None, targets: list[Config]) -> Iterator[Step]:
        """Goes on after a question; answer None: it is no consent point, or this is no outcome."""
        for target in targets:
            if answer is None or spot.point is None:
                yield None, target
            else:
                event = Event("leave", spot, spot.point, answer.value)
                yield event, target._replace(consent=answered(target.consent, answer))

    def _heard(self, c: Config, spot: Spot, about_recording: bool) -> Config:
        c = flush(c)
        return c._replace(noticed=c.noticed or spot.point is not None or about_recording)

    def _collect(self, c: Config, spot: Spot, op: CollectInput) -> Iterator[Step]:
        point = spot.point
        c = self._heard(c, spot, speaks_of_recording(op.audio))
        stored = op.variable is not None and op.variable.casefold() in self.program.read
        for digit in self.program.answers if stored or point is not None else ("1",):
            repeats = point is not None and digit in self.program.points[point].ignored
            answer = self._classify(point, {digit}) if point is not None and not repeats else None
            yield from self._left(spot, answer, list(self.take(self.set(c, op.variable, digit), spot, "success")))
        failed = self.set(c, op.variable, None)
        answer = Answer.UNANSWERED if point is not None else None
        yield from self._left(spot, answer, list(self.take(failed, spot, "failure")))
        yield from self._names(c, spot)

    def _ask(self, c: Config, spot: Spot, op: AskBot) -> Iterator[Step]:
        assert spot.action is not None
        c = self._heard(c, spot, speaks_of_recording(op.audio))
        for output in spot.action.outputs:
            value = {"yes": True, "no": False}.get(output.key)
            answer = None
            if spot.point is not None:
                answer = self._classify(spot.point, {output.key}) if value is not None else Answer.UNANSWERED
            after = self.set(c, op.variable, value)
            yield from self._left(spot, answer, list(self.take(after, spot, output.key)))

    def _bot(self, c: Config, spot: Spot, op: CallBot) -> Iterator[Step]:
        """An external bot: one output an intent, and failure, after which its variables are NOT_SET (A11)."""
        assert spot.action is not None
        c = self._heard(c, spot, speaks_of_recording(op.audio))
        stored = [b.variable for b in op.bindings]
        for output in spot.action.outputs:
            if output.key == "failure":
                failed = c
                for variable in (*stored, op.intent):
                    failed = self.set(failed, variable, None)
                answer = Answer.UNANSWERED if spot.point is not None else None
                yield from self._left(spot, answer, list(self.take(failed, spot, output.key)))
                continue
            answer = self._classify(spot.point, {output.key}) if spot.point is not None else None
            for after in self.anything(self.set(c, op.intent, output.key), spot, stored):
                yield from self._left(spot, answer, list(self.take(after, spot, output.key)))

    def _lookup(self, c: Config, spot: Spot, op: Lookup) -> Iterator[Step]:
        assert spot.action is not None
        c = flush(c) if op.kind.startswith("callData") else c
        for output in spot.action.outputs:
            good = output.key in ("found", "success")
            bindings = op.bindings if good else op.failure_bindings
            for after in self.anything(c, spot, [b.variable for b in bindings]):
                answer = self._stored_answer(after, spot, output.key, good) if spot.point is not None else None
                yield from self._left(spot, answer, list(self.take(after, spot, output.key)))

    def _stored_answer(self, after: Config, spot: Spot, output: str, good: bool) -> Answer:
        assert spot.point is not None
        point = self.program.points[spot.point]
        tested = [t.partition("=")[0] for t in (*(point.granting or ()), *(point.refusing or ())) if "=" in t]
        values = {name: self.value(after, name.casefold()) for name in tested}
        if not good or (tested and all(v is None for v in values.values())):
            return Answer.UNANSWERED
        terms = {f"{n}={str(v).lower() if isinstance(v, bool) else v}" for n, v in values.items()}
        return self._classify(spot.point, terms | {output})

    def _get(self, c: Config, spot: Spot, op: GetParticipantData) -> Iterator[Step]:
        written = dict(c.attributes)
        afters = [c]
        for name, variable in op.attributes:
            if not isinstance(name, Literal) or not isinstance(name.value, str):
                raise ValueError("participant data with a computed name are not generated")
            key = name.value.casefold()
            if key in written or spot.point is None:
                afters = [self.set(a, variable, written.get(key)) for a in afters]
            else:
                afters = [self._held(b, key, variable) for a in afters for b in self.anything(a, spot, [variable])]
        for after in afters:
            answer = self._stored_answer(after, spot, "found", True) if spot.point is not None else None
            yield from self._left(spot, answer, [self.go(after, spot.next)])

    def _held(self, c: Config, key: str, variable: str) -> Config:
        """What was read from an attribute that this run has not written is what it holds."""
        value = self.value(c, variable.casefold())
        if key not in self.program.attributes or isinstance(value, Special):
            return c
        held = {**dict(c.attributes), key: value}
        return c._replace(attributes=pairs_of(held))
