"""Sets of values against concrete evaluation, on random well-typed expressions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis import values as v
from auditor.analysis.evaluate import Lookup, Refinement, Split, assume, evaluate
from auditor.analysis.values import ANY, Values, const, none_of, one_of
from auditor.model.expressions import Apply, Expr, Literal, NotSet, Variable


def looking(**known: Values) -> Lookup:
    """Values of `Flow.x` by the name x."""
    return lambda key: known[key.removeprefix("flow.")]


# No two texts that differ only by case: what == says of them is not known, and taints a run (tests of lettering).
TEXTS: list[v.Constant] = [None, "", "1", "2", "yes", "no", "a b"]
NUMBERS: list[v.Constant] = [None, 0, 1, 2, 7]
TRUTHS: list[v.Constant] = [None, True, False]
POOLS: dict[str, list[v.Constant]] = {"s": TEXTS, "t": TEXTS, "n": NUMBERS, "b": TRUTHS}


def _node(name: str, *operands: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.tuples(*operands).map(lambda given: Apply(name, given))


def _nodes(names: str, *operands: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of([_node(name, *operands) for name in names.split()])


def _typed(depth: int) -> tuple[st.SearchStrategy[Expr], st.SearchStrategy[Expr], st.SearchStrategy[Expr]]:
    """Well-typed texts, numbers and conditions."""
    texts: st.SearchStrategy[Expr] = st.sampled_from(
        [Variable("Flow.s"), Variable("Flow.t"), Literal("1", "str"), Literal("yes", "str"), Literal("", "str")]
    )
    numbers: st.SearchStrategy[Expr] = st.sampled_from([Variable("Flow.n"), Literal(1, "int"), Literal(2, "int")])
    truths: st.SearchStrategy[Expr] = st.sampled_from([Variable("Flow.b"), Literal(True, "bln")])
    if depth == 0:
        return texts, numbers, truths
    s, n, b = _typed(depth - 1)
    return (
        texts
        | _nodes("+ append", s, s)
        | _nodes("lower upper trim", s)
        | _nodes("tostring", n | b)
        | _node("if", b, s, s),
        numbers | _nodes("+ - *", n, n) | _nodes("length toint", s) | _nodes("neg", n) | _node("if", b, n, n),
        truths
        | _nodes("and or", b, b)
        | _nodes("!", b)
        | _nodes("== != areequal contains", s, s)
        | _nodes("== != < >=", n, n)
        | _nodes("== !=", b, b)
        | _nodes("isset isnotset isnotsetorempty", s | n | b)
        | _nodes("tobool", s | n)
        | _node("areequal", b, s, s)
        | _node("if", b, b, b),
    )


_S, _N, CONDITIONS = _typed(3)
EXPRESSIONS = _S | _N | CONDITIONS


def _sets(pool: list[v.Constant]) -> st.SearchStrategy[Values]:
    some = st.lists(st.sampled_from(pool), min_size=1, max_size=4)
    return some.map(lambda items: one_of(*items)) | some.map(lambda items: none_of(*items)) | st.just(ANY)


def _finite(pool: list[v.Constant]) -> st.SearchStrategy[Values]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=2).map(lambda items: one_of(*items))


ANYHOW = st.fixed_dictionaries({name: _sets(pool) for name, pool in POOLS.items()})
FINITE = st.fixed_dictionaries({name: _finite(pool) for name, pool in POOLS.items()})


def points(known: Mapping[str, Values], limit: int = 60) -> list[dict[str, Values]]:
    """Concrete values of the pools that are in the sets."""
    columns = [[const(item) for item in POOLS[name] if v.contains(known[name], item)] for name in POOLS]
    found = [dict(zip(POOLS, point, strict=True)) for point in product(*columns)]
    return found[:: max(1, len(found) // limit)]


def holds(refinement: Refinement, point: Mapping[str, Values]) -> bool:
    """Whether a point lies in a refinement."""
    return all(v.includes(values, point[key.removeprefix("flow.")]) for key, values in refinement.items())


def ways(condition: Split) -> tuple[tuple[Refinement, ...], ...]:
    return condition.true, condition.false, condition.raises


@given(EXPRESSIONS, ANYHOW)
@settings(max_examples=300, deadline=None)
def test_sets_cover_every_concrete_evaluation(expr: Expr, known: dict[str, Values]) -> None:
    general = evaluate(expr, looking(**known))
    for point in points(known):
        concrete = evaluate(expr, looking(**point))
        assert v.includes(general.values, concrete.values)
        assert general.may_raise or not concrete.may_raise


@given(CONDITIONS, ANYHOW)
@settings(max_examples=300, deadline=None)
def test_refinements_cover_every_concrete_way(condition: Expr, known: dict[str, Values]) -> None:
    general = ways(assume(condition, looking(**known)))
    for point in points(known):
        for refinements, concrete in zip(general, ways(assume(condition, looking(**point))), strict=True):
            assert not concrete or any(holds(refinement, point) for refinement in refinements)


@given(CONDITIONS, FINITE)
@settings(max_examples=300, deadline=None)
def test_refinements_of_finite_sets_are_exact(condition: Expr, known: dict[str, Values]) -> None:
    general = ways(assume(condition, looking(**known)))
    for point in points(known):
        for refinements, concrete in zip(general, ways(assume(condition, looking(**point))), strict=True):
            assert bool(concrete) == any(holds(refinement, point) for refinement in refinements)


def _comparisons() -> st.SearchStrategy[Expr]:
    """Conditions that compare variables with constants only."""
    word = st.sampled_from([Literal(text, "str") for text in ("1", "2", "yes")] + [NotSet()])
    texts = st.sampled_from([Variable("Flow.s"), Variable("Flow.t")])
    leaves = _nodes("== != areequal", texts, word) | _nodes("isset isnotset isnotsetorempty", texts)
    leaves |= _nodes("== !=", st.just(Variable("Flow.b")), st.just(Literal(True, "bln")))
    leaves |= st.just(Variable("Flow.b")) | st.just(NotSet())
    return st.recursive(leaves, lambda b: _nodes("and or", b, b) | _nodes("!", b) | _node("if", b, b, b), max_leaves=4)


@given(_comparisons(), ANYHOW)
@settings(max_examples=300, deadline=None)
def test_comparisons_with_constants_are_exact_on_all_sets(condition: Expr, known: dict[str, Values]) -> None:
    general = ways(assume(condition, looking(**known)))
    for point in points(known):
        for refinements, concrete in zip(general, ways(assume(condition, looking(**point))), strict=True):
            assert bool(concrete) == any(holds(refinement, point) for refinement in refinements)


@given(CONDITIONS, FINITE)
@settings(max_examples=200, deadline=None)
def test_a_condition_and_its_value_agree(condition: Expr, known: dict[str, Values]) -> None:
    result, found = evaluate(condition, looking(**known)), assume(condition, looking(**known))
    assert bool(found.true) == v.contains(result.values, True)
    assert bool(found.false) == (v.contains(result.values, False) or v.contains(result.values, None))
    assert bool(found.raises) == (result.may_raise or v.contains(result.values, None))
