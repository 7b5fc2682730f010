"""Expression text to tree."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.loading.expressions import MAX_DEPTH, parse
from auditor.model.expression_tools import is_template
from auditor.model.expressions import Apply, Expr, Literal, NotSet, Unparsed, Variable

A, B, C, D = (Variable(name) for name in "abcd")


def _text(value: str) -> Literal:
    return Literal(value, "str")


def _int(value: int) -> Literal:
    return Literal(value, "int")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('Task.choice == "1"', Apply("==", (Variable("Task.choice"), _text("1")))),
        ("a or b and c", Apply("or", (A, Apply("and", (B, C))))),
        ("a AND b Or c", Apply("or", (Apply("and", (A, B)), C))),
        ("a and b | c & d", Apply("and", (A, Apply("|", (B, Apply("&", (C, D))))))),
        ("a == b < c", Apply("==", (A, Apply("<", (B, C))))),
        ("a < b + c * d", Apply("<", (A, Apply("+", (B, Apply("*", (C, D))))))),
        ("a - b - c", Apply("-", (Apply("-", (A, B)), C))),
        ("a ^ b ^ c", Apply("^", (A, Apply("^", (B, C))))),
        ("(a or b) and c", Apply("and", (Apply("or", (A, B)), C))),
        ("!a == b", Apply("==", (Apply("!", (A,)), B))),
        ("not a and b", Apply("and", (Apply("!", (A,)), B))),
        ("NOT(a)", Apply("!", (A,))),
        ("~a", Apply("~", (A,))),
        ("-a * b", Apply("*", (Apply("neg", (A,)), B))),
        ("a - -1", Apply("-", (A, _int(-1)))),
        ("a ? b : c", Apply("if", (A, B, C))),
        ("a ? b : c ? d : a", Apply("if", (Apply("if", (A, B, C)), D, A))),
        ("If(a, b, c)", Apply("if", (A, B, C))),
        ("GetCurrentDateTimeUtc()", Apply("getcurrentdatetimeutc", ())),
        ("a[1]", Apply("[", (A, _int(1)))),
        ("f(a).b[c]", Apply("[", (Apply(".", (Apply("f", (A,)), _text("b"))), C))),
        ("Task.Queue.id", Apply(".", (Variable("Task.Queue"), _text("id")))),
        ('Flow."my value"', Variable("Flow.my value")),
        ("Flow.$lastInput", Variable("Flow.$lastInput")),
        ("Flow.größe", Variable("Flow.größe")),
        ("true", Literal(True, "bln")),
        ("FALSE", Literal(False, "bln")),
        ("NOT_SET", NotSet()),
        ("1.", Literal(1.0, "dec")),
        (".5", Literal(0.5, "dec")),
        (r'"a\"b\\c\n\r\t"', _text('a"b\\c\n\r\t')),
        ("\n f(\n a,\tb )", Apply("f", (A, B))),
        ('{{x}} == "1"', Apply("==", (Variable("{{x}}"), _text("1")))),
        ("${x}", Variable("${x}")),
        ('"Hello {{x}}!"', Apply("append", (_text("Hello "), Variable("{{x}}"), _text("!")))),
    ],
)
def test_tree_of_text(text: str, tree: Expr) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "a =",
        "a = b",
        "a && b",
        '"open',
        "f(a",
        "f(a,)",
        "(a",
        "a)",
        "a ? b",
        "a ? b : c or d",
        "Flow.a(b)",
        "and",
    ],
)
def test_no_expression(text: str) -> None:
    assert isinstance(parse(text), Unparsed)


def test_unparsed_text_names_its_variables() -> None:
    assert parse("Flow.a = Task.b.c Flow.a x.y") == Unparsed("Flow.a = Task.b.c Flow.a x.y", ("Flow.a", "Task.b"))


@pytest.mark.parametrize(
    ("piece", "times", "end"),
    [
        ("(", 100_000, "1"),
        ("!", 100_000, "a"),
        ("a+", 60_000, "a"),
        ("a^", 60_000, "a"),
        ("a[", 60_000, "1"),
        ("a.", 60_000, "b"),
        ("f(", 60_000, ")"),
        ("9", 5_000, ""),
        ("9", 400, ".0"),
        ("(", 3_000_000, ""),
        ('"\\', 60_000, ""),
        ("{{", 60_000, ""),
    ],
)
def test_excess_stays_text_and_is_quick(piece: str, times: int, end: str) -> None:
    start = time.perf_counter()
    tree = parse(piece * times + end)
    assert not isinstance(tree, Apply)
    assert time.perf_counter() - start < 5


def test_depth_up_to_the_limit_is_read() -> None:
    deep = "(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1)
    assert parse(deep) == A
    assert isinstance(parse(f"({deep})"), Unparsed)


def test_templates_are_recognised_inside_names() -> None:
    assert is_template("{{x}}")
    assert is_template("Flow.${x}")
    assert not is_template("Flow.x")


@given(st.text(alphabet='ab.1"()[]+-!?:{}$\\ ,=<', max_size=40) | st.text(max_size=40))
def test_never_raises(text: str) -> None:
    hash(parse(text))
