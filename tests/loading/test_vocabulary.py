"""The vocabulary is data that fits its schema; a policy file may add to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.analysis.words import read_question
from auditor.errors import PolicyError
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.policy import VocabularyAddition
from auditor.model.vocabulary import KEYS, Category
from auditor.resources import data_folder

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ja", "zh", "ko")
SENTENCE = "Dieses Gespräch wird konserviert. Wenn Sie einverstanden sind, drücken Sie die 1."
HUNGARIAN = "A hívást rögzítjük. Ha egyetért, nyomja meg az 1 gombot, ha nem ért egyet, nyomja meg a 2 gombot."


def test_the_shipped_vocabulary_has_every_language() -> None:
    vocabulary = read_vocabulary()
    assert sorted(vocabulary.languages) == sorted(LANGUAGES)
    for lexicon in vocabulary.lexicons:
        assert set(KEYS) <= {phrase.category for phrase in lexicon.phrases}


def test_a_checked_and_an_unchecked_reading_are_the_same() -> None:
    assert read_vocabulary(checked=False).lexicons == read_vocabulary().lexicons


def test_added_words_are_understood() -> None:
    addition = VocabularyAddition("de", "recording", ("konservier*",))
    assert not read_question([(None, SENTENCE)], read_vocabulary()).about_recording
    found = read_question([(None, SENTENCE)], read_vocabulary(additions=[addition]))
    assert (found.about_recording, found.granting) == (True, ("1",))


def test_a_language_can_be_added() -> None:
    words = {
        "recording": ("rögzít*",),
        "call": ("hívás*",),
        "agree": ("egyetért", "ért egyet"),
        "negation": ("nem",),
        "condition": ("ha",),
        "press": ("nyomja",),
        "slot": ("meg", "az", "a"),
        "key": ("gombot",),
    }
    additions = [VocabularyAddition("hu", category, texts) for category, texts in words.items()]
    assert not read_question([("hu-hu", HUNGARIAN)], read_vocabulary()).known
    found = read_question([("hu-hu", HUNGARIAN)], read_vocabulary(additions=additions))
    assert (found.known, found.granting, found.refusing) == (True, ("1",), ("2",))


def test_mistakes_in_additions_are_told_at_once() -> None:
    additions = [VocabularyAddition("de", "recordin", ("x",)), VocabularyAddition("de", "yes", ("jo", "**"))]
    with pytest.raises(PolicyError) as caught:
        read_vocabulary(additions=additions)
    assert caught.value.details == (
        'vocabulary.de.recordin: no category of words (did you mean "recording"?)',
        'vocabulary.de.yes: "**" holds no word',
    )


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    text = (data_folder() / "vocabulary.toml").read_text("utf-8")
    path = tmp_path / "words.toml"
    path.write_text(text.replace("\nagree = [", "\nagreee = [", 1).replace('"rückruf*"', '"rück ruf* =*"'), "utf-8")
    with pytest.raises(PolicyError) as caught:
        read_vocabulary(path)
    told = "\n".join(caught.value.details)
    assert 'en.agreee: unknown key (did you mean "agree"?)' in told
    assert 'en: "agree" is missing' in told
    assert '"rück ruf* =*" does not look like "record*"' in told


@pytest.mark.parametrize("category", [each for each in Category if each not in KEYS])
def test_every_category_is_used(category: Category) -> None:
    used = {phrase.category for lexicon in read_vocabulary(checked=False).lexicons for phrase in lexicon.phrases}
    assert category in used
