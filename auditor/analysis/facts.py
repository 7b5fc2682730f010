"""What the machine looks up at a point: consent points, announcements, tracked values, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy

from msgspec import Struct

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.environment import Environment
from auditor.analysis.placing import Placing
from auditor.analysis.tracking import Tracking, callee
from auditor.analysis.uses import ProgramUses, Uses
from auditor.analysis.values import Atom
from auditor.graph.points import Point
from auditor.graph.program import Program
from auditor.model.expressions import Apply, Expr, Literal
from auditor.model.flows import Choice, Flow, Menu
from auditor.model.operations import CallBot, CallModule


class Inputs(Struct, frozen=True):
    """What is explored, besides the organisation. values: whether values are tracked at all;
    keeps: whether a failed input may keep old values (A11 no or both); passing: whether points at which nothing happens
    are passed over; widens: see Environment."""

    points: tuple[ConsentPoint, ...] = ()
    announcements: frozenset[PlaceKey] = frozenset()
    values: bool = True
    keeps: bool = False
    passing: bool = True
    widens: bool = True


class Facts:
    """Consent points and announcements by program point, and the environment."""

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.program = program
        self.points: dict[int, ConsentPoint] = {}
        self.announcing: set[int] = set()
        self.greetings: set[int] = set()
        self._asking: dict[int, bool] = {}
        self._callees: dict[int, int | None] = {}
        self.typed: dict[tuple[int, str, tuple[str, ...]], tuple[Atom, ...]] = {}
        self._spellings: dict[int, dict[str, set[str]]] = {}
        organisation = program.organisation
        self._queue_ids = {q.id: i for i, q in enumerate(organisation.queues)}
        self.queue_index = {id(q): i for i, q in enumerate(organisation.queues)}
        self.user_index = {id(u): i for i, u in enumerate(organisation.users)}
        self.group_index = {id(g): i for i, g in enumerate(organisation.groups)}
        placing = Placing(program)
        for point in inputs.points:
            self.points.update(dict.fromkeys(placing.at(point.place), point))
        for key in inputs.announcements:
            if key.number is None and not key.container:
                self.greetings.add(key.flow)
            self.announcing.update(placing.at(key))
        stored = {place: tested_keys(point) for place, point in self.points.items()}
        tested = {(point.place.flow, key) for point in inputs.points for key in tested_keys(point)}
        uses = ProgramUses(program)
        self.tracking = Tracking(program, uses, tested)
        tracked, constant = (self.tracking.keys, self.tracking.constant) if inputs.values else ({}, {})
        self.environment = Environment(
            program, uses, tracked, stored, constant=constant, keeps=inputs.keeps, widens=inputs.widens
        )

    def anew(self) -> Facts:
        """The same with an environment of its own; see Environment.anew."""
        other = copy(self)
        other.environment = self.environment.anew()
        return other

    def following(self, keys: Mapping[int, frozenset[str]], unread: frozenset[int] = frozenset()) -> Facts:
        """The same with fewer variables that are followed; see Environment.following."""
        other = copy(self)
        other.environment = self.environment.following(keys, unread)
        return other

    def uses(self, point: Point) -> Uses:
        """What the action at a point does with values."""
        return self.environment.uses.at(point)

    def nobody(self, queue: int) -> bool:
        """Whether a queue is exported without any member or group."""
        if queue < 0:
            return False
        found = self.program.organisation.queues[queue]
        return found.members == () and not found.groups

    def backup_of(self, queue: int) -> int | None:
        """The backup queue of direct routing, by index."""
        backup = self.program.organisation.queues[queue].backup_queue if queue >= 0 else None
        return self._queue_ids.get(backup) if backup is not None else None

    def callee(self, point: Point) -> int | None:
        """The module or bot flow that a call at this point runs, None when it is not known."""
        if point.id not in self._callees:
            operation = point.site.action.operation if point.site is not None else None
            called = None
            if isinstance(operation, CallModule):
                called = callee(self.program, operation.module, point.flow, "module")
            elif isinstance(operation, CallBot):
                called = callee(self.program, operation.bot, point.flow, "bot")
            self._callees[point.id] = called
        return self._callees[point.id]

    def spellings(self, flow: int, text: str) -> frozenset[str]:
        """A term of a consent point as conditions of the flow spell it: terms do not tell upper from lower case."""
        known = self._spellings.get(flow)
        if known is None:
            known = self._spellings[flow] = {}
            for point in self.program.codes[flow].points:
                for condition in self.uses(point).tests:
                    for word in strings_in(condition):
                        known.setdefault(word.casefold(), set()).add(word)
        return frozenset({text} | known.get(text.casefold(), set()))

    def may_ask(self, flow: int) -> bool:
        """Whether a consent point can be passed in a flow, or in what it calls."""
        found = self._asking.get(flow)
        if found is None:
            points = self.program.codes[flow].points
            found = self._asking[flow] = any(p.id in self.points or _calls_out(p) for p in points)
        return found

    def subject(self, point: Point) -> int:
        """The point that stands for the action or menu in observations."""
        if point.site is None:
            return point.id
        return self.program.canonical[point.flow, point.site.number]


def strings_in(expression: Expr) -> frozenset[str]:
    """The text constants of an expression."""
    match expression:
        case Literal(value=str() as value):
            return frozenset({value})
        case Apply(operands=operands):
            return frozenset().union(*(strings_in(o) for o in operands))
        case _:
            return frozenset()


def _calls_out(point: Point) -> bool:
    return point.site is not None and isinstance(point.site.action.operation, (CallModule, CallBot))


def tested_keys(point: ConsentPoint) -> frozenset[str]:
    """Variables whose value decides a point ("Flow.X=yes"); slots of a called bot are no variables of the flow."""
    terms = point.granting if point.granting is not None else point.refusing or ()
    if point.kind not in (PointKind.STORED, PointKind.ASK, PointKind.BOT):
        return frozenset()
    names = {term.partition("=")[0].strip().casefold() for term in terms if "=" in term}
    return frozenset(n for n in names if not n.startswith("slot.") or point.kind is not PointKind.BOT)


def classes_of(point: ConsentPoint, flow: Flow, menu: Menu | None, outputs: Sequence[str]) -> frozenset[Answer]:
    """The classes of answers a point of a flow has (semantics, section 5)."""
    classes = {Answer.UNANSWERED, Answer.GRANTED, Answer.REFUSED}
    if menu is not None:
        answers = {choice_answer(point, menu, c.id) for c in menu.choices} | {Answer.UNANSWERED}
        answers.update(Answer.REFUSED for _ in global_choices(flow, menu))
        return frozenset(a for a in answers if a is not None)
    if point.kind is PointKind.STORED and not any("=" in t for t in point.granting or point.refusing or ()):
        from_outputs = {output_answer(point, key) for key in outputs}
        return frozenset(from_outputs)
    return frozenset(classes)


def global_choices(flow: Flow, menu: Menu) -> Iterable[tuple[Menu, Choice]]:
    """Choices of other menus that hold in this one too: each refuses, where this one asks for consent."""
    taken = {c.digit for c in menu.choices if c.digit is not None}
    for other in flow.containers:
        if isinstance(other, Menu) and other.id != menu.id:
            for choice in other.choices:
                if (choice.global_dtmf and choice.digit not in taken) or (choice.global_speech and choice.speech):
                    yield other, choice


def choice_answer(point: ConsentPoint, menu: Menu, choice: str) -> Answer | None:
    """What a choice of a consent menu means; None: it only repeats the question."""
    found = next(c for c in menu.choices if c.id == choice)
    if found.id in point.ignored or found.name in point.ignored or found.digit in point.ignored:
        return None
    named = {found.id.casefold(), found.name.casefold()} | ({found.digit} if found.digit else set())
    return listed(point, named)


def listed(point: ConsentPoint, named: Iterable[str]) -> Answer:
    """Granted or refused, by whether one of these names is among the point's terms."""
    names = set(named)
    if point.granting is not None:
        return Answer.GRANTED if names & {t.casefold() for t in point.granting} else Answer.REFUSED
    return Answer.REFUSED if names & {t.casefold() for t in point.refusing or ()} else Answer.GRANTED


_NO_ANSWER = frozenset(
    {"failure", "timeout", "notFound", "noIntent", "maxNoInputs", "maxNoMatches", "noInput", "error", "knowledge"}
)


def output_answer(point: ConsentPoint, output: str) -> Answer:
    """What an output of a lookup, bot or question means."""
    if listed(point, {output.casefold()}) is Answer.GRANTED and point.granting is not None:
        return Answer.GRANTED
    if output in _NO_ANSWER and output.casefold() not in {t.casefold() for t in point.refusing or ()}:
        return Answer.UNANSWERED
    return listed(point, {output.casefold()})
