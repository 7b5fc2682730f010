"""Architect's operators on known values.

Sources: the expression metadata and help examples of the scripting SDK (`allowNotSet`, examples with their
results; reference expression_functions.json, where `?` marks operands that may be NOT_SET), and the help article
"Use NOT_SET in expressions". What they leave open is UNKNOWN here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum

from auditor.analysis.values import FALSE_ATOM, NOT_SET, TRUE_ATOM, Atom, atom


class Special(Enum):
    """Not a value: an error at run time, or a result that is not known."""

    RAISES = "raises"
    UNKNOWN = "unknown"


RAISES = Special.RAISES
UNKNOWN = Special.UNKNOWN
Outcome = Atom | Special

_LARGEST = 999_999_999_999_999
LONGEST_TEXT = 200_000
"""Characters of a string that is followed: one that is appended to itself doubles each time."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_NUMBER_LIKE = re.compile(r"(?=\D*+\d)[-+.,\s\deE]*+")
_FALSE_WORDS = frozenset({"false", "0", "f"})

TRUE_WORDS = ("true", "1", "t")
"""The texts that ToBool makes true, in any case."""


def truth(value: bool | None) -> Outcome:
    """A boolean atom; None is not known."""
    if value is None:
        return UNKNOWN
    return TRUE_ATOM if value else FALSE_ATOM


def number(item: Atom) -> int | float | None:
    """The number of an atom, or None."""
    value = item.value
    return value if item.kind == "num" and not isinstance(value, str) else None


def text(item: Atom) -> str | None:
    """The text of a string atom, or None."""
    return item.value if item.kind == "str" and isinstance(item.value, str) else None


def long_text(parts: Sequence[str]) -> Outcome:
    """The parts as one string atom, unless it is too long."""
    return UNKNOWN if sum(map(len, parts)) > LONGEST_TEXT else atom("".join(parts))


def result(value: float | None) -> Outcome:
    """A number as atom, unless it is beyond Architect's range or None."""
    return UNKNOWN if value is None or abs(value) > _LARGEST else atom(value)


def equal(a: Atom, b: Atom) -> bool | None:
    """`==`. No source says whether texts that differ only by case are equal: that is not known (A9).

    Both sides have one static type, so different kinds come from a cast that the export does not show:
    they are equal if every cast says so, unequal if none does, else not known.
    """
    if NOT_SET in (a, b):
        return a == b
    if a.kind == b.kind:
        return True if a == b else None if a.kind == "other" or alike(a, b) else False
    if "other" in (a.kind, b.kind):
        return None
    as_text, as_typed = _in_words(a) == _in_words(b), _cast_equal(a, b)
    return as_text if as_text == as_typed else None


def alike(a: Atom, b: Atom) -> bool:
    """Whether two texts differ only by case."""
    one, other = text(a), text(b)
    return one is not None and other is not None and one.casefold() == other.casefold()


def _in_words(item: Atom) -> str:
    if item.kind == "bool":
        return "true" if item.value else "false"
    return str(item.value)


def _cast_equal(a: Atom, b: Atom) -> bool:
    """Equality of two kinds, the text cast to the other's type, or the number to a boolean."""
    for one, other in ((a, b), (b, a)):
        if other.kind == "bool":
            return to_bool(one) == other
        if one.kind == "str" and other.kind == "num":
            return to_int(one) == other
    return False


def to_bool(item: Atom) -> Outcome:
    """ToBool: "True", "1", "T" and their opposites in any case; other text gives NOT_SET; numbers: not 0."""
    match item.kind:
        case "bool" | "not_set":
            return item
        case "num":
            return truth(item.value != 0)
        case "str":
            word = str(item.value).lower()
            return TRUE_ATOM if word in TRUE_WORDS else FALSE_ATOM if word in _FALSE_WORDS else NOT_SET
        case _:
            return UNKNOWN


def to_int(item: Atom) -> Outcome:
    """ToInt: cuts decimals; blank text gives NOT_SET, text that is no number an error."""
    match item.kind:
        case "not_set":
            return item
        case "bool":
            return atom(1 if item.value else 0)
        case "num":
            return atom(int(item.value))
        case "str":
            words = str(item.value)
            if not words.strip():
                return NOT_SET
            if _INTEGER.fullmatch(words):
                return atom(int(words))
            return UNKNOWN if _NUMBER_LIKE.fullmatch(words) else RAISES
        case _:
            return UNKNOWN


def to_string(item: Atom) -> Outcome:
    """ToString. A decimal equal to an integer is written like the integer, as values do not tell them apart."""
    match item.kind:
        case "not_set" | "str":
            return item
        case "bool":
            return atom("true" if item.value else "false")
        case "num":
            words = str(item.value)
            return UNKNOWN if "e" in words else atom(words)
        case _:
            return UNKNOWN


def order(operator: str, a: Atom, b: Atom) -> bool | None:
    """`<`, `<=`, `>`, `>=`. Strings are ordered by a locale that is not known ("hello" is before "Hello")."""
    if a == b and a.kind in ("num", "str"):
        return operator in ("<=", ">=")
    x, y = _as_number(a), _as_number(b)
    if x is None or y is None or (a.kind == b.kind == "str"):
        return None
    return {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[operator]


def _as_number(item: Atom) -> int | float | None:
    """The number of an atom, that of a text by the cast that a comparison with a number implies."""
    cast = to_int(item) if item.kind == "str" else item
    return number(cast) if isinstance(cast, Atom) else None


def add(a: Atom, b: Atom) -> Outcome:
    """`+` on strings and numbers."""
    left, right = text(a), text(b)
    if left is not None and right is not None:
        return long_text((left, right))
    return arithmetic("+", a, b)


def arithmetic(operator: str, a: Atom, b: Atom) -> Outcome:
    """`+ - * / %` on numbers, where the result is exact."""
    x, y = number(a), number(b)
    if x is None or y is None:
        return UNKNOWN
    if isinstance(x, int) and isinstance(y, int) and operator in "+-*":
        return result({"+": x + y, "-": x - y, "*": x * y}[operator])
    if operator == "%":
        return result(x % y) if isinstance(x, int) and isinstance(y, int) and x >= 0 and y > 0 else UNKNOWN
    return _decimal(operator, Decimal(str(x)), Decimal(str(y)))


def _decimal(operator: str, x: Decimal, y: Decimal) -> Outcome:
    if operator == "/":
        if y == 0:
            return UNKNOWN
        quotient = x / y
        return result(float(quotient)) if quotient * y == x else UNKNOWN
    return result(float({"+": x + y, "-": x - y, "*": x * y}[operator]))
