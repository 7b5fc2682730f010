"""What words say is not worked out again when an earlier audit knows it, and questions are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.analysis import points_scene
from auditor.analysis.points_scene import Heard
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


def test_words_that_are_known_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "cache")
    assert store.trouble == ""
    plain = find_questions(PROGRAM, Policy(), VOCABULARY)
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY) == Heard()
        assert find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts)) == plain

    def never(*given: object) -> None:
        raise AssertionError(given)

    monkeypatch.setattr(points_scene, "read_question", never)
    monkeypatch.setattr(points_scene, "read_name", never)
    with Parts.of(store) as parts:
        assert find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts)) == plain
        other = Vocabulary((*VOCABULARY.lexicons, Lexicon("xx", ())))
        assert Hearings(parts).recall(other) == Heard()


def test_only_what_the_last_audit_heard_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.trouble == ""
    with Parts.of(store) as parts:
        find_questions(PROGRAM, Policy(), VOCABULARY, Hearings(parts))
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY).readings
        find_questions(Program(load([])), Policy(), VOCABULARY, Hearings(parts))
    with Parts.of(store) as parts:
        assert Hearings(parts).recall(VOCABULARY) == Heard()
