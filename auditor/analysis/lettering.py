"""Comparisons of texts that differ only by case: no source says whether `==` holds between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auditor.analysis.evaluate import Lookup, evaluate
from auditor.analysis.operators import alike
from auditor.model.expressions import Apply, Expr

_EQUALITY = frozenset({"==", "!="})


def undecided(expr: Expr, lookup: Lookup) -> str | None:
    """A comparison in an expression that hangs on case, in words; None when there is none."""
    for left, right in _comparisons(expr):
        for one in evaluate(left, lookup).values.atoms:
            for other in evaluate(right, lookup).values.atoms:
                if one != other and alike(one, other):
                    return f'whether "{one.value}" equals "{other.value}" is not documented'
    return None


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
