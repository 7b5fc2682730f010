"""What a word is good for does not hang on which words were looked up before it."""

from __future__ import annotations

import random

from auditor.analysis.tagging import Tag, Tagger
from auditor.analysis.tokens import clean, spellings, tokens_of
from tests.views.looking import shipped

VOCABULARY = shipped().options.vocabulary
WRITTEN = [phrase.text.removeprefix("=") for lexicon in VOCABULARY.lexicons for phrase in lexicon.phrases]
ENDED = [text.replace("*", end).casefold() for text in WRITTEN for end in ("", "x")]
SPELT = [spelt for text in ENDED for spelt in spellings(text)]


def tagged(tagger: Tagger, text: str) -> dict[str, list[Tag]]:
    return tagger.tags(list(tokens_of(clean(text))))


def test_phrases_are_found_whatever_was_looked_up_before() -> None:
    chance, one = random.Random(4), Tagger(VOCABULARY)
    found = {text: tagged(one, text) for text in dict.fromkeys(SPELT)}
    again = list(found)
    chance.shuffle(again)
    other = Tagger(VOCABULARY)
    assert all(tagged(other, text) == found[text] for text in again)
    assert all(found[text] for text in (text.replace("*", "").casefold() for text in WRITTEN))
