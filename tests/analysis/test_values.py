"""Sets of values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.analysis import values as v
from auditor.analysis.values import ANY, CAP, NOT_SET_VALUE, NOTHING, Values, const, join, meet, none_of, one_of

POOL: list[v.Constant] = [None, True, False, 0, 1, 2.5, "", "1", "true", "a", "b"]
SOME = st.lists(st.sampled_from(POOL), max_size=4)
SETS = SOME.map(lambda items: one_of(*items)) | SOME.map(lambda items: none_of(*items))


def test_kinds_stay_apart() -> None:
    assert len({const(True), const(1), const("1"), const(None), const("")}) == 5
    assert const(1.0) == const(1)
    assert v.contains(one_of(1, "a"), 1)
    assert not v.contains(one_of(1, "a"), True)


@given(SETS, SETS, st.sampled_from(POOL))
def test_meet_and_join_are_pointwise(a: Values, b: Values, item: v.Constant) -> None:
    assert v.contains(meet(a, b), item) == (v.contains(a, item) and v.contains(b, item))
    assert v.contains(join(a, b), item) == (v.contains(a, item) or v.contains(b, item))


@given(SETS, SETS)
def test_includes_and_empty(a: Values, b: Values) -> None:
    assert v.includes(join(a, b), a)
    assert v.includes(a, meet(a, b))
    assert v.includes(a, b) == (join(a, b) == a)
    assert v.is_empty(meet(a, NOTHING))
    assert join(a, ANY) == ANY


@given(SETS, st.sampled_from(POOL))
def test_without(a: Values, item: v.Constant) -> None:
    assert v.without(a, v.atom(item)) == meet(a, none_of(item))


def test_large_finite_sets_widen() -> None:
    numbers = [const(n) for n in range(CAP + 1)]
    assert v.join_all(numbers[:CAP]) == one_of(*range(CAP))
    assert v.join_all(numbers) == none_of(None)
    assert join(v.join_all(numbers[:CAP]), NOT_SET_VALUE) == ANY


def test_many_exclusions_are_forgotten_but_not_set_is_kept() -> None:
    widened = none_of(None, *range(CAP + 5))
    assert widened.negated
    assert len(widened.atoms) == CAP
    assert not v.contains(widened, None)


def test_single_and_boolean_view() -> None:
    assert v.single(const("a")) == v.atom("a")
    assert v.single(one_of("a", "b")) is None
    assert v.single(none_of("a")) is None
    assert v.as_boolean(none_of(True)) == one_of(False, None)
    assert v.as_boolean(const("true")) == const("true")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (one_of("b", None, 1, True), '{NOT_SET, true, 1, "b"}'),
        (none_of("a"), 'anything but {"a"}'),
        (ANY, "anything"),
        (NOTHING, "{}"),
    ],
)
def test_in_words(values: Values, text: str) -> None:
    assert str(values) == text
