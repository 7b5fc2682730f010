"""Cutting what variables hold into the cases a condition tells apart, and putting cases together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from auditor.analysis.operators import to_bool, to_int, to_string
from auditor.analysis.values import (
    BOOLEANS,
    NOT_SET,
    NOTHING,
    Atom,
    Values,
    atom,
    const,
    finite,
    join,
    join_all,
    meet,
    ordered,
)
from auditor.model.expression_tools import variables_in
from auditor.model.expressions import Apply, Expr, Literal, Variable

Env = tuple[Values, ...]
"""What the variables of an expression hold, in the order of keys_of."""

_REFINEMENTS = 16
_CASTS = frozenset({"tobool", "toint", "todecimal", "tostring"})
_CONDITION_AT = {"if": 1, "and": 2, "or": 2, "!": 1}


@lru_cache(maxsize=8192)
def keys_of(expr: Expr) -> tuple[str, ...]:
    """The variables of an expression in a fixed order."""
    return tuple(sorted(variables_in(expr)))


def literal_values(literal: Literal) -> Values:
    """The value of a constant; of a type that is not compared (duration, queue): an opaque one."""
    if isinstance(literal.value, str) and literal.type not in ("str", ""):
        return finite([Atom("other", f"{literal.type}:{literal.value}")])
    return const(literal.value)


def cells(values: Values, spoken_of: frozenset[Atom]) -> list[Values]:
    """A set cut into single values, a cofinite one into those that are spoken of, NOT_SET, and the rest."""
    if not values.negated:
        return [Values(frozenset({item})) for item in ordered(values.atoms)]
    kinds = {item.kind for item in values.atoms} - {NOT_SET.kind}  # of one type, as all cofinite sets
    fitting = (item for item in spoken_of if not kinds or item.kind in kinds)
    named = ordered({item for item in (*fitting, NOT_SET) if item in values})
    rest = meet(values, Values(frozenset(named), negated=True))
    return [*(Values(frozenset({item})) for item in named), rest]


@lru_cache(maxsize=8192)
def spoken_of(condition: Expr) -> Mapping[str, frozenset[Atom]]:
    """For each variable the values that a condition tells apart.

    Booleans where the variable is itself a condition; else all literals of the condition, also as other types
    if it casts, and the empty string if it tests for it.
    """
    names, literals = set[str](), set[Atom]()
    conditions = {condition.key} if isinstance(condition, Variable) else set[str]()
    for node in _nodes(condition):
        match node:
            case Literal():
                literals |= {item for item in literal_values(node).atoms if item.kind != "other"}
            case Apply(function=name, operands=operands):
                names.add(name)
                asked = operands[: _CONDITION_AT.get(name, 0)]
                conditions |= {operand.key for operand in asked if isinstance(operand, Variable)}
            case _:
                pass
    if names & _CASTS:
        casts = [cast(item) for item in literals for cast in (to_bool, to_int, to_string)]
        literals |= {cast for cast in casts if isinstance(cast, Atom)}
    if "isnotsetorempty" in names:
        literals.add(atom(""))
    if "tobool" in names or literals & BOOLEANS.atoms:
        literals |= BOOLEANS.atoms
    everywhere = frozenset(literals)
    return {key: BOOLEANS.atoms if key in conditions else everywhere for key in keys_of(condition)}


def _nodes(expr: Expr) -> Iterable[Expr]:
    todo = [expr]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, Apply):
            todo.extend(node.operands)


def merged(cases: Iterable[Env]) -> tuple[Env, ...]:
    """Fewer cases for the same: those that differ in one variable are one. Too many become one larger case."""
    few = list(dict.fromkeys(cases))
    before = 0
    while len(few) != before and len(few) > 1:
        before = len(few)
        for at in [at for at, column in enumerate(zip(*few, strict=True)) if len(set(column)) > 1]:
            groups: dict[Env, Values] = {}
            for case in few:
                others = (*case[:at], *case[at + 1 :])
                groups[others] = join(groups.get(others, NOTHING), case[at])
            few = [(*others[:at], values, *others[at:]) for others, values in groups.items()]
    if len(few) > _REFINEMENTS:
        few = [tuple(map(join_all, zip(*few, strict=True)))]
    return tuple(few)
