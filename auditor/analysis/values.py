"""What a variable may hold: finite and cofinite sets of atoms.

A cofinite set stands for values of one static type (Architect is statically typed): seen where a boolean is
asked for, it holds nothing but true, false and NOT_SET that are not excluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal as Word

from msgspec import Struct

Kind = Word["str", "num", "bool", "not_set", "other"]

CAP = 24
"""How many atoms a finite set (and the exclusions of a cofinite one) may have."""


class Atom(Struct, frozen=True, gc=False):
    """One value. True, 1 and "1" are different atoms; a decimal equal to an integer is that integer.

    other: a value of a type whose equality is not known (durations, queues, ...), as "type:text".
    The empty collection counts as the empty string.
    """

    kind: Kind
    value: str | int | float | bool = ""


class Values(Struct, frozen=True, gc=False):
    """The atoms, or with negated all values but the atoms."""

    atoms: frozenset[Atom]
    negated: bool = False

    def __contains__(self, item: Atom) -> bool:
        return (item in self.atoms) is not self.negated

    def __str__(self) -> str:
        inner = ", ".join(_word(item) for item in ordered(self.atoms))
        if not self.negated:
            return "{" + inner + "}"
        return "anything but {" + inner + "}" if inner else "anything"


NOT_SET = Atom("not_set")
ANY = Values(frozenset(), negated=True)
NOTHING = Values(frozenset())
NOT_SET_VALUE = Values(frozenset({NOT_SET}))
TRUE_ATOM = Atom("bool", True)
FALSE_ATOM = Atom("bool", False)
TRUE = Values(frozenset({TRUE_ATOM}))
FALSE = Values(frozenset({FALSE_ATOM}))
BOOLEANS = Values(frozenset({TRUE_ATOM, FALSE_ATOM}))
SOMETHING = Values(frozenset({NOT_SET}), negated=True)
"""Any value but NOT_SET."""

Constant = str | int | float | bool | None


def atom(value: Constant) -> Atom:
    """The atom of a Python value; None is NOT_SET."""
    match value:
        case None:
            return NOT_SET
        case bool():
            return TRUE_ATOM if value else FALSE_ATOM
        case str():
            return Atom("str", value)
        case float() if value.is_integer():
            return Atom("num", int(value))
        case _:
            return Atom("num", value)


def const(value: Constant) -> Values:
    """Exactly this value; None is NOT_SET."""
    return Values(frozenset({atom(value)}))


def one_of(*values: Constant) -> Values:
    """One of these values."""
    return finite(map(atom, values))


def none_of(*values: Constant) -> Values:
    """Any value but these."""
    return cofinite(map(atom, values))


def finite(atoms: Iterable[Atom]) -> Values:
    """The set of these atoms. Above the cap: anything, or anything but NOT_SET."""
    kept = frozenset(atoms)
    if len(kept) <= CAP:
        return Values(kept)
    return ANY if NOT_SET in kept else SOMETHING


def cofinite(atoms: Iterable[Atom]) -> Values:
    """All but these atoms. Above the cap some exclusions are forgotten, NOT_SET last."""
    kept = frozenset(atoms)
    if len(kept) > CAP:
        kept = frozenset(ordered(kept)[:CAP])
    return Values(kept, negated=True)


def ordered(atoms: Iterable[Atom]) -> list[Atom]:
    """Atoms in a fixed order: NOT_SET first, then by kind and text."""
    return sorted(atoms, key=lambda item: (item.kind != "not_set", item.kind, str(item.value)))


@lru_cache(maxsize=16384)
def meet(a: Values, b: Values) -> Values:
    """The values in both."""
    match a.negated, b.negated:
        case False, False:
            return Values(a.atoms & b.atoms)
        case False, True:
            return Values(a.atoms - b.atoms)
        case True, False:
            return Values(b.atoms - a.atoms)
        case _:
            return cofinite(a.atoms | b.atoms)


@lru_cache(maxsize=16384)
def join(a: Values, b: Values) -> Values:
    """The values in either; more than the cap allows become anything."""
    match a.negated, b.negated:
        case False, False:
            return finite(a.atoms | b.atoms)
        case False, True:
            return Values(b.atoms - a.atoms, negated=True)
        case True, False:
            return Values(a.atoms - b.atoms, negated=True)
        case _:
            return Values(a.atoms & b.atoms, negated=True)


def join_all(values: Iterable[Values]) -> Values:
    """The values in any of them."""
    result = NOTHING
    for item in values:
        result = join(result, item)
    return result


def without(values: Values, item: Atom) -> Values:
    """The values but one."""
    return meet(values, Values(frozenset({item}), negated=True)) if item in values else values


def is_empty(values: Values) -> bool:
    """Whether no value is possible."""
    return not values.atoms and not values.negated


def contains(values: Values, value: Constant) -> bool:
    """Whether a Python value (None: NOT_SET) is possible."""
    return atom(value) in values


def includes(a: Values, b: Values) -> bool:
    """Whether a holds every value of b."""
    match a.negated, b.negated:
        case False, False:
            return b.atoms <= a.atoms
        case False, True:
            return False
        case True, False:
            return not (a.atoms & b.atoms)
        case _:
            return a.atoms <= b.atoms


def single(values: Values) -> Atom | None:
    """The one possible atom, if there is just one."""
    if values.negated or len(values.atoms) != 1:
        return None
    (item,) = values.atoms
    return item


def as_boolean(values: Values) -> Values:
    """The same values seen where a boolean is asked for: a cofinite set becomes true, false, NOT_SET."""
    return meet(values, Values(BOOLEANS.atoms | {NOT_SET})) if values.negated else values


def _word(item: Atom) -> str:
    match item.kind:
        case "not_set":
            return "NOT_SET"
        case "bool":
            return "true" if item.value else "false"
        case "str":
            return f'"{item.value}"'
        case _:
            return str(item.value)
