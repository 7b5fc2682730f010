from __future__ import annotations

import pytest

from auditor.analysis.evaluate import evaluate
from auditor.analysis.lettering import undecided
from auditor.analysis.values import ANY, BOOLEANS, Values, const, none_of, one_of
from auditor.loading.expressions import parse


@pytest.mark.parametrize(
    ("text", "known", "doubted"),
    [
        ('Flow.x == "yes"', const("Yes"), True),
        ('"yes" != Flow.x', one_of("no", "YES"), True),
        ('!(Flow.y and Flow.x == "ja")', const("Ja"), True),
        ('AreEqual(Flow.x, "straße")', const("STRASSE"), True),
        ('AreEqual(true, Flow.x, "yes")', const("Yes"), False),
        ('Lower(Flow.x) == "yes"', const("Yes"), False),
        ('Flow.x == "yes"', one_of("yes", "no", None, 1), False),
        ('Flow.x == "yes"', none_of("Yes"), False),
        ('Flow.x == "1"', const("1"), False),
        ('Flow.x == "yes"', ANY, False),
    ],
)
def test_texts_apart_by_case(text: str, known: Values, doubted: bool) -> None:
    expr = parse(text)
    said = undecided(expr, lambda key: known if key == "flow.x" else ANY)
    assert (said is not None) == doubted


def test_both_ways_are_open_and_the_words_are_quoted() -> None:
    expr = parse('Flow.x == "yes"')
    assert evaluate(expr, lambda _: const("Yes")).values == BOOLEANS
    assert undecided(expr, lambda _: const("Yes")) == 'whether "Yes" equals "yes" is not documented'
