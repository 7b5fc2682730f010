"""The words by which questions about recording are recognised, as typed values."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Category(StrEnum):
    """What words are good for; the categories of rules/vocabulary.toml and of additions in a policy file."""

    RECORDING = "recording"
    UNRELATED = "unrelated"
    VOICEMAIL = "voicemail"
    THING = "thing"
    PARTED = "parted"
    PARTICLE = "particle"
    CALL = "call"
    QUALITY = "quality"
    CONSENT = "consent"
    AGREE = "agree"
    REFUSE = "refuse"
    UNLESS = "unless"
    CONFIRM = "confirm"
    WANT = "want"
    ASK = "ask"
    YES = "yes"
    NO = "no"
    NEGATION = "negation"
    CONCORD = "concord"
    CONDITION = "condition"
    PURPOSE = "purpose"
    THAT = "that"
    IF_NOT = "if_not"
    OTHERWISE = "otherwise"
    JOINING = "joining"
    FOLLOWED = "followed"
    PRESS = "press"
    KEY = "key"
    STAY = "stay"
    SLOT = "slot"
    SAY = "say"
    AGENT = "agent"
    REPEAT = "repeat"
    TOPIC = "topic"
    FILLER = "filler"
    COMMON = "common"
    NAME_RECORDING = "name_recording"
    GRANTED = "granted"
    REFUSED = "refused"
    ZERO = "zero"
    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    FIVE = "five"
    SIX = "six"
    SEVEN = "seven"
    EIGHT = "eight"
    NINE = "nine"
    STAR = "star"
    HASH = "hash"


STAYING = "stay"
"""Doing nothing, where it is offered as an answer like a key."""

KEYS = {
    Category.ZERO: "0",
    Category.ONE: "1",
    Category.TWO: "2",
    Category.THREE: "3",
    Category.FOUR: "4",
    Category.FIVE: "5",
    Category.SIX: "6",
    Category.SEVEN: "7",
    Category.EIGHT: "8",
    Category.NINE: "9",
    Category.STAR: "*",
    Category.HASH: "#",
}
"""The key of the telephone that the words of a category name."""


class Phrase(Struct, frozen=True, gc=False):
    """Words of one category, in the notation of rules/vocabulary.toml: "record*", "do not", "=sí"."""

    category: Category
    text: str


class Lexicon(Struct, frozen=True, gc=False):
    """The words of one language. language: "de"."""

    language: str
    phrases: tuple[Phrase, ...]


class Vocabulary(Struct, frozen=True, gc=False, eq=False):
    """All languages; compared by identity, so that what is compiled from it can be kept."""

    lexicons: tuple[Lexicon, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in the order of the file."""
        return tuple(each.language for each in self.lexicons)
