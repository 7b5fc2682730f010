"""In which language of the vocabulary a sentence is, whatever language the prompt is marked with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from auditor.analysis.clauses import Parsed, parse
from auditor.analysis.pairing import pairs
from auditor.analysis.tagging import Tag, Tagger, tagger
from auditor.analysis.tokens import Kind, Sentence, sentences_of
from auditor.model.vocabulary import STAYING, Category, Vocabulary

_WORDS = (Kind.WORD, Kind.SYLLABLE)
_SHARE = 0.5
_SHARE_OF_FOREIGN = 0.65
_ENOUGH_WORDS = 4
_KEYED = (Category.PRESS, Category.KEY)


class Marked(Struct, frozen=True):
    """A sentence and its reading. mark: the language its text is marked with; parsed: None without any known word."""

    mark: str | None
    parsed: Parsed | None
    known: bool


class _Tagged(Struct, frozen=True):
    sentence: Sentence
    tags: dict[str, list[Tag]]

    def covered(self, language: str) -> int:
        return sum(tag.end - tag.start for tag in self.tags.get(language, ()))

    @property
    def words(self) -> int:
        return sum(token.kind in _WORDS for token in self.sentence.tokens)


def parsed_sentences(texts: Sequence[tuple[str | None, str]], vocabulary: Vocabulary) -> list[Marked]:
    """The sentences of all texts in order, each in the language that knows most of its words."""
    compiled = tagger(vocabulary)
    return [each for mark, text in texts for each in _sentences(_short(mark), text, compiled)]


def _sentences(mark: str | None, text: str, compiled: Tagger) -> Iterator[Marked]:
    tagged = [_Tagged(sentence, compiled.tags(sentence.tokens)) for sentence in sentences_of(text)]
    overall = {language: sum(each.covered(language) for each in tagged) for language in compiled.languages}
    words = sum(each.words for each in tagged)
    keyed = False
    for each in tagged:
        language = _language(each, mark, overall)
        if language is None:
            yield Marked(mark, None, False)
            continue
        parsed = _parsed(each, language, keyed)
        keyed = keyed or parsed.has(*_KEYED)
        share = overall[language] / words if words else 0.0
        if each.words >= _ENOUGH_WORDS:
            share = max(share, each.covered(language) / each.words)
        yield Marked(mark, parsed, _known(language, mark, compiled.languages, share))


def _parsed(each: _Tagged, language: str, keyed: bool) -> Parsed:
    """Staying on the line is as good as a key where the sentence says what it means."""
    tags = each.tags[language]
    if any(Category.STAY in tag.categories for tag in tags):
        staying = parse(each.sentence, language, tags, keyed, staying=True)
        kept = any(key.key == STAYING for key in staying.keys)
        if not kept or any(pair.said is not None for pair in pairs(staying) if pair.key.key == STAYING):
            return staying
    return parse(each.sentence, language, tags, keyed)


def _language(each: _Tagged, mark: str | None, overall: dict[str, int]) -> str | None:
    """The language with most words in the sentence; among equals the marked one, then that of the whole text."""
    found = [language for language in overall if each.covered(language)]
    if not found:
        return None
    return max(found, key=lambda language: (each.covered(language), language == mark, overall[language]))


def _known(language: str, mark: str | None, languages: Sequence[str], share: float) -> bool:
    """Whether enough words are known to say that it is this language, and not one outside the vocabulary."""
    if language == mark:
        return True
    return share > (_SHARE if mark is None or mark in languages else _SHARE_OF_FOREIGN)


def _short(mark: str | None) -> str | None:
    """ "de" of "de-DE"; Norwegian Bokmål and Nynorsk are filed as "no"."""
    if mark is None:
        return None
    short = mark.replace("_", "-").partition("-")[0].casefold()
    return "no" if short in ("nb", "nn") else short or None
