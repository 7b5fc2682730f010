"""Comparisons of texts that differ only by case: no source says whether `==` holds between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from auditor.analysis.evaluate import Lookup, evaluate
from auditor.analysis.operators import alike
from auditor.analysis.values import Atom
from auditor.model.expressions import Apply, Expr

_EQUALITY = frozenset({"==", "!=", "areequal"})
"""AreEqual with a third operand says itself whether case counts."""


def undecided(expr: Expr, lookup: Lookup) -> str | None:
    """A comparison in an expression that hangs on case, in words; None when there is none."""
    for left, right in _comparisons(expr):
        for one, other in product(_known(left, lookup), _known(right, lookup)):
            if one != other and alike(one, other):
                return f'whether "{one.value}" equals "{other.value}" is not documented'
    return None


def _known(expr: Expr, lookup: Lookup) -> frozenset[Atom]:
    """The values, where they can be listed."""
    values = evaluate(expr, lookup).values
    return frozenset() if values.negated else values.atoms


@lru_cache(maxsize=16384)
def _comparisons(expr: Expr) -> tuple[tuple[Expr, Expr], ...]:
    return tuple(_found(expr))


def _found(expr: Expr) -> Iterator[tuple[Expr, Expr]]:
    if not isinstance(expr, Apply):
        return
    if expr.function in _EQUALITY and len(expr.operands) == 2:
        yield expr.operands[0], expr.operands[1]
    for operand in expr.operands:
        yield from _found(operand)
