"""Phrases of the vocabulary are found however a prompt spells them, and reasons say what was found."""

from __future__ import annotations

import pytest

from auditor.analysis.consent import Answer
from auditor.analysis.names import read_name
from auditor.analysis.words import read_question
from auditor.loading.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(checked=False)


@pytest.mark.parametrize(
    "text",
    [
        "Êtes-vous d'accord pour que cet appel soit enregistré ?",
        "Etes-vous d'accord pour que cet appel soit enregistre ?",
        "Dürfen wir dieses Gespräch aufzeichnen?",
        "Duerfen wir dieses Gespraech aufzeichnen?",
        "Durfen wir dieses Gesprach aufzeichnen?",
    ],
)
def test_accents_may_be_left_out(text: str) -> None:
    assert read_question([(None, text)], VOCABULARY).about_recording


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("Consent granted", Answer.GRANTED, "names consent, says yes"),
        ("No consent", Answer.REFUSED, "names consent, says no"),
        ("Recording consent", None, "is about recording, names consent"),
    ],
)
def test_a_reason_says_what_a_name_tells(name: str, answer: Answer | None, words: str) -> None:
    reading = read_name(name, VOCABULARY)
    assert (reading.answer, reading.reason) == (answer, f'the name "{name}" {words}')
