"""What an answer means at a consent point that says what refuses."""

from __future__ import annotations

import pytest

from auditor.analysis.consent import Answer, ConsentPoint, PlaceKey, PointKind
from auditor.analysis.facts import listed, output_answer
from auditor.model.confidence import Confidence

PLACE = PlaceKey(0, "Main", 1)
OBJECTING = ConsentPoint(PLACE, PointKind.ASK, "Ask", Confidence.HIGH, None, ("No", "failure"), "", "")
AGREEING = ConsentPoint(PLACE, PointKind.ASK, "Ask", Confidence.HIGH, ("Yes",), None, "", "")


@pytest.mark.parametrize(
    ("point", "named", "answer"),
    [
        (OBJECTING, {"no"}, Answer.REFUSED),
        (OBJECTING, {"yes"}, Answer.GRANTED),
        (OBJECTING, set[str](), Answer.GRANTED),
        (AGREEING, {"yes"}, Answer.GRANTED),
        (AGREEING, {"no"}, Answer.REFUSED),
    ],
)
def test_any_answer_but_those_listed_is_the_opposite(point: ConsentPoint, named: set[str], answer: Answer) -> None:
    assert listed(point, named) is answer


@pytest.mark.parametrize(
    ("point", "output", "answer"),
    [
        (OBJECTING, "No", Answer.REFUSED),
        (OBJECTING, "failure", Answer.REFUSED),
        (OBJECTING, "timeout", Answer.UNANSWERED),
        (AGREEING, "failure", Answer.UNANSWERED),
        (AGREEING, "Yes", Answer.GRANTED),
        (AGREEING, "No", Answer.REFUSED),
    ],
)
def test_no_answer_is_none_unless_it_is_listed(point: ConsentPoint, output: str, answer: Answer) -> None:
    assert output_answer(point, output) is answer
