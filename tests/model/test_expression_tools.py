"""Expressions as text, and the variables they read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.loading.expressions import parse
from auditor.model.expression_tools import BINDING, dotted_name, to_text, variables_in
from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable


@pytest.mark.parametrize(
    "text",
    [
        'Task.choice == "1"',
        "(a or b) and !(c and d)",
        "a - (b - c) - d",
        "(a ^ b) ^ c ^ d",
        "a == b == c",
        "-(1) + -a * 2",
        'If(IsNotSetOrEmpty(Flow."my value"), "a\\"b\\\\\\n", ToString(1.5))',
        "GetAt(x, 1).name[2].id",
        "Task.Queue.id",
        "(a + b)[0]",
        "!NOT_SET",
    ],
)
def test_text_is_kept(text: str) -> None:
    assert to_text(parse(text)) == text


def test_text_of_what_has_no_text() -> None:
    assert to_text(Empty()) == ""
    assert to_text(Unparsed("a = b")) == "a = b"
    assert to_text(Literal("P0D0H0M8S0F", "dur")) == "P0D0H0M8S0F"


_NAMES = st.sampled_from(["Flow.a", "Task.B", "x", 'Flow.my "value"', "State.größe"])
_LEAVES: st.SearchStrategy[Expr] = (
    _NAMES.map(Variable)
    | st.just(NotSet())
    | st.integers(-999, 999).map(lambda n: Literal(n, "int"))
    | st.floats(-1e9, 1e9).map(lambda n: Literal(n + 0.0, "dec"))
    | st.text(alphabet='ab"\\\n\t é', max_size=5).map(lambda t: Literal(t, "str"))
    | st.booleans().map(lambda b: Literal(b, "bln"))
)


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    one = st.tuples(st.sampled_from(["!", "~", "neg", "isset", "foo"]), st.tuples(inner))
    two = st.tuples(st.sampled_from([*BINDING, "[", "areequal"]), st.tuples(inner, inner))
    three = st.tuples(st.just("if"), st.tuples(inner, inner, inner))
    part = st.tuples(st.just("."), st.tuples(inner, st.just(Literal("my id", "str"))))
    return (one | two | three | part).map(lambda pair: Apply(*pair))


@given(st.recursive(_LEAVES, _grow, max_leaves=8))
def test_text_parses_to_the_same_tree(tree: Expr) -> None:
    assert parse(to_text(tree)) == tree


def test_variables() -> None:
    tree = parse('If(Flow.A == "Flow.no", Task.Queue.id, f(FLOW.a, GetAt(Task.l, Task.i).name)) + {{x}}')
    assert variables_in(tree) == {"flow.a", "task.queue", "task.queue.id", "task.l", "task.i"}
    assert variables_in(Unparsed("...", ("Flow.X",))) == {"flow.x"}


def test_dotted_name() -> None:
    assert dotted_name(parse("Task.Queue.id.x")) == "Task.Queue.id.x"
    assert dotted_name(parse("f(x).id")) is None
