"""Whether a question is about recording, by its words; and points made from what was found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct, field, structs

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.points_scene import NO_WORDS, Scene, Words
from auditor.analysis.words import NameReading, Reading
from auditor.model.confidence import Confidence


class Subject(Enum):
    """What a question is about, by its words alone."""

    RECORDING = "recording"
    OTHER = "other"
    UNKNOWN = "unknown"  # its words are not in the export, not in a known language, or name no subject


class Question(Struct, frozen=True):
    """A question as heard, with what was played before it."""

    subject: Subject
    reading: Reading
    shown: str


def question(scene: Scene, own: Words, before: Words = NO_WORDS, *, names: Sequence[str] = ()) -> Question:
    """Judges a question. before: words that are still queued when it begins, often the question proper.

    Prompts without words may ask anything; a value that is read out between known words does not. names: of the
    question and where its answer goes; they say what is asked where the words name no subject ("1 for yes").
    """
    found = _asked(scene, own, before)
    if found.subject is not Subject.OTHER:
        return found
    reading = scene.read(before.then(own), named=True)
    if not reading.about_recording:
        return found
    named = clear_name(scene, names)
    if named is None or named.opt_out or named.answer is Answer.REFUSED:
        return structs.replace(found, subject=Subject.UNKNOWN)
    reading = structs.replace(reading, reasons=(named.reason, *reading.reasons))
    return Question(Subject.RECORDING, reading, found.shown)


def _asked(scene: Scene, own: Words, before: Words) -> Question:
    reading = scene.read(own)
    if reading.about_recording or before.silent:
        return _judged(scene, reading, own)
    whole = before.then(own)
    joined = scene.read(whole)
    if joined.about_recording or own.silent:
        return _judged(scene, joined, whole)
    return _judged(scene, reading, own)


def _judged(scene: Scene, reading: Reading, words: Words) -> Question:
    if reading.about_recording:
        return Question(Subject.RECORDING, reading, words.shown())
    known = reading.known and not words.names and not _left_out(scene, reading, words)
    return Question(Subject.OTHER if known else Subject.UNKNOWN, reading, words.shown())


def _left_out(scene: Scene, reading: Reading, words: Words) -> bool:
    """Whether a template that is not filled in may be the question, or the key that it names."""
    return words.templated and (reading.announcement or scene.read(words, named=True).about_recording)


class Classified(Struct):
    """Terms (digits, choices, intents, values) by what they mean, each with the reason why."""

    granting: dict[str, str] = field(default_factory=dict)
    refusing: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    guessed: bool = False
    """See ConsentPoint."""

    def add(self, term: str, answer: Answer | None, reason: str) -> None:
        """Notes what a term means; None: it is not known."""
        if answer is Answer.GRANTED:
            self.granting.setdefault(term, reason)
        elif answer is Answer.REFUSED:
            self.refusing.setdefault(term, reason)

    def guess(self, *, opt_out: bool) -> Classified:
        """The same, for answers that nobody lists: that what does not refuse agrees is sure only of an objection."""
        self.guessed = bool(self.refusing) and not self.granting and not opt_out
        return self

    @property
    def told(self) -> bool:
        """Whether any answer is known to grant or refuse."""
        return bool(self.granting or self.refusing)

    @property
    def reasons(self) -> Mapping[str, str]:
        """The reason of each term."""
        return self.refusing | self.granting


def by_words(reading: Reading) -> Classified:
    """The keys that the words of a question name, each with the words that decide about it."""
    found = Classified(ignored=list(reading.repeating))
    for keys, answer in ((reading.granting, Answer.GRANTED), (reading.refusing, Answer.REFUSED)):
        for key in (each for each in keys if not _ends_input(each)):
            own = [reason for reason in reading.reasons if reason.startswith(f"key {key} ")]
            found.add(key, answer, _joined(own or reading.reasons))
    if found.refusing and not found.granting:  # where a key is named beside the one that refuses, no other key grants
        numbers = (key[1:] for key in reading.granting if _ends_input(key))
        beside = {*reading.others, *numbers}
        for key in sorted(beside - found.refusing.keys()):
            found.add(key, Answer.GRANTED, f"key {key} is named beside the one that refuses")
    return found


def _ends_input(key: str) -> bool:
    """Whether a key cannot be told: a hash in front of digits ends what is entered, or is read as "number"."""
    return len(key) > 1 and key.startswith("#")


def by_names(scene: Scene, terms: Iterable[str], *, inverted: bool = False) -> Classified:
    """Intents, outputs or choices by their names. inverted: the question asks whether the caller objects."""
    found = Classified()
    readings = {term: scene.name(term) for term in terms}
    for term, reading in readings.items():
        found.add(term, meant(reading, inverted=inverted), reading.reason)
        if reading.repeats:
            found.ignored.append(term)
    if found.refusing and not found.granting:  # beside a refusal, the name of consent itself agrees
        for term, reading in readings.items():
            if term not in found.refusing and reading.plain_yes is Answer.GRANTED:
                found.add(term, Answer.GRANTED, reading.reason)
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
        guessed=classified.guessed,
    )


_OPPOSITE = {Answer.GRANTED: Answer.REFUSED, Answer.REFUSED: Answer.GRANTED}


def opposite(answer: Answer) -> Answer:
    """Yes for no."""
    return _OPPOSITE[answer]


def meant(reading: NameReading, *, inverted: bool) -> Answer | None:
    """What a name means as an answer. A name that says consent or objection itself means that to any question."""
    if reading.opt_out and reading.answer is not Answer.GRANTED:
        return Answer.REFUSED
    if reading.answer is None or not inverted or reading.about_consent:
        return reading.answer
    return opposite(reading.answer)


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))


def clear_name(scene: Scene, names: Iterable[str]) -> NameReading | None:
    """The first name that is about recording and about consent to it."""
    for name in names:
        reading = scene.name(name)
        if reading.about_recording and (reading.about_consent or reading.opt_out):
            return reading
    return None
