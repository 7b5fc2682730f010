"""Whether a word, by itself or as part of a phrase, is one of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable

from auditor.analysis.tagging import word_forms
from auditor.analysis.tokens import clean, fold
from auditor.model.vocabulary import Vocabulary


def word_test(vocabulary: Vocabulary) -> Callable[[str], bool]:
    """A test for words of any language, in any of the spellings in which prompts have them."""
    whole: set[str] = set()
    begins: set[str] = set()
    inside: set[str] = set()
    ends: set[str] = set()
    for word in word_forms(vocabulary):
        group = (inside if word.open_end else ends) if word.open_start else (begins if word.open_end else whole)
        group.add(word.text)
    lengths = sorted({len(text) for text in begins})

    def known(word: str) -> bool:
        text = fold(clean(word))
        if text in whole or any(text[:length] in begins for length in lengths):
            return True
        return any(part in text for part in inside) or any(text.endswith(part) for part in ends)

    return known
