"""What can happen next to a call that is played step by step, and the words by which it can be chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.calls import Call, Calls, Move
from auditor.analysis.consent import Answer, ConsentPoint
from auditor.analysis.consent import PointKind as Asking
from auditor.analysis.effects import ANSWERS
from auditor.analysis.facts import listed
from auditor.analysis.moves import MoveKind
from auditor.analysis.places import Connected, Start, Wait
from auditor.analysis.step import RAISED
from auditor.graph.points import Point, PointKind
from auditor.graph.words import chosen
from auditor.model.flows import Menu
from auditor.model.operations import (
    CollectInput,
    Decide,
    Loop,
    Pass,
    Play,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)

TRANSFERS = (
    TransferQueue | TransferFlow | TransferUser | TransferGroup | TransferNumber | TransferVoicemail | TransferExtension
)
SILENCE = ("none", "nothing", "silence", "no input", "timeout")
"""Values that stand for no answer."""
_RAISED = ("an error", "a value cannot be computed", "the condition cannot be computed")


class Option(Struct, frozen=True):
    """One thing that can happen. labels: names for it alone, in lower case; likely: false for what goes wrong, and
    for an agent who is faster than the in-queue flow; answer: what it says about recording.
    """

    words: str
    labels: tuple[str, ...]
    likely: bool
    answer: Answer | None
    move: Move


class Options:
    """Finds the options of a call."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._facts = calls.analysis.facts
        self._program = calls.analysis.program

    def of(self, call: Call, moves: Sequence[Move]) -> list[Option]:
        """What can happen, in the order of the machine; moves that look alike are one option."""
        found: dict[tuple[object, ...], Option] = {}
        for move in moves:
            answer = self._answer(call, move)
            key = (move.kind, move.target, move.why, answer)
            if key not in found:
                labels = dict.fromkeys(label.casefold() for label in self._labels(call, move) if label)
                likely = self._likely(call, move)
                found[key] = Option(move.why or "goes on", tuple(labels), likely, answer, move)
        often = Counter(label for option in found.values() for label in option.labels)
        return [replace(o, labels=tuple(label for label in o.labels if often[label] == 1)) for o in found.values()]

    def point(self, call: Call) -> Point | None:
        """The program point at which a call is, None where no flow runs."""
        return self._program.points.get(call.point)

    def consent(self, call: Call) -> ConsentPoint | None:
        """The consent point at which a call is."""
        return self._facts.points.get(call.point)

    def matching(self, call: Call, options: Sequence[Option], value: str) -> list[Option]:
        """The options that a value given by a user stands for."""
        wanted = value.strip().casefold()
        named = [o for o in options if wanted in o.labels or wanted == o.words.casefold()]
        if named:
            return named
        if wanted in SILENCE:
            return [o for o in options if o.answer is Answer.UNANSWERED or "failure" in o.labels]
        point = self.point(call)
        entered = point is not None and isinstance(_operation(point), CollectInput)
        consent = self.consent(call)
        if consent is None:
            return [o for o in options if entered and "success" in o.labels]
        if consent.kind is Asking.MENU:
            return []
        meant = _meant(consent, wanted)
        return [o for o in options if o.answer is meant]

    def _answer(self, call: Call, move: Move) -> Answer | None:
        """What a move says about recording at a consent point."""
        point = self.point(call)
        if point is None or self.consent(call) is None or move.state.last < 0:
            return None
        if move.why.endswith("to hear it again"):
            return None
        asked, answer = divmod(move.state.last, len(ANSWERS))
        return ANSWERS[answer] if asked == self._facts.subject(point) else None

    def _labels(self, call: Call, move: Move) -> Iterator[str]:
        point = self.point(call)
        if point is None:
            yield from self._away(call, move)
            return
        if point.kind is PointKind.MENU and point.menu is not None:
            yield from self._of_menu(point, point.menu, move)
        elif move.kind is MoveKind.ENTER and isinstance(self.calls.analysis.places.at(move.target), Connected):
            yield "answer" if move.why == "an agent answers" else ""
        else:
            yield from _of_outputs(point, move)
        answer = self._answer(call, move)
        if answer is not None:
            yield from self._terms(call, answer)
            yield answer.value

    def _terms(self, call: Call, answer: Answer) -> Iterator[str]:
        """What is entered or returned at a consent point for an answer that the point names."""
        consent = self.consent(call)
        if consent is None or consent.kind is Asking.MENU:
            return
        if consent.granting is not None and answer is Answer.GRANTED:
            yield from consent.granting
        elif consent.refusing is not None and answer is Answer.REFUSED:
            yield from consent.refusing

    def _away(self, call: Call, move: Move) -> Iterator[str]:
        """Where no flow runs."""
        place = self.calls.analysis.places.at(call.point)
        match place:
            case Start():
                when = move.why.partition(":")[0]
                yield from (when, *when.split(" "))
            case Wait() if move.kind is MoveKind.STOP:
                yield "hang up"
            case Wait():
                yield {"an agent answers": "answer", "the in-queue flow runs": "flow"}.get(move.why, "backup")
            case _:
                yield "end" if move.kind is MoveKind.STOP else "flow"

    def _of_menu(self, point: Point, menu: Menu, move: Move) -> Iterator[str]:
        code = self._program.code_of(point)
        for container in code.flow.containers:
            if isinstance(container, Menu):
                for choice in container.choices:
                    if code.choices[container.id, choice.id] == move.target and move.why.startswith(chosen(choice)):
                        yield from (choice.digit or "", choice.name, choice.id, *(term for _, term in choice.speech))
        if move.why.startswith("no input"):
            yield from SILENCE
        elif move.why.startswith("the caller"):
            yield "extension" if move.why.endswith("extension") else "name"

    def _likely(self, call: Call, move: Move) -> bool:
        if move.output == RAISED or "error handling" in move.why or move.why.startswith(_RAISED):
            return False
        point = self.point(call)
        if point is None:
            return True
        if move.why == "an agent answers":
            return point.restarts
        if point.restarts:
            return False
        operation = _operation(point)
        if isinstance(operation, TRANSFERS):
            return move.kind in (MoveKind.ENTER, MoveKind.STOP) and not move.why.startswith("the transfer fails")
        if isinstance(operation, Play | Pass) and point.out("success") is not None:
            return "success" in _of_outputs(point, move)
        return True


def _operation(point: Point) -> object:
    return point.site.action.operation if point.site is not None else None


def _of_outputs(point: Point, move: Move) -> list[str]:
    """Keys and labels of the outputs that a move can have taken."""
    assert point.site is None or point.site.action is not None
    outs = [o for o in point.outs if o.target == move.target]
    same = [o for o in outs if o.words == move.why]
    keys = [o.key for o in (same or (outs if len(outs) == 1 else []))]
    names = {o.key: o.label for o in point.site.action.outputs} if point.site is not None else {}
    if not keys and move.target == point.next:
        keys = _omitted(point)
    return [*keys, *(names[key] for key in keys if key in names)]


def _omitted(point: Point) -> list[str]:
    """The outputs that an action has but the export omits: taken, they fall through."""
    match _operation(point):
        case Decide():
            usual: tuple[str, ...] = ("yes", "no")
        case CollectInput():
            usual = ("success", "failure")
        case Loop():
            usual = ("loopsMax",)
        case _:
            usual = ()
    return [key for key in usual if point.out(key) is None]


def _meant(consent: ConsentPoint, value: str) -> Answer:
    """What a value means at a consent point that is no menu: entered digits, a result, or "Variable=value"."""
    terms = consent.granting if consent.granting is not None else consent.refusing or ()
    tested = {t.partition("=")[2].strip().strip('"').casefold() for t in terms if "=" in t}
    if value.partition("=")[2].strip().strip('"') in tested or value.strip('"') in tested:
        return Answer.GRANTED if consent.granting is not None else Answer.REFUSED
    return listed(consent, {value})
