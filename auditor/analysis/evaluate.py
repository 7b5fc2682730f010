"""Expressions on sets of values: what they give, and what a condition says about the variables it reads.

For variables that hold one value each this is the concrete evaluator. A condition is decided by cases: each
variable is cut into the values the condition speaks of, NOT_SET, and the rest; cases with the same answer are
put together again. `and`, `or` and `If` evaluate only what is needed, as documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple, assert_never

from auditor.analysis.functions import Function, function_of
from auditor.analysis.operators import RAISES, equal, to_bool, to_int, to_string
from auditor.analysis.values import (
    ANY,
    BOOLEANS,
    FALSE,
    FALSE_ATOM,
    NOT_SET,
    NOT_SET_VALUE,
    NOTHING,
    SOMETHING,
    TRUE,
    TRUE_ATOM,
    Atom,
    Values,
    as_boolean,
    atom,
    const,
    finite,
    is_empty,
    join,
    join_all,
    meet,
    ordered,
    without,
)
from auditor.model.expression_tools import dotted_name, is_template, variables_in
from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

Lookup = Callable[[str], Values]
Refinement = Mapping[str, Values]
_Env = tuple[Values, ...]

_POINTWISE = 256
_CASES = 512
_BUDGET = 20_000
_REFINEMENTS = 16
_CASTS = frozenset({"tobool", "toint", "todecimal", "tostring"})
_LOGICAL = frozenset({"if", "and", "or", "!", "tobool"})


@dataclass(frozen=True, slots=True)
class Result:
    """What an expression gives. must_raise: always goes to the error handler, values are empty then."""

    values: Values
    may_raise: bool = False
    must_raise: bool = False


@dataclass(frozen=True, slots=True)
class Split:
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
    keys = _keys(expr)
    return _evaluate(expr, tuple(map(lookup, keys)))


def assume(condition: Expr, lookup: Lookup) -> Split:
    """How a condition can go, and what its variables hold then."""
    keys = _keys(condition)
    return _assume(condition, tuple(map(lookup, keys)))


def match_case(subject: Expr, case: Expr, lookup: Lookup) -> Split:
    """How the comparison of a switch by value with one of its cases can go."""
    return assume(Apply("==", (subject, case)), lookup)


@lru_cache(maxsize=8192)
def _keys(expr: Expr) -> tuple[str, ...]:
    return tuple(sorted(variables_in(expr)))


@lru_cache(maxsize=32768)
def _evaluate(expr: Expr, env: _Env) -> Result:
    cases = _Cases(_keys(expr))
    if all(not values.negated for values in env) and 1 < prod(len(values.atoms) for values in env) <= _POINTWISE:
        points = product(*([Values(frozenset({item})) for item in ordered(values.atoms)] for values in env))
        return _either(cases.evaluate(expr, point) for point in points)
    return cases.evaluate(expr, env)


@lru_cache(maxsize=32768)
def _assume(condition: Expr, env: _Env) -> Split:
    keys = _keys(condition)
    parts = _Cases(keys).split(condition, env)

    def refinements(envs: Iterable[_Env]) -> tuple[Refinement, ...]:
        return tuple(
            {key: new for key, old, new in zip(keys, env, case, strict=True) if new != old} for case in _merged(envs)
        )

    return Split(
        refinements(parts.true),
        refinements((*parts.false, *parts.not_set)),
        refinements((*parts.raises, *parts.not_set)),
    )


class _Parts(NamedTuple):
    """The cases in which a condition is true, false, NOT_SET, or raises."""

    true: tuple[_Env, ...] = ()
    false: tuple[_Env, ...] = ()
    not_set: tuple[_Env, ...] = ()
    raises: tuple[_Env, ...] = ()

    def plus(self, other: _Parts) -> _Parts:
        """The cases of both."""
        return _Parts(*(_merged((*mine, *others)) for mine, others in zip(self, other, strict=True)))


class _Cases:
    """Evaluates with the variables as a tuple, in the order of keys. budget: evaluations left for cutting cases."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.index = {key: at for at, key in enumerate(keys)}
        self.budget = _BUDGET

    def evaluate(self, expr: Expr, env: _Env) -> Result:
        """What an expression may give; variables that occur twice count as independent within a function."""
        match expr:
            case Literal():
                return Result(_literal(expr))
            case NotSet() | Empty():
                return Result(NOT_SET_VALUE)
            case Unparsed():
                return Result(ANY)
            case Variable():
                return Result(self._value(expr.name, env))
            case Apply(function="if", operands=(condition, yes, no)):
                return self._choose(self.split(condition, env), yes, no)
            case Apply(function="and" | "or" | "!"):
                return _truths(self.split(expr, env))
            case Apply(function=name, operands=operands):
                full = dotted_name(expr)
                if full is not None:
                    return Result(self._value(full, env))
                return _applied(name, [self.evaluate(operand, env) for operand in operands])
            case _:
                assert_never(expr)

    def _value(self, name: str, env: _Env) -> Values:
        return ANY if is_template(name) else env[self.index[name.casefold()]]

    def _choose(self, parts: _Parts, yes: Expr, no: Expr) -> Result:
        """If: a NOT_SET condition counts as false; only the chosen operand is evaluated."""
        results = [self.evaluate(yes, case) for case in parts.true]
        results += [self.evaluate(no, case) for case in (*parts.false, *parts.not_set)]
        return _either([*results, Result(NOTHING, True, True)] if parts.raises else results)

    def split(self, expr: Expr, env: _Env) -> _Parts:
        """The cases of a condition."""
        match expr:
            case Apply(function="!", operands=(operand,)):
                parts = self.split(operand, env)
                return _Parts(parts.false, parts.true, (), _merged((*parts.raises, *parts.not_set)))
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
                parts = _Parts(raises=first.raises)
                for case in first.true:
                    parts = parts.plus(self.split(yes, case))
                for case in (*first.false, *first.not_set):
                    parts = parts.plus(self.split(no, case))
                return parts
            case _:
                return self._leaf(expr, env)

    def _then(self, decided: _Parts, open_cases: tuple[_Env, ...], right: Expr) -> _Parts:
        """`and`, `or`: the right operand counts only where the left one leaves it open; NOT_SET raises."""
        for case in open_cases:
            parts = self.split(right, case)
            decided = decided.plus(_Parts(parts.true, parts.false, (), (*parts.raises, *parts.not_set)))
        return decided

    def _leaf(self, expr: Expr, env: _Env) -> _Parts:
        """A condition without and, or, !: one case for each combination of its variables' values."""
        found: tuple[list[_Env], ...] = ([], [], [], [])
        for case in product(*self._cut(expr, env)):
            self.budget -= 1
            result = self.evaluate(expr, case)
            answers = (*_truth(result.values), result.may_raise)
            for cases, possible in zip(found, answers, strict=True):
                if possible:
                    cases.append(case)
        return _Parts(*map(_merged, found))

    def _cut(self, expr: Expr, env: _Env) -> list[list[Values]]:
        """The values of each variable, those that the condition reads cut into cases while they are not too many."""
        spoken_of = _constants(expr)
        columns = [[values] for values in env]
        for key in _keys(expr):
            at = self.index[key]
            cells = _cells(env[at], spoken_of)
            if prod(map(len, columns)) * len(cells) <= min(_CASES, self.budget) or len(cells) < 2:
                columns[at] = cells
        return columns


def _cells(values: Values, spoken_of: frozenset[Atom]) -> list[Values]:
    """A set cut into single values, and for a cofinite one the rest."""
    if not values.negated:
        return [Values(frozenset({item})) for item in ordered(values.atoms)]
    named = ordered({item for item in (*spoken_of, NOT_SET) if item in values})
    rest = meet(values, Values(frozenset(named), negated=True))
    return [*(Values(frozenset({item})) for item in named), rest]


@lru_cache(maxsize=8192)
def _constants(expr: Expr) -> frozenset[Atom]:
    """The values a condition speaks of: its literals, as other types where it casts, and what its functions test."""
    names, items = set[str](), set[Atom]()
    todo = [expr]
    while todo:
        match todo.pop():
            case Literal() as literal:
                items |= _literal(literal).atoms
            case Apply(function=name, operands=operands):
                names.add(name)
                todo.extend(operands)
            case _:
                pass
    if names & _CASTS:
        casts = [cast(item) for item in items for cast in (to_bool, to_int, to_string)]
        items |= {cast for cast in casts if isinstance(cast, Atom)}
    if "isnotsetorempty" in names:
        items.add(atom(""))
    if names & _LOGICAL or items & BOOLEANS.atoms or not isinstance(expr, Apply):
        items |= BOOLEANS.atoms
    return frozenset(item for item in items if item.kind != "other")


def _literal(literal: Literal) -> Values:
    value = literal.value
    if isinstance(value, str) and literal.type not in ("str", ""):
        return finite([Atom("other", f"{literal.type}:{value}")])
    return const(value)


def _truth(values: Values) -> tuple[bool, bool, bool]:
    """Whether a condition with these values may be true, false, NOT_SET; other types by the cast that it implies."""
    seen = as_boolean(values)
    casts = [to_bool(item) for item in seen.atoms]
    unknown = any(not isinstance(cast, Atom) for cast in casts)
    return TRUE_ATOM in casts or unknown, FALSE_ATOM in casts or unknown, NOT_SET in casts


def _truths(parts: _Parts) -> Result:
    values = join(TRUE if parts.true else NOTHING, FALSE if parts.false else NOTHING)
    return Result(values, bool(parts.raises), bool(parts.raises) and is_empty(values))


def _either(results: Iterable[Result]) -> Result:
    """One of several results."""
    known = list(results)
    values = join_all(result.values for result in known)
    may_raise = any(result.may_raise for result in known)
    return Result(values, may_raise, may_raise and is_empty(values))


def _merged(cases: Iterable[_Env]) -> tuple[_Env, ...]:
    """Fewer cases for the same: those that differ in one variable are one. Too many become one larger case."""
    merged = list(dict.fromkeys(cases))
    before = 0
    while len(merged) != before and len(merged) > 1:
        before = len(merged)
        for at in range(len(merged[0])):
            groups: dict[_Env, Values] = {}
            for case in merged:
                others = (*case[:at], *case[at + 1 :])
                groups[others] = join(groups.get(others, NOTHING), case[at])
            merged = [(*others[:at], values, *others[at:]) for others, values in groups.items()]
    if len(merged) > _REFINEMENTS:
        merged = [tuple(map(join_all, zip(*merged, strict=True)))]
    return tuple(merged)


def _applied(name: str, operands: list[Result]) -> Result:
    """A function that evaluates all its operands."""
    function = function_of(name, len(operands))
    may_raise = any(operand.may_raise for operand in operands)
    if any(is_empty(operand.values) for operand in operands):
        return Result(NOTHING, may_raise, may_raise)
    if function is None:
        return Result(ANY, may_raise)
    given: list[Values] = []
    for position, operand in enumerate(operands):
        values = operand.values
        if not function.allows_not_set(position):
            may_raise |= NOT_SET in values
            values = without(values, NOT_SET)
        given.append(values)
    if any(map(is_empty, given)):
        return Result(NOTHING, True, True)
    result = _pointwise(function, given) or _on_sets(name, function, given)
    may_raise |= result.may_raise
    return Result(result.values, may_raise, may_raise and is_empty(result.values))


def _pointwise(function: Function, given: list[Values]) -> Result | None:
    """On each combination of values, if they are finite and few."""
    if any(values.negated for values in given) or prod(len(values.atoms) for values in given) > _POINTWISE:
        return None
    known: set[Atom] = set()
    others, may_raise = NOTHING, False
    for items in product(*(values.atoms for values in given)):
        outcome = function.apply(items)
        if isinstance(outcome, Atom):
            known.add(outcome)
        elif outcome is RAISES:
            may_raise = True
        else:
            others, may_raise = function.gives, may_raise or function.fails
    return Result(join(finite(known), others), may_raise)


def _on_sets(name: str, function: Function, given: list[Values]) -> Result:
    """On sets that cannot be listed."""
    match name, given:
        case ("==" | "!=" | "areequal", [a, b]):
            same, different = _may_equal(a, b)
            yes, no = (different, same) if name == "!=" else (same, different)
            return Result(_booleans(yes, no))
        case ("isset", [a]):
            return Result(_booleans(True, NOT_SET in a))
        case ("isnotset", [a]):
            return Result(_booleans(NOT_SET in a, True))
        case ("isnotsetorempty", [a]):
            return Result(_booleans(NOT_SET in a or atom("") in a, True))
        case ("tostring", [a]) if NOT_SET not in a:
            return Result(SOMETHING)
        case _:
            return Result(function.gives, function.fails)


def _booleans(may_be_true: bool, may_be_false: bool) -> Values:
    return join(TRUE if may_be_true else NOTHING, FALSE if may_be_false else NOTHING)


def _may_equal(a: Values, b: Values) -> tuple[bool, bool]:
    """Whether values of two sets may be equal, may be different. A cofinite set holds the other set's type."""
    if b.negated:
        a, b = b, a
    if a.negated and not b.negated and all(item.kind in ("bool", "not_set") for item in b.atoms - {NOT_SET}):
        a = a if b == NOT_SET_VALUE else as_boolean(a)
    if a.negated:
        return b.negated or any(item in a or item.kind == "other" for item in b.atoms), True
    answers = {equal(x, y) for x in a.atoms for y in b.atoms}
    return not answers.isdisjoint({True, None}), not answers.isdisjoint({False, None})
