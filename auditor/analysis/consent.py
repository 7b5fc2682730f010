"""Consent points: places at which the caller's will about recording becomes known (semantics, section 5)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from auditor.model.confidence import Confidence
from auditor.model.policy import Declaration as Declaration


class Answer(StrEnum):
    """The class of the answer that a consent point leaves."""

    GRANTED = "granted"
    UNANSWERED = "unanswered"
    REFUSED = "refused"


class PointKind(StrEnum):
    """Kinds of consent points. ASK is a question asked inside a bot flow; STORED covers all lookups."""

    MENU = "menu"
    COLLECT_INPUT = "collect_input"
    BOT = "bot"
    ASK = "ask"
    STORED = "stored"


class PlaceKey(Struct, frozen=True):
    """Where a point is. flow: index in Organisation.flows; number: ActionSite.number, None for a menu."""

    flow: int
    container: str
    number: int | None


class Outcome(Struct, frozen=True):
    """One outcome in words. text: "caller presses 1", "intent Yes", "found", "no input"; reason: why this class."""

    text: str
    answer: Answer
    reason: str


class ConsentPoint(Struct, frozen=True):
    """A consent point and what its answers mean, in the form of the policy file.

    Exactly one of granting and refusing is not None; every other answer (not: no answer) is the opposite.
    Terms: collect input: what is entered ("1"); menu: digit or choice name; bot: intent names, or "Slot.x=yes";
    ask: "yes"/"no" outputs or slot values; stored: output paths ("found", "success"), or "Variable=value" for
    what the lookup returned (Variable as bound in the flow, "Flow.Consent=yes").
    ignored: choice ids / inputs that only repeat the question (no outcome).
    guessed: granting is None although yes agrees: that the other answers grant is a guess, as weak as low confidence.
    confidence: high (policy file), medium (words of the question), low (structure alone).
    """

    place: PlaceKey
    kind: PointKind
    name: str
    confidence: Confidence
    granting: tuple[str, ...] | None
    refusing: tuple[str, ...] | None
    question: str
    reason: str
    outcomes: tuple[Outcome, ...] = ()
    ignored: tuple[str, ...] = ()
    guessed: bool = False

    def confidence_in(self, answer: Answer) -> Confidence:
        """How sure it is that a call which leaves the point so was answered so."""
        return Confidence.LOW if self.guessed and answer is Answer.GRANTED else self.confidence
