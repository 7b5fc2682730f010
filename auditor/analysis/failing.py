"""Why something cannot be computed, in words: which input is no number, which value is not set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auditor.analysis.cases import Env, keys_of
from auditor.analysis.evaluate import Lookup, evaluate
from auditor.analysis.operators import RAISES, to_int
from auditor.analysis.values import NOT_SET, NOT_SET_VALUE, Values, one_of, ordered
from auditor.model.expressions import Apply, Expr, Variable

_TO_NUMBERS = ("toint", "todecimal")
_HARMLESS = one_of("1", "2")
"""Values with which hardly anything fails, for the variables that are not looked at."""


def told(what: str, expr: Expr, lookup: Lookup) -> str:
    """What happens, and why, where the values say so: "the condition cannot be computed: Task.Digit is not set"."""
    keys = keys_of(expr)
    why = _why(expr, tuple(map(lookup, keys)))
    return f"{what}: {why}" if why else what


@lru_cache(maxsize=4096)
def _why(expr: Expr, env: Env) -> str:
    keys = keys_of(expr)
    held = dict(zip(keys, env, strict=True))
    spelled = {node.key: node.name for node in _nodes(expr) if isinstance(node, Variable)}
    cast = {key for node in _nodes(expr) for key in _cast(node)}
    found = [said for key in cast if key in held for said in _no_number(spelled[key], held[key])]
    unset = [key for key in keys if key in spelled and NOT_SET in held[key] and _needs(expr, key)]
    found += [f"{spelled[key]} {'is not' if held[key] == NOT_SET_VALUE else 'may not be'} set" for key in unset]
    return ", or ".join(sorted(found))


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    if isinstance(expr, Apply):
        for operand in expr.operands:
            yield from _nodes(operand)


def _cast(node: Expr) -> Iterator[str]:
    """The variable that is made a number here."""
    if isinstance(node, Apply) and node.function in _TO_NUMBERS:
        yield from (operand.key for operand in node.operands[:1] if isinstance(operand, Variable))


def _no_number(name: str, values: Values) -> Iterator[str]:
    if values.negated:
        yield f"{name} may be no number"
        return
    wrong = [item for item in ordered(values.atoms) if to_int(item) is RAISES]
    if wrong:
        verb = "is" if len(wrong) == len(values.atoms) else "may be"
        yield f"{name} {verb} {' or '.join(str(item.value) for item in wrong)}, which is no number"


def _needs(expr: Expr, key: str) -> bool:
    """Whether it is this variable that must be set."""
    without = evaluate(expr, lambda other: NOT_SET_VALUE if other == key else _HARMLESS)
    if without.must_raise or without.values == NOT_SET_VALUE:
        return True
    return without.may_raise and not evaluate(expr, lambda _: _HARMLESS).may_raise
