"""Expressions and conditions on sets of values."""

from __future__ import annotations

import pytest

from auditor.analysis import values as v
from auditor.analysis.evaluate import Lookup, Result, Split, assume, evaluate, match_case
from auditor.analysis.values import ANY, NOT_SET_VALUE, SOMETHING, Values, const, none_of, one_of
from auditor.loading.expressions import parse
from auditor.model.expressions import Apply, Empty, Literal, NotSet, Unparsed, Variable


def looking(**known: Values) -> Lookup:
    """Values of `Flow.x` by the name x; others hold anything."""
    return lambda key: known.get(key.removeprefix("flow."), ANY)


def value(text: str, **known: Values) -> Result:
    return evaluate(parse(text), looking(**known))


def split(text: str, **known: Values) -> Split:
    return assume(parse(text), looking(**known))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 == 5.0", True),
        ('"a" == "b"', False),
        ('"1" == "1"', True),
        ("NOT_SET == NOT_SET", True),
        ('ToString(NOT_SET) == ""', False),
        ('ToString(NOT_SET) != ""', True),
        ('AreEqual("Hello", "Hel" + "lo")', True),
        ('AreEqual(false, "Hello", "hello")', False),
        ('AreEqual("a", "b", "b")', False),
        ('AreEqual(true, "Hello", "hel" + "LO", "hello")', True),
        ("AreEqual(true, false, ToBool(NOT_SET))", False),
        ("AreEqual(105, 105, 110)", False),
        ("7 > 5.2", True),
        ("5 <= 5", True),
        ('"a" >= "a"', True),
        ("true and false", False),
        ("true Or ToInt(NOT_SET) > 1", True),
        ("false and ToInt(NOT_SET) > 1", False),
        ("!( true and false )", True),
        ("5 > 3 ? 100 : 200", 100),
        ("If(NOT_SET, 1, 2)", 2),
        ("If(true, 1, 1 + NOT_SET)", 1),
        ("IsSet(NOT_SET)", False),
        ('IsSet("")', True),
        ("IsNotSetOrEmpty(false)", False),
        ('IsNotSetOrEmpty("")', True),
        ("IsNotSetOrEmpty(ToInt(NOT_SET))", True),
        ('Contains("Hello", "ll")', True),
        ('Contains("Hello", "he")', False),
        ('Contains("Hello", "he", true)', True),
        ('Contains("Hello", "")', True),
        ('Append("Hello", NOT_SET, "!")', "Hello!"),
        ("Append(ToString(NOT_SET), NOT_SET)", ""),
        ('"a" + "b"', "ab"),
        ("2.2 + 3.9", 6.1),
        ("42 / 8", 5.25),
        ("27 % 5", 2),
        ("2 - 3 * 4", -10),
        ("-(1) - 1", -2),
        ('Length("Hello")', 5),
        ('Upper(Trim(" a\t\n"))', "A"),
        ('Reverse("abc")', "cba"),
        ('Lower("ÄB")', "äb"),
        ('Left("Hello", 2) + Right("Hello", 9)', "HeHello"),
        ('Left("Hello", 0)', ""),
        ('Substring("Hello", 3, 3)', "lo"),
        ('Substring("Hello", 10, 5)', ""),
        ('Replace("a-b-c", "-", NOT_SET)', "abc"),
        ('Replace("abc", "", "x")', "abc"),
        ('FindString("Hello", "ll")', 2),
        ('Compare("a", "a")', 0),
        ('Compare("", NOT_SET)', 1),
        ('ToBool("t")', True),
        ('ToBool("FALSE")', False),
        ('ToBool("yes")', None),
        ("ToBool(-10)", True),
        ("ToInt(-5.7)", -5),
        ('ToInt("25")', 25),
        ('ToInt(" ")', None),
        ("ToInt(true)", 1),
        ("ToString(5 > 3)", "true"),
        ("ToString(2000.5)", "2000.5"),
        ('ToDecimal("-100.5")', -100.5),
    ],
)
def test_documented_results(text: str, expected: v.Constant) -> None:
    assert value(text) == Result(const(expected))


@pytest.mark.parametrize(
    "text",
    [
        "5 + NOT_SET",
        "NOT_SET > 1",
        "NOT_SET and true",
        "false or NOT_SET",
        "!NOT_SET",
        "Length(NOT_SET)",
        "Contains(NOT_SET, NOT_SET)",
        "Upper(ToString(NOT_SET))",
        'ToInt("A String")',
        'Append("a", Trim(NOT_SET))',
        "If(NOT_SET > 1, 1, 2)",
        "-NOT_SET == 1",
    ],
)
def test_not_set_operands_raise(text: str) -> None:
    result = value(text)
    assert result.must_raise
    assert v.is_empty(result.values)
    condition = split(text)
    assert (condition.true, condition.false) == ((), ())
    assert condition.raises == ({},)


def test_what_is_not_known_is_anything() -> None:
    assert value("FindQueue(Flow.x)") == Result(ANY, may_raise=True)
    assert value("FindQueue(Flow.x)", x=const("Sales")) == Result(ANY)
    assert value("FindQueue(Flow.x)", x=SOMETHING) == Result(ANY)
    assert value("Flow.q.id") == Result(ANY)
    assert value("Flow.l[0]") == Result(ANY, may_raise=True)
    assert value("{{x}}", x=const(1)) == Result(ANY)
    assert evaluate(Unparsed("Flow.x = 1", ("Flow.x",)), looking(x=const(1))) == Result(ANY)
    assert value('Lower(Flow.x) == "a"') == Result(v.BOOLEANS, may_raise=True)
    assert value("10 / 3") == Result(SOMETHING, may_raise=True)
    assert value('"a" < "b"') == Result(v.BOOLEANS)
    assert value('ToInt("1.5")') == Result(ANY, may_raise=True)
    assert value("Append()") == Result(ANY)


def test_constants_of_other_types_are_opaque() -> None:
    second, minute = Literal("P0D0H0M1S0F", "dur"), Literal("P0D0H1M0S0F", "dur")
    assert evaluate(Apply("==", (second, second)), looking()).values == v.TRUE
    assert evaluate(Apply("==", (second, minute)), looking()).values == v.BOOLEANS
    assert evaluate(Apply("isset", (second,)), looking()).values == v.TRUE
    assert evaluate(Empty(), looking()).values == NOT_SET_VALUE
    assert evaluate(NotSet(), looking()).values == NOT_SET_VALUE


def test_properties_are_looked_up_by_their_full_name() -> None:
    assert evaluate(
        parse("Task.Queue.ID"), {"task.queue": ANY, "task.queue.id": const("7")}.__getitem__
    ).values == const("7")


def test_evaluation_is_pointwise_on_few_values() -> None:
    assert value("Flow.x + Flow.x", x=one_of(1, 2)).values == one_of(2, 4)
    assert value("5 + If(IsSet(Flow.i), Flow.i, 0)", i=one_of(None, 3)) == Result(one_of(5, 8))
    assert value("5 + If(IsSet(Flow.i), Flow.i, 0)", i=ANY) == Result(SOMETHING)
    assert value("Flow.x + 1", x=one_of(None, 1)) == Result(const(2), may_raise=True)
    assert value("ToString(Flow.x)", x=none_of(None)).values == SOMETHING


@pytest.mark.parametrize(
    ("text", "known", "true", "false", "raises"),
    [
        ('Flow.x == "a"', ANY, const("a"), none_of("a"), None),
        ('Flow.x != "a"', ANY, none_of("a"), const("a"), None),
        ('"a" == Flow.x', ANY, const("a"), none_of("a"), None),
        ('AreEqual(Flow.x, "a")', ANY, const("a"), none_of("a"), None),
        ('Flow.x == "a" or Flow.x == "b"', ANY, one_of("a", "b"), none_of("a", "b"), None),
        ('!(Flow.x == "a" or Flow.x == "b")', ANY, none_of("a", "b"), one_of("a", "b"), None),
        ('Flow.x != "a" and Flow.x != "b"', ANY, none_of("a", "b"), one_of("a", "b"), None),
        ('Flow.x == "a" and Flow.x == "b"', ANY, None, ANY, None),
        ("Flow.x == 1", ANY, const(1), none_of(1), None),
        ("Flow.x", ANY, v.TRUE, one_of(False, None), NOT_SET_VALUE),
        ("!Flow.x", ANY, v.FALSE, v.TRUE, NOT_SET_VALUE),
        ("Flow.x == true", ANY, v.TRUE, one_of(False, None), None),
        ("Flow.x != true", ANY, one_of(False, None), v.TRUE, None),
        ("If(Flow.x, true, false)", ANY, v.TRUE, one_of(False, None), None),
        ("If(Flow.x, false, true)", ANY, one_of(False, None), v.TRUE, None),
        ("IsSet(Flow.x) and Flow.x", ANY, v.TRUE, one_of(False, None), None),
        ("IsSet(Flow.x)", ANY, SOMETHING, NOT_SET_VALUE, None),
        ("IsNotSet(Flow.x)", ANY, NOT_SET_VALUE, SOMETHING, None),
        ("Flow.x == NOT_SET", ANY, NOT_SET_VALUE, SOMETHING, None),
        ("IsNotSetOrEmpty(Flow.x)", ANY, one_of(None, ""), none_of(None, ""), None),
        ("Flow.x > 5", ANY, none_of(None, 5), SOMETHING, NOT_SET_VALUE),
        ("Flow.x > 5", one_of(None, 4, 5, 6), const(6), one_of(4, 5), NOT_SET_VALUE),
        ("ToInt(Flow.x) > 5", one_of(None, "4", "6", "x"), const("6"), const("4"), one_of(None, "x")),
        ('Lower(Flow.x) == "yes"', one_of("YES", "Yes", "no", None), one_of("YES", "Yes"), const("no"), NOT_SET_VALUE),
        ('AreEqual(true, Flow.x, "yes")', one_of("YES", "no", None), const("YES"), one_of("no", None), None),
        ('Contains(Flow.x, "e")', one_of("yes", "no"), const("yes"), const("no"), None),
        ('Append(Flow.x, "!") == "a!"', one_of("a", "b", None), const("a"), one_of("b", None), None),
        ("Length(Flow.x) == 1", one_of("1", "12"), const("1"), const("12"), None),
        ('ToString(Flow.x) == "true"', one_of(True, False, None), v.TRUE, one_of(False, None), None),
        ("ToBool(Flow.x)", one_of("1", "0", "maybe"), const("1"), one_of("0", "maybe"), const("maybe")),
        ('Flow.x == "1"', const("1"), const("1"), None, None),
        ('Flow.x == "1"', none_of("1"), None, none_of("1"), None),
        ("Flow.x", v.TRUE, v.TRUE, None, None),
        ("Flow.x", none_of(True, None), None, v.FALSE, None),
        ("Flow.x == 1", const("1"), const("1"), None, None),
        ("Flow.x", const("true"), const("true"), None, None),
        ("FindUser(Flow.x) == Flow.y", ANY, ANY, ANY, NOT_SET_VALUE),
        ('Flow.x == "a"', v.NOTHING, None, None, None),
    ],
)
def test_one_variable(
    text: str, known: Values, true: Values | None, false: Values | None, raises: Values | None
) -> None:
    condition = split(text, x=known)
    for refinements, expected in ((condition.true, true), (condition.false, false), (condition.raises, raises)):
        assert [refinement.get("flow.x", known) for refinement in refinements] == (
            [] if expected is None else [expected]
        )


def test_unrefined_variables_are_left_out() -> None:
    assert split('Flow.x == "1"', x=const("1")).true == ({},)
    assert (
        split("Flow.x == Flow.y").true
        == ({"flow.x": SOMETHING, "flow.y": SOMETHING}, {"flow.x": NOT_SET_VALUE, "flow.y": NOT_SET_VALUE})[::-1]
    )


def test_disjunction_over_two_variables() -> None:
    condition = split('Flow.x == "a" or Flow.y == "b"')
    assert condition.true == ({"flow.x": const("a")}, {"flow.x": none_of("a"), "flow.y": const("b")})
    assert condition.false == ({"flow.x": none_of("a"), "flow.y": none_of("b")},)


def test_if_inside_a_comparison() -> None:
    condition = split('If(Flow.a, Flow.x, "n") == "y"')
    assert condition.true == ({"flow.a": v.TRUE, "flow.x": const("y")},)
    assert {"flow.a": one_of(False, None, True), "flow.x": none_of("y")} in condition.false


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("IsNotSetOrEmpty(Flow.x)", none_of(""), v.BOOLEANS),
        ("IsNotSetOrEmpty(Flow.x)", none_of(None), v.BOOLEANS),
        ("IsNotSetOrEmpty(Flow.x)", none_of(None, ""), v.FALSE),
        ("IsSet(Flow.x)", none_of("a"), v.BOOLEANS),
        ("IsSet(Flow.x)", SOMETHING, v.TRUE),
        ("IsNotSet(Flow.x)", SOMETHING, v.FALSE),
        ('Flow.x == "a"', none_of("a"), v.FALSE),
        ('Flow.x != "a"', none_of("a"), v.TRUE),
        ("Flow.x == Flow.y", none_of("a"), v.BOOLEANS),
        ("Flow.x == false", none_of(True, None), v.TRUE),
        ("Flow.x == NOT_SET", SOMETHING, v.FALSE),
        ("ToBool(Flow.x)", SOMETHING, one_of(True, False, None)),
        ("Compare(Flow.x, Flow.y)", SOMETHING, one_of(-1, 0, 1)),
    ],
)
def test_values_of_sets_that_cannot_be_listed(text: str, known: Values, expected: Values) -> None:
    assert value(text, x=known) == Result(expected)


def test_case_of_a_switch() -> None:
    found = match_case(Variable("Flow.x"), Literal("a", "str"), looking())
    assert found == split('Flow.x == "a"')
    assert match_case(NotSet(), Variable("Flow.x"), looking(x=NOT_SET_VALUE)).true == ({},)


def test_many_variables_stay_bounded() -> None:
    names = [f"Flow.v{i}" for i in range(30)]
    either = split(" or ".join(f'{name} == "a"' for name in names))
    assert len(either.true) <= 16
    assert len(either.false) == 1
    mixed = split(" + ".join(names) + ' == "a"')
    assert (len(mixed.true), len(mixed.false)) == (1, 1)


def test_deep_conditions_do_not_overflow() -> None:
    text = "Flow.x"
    for _ in range(140):
        text = f"If({text}, Flow.x, Flow.y)"
    condition = split(text)
    assert {"flow.x": v.TRUE} in condition.true
    assert split(" and ".join(["Flow.x"] * 140)).true == ({"flow.x": v.TRUE},)


def test_texts_other_than_those_that_mean_true_are_no_truth() -> None:
    found = split("ToBool(Flow.a)", a=none_of(None, "true", "1", "t"))
    assert (found.true, bool(found.false)) == ((), True)
    assert split("ToBool(Flow.a)", a=none_of(None, "true")).true
