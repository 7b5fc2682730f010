"""Words of the vocabulary, which `auditor anonymize` keeps, are told from names that only begin like one."""

from __future__ import annotations

import pytest

from auditor.analysis.known_words import word_test
from auditor.loading.vocabulary import read_vocabulary

KNOWN = word_test(read_vocabulary(checked=False))


@pytest.mark.parametrize("word", ["yes", "Yes", "no", "recording", "aufgezeichnet", "einverstanden"])
def test_words_are_known(word: str) -> None:
    assert KNOWN(word)


@pytest.mark.parametrize("word", ["Yesenia", "Normann", "Qqq", "Mustermann"])
def test_names_are_not(word: str) -> None:
    assert not KNOWN(word)
