"""Whether a question is about recording, by its words; and points made from what was found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.points_scene import NO_WORDS, Scene, Words
from auditor.analysis.words import NameReading, Reading
from auditor.model.confidence import Confidence


class Subject(Enum):
    """What a question is about, by its words alone."""

    RECORDING = "recording"
    OTHER = "other"
    UNKNOWN = "unknown"  # its words are not in the export, not in a known language, or name no subject


@dataclass(frozen=True, slots=True)
class Question:
    """A question as heard, with what was played before it."""

    subject: Subject
    reading: Reading
    shown: str


def question(scene: Scene, own: Words, before: Words = NO_WORDS) -> Question:
    """Judges a question. before: words that are still queued when it begins.

    What was played before counts where the question itself says only which keys to press, or nothing at all:
    an announcement about recording does not make the next question one about recording.
    """
    reading = scene.read(own)
    if reading.about_recording:
        return Question(Subject.RECORDING, reading, own.shown())
    bare = own.silent or _names_keys_only(reading)
    whole = before.then(own)
    if bare and not before.silent:
        joined = scene.read(whole)
        if joined.about_recording:
            return Question(Subject.RECORDING, joined, whole.shown())
        if joined.known and not whole.unknown:
            return Question(Subject.OTHER, joined, whole.shown())
    known = reading.known and not own.unknown and not bare
    return Question(Subject.OTHER if known else Subject.UNKNOWN, reading, own.shown() or whole.shown())


def _names_keys_only(reading: Reading) -> bool:
    return bool(reading.granting or reading.refusing or reading.spoken)


@dataclass(slots=True)
class Classified:
    """Terms (digits, choices, intents, values) by what they mean, each with the reason why."""

    granting: dict[str, str] = field(default_factory=dict)
    refusing: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def add(self, term: str, answer: Answer | None, reason: str) -> None:
        """Notes what a term means; None: it is not known."""
        if answer is Answer.GRANTED:
            self.granting.setdefault(term, reason)
        elif answer is Answer.REFUSED:
            self.refusing.setdefault(term, reason)

    @property
    def told(self) -> bool:
        """Whether any answer is known to grant or refuse."""
        return bool(self.granting or self.refusing)

    @property
    def reasons(self) -> Mapping[str, str]:
        """The reason of each term."""
        return self.refusing | self.granting


def by_words(reading: Reading) -> Classified:
    """The keys that the words of a question name."""
    why = _joined(reading.reasons)
    found = Classified(ignored=list(reading.repeating))
    for key in reading.granting:
        found.add(key, Answer.GRANTED, why)
    for key in reading.refusing:
        found.add(key, Answer.REFUSED, why)
    return found


def by_names(scene: Scene, terms: Iterable[str]) -> Classified:
    """Intents, outputs or choices by their names."""
    found = Classified()
    for term in terms:
        reading = scene.name(term)
        found.add(term, reading.answer, reading.reason)
        if reading.repeats:
            found.ignored.append(term)
    return found


def point(
    place: PlaceKey, kind: PointKind, name: str, classified: Classified, *, question: str, reasons: Sequence[str]
) -> ConsentPoint | None:
    """A point that its words or names make one; None when no answer is known to grant or refuse."""
    if not classified.told:
        return None
    grants = tuple(classified.granting)
    return ConsentPoint(
        place,
        kind,
        name,
        Confidence.MEDIUM,
        grants or None,
        None if grants else tuple(classified.refusing),
        question,
        _joined(reasons),
        ignored=tuple(classified.ignored),
    )


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))


def clear_name(scene: Scene, names: Iterable[str]) -> NameReading | None:
    """The first name that is about recording and about consent to it."""
    for name in names:
        reading = scene.name(name)
        if reading.about_recording and (reading.about_consent or reading.opt_out):
            return reading
    return None
