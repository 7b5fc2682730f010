"""Functions and operators on sets of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod

from msgspec import Struct

from auditor.analysis.functions import UNEQUAL, Function, function_of
from auditor.analysis.operators import RAISES, TRUE_WORDS, equal, to_bool
from auditor.analysis.values import (
    ANY,
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
    finite,
    is_empty,
    join,
    join_all,
    without,
)

POINTWISE = 256
"""How many combinations of values are tried one by one."""


class Result(Struct, frozen=True):
    """What an expression gives. must_raise: always goes to the error handler, values are empty then."""

    values: Values
    may_raise: bool = False
    must_raise: bool = False


ERROR = Result(NOTHING, may_raise=True, must_raise=True)


def of(values: Values, may_raise: bool) -> Result:
    """A result; it must raise when it may and no value is possible."""
    return Result(values, may_raise, may_raise and is_empty(values))


def either(results: Iterable[Result]) -> Result:
    """One of several results."""
    known = list(results)
    return of(join_all(result.values for result in known), any(result.may_raise for result in known))


def booleans(may_be_true: bool, may_be_false: bool) -> Values:
    """The booleans that are possible."""
    return join(TRUE if may_be_true else NOTHING, FALSE if may_be_false else NOTHING)


def truth_of(values: Values) -> tuple[bool, bool, bool]:
    """Whether a condition with these values may be true, false, NOT_SET; other types by the cast that it implies."""
    casts = [to_bool(item) for item in as_boolean(values).atoms]
    unknown = any(not isinstance(cast, Atom) for cast in casts)
    return TRUE_ATOM in casts or unknown, FALSE_ATOM in casts or unknown, NOT_SET in casts


def applied(name: str, operands: Sequence[Result]) -> Result:
    """A function that evaluates all its operands, as all but `and`, `or` and `If` do."""
    function = function_of(name, len(operands))
    may_raise = any(operand.may_raise for operand in operands)
    if any(is_empty(operand.values) for operand in operands):
        return of(NOTHING, may_raise)
    if function is None:
        return Result(ANY, may_raise or any(NOT_SET in operand.values for operand in operands))
    given: list[Values] = []
    for position, operand in enumerate(operands):
        values = operand.values
        if not function.allows_not_set(position):
            may_raise |= NOT_SET in values
            values = without(values, NOT_SET)
        given.append(values)
    if any(map(is_empty, given)):
        return ERROR
    result = _pointwise(function, given) or _on_sets(name, function, given)
    return of(result.values, may_raise or result.may_raise)


def _pointwise(function: Function, given: list[Values]) -> Result | None:
    """On each combination of values, if they are finite and few."""
    if any(values.negated for values in given) or prod(len(values.atoms) for values in given) > POINTWISE:
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
            others = join(others, function.gives if function.open is None else function.open(items))
            may_raise |= function.fails
    return Result(join(finite(known), others), may_raise)


def _on_sets(name: str, function: Function, given: list[Values]) -> Result:
    """On sets that cannot be listed."""
    match name, given:
        case ("==" | "!=" | "areequal", [a, b]):
            same, different = _may_equal(a, b)
            return Result(booleans(different, same) if name == "!=" else booleans(same, different))
        case ("compare", [a, b, *_]) if not (_may_equal(a, b)[0] or _has_letters(b if a.negated else a)):
            return Result(UNEQUAL)
        case ("isset", [a]):
            return Result(booleans(True, NOT_SET in a))
        case ("isnotset", [a]):
            return Result(booleans(NOT_SET in a, True))
        case ("isnotsetorempty", [a]):
            return Result(booleans(NOT_SET in a or atom("") in a, True))
        case ("tostring", [a]) if NOT_SET not in a:
            return Result(SOMETHING)
        case ("tobool", [a]) if _texts_but_true(a):
            return Result(join(FALSE, NOT_SET_VALUE))
        case _:
            return Result(function.gives, function.fails)


def _texts_but_true(values: Values) -> bool:
    """Whether these are the texts other than those that ToBool makes true; their case says nothing else."""
    return values.negated and {item.value for item in values.atoms if item.kind == "str"} >= set(TRUE_WORDS)


def _has_letters(values: Values) -> bool:
    """Whether texts that differ from these in case alone may count as the same."""
    return any(isinstance(item.value, str) and item.value.lower() != item.value.upper() for item in values.atoms)


def _may_equal(a: Values, b: Values) -> tuple[bool, bool]:
    """Whether values of two sets may be equal, may be different. A cofinite set holds the other set's type."""
    if b.negated:
        a, b = b, a
    if not b.negated and b != NOT_SET_VALUE and all(item.kind in ("bool", "not_set") for item in b.atoms):
        a = as_boolean(a)
    if a.negated:
        return b.negated or any(item in a or item.kind == "other" for item in b.atoms), True
    answers = {equal(x, y) for x in a.atoms for y in b.atoms}
    return not answers.isdisjoint({True, None}), not answers.isdisjoint({False, None})
