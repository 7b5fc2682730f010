"""Questions about recording are recognised from their words alone, in every language of the vocabulary.

Each file beside this one in words/ holds sentences of one language: [[question]] about recording, [[announcement]]
without a question, and [[other]] questions.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis.words import Reading, read_name, read_question
from auditor.loading.vocabulary import read_vocabulary

FOLDER = Path(__file__).parent / "words"
VOCABULARY = read_vocabulary()
KINDS = {"opt-in", "digit-word", "opt-out", "negated", "two-keys"}
ANSWER_KEYS = ("granting", "refusing", "repeating")


def tables() -> dict[str, dict[str, list[dict[str, Any]]]]:
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


TABLES = tables()
CASES = [
    pytest.param(language, section, row, id=f"{language}-{section}-{number}")
    for language, table in TABLES.items()
    for section, rows in table.items()
    for number, row in enumerate(rows, 1)
]


def expected(section: str, row: dict[str, Any]) -> dict[str, Any]:
    asks = section == "question"
    keys = {name: tuple(row.get(name, ())) for name in ANSWER_KEYS}
    told = {name: row.get(name, False) for name in ("spoken", "inverted")}
    announced = asks or section == "announcement"
    return {"known": True, "about_recording": asks, "announcement": announced, **keys, **told}


def shown(reading: Reading, row: dict[str, Any]) -> dict[str, Any]:
    names = ("known", "about_recording", "announcement", *ANSWER_KEYS, "spoken", "inverted")
    return {name: getattr(reading, name) for name in names}


@pytest.mark.parametrize(("language", "section", "row"), CASES)
def test_every_sentence_is_read_as_its_table_says(language: str, section: str, row: dict[str, Any]) -> None:
    texts = [row["text"]] if isinstance(row["text"], str) else row["text"]
    for mark in (None, language, f"{language}-{language}", "en-us"):
        reading = read_question([(mark, text) for text in texts], VOCABULARY)
        assert shown(reading, row) == expected(section, row), (mark, reading.reasons)
        assert reading.reasons


@pytest.mark.parametrize("language", VOCABULARY.languages)
def test_every_language_has_sentences_of_every_kind(language: str) -> None:
    table = TABLES[language]
    assert {row["kind"] for row in table["question"]} >= KINDS
    assert table["announcement"]
    assert len(table["other"]) >= 5


def read(text: str) -> Reading:
    return read_question([(None, text)], VOCABULARY)


def test_no_words_are_not_known() -> None:
    for texts in ([], [(None, "")], [(None, "... 123")], [("de-de", "{{Prompt}}")]):
        reading = read_question(texts, VOCABULARY)
        assert not (reading.known or reading.about_recording or reading.announcement)


@pytest.mark.parametrize(
    "text",
    [
        "Ha hozzájárul a hívás rögzítéséhez, nyomja meg az 1-es gombot.",
        "Dacă sunteți de acord cu înregistrarea convorbirii, apăsați tasta 1.",
        "Если вы согласны на запись разговора, нажмите 1.",
        "Kui nõustute kõne salvestamisega, vajutage 1.",
    ],
)
def test_languages_outside_the_vocabulary_are_not_known(text: str) -> None:
    assert not read(text).known
    assert not read_question([("en-us", text)], VOCABULARY).about_recording


def test_a_key_with_two_meanings_has_none() -> None:
    reading = read(
        "Press 1 if you agree to the recording. Drücken Sie die 1, wenn Sie nicht aufgezeichnet werden möchten."
    )
    assert reading.about_recording
    assert (reading.granting, reading.refusing) == ((), ())
    assert "key 1 means different things in different places" in reading.reasons


def test_reasons_quote_the_words_that_decided() -> None:
    reading = read("This call is recorded. If you agree, press 1, otherwise press 2.")
    assert reading.reasons == (
        'key 1 means yes: "If you agree, press 1"',
        'key 2 means no: "otherwise press 2"',
    )
    assert read("Calls are recorded.").reasons == (
        'recording is announced, nothing is asked about it: "Calls are recorded"',
    )


def test_long_quotations_are_shortened() -> None:
    (reason,) = read(f"Calls are recorded for {'training and ' * 9}quality.").reasons
    assert reason.endswith('..."')
    assert len(reason.partition('"')[2]) == 81


PIECES = [
    "press",
    "1",
    "2",
    "if",
    "you",
    "do not",
    "agree",
    "recorded",
    "call",
    ",",
    ".",
    "?",
    "or",
    "録音",
    "同意",
    "を",
    "*",
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from([None, "en-us", "de", "xx", ""]), st.text()), max_size=3))
def test_any_text_can_be_read(texts: list[tuple[str | None, str]]) -> None:
    reading = read_question(texts, VOCABULARY)
    assert not set(reading.granting) & set(reading.refusing)
    for _, text in texts:
        read_name(text, VOCABULARY)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_order_of_words_can_be_read(pieces: list[str]) -> None:
    reading = read(" ".join(pieces))
    assert reading.about_recording or not (reading.granting or reading.refusing or reading.spoken)
    assert reading.announcement or not reading.about_recording
    assert not set(reading.granting) & set(reading.refusing)


def seconds(text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


def test_a_long_text_takes_no_more_than_its_length() -> None:
    text = "Drücken Sie die 1, wenn Sie mit der Aufzeichnung einverstanden sind. Press 2 if you do not agree. "
    half = text * (100_000 // len(text))
    attempts = (seconds(half * 2) <= 3 * seconds(half) for _ in range(4))
    assert any(attempts)


def calls(text: str) -> int:
    """How many functions are called to read the text: unlike time, the same on every machine."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece", ["if you do not agree or ", "press 1 to agree, ", "say yes ", "abcdefgh", "< ", "1 ", "録音"]
)
def test_a_sentence_without_end_takes_no_more_than_its_length(piece: str) -> None:
    half = piece * (8_000 // len(piece))
    read(half)
    assert calls(half * 2) <= 2.2 * calls(half) + 1000
