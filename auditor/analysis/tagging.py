"""Which words of a vocabulary stand where in a sentence, for all languages in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock

from msgspec import Struct

from auditor.analysis.tokens import Kind, Token, clean, spellings, tokens_of
from auditor.model.vocabulary import Category, Phrase, Vocabulary

_REMEMBERED = 20_000


class Tag(Struct, frozen=True):
    """Tokens start to end are words of these categories."""

    categories: frozenset[Category]
    start: int
    end: int


class _Word(Struct, frozen=True):
    """A word of a pattern. open_start, open_end: anything may stand before or after it."""

    text: str
    open_start: bool
    open_end: bool

    def fits(self, text: str) -> bool:
        if self.open_start:
            return self.text in text if self.open_end else text.endswith(self.text)
        return text.startswith(self.text) if self.open_end else text == self.text


class _Pattern(Struct, frozen=True):
    language: str
    category: Category
    words: tuple[_Word, ...]

    def fits(self, tokens: Sequence[Token], start: int) -> bool:
        """Whether it stands at that place; its first word is known to fit."""
        if start + len(self.words) > len(tokens):
            return False
        return all(self.words[i].fits(tokens[start + i].text) for i in range(1, len(self.words)))


_Beginning = tuple[tuple[tuple[str, frozenset[Category]], ...], tuple[_Pattern, ...]]


class Tagger:
    """A vocabulary for look-up by the first two words. Phrases are compiled when a word with which they begin is first

    looked up; most never are.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.languages = vocabulary.languages
        self._phrases: dict[tuple[str, ...], list[_Pattern]] = {}
        self._sizes: dict[tuple[str, str], set[int]] = {}
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._inside: list[_Pattern] = []
        self._waiting: dict[str, list[tuple[str, Phrase]]] = {}
        for lexicon in vocabulary.lexicons:
            for phrase in lexicon.phrases:
                firsts = _first_words(phrase.text)
                for first in firsts:
                    self._waiting.setdefault(first, []).append((lexicon.language, phrase))
                if not firsts:
                    self._compile(lexicon.language, phrase, None)
        begins = {len(first) - 1 for first in self._waiting if first.endswith("*")}
        self._lengths = sorted(begins | {len(text) for text in self._prefix})
        self._memory: dict[str, _Beginning] = {}
        self._lock = Lock()

    def tags(self, tokens: Sequence[Token]) -> dict[str, list[Tag]]:
        """For every language the longest matches from left to right."""
        tags: dict[str, list[Tag]] = {}
        free: dict[str, int] = {}
        for start in range(len(tokens)):
            alone, phrases = self._beginning(tokens, start)
            found: dict[str, tuple[int, frozenset[Category]]] = {}
            for pattern in phrases:
                if pattern.fits(tokens, start):
                    _keep(found, pattern)
            for language, categories in alone:
                if language not in found:
                    found[language] = (1, categories)
            for language, (length, categories) in found.items():
                if free.get(language, 0) <= start:
                    free[language] = start + length
                    tags.setdefault(language, []).append(Tag(categories, start, start + length))
        return tags

    def _compile(self, language: str, phrase: Phrase, first: str | None) -> None:
        """first: compile only the spellings that begin with this text."""
        for words in _compiled(phrase.text):
            if first is None or words[0].text == first:
                self._file(_Pattern(language, phrase.category, words))

    def _file(self, pattern: _Pattern) -> None:
        first, second = pattern.words[0], pattern.words[1] if len(pattern.words) > 1 else None
        if first.open_start:
            self._inside.append(pattern)
        elif first.open_end:
            self._prefix.setdefault(first.text, []).append(pattern)
        elif second is None or any(word.open_start or word.open_end for word in pattern.words):
            self._exact.setdefault(first.text, []).append(pattern)
        else:
            self._phrases.setdefault(tuple(word.text for word in pattern.words), []).append(pattern)
            self._sizes.setdefault((first.text, second.text), set()).add(len(pattern.words))

    def _beginning(self, tokens: Sequence[Token], start: int) -> _Beginning:
        """What may stand there: words alone, and phrases whose first word fits."""
        text = tokens[start].text
        known = self._memory.get(text)
        if known is None:
            with self._lock:
                if len(self._memory) >= _REMEMBERED:
                    self._memory.clear()
                known = self._memory[text] = self._look_up(text)
        if start + 1 == len(tokens):
            return known
        sizes = self._sizes.get((text, tokens[start + 1].text))
        if sizes is None:
            return known
        texts = (tuple(token.text for token in tokens[start : start + size]) for size in sizes)
        return known[0], (*(each for phrase in texts for each in self._phrases.get(phrase, ())), *known[1])

    def _look_up(self, text: str) -> _Beginning:
        begins = [text[:length] for length in self._lengths if length <= len(text)]
        for first, waiting in ((text, text), *((begin, f"{begin}*") for begin in begins)):
            for language, phrase in self._waiting.pop(waiting, ()):
                self._compile(language, phrase, first)
        found = list(self._exact.get(text, ()))
        for begin in begins:
            found += self._prefix.get(begin, ())
        found += [pattern for pattern in self._inside if pattern.words[0].fits(text)]
        alone: dict[str, frozenset[Category]] = {}
        for pattern in found:
            if len(pattern.words) == 1:
                alone[pattern.language] = alone.get(pattern.language, frozenset()) | {pattern.category}
        return tuple(alone.items()), tuple(pattern for pattern in found if len(pattern.words) > 1)


def _keep(found: dict[str, tuple[int, frozenset[Category]]], pattern: _Pattern) -> None:
    """Keep the longest phrase of a language, with all the categories that list it."""
    length = len(pattern.words)
    longest, categories = found.get(pattern.language, (0, frozenset[Category]()))
    if length > longest:
        found[pattern.language] = (length, frozenset({pattern.category}))
    elif length == longest:
        found[pattern.language] = (length, categories | {pattern.category})


def word_forms(vocabulary: Vocabulary) -> Iterator[_Word]:
    """Every word of every phrase, in all its spellings."""
    for lexicon in vocabulary.lexicons:
        for phrase in lexicon.phrases:
            for words in _compiled(phrase.text):
                yield from words


@lru_cache(maxsize=8)
def tagger(vocabulary: Vocabulary) -> Tagger:
    """The compiled vocabulary."""
    return Tagger(vocabulary)


def _first_words(text: str) -> tuple[str, ...]:
    """What the first token of a phrase can be, in all spellings, with * if it is open behind; empty if not clear."""
    written = text.removeprefix("=").split(maxsplit=1)[:1]
    core = written[0].removesuffix("*") if written else ""
    if not core.isalpha():
        return ()
    behind = written[0][len(core) :]
    if core.isascii():
        return (core.lower() + behind,)
    tokens = [each.text for each in tokens_of(clean(core))]
    if len(tokens) != 1:
        behind = ""
    spelt = tokens[:1] if text.startswith("=") else dict.fromkeys(each for t in tokens[:1] for each in spellings(t))
    return tuple([each + behind for each in spelt])


def _compiled(text: str) -> list[tuple[_Word, ...]]:
    """The patterns of a phrase, one for each spelling; `=` in front keeps the accents as they are."""
    parts = tuple(part for each in text.removeprefix("=").split() for part in _parted(each))
    if text.startswith("=") or text.isascii():
        return [parts] if parts else []
    spelt = [[_Word(each, part.open_start, part.open_end) for each in spellings(part.text)] for part in parts]
    return list(dict.fromkeys(zip(*spelt, strict=True)))


def _parted(text: str) -> list[_Word]:
    """A written word as the tokens it becomes: "don't" is two, and one for each character in Japanese."""
    open_start, open_end, core = text.startswith("*"), text.endswith("*"), text.strip("*")
    if core.isascii() and core.isalpha():
        return [_Word(core.lower(), open_start, open_end)]
    tokens = [each for each in tokens_of(clean(core)) if each.kind is not Kind.BREAK]
    last = len(tokens) - 1
    return [_Word(each.text, open_start and i == 0, open_end and i == last) for i, each in enumerate(tokens)]
