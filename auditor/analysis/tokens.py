"""Text to tokens: words, numbers, keys, breaks and ends of sentences. One pass, linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto

from msgspec import Struct

# Han, kana and Hangul: every character is a word of its own, since no spaces (or only some) part the words.
_SYLLABLES = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_TOKEN = re.compile(
    rf"(?P<syllable>[{_SYLLABLES}])|(?P<number>[0-9]+)|(?P<word>[^\W\d_{_SYLLABLES}]+)"
    r"|(?P<sign>[*\#])|(?P<question>[?？؟])|(?P<end>[.!;。！…¿¡](?!\w)|[;。！…¿¡]|\n[^\S\n]*\n)"
    r"|(?P<stop>[,:()/|、，：–—\[\]])|(?P<dash>-)"
)
_SENTENCE_TAG = re.compile(r"</?(?:p|s|speak)\b[^<>]*>|<break\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_ASKING = frozenset("か吗까")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


class Kind(Enum):
    """What a token is. END and QUESTION end a sentence; BREAK parts clauses."""

    WORD = auto()
    SYLLABLE = auto()
    NUMBER = auto()
    SIGN = auto()
    BREAK = auto()
    END = auto()
    QUESTION = auto()


class Token(Struct, frozen=True):
    """A token. text: folded; start, end: in the cleaned text it was cut from."""

    kind: Kind
    text: str
    start: int
    end: int


class Sentence(Struct, frozen=True):
    """A sentence without its end. source: the cleaned text that the tokens point into."""

    source: str
    tokens: tuple[Token, ...]
    question: bool

    def quote(self, start: int, end: int) -> str:
        """The words of tokens start to end as they were written, shortened."""
        if start >= end:
            return ""
        text = " ".join(self.source[self.tokens[start].start : self.tokens[end - 1].end].split())
        return text if len(text) <= 80 else text[:77] + "..."


def clean(text: str) -> str:
    """The text in composed form, without speech markup; a paragraph or a pause ends a sentence."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("ʼ", "'")
    return _ANY_TAG.sub(" ", _SENTENCE_TAG.sub(" \n\n ", text)) if "<" in text else text


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a cleaned text; signs of no meaning here, such as apostrophes, part words and vanish."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        match match.lastgroup:
            case "word":
                yield Token(Kind.WORD, fold(match.group()), start, end)
            case "syllable":
                yield Token(Kind.SYLLABLE, match.group(), start, end)
            case "number":
                yield Token(Kind.NUMBER, match.group(), start, end)
            case "sign":
                yield Token(Kind.SIGN, match.group(), start, end)
            case "question":
                yield Token(Kind.QUESTION, "?", start, end)
            case "end":
                yield Token(Kind.END, ".", start, end)
            case "stop":
                yield Token(Kind.BREAK, ",", start, end)
            case _ if not (_letter(text, start - 1) and _letter(text, end)):
                yield Token(Kind.BREAK, "-", start, end)


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of any text, in order."""
    source = clean(text)
    held: list[Token] = []
    for token in tokens_of(source):
        if token.kind not in (Kind.END, Kind.QUESTION):
            held.append(token)
            continue
        if held:
            asking = token.kind is Kind.QUESTION or held[-1].text in _ASKING
            yield Sentence(source, tuple(held), asking)
        held = []
    if held:
        yield Sentence(source, tuple(held), held[-1].text in _ASKING)


def fold(word: str) -> str:
    """A word without regard to case; accents stay."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFC", word.casefold())


def spellings(word: str) -> tuple[str, str, str]:
    """A folded word as it is, without accents, and with ae for ä: prompts are written in every way."""
    if word.isascii():
        return (word, word, word)
    bare = "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))
    bare = unicodedata.normalize("NFC", bare).translate(_UNDECOMPOSED)
    return (word, bare, word.translate(_DIGRAPHS))


def bears(syllable: str, before: str) -> bool:
    """Whether an unknown character begins a word with content; before: the unknown one in front of it, if any.

    Hiragana is grammar for the most part; Hangul needs two characters, since single ones are particles.
    """
    if "\u3040" <= syllable <= "\u309f":
        return False
    if syllable >= "\uac00":
        return before >= "\uac00"
    return not before or "\u3040" <= before <= "\u309f"


def _letter(text: str, position: int) -> bool:
    return 0 <= position < len(text) and text[position].isalnum()
