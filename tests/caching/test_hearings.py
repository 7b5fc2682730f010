"""What words say is not worked out again when an earlier audit knows it, and questions are the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from auditor.analysis import points_scene
from auditor.analysis.points_scene import Heard
from auditor.analysis.words import Reading, read_question
from auditor.audit import find_questions
from auditor.caching.hearings import Hearings
from auditor.caching.parts import Parts
from auditor.caching.store import Store
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.model.policy import Policy
from auditor.model.vocabulary import Lexicon, Vocabulary
from tests.views.looking import DEMO, shipped

PROGRAM = Program(load([DEMO]))
VOCABULARY = shipped().options.vocabulary


def test_words_that_say_nothing_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "cache")
    assert store.trouble == ""
    plain = find_questions(PROGRAM, Policy(), VOCABULARY)
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY) == Heard()
        assert find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts)) == plain
    read, original = list[Reading](), read_question

    def told(texts: Sequence[tuple[str | None, str]], vocabulary: Vocabulary, *, named: bool = False) -> Reading:
        read.append(original(texts, vocabulary, named=named))
        return read[-1]

    monkeypatch.setattr(points_scene, "read_question", told)
    with Parts.of(store) as parts:
        assert find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts)) == plain
        assert read
        assert all(each.about_recording or each.announcement for each in read)
        other = Vocabulary((*VOCABULARY.lexicons, Lexicon("xx", ())))
        assert Hearings(parts).recall(other) == Heard()


def test_no_text_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.trouble == ""
    with Parts.of(store) as parts:
        find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts))
    with Parts.of(store) as parts:
        known = Hearings(parts).recall(VOCABULARY)
    assert {len(key) for key in (*known.texts, *known.names)} == {64}
    assert {each.reasons for each in known.texts.values()} <= {
        ("no words of a known language",), ("no words about recording",),
        ("recording is mentioned, nothing is asked about it",),
    }  # fmt: skip


def test_only_what_the_last_audit_heard_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.trouble == ""
    with Parts.of(store) as parts:
        find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts))
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY).texts
        find_questions(Program(load([])), Policy(), VOCABULARY, Hearings(parts))
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY) == Heard()
