"""Why something cannot be computed, in words."""

from __future__ import annotations

import pytest

from auditor.analysis.failing import told
from auditor.analysis.values import ANY, NOT_SET_VALUE, SOMETHING, Values, one_of
from auditor.loading.expressions import parse

KEYS = one_of(*"0123456789*#")


def why(text: str, **held: Values) -> str:
    """What is said of an expression when Task.X holds these values; the rest holds anything but NOT_SET."""
    values = {f"task.{name}": value for name, value in held.items()}
    return told("no", parse(text), lambda key: values.get(key, SOMETHING))


@pytest.mark.parametrize(
    ("text", "held", "said"),
    [
        ("ToInt(Task.A) == 1", KEYS, "no: Task.A may be # or *, which is no number"),
        ("ToInt(Task.A) == 1", one_of("#", "*"), "no: Task.A is # or *, which is no number"),
        ("ToInt(Task.A) == 1", one_of("*"), "no: Task.A is *, which is no number"),
        ("ToDecimal(Task.A) > 1", SOMETHING, "no: Task.A may be no number"),
        ("ToInt(Task.A) == 1", one_of("1", "2"), "no"),
        ("Task.A", NOT_SET_VALUE, "no: Task.A is not set"),
        ("Task.A + 1 == 2", NOT_SET_VALUE, "no: Task.A is not set"),
        ("Task.A + 1 == 2", ANY, "no: Task.A may not be set"),
        ("IsSet(Task.A)", NOT_SET_VALUE, "no"),
        ("Nobody(Task.A)", ANY, "no: Task.A may not be set"),
        ("Nobody(Task.A)", SOMETHING, "no"),
    ],
)
def test_the_input_that_does_not_fit_is_named(text: str, held: Values, said: str) -> None:
    assert why(text, a=held) == said


def test_every_reason_is_told() -> None:
    text = "ToInt(Task.A) == 1 and Lower(Task.B) == Task.C"
    said = why(text, a=one_of("*"), b=NOT_SET_VALUE)
    assert said == "no: Task.A is *, which is no number, or Task.B is not set"
