"""What a name says: of a task, prompt, variable, column, intent or choice. Weaker evidence than a prompt's words."""

from __future__ import annotations

import re

from msgspec import Struct

from auditor.analysis.consent import Answer
from auditor.analysis.tagging import Tag, tagger
from auditor.analysis.tokens import Kind, Token, clean, tokens_of
from auditor.model.vocabulary import Category, Vocabulary

_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])|_")
_PLAIN = frozenset({Category.COMMON, Category.FILLER, Category.SLOT, Category.PRESS, Category.SAY, Category.KEY})
_NAMING = (Category.CONSENT, Category.AGREE, Category.REFUSE)
_GRANTED = (Category.GRANTED, Category.AGREE)
_REFUSED = (Category.REFUSED, Category.REFUSE)
_OTHER_THINGS = frozenset(
    {Category.UNRELATED, Category.TOPIC, Category.THING, Category.PARTED, Category.CONFIRM, Category.FOLLOWED}
)
_LONGEST = 500


class NameReading(Struct, frozen=True):
    """What a name says.

    about_recording: it names call recording; about_consent: it names consent, opt-in or opt-out itself;
    opt_out: it names an objection ("Recording_OptOut"); answer: it is or holds a yes or no ("Ja", "agree", "OptIn");
    repeats: hearing the question again; reason: in English, empty when the name says nothing.
    """

    about_recording: bool = False
    about_consent: bool = False
    opt_out: bool = False
    answer: Answer | None = None
    repeats: bool = False
    reason: str = ""

    @property
    def speaks(self) -> bool:
        """Whether the name says anything of consent."""
        return self.about_consent or self.opt_out or self.answer is not None

    @property
    def plain_yes(self) -> Answer | None:
        """What true says in a column or variable of this name: "NoConsent" says no; None where it is not clear."""
        neutral = self.about_consent and not self.opt_out
        return self.answer or (Answer.GRANTED if neutral else None)


def read_name(name: str, vocabulary: Vocabulary) -> NameReading:
    """Read a name such as "RecordingConsent", "Rec_Consent", "60 Aufzeichnung" or "Ja" in all languages at once.

    What it answers is taken from the languages that know most of its words.
    """
    words = _HUMP.sub(" ", clean(name[:_LONGEST]))
    tokens = [token for token in tokens_of(words) if token.kind in (Kind.WORD, Kind.SYLLABLE)]
    tagged = list(tagger(vocabulary).tags(tokens).values())
    readings = [_read(tags, tokens) for tags in tagged]
    most = max(map(_covered, tagged), default=0)
    best = (each for each, tags in zip(readings, tagged, strict=True) if _covered(tags) == most)
    consent = any(each.about_consent for each in readings)
    answers = {each.answer for each in best if each.answer is not None}
    found = NameReading(
        about_recording=any(each.about_recording for each in readings),
        about_consent=consent,
        opt_out=any(each.opt_out for each in readings),
        answer=next(iter(answers)) if len(answers) == 1 else None,
        repeats=any(each.repeats for each in readings),
    )
    said = ", ".join(_told(found))
    return NameReading(
        found.about_recording,
        found.about_consent,
        found.opt_out,
        found.answer,
        found.repeats,
        f'the name "{name}" {said}' if said else "",
    )


def _read(tags: list[Tag], tokens: list[Token]) -> NameReading:
    """A name in one language."""
    has = frozenset[Category]().union(*(tag.categories for tag in tags))
    consent = not has.isdisjoint(_NAMING)
    weak = any(_weak(tag) for tag in tags)
    strong = any(Category.RECORDING in tag.categories and not _weak(tag) for tag in tags)
    recording = Category.UNRELATED not in has and Category.VOICEMAIL not in has and (strong or (weak and consent))
    return NameReading(
        about_recording=recording,
        about_consent=consent,
        opt_out=Category.REFUSE in has,
        answer=_answer(tags, tokens, has),
        repeats=Category.REPEAT in has,
    )


def _covered(tags: list[Tag]) -> int:
    return sum(tag.end - tag.start for tag in tags)


def _weak(tag: Tag) -> bool:
    return Category.NAME_RECORDING in tag.categories


def _answer(tags: list[Tag], tokens: list[Token], has: frozenset[Category]) -> Answer | None:
    """Yes or no, if the name says just one of them: "OptOutYes" says no, "OptOutNo" and "NoInput" say neither."""
    said: set[Answer] = set()
    matter = not has.isdisjoint((*_NAMING, Category.RECORDING))
    negated = Category.NEGATION in has and matter
    covered = sum(tag.end - tag.start for tag in tags if not tag.categories <= _OTHER_THINGS)
    spare = len(tokens) - covered
    if not has.isdisjoint(_GRANTED):
        said.add(Answer.REFUSED if negated else Answer.GRANTED)
    if not has.isdisjoint(_REFUSED):
        said.add(Answer.GRANTED if negated else Answer.REFUSED)
    if not said and negated:
        said.add(Answer.REFUSED)
    objection = Category.REFUSE in has
    if Category.YES in has and not objection and (said or spare <= 1):
        said.add(Answer.GRANTED)
    if Category.NO in has and not negated and (said or spare == 0):
        said.add(Answer.GRANTED if objection else Answer.REFUSED)
    return said.pop() if len(said) == 1 else None


def _told(found: NameReading) -> list[str]:
    told = ["is about recording"] if found.about_recording else []
    if found.about_consent:
        told.append("names an objection" if found.opt_out else "names consent")
    match found.answer:
        case Answer.GRANTED:
            told.append("says yes")
        case Answer.REFUSED:
            told.append("says no")
        case _:
            pass
    return [*told, "repeats"] if found.repeats else told
