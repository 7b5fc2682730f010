"""Words of the vocabulary, which `auditor anonymize` keeps, are told from names that only begin like one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from auditor.analysis.known_words import word_test
from auditor.loading.vocabulary import read_vocabulary


@cache
def known() -> Callable[[str], bool]:
    return word_test(read_vocabulary(checked=False))


@pytest.mark.parametrize("word", ["yes", "Yes", "no", "recording", "aufgezeichnet", "einverstanden", "Kundengespräch"])
def test_words_are_known(word: str) -> None:
    assert known()(word)


@pytest.mark.parametrize("word", ["Yesenia", "Normann", "Qqq", "Mustermann"])
def test_names_are_not(word: str) -> None:
    assert not known()(word)
