"""Expressions on sets of values: what they give, and what a condition says about the variables it reads.

For variables that hold one value each this is the concrete evaluator. A condition is decided by cases: each
variable is cut into the values the condition speaks of, NOT_SET, and the rest; cases with the same answer are
put together again. `and`, `or` and `If` evaluate only what is needed, as documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain, product
from math import prod
from typing import NamedTuple, assert_never

from msgspec import Struct

from auditor.analysis.applying import ERROR, POINTWISE, Result, applied, booleans, either, of, truth_of
from auditor.analysis.cases import Env, cells, keys_of, literal_values, merged, spoken_of
from auditor.analysis.values import ANY, NOT_SET_VALUE, Values, ordered
from auditor.model.expression_tools import dotted_name, is_template
from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

__all__ = ["Lookup", "Refinement", "Result", "Split", "assume", "evaluate", "match_case"]

Lookup = Callable[[str], Values]
Refinement = Mapping[str, Values]
_CASES = 512
_BUDGET = 20_000


class Split(Struct, frozen=True):
    """What holds when a condition is true, false, or raises: one of the refinements; none: impossible.

    A refinement gives the variables that are narrowed, `{}` none. A condition that is NOT_SET as a whole is in
    false and in raises: it is not documented which way a decision goes then. (As an operand it is documented.)
    """

    true: tuple[Refinement, ...]
    false: tuple[Refinement, ...]
    raises: tuple[Refinement, ...]


def evaluate(expr: Expr, lookup: Lookup) -> Result:
    """What an expression may give. lookup: the values of a variable by its casefolded name.

    Functions without documentation and unreadable text give anything and are taken not to raise.
    """
    keys = keys_of(expr)
    return _evaluate(expr, tuple(map(lookup, keys)))


def assume(condition: Expr, lookup: Lookup) -> Split:
    """How a condition can go, and what its variables hold then."""
    keys = keys_of(condition)
    return _assume(condition, tuple(map(lookup, keys)))


def match_case(subject: Expr, case: Expr, lookup: Lookup) -> Split:
    """How the comparison of a switch by value with one of its cases can go."""
    return assume(Apply("==", (subject, case)), lookup)


@lru_cache(maxsize=32768)
def _evaluate(expr: Expr, env: Env) -> Result:
    cases = _Cases(keys_of(expr))
    if all(not values.negated for values in env) and 1 < prod(len(values.atoms) for values in env) <= POINTWISE:
        points = product(*([Values(frozenset({item})) for item in ordered(values.atoms)] for values in env))
        return either(cases.evaluate(expr, point) for point in points)
    return cases.evaluate(expr, env)


@lru_cache(maxsize=32768)
def _assume(condition: Expr, env: Env) -> Split:
    keys = keys_of(condition)
    parts = _Cases(keys).split(condition, env)

    def refinements(envs: Iterable[Env]) -> tuple[Refinement, ...]:
        return tuple(
            {key: new for key, old, new in zip(keys, env, case, strict=True) if new != old} for case in merged(envs)
        )

    return Split(
        refinements(parts.true),
        refinements((*parts.false, *parts.not_set)),
        refinements((*parts.raises, *parts.not_set)),
    )


class _Parts(NamedTuple):
    """The cases in which a condition is true, false, NOT_SET, or raises."""

    true: tuple[Env, ...] = ()
    false: tuple[Env, ...] = ()
    not_set: tuple[Env, ...] = ()
    raises: tuple[Env, ...] = ()


def _gathered(parts: Iterable[_Parts]) -> _Parts:
    """The cases of all of them, put together."""
    return _Parts(*(merged(chain.from_iterable(column)) for column in zip(*parts, strict=True)))


class _Cases:
    """Evaluates with the variables as a tuple, in the order of keys. budget: evaluations left for cutting cases."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.index = {key: at for at, key in enumerate(keys)}
        self.budget = _BUDGET

    def evaluate(self, expr: Expr, env: Env) -> Result:
        """What an expression may give; variables that occur twice count as independent within a function."""
        match expr:
            case Literal():
                return Result(literal_values(expr))
            case NotSet() | Empty():
                return Result(NOT_SET_VALUE)
            case Unparsed():
                return Result(ANY)
            case Variable():
                return Result(self._value(expr.name, env))
            case Apply(function="if", operands=(condition, yes, no)):
                return self._choose(self.split(condition, env), yes, no)
            case Apply(function="and" | "or" | "!"):
                parts = self.split(expr, env)
                return of(booleans(bool(parts.true), bool(parts.false)), bool(parts.raises))
            case Apply(function=name, operands=operands):
                full = dotted_name(expr)
                if full is not None:
                    return Result(self._value(full, env))
                return applied(name, [self.evaluate(operand, env) for operand in operands])
            case _:
                assert_never(expr)

    def _value(self, name: str, env: Env) -> Values:
        return ANY if is_template(name) else env[self.index[name.casefold()]]

    def _choose(self, parts: _Parts, yes: Expr, no: Expr) -> Result:
        """If: a NOT_SET condition counts as false; only the chosen operand is evaluated."""
        results = [self.evaluate(yes, case) for case in parts.true]
        results += [self.evaluate(no, case) for case in (*parts.false, *parts.not_set)]
        return either([*results, ERROR] if parts.raises else results)

    def split(self, expr: Expr, env: Env) -> _Parts:
        """The cases of a condition."""
        match expr:
            case Apply(function="!", operands=(operand,)):
                parts = self.split(operand, env)
                return _Parts(parts.false, parts.true, (), merged((*parts.raises, *parts.not_set)))
            case Apply(function="and", operands=(left, right)):
                first = self.split(left, env)
                decided = _Parts((), first.false, (), (*first.raises, *first.not_set))
                return self._then(decided, first.true, right)
            case Apply(function="or", operands=(left, right)):
                first = self.split(left, env)
                decided = _Parts(first.true, (), (), (*first.raises, *first.not_set))
                return self._then(decided, first.false, right)
            case Apply(function="if", operands=(condition, yes, no)):
                first = self.split(condition, env)
                chosen = [self.split(yes, case) for case in first.true]
                chosen += [self.split(no, case) for case in (*first.false, *first.not_set)]
                return _gathered([_Parts(raises=first.raises), *chosen])
            case _:
                return self._leaf(expr, env)

    def _then(self, decided: _Parts, open_cases: tuple[Env, ...], right: Expr) -> _Parts:
        """`and`, `or`: the right operand counts only where the left one leaves it open; NOT_SET raises."""
        later = [self.split(right, case) for case in open_cases]
        return _gathered([decided, *(_Parts(p.true, p.false, (), (*p.raises, *p.not_set)) for p in later)])

    def _leaf(self, expr: Expr, env: Env) -> _Parts:
        """A condition without and, or, !: one case for each combination of its variables' values."""
        found: tuple[list[Env], ...] = ([], [], [], [])
        for case in product(*self._cut(expr, env)):
            self.budget -= 1
            result = self.evaluate(expr, case)
            answers = (*truth_of(result.values), result.may_raise)
            for cases, possible in zip(found, answers, strict=True):
                if possible:
                    cases.append(case)
        return _Parts(*map(merged, found))

    def _cut(self, expr: Expr, env: Env) -> list[list[Values]]:
        """The values of each variable, those that the condition reads cut into cases while they are not too many."""
        told_apart = spoken_of(expr)
        columns = [[values] for values in env]
        for key in keys_of(expr):
            at = self.index[key]
            column = cells(env[at], told_apart[key])
            if prod(map(len, columns)) * len(column) <= min(_CASES, self.budget) or len(column) < 2:
                columns[at] = column
        return columns
