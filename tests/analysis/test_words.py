"""Questions about recording are recognised from their words alone, in every language of the vocabulary.

Each file beside this one in words/ holds sentences of one language: [[question]] about recording, [[announcement]]
without a question, and [[other]] questions.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
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
