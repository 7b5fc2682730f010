"""Architect's functions on known values, and which of their operands may be NOT_SET.

Sources as in operators. A NOT_SET operand that is not allowed raises to the flow's error handling. Functions that
are not in the table are opaque: they may give anything, and raise as most do when an operand may be NOT_SET.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from auditor.analysis.operators import (
    LONGEST_TEXT,
    UNKNOWN,
    Outcome,
    add,
    arithmetic,
    equal,
    long_text,
    number,
    order,
    result,
    text,
    to_bool,
    to_int,
    to_string,
    truth,
)
from auditor.analysis.values import ANY, BOOLEANS, NOT_SET, SOMETHING, Atom, Values, atom, join, one_of

Operands = tuple[Atom, ...]
UNEQUAL, ORDERS = one_of(-1, 1), one_of(-1, 0, 1)
"""What Compare gives for texts that are not the same, and for any."""
_WHITESPACE = " \t\r\n"


class Function(Struct, frozen=True):
    """apply: on known operands; gives: what it may give when operands are not known.

    nullable: per operand, the last for all further ones, whether NOT_SET is allowed. fails: may raise on
    operands that are not known. operands: fewest and most; open: what it may give on known operands for which apply
    does not know it, if that is less than it ever gives.
    """

    apply: Callable[[Operands], Outcome]
    gives: Values
    nullable: tuple[bool, ...] = (False,)
    fails: bool = False
    operands: tuple[int, int] = (1, 1)
    open: Callable[[Operands], Values] | None = None

    def allows_not_set(self, position: int) -> bool:
        """Whether the operand at this position may be NOT_SET."""
        return self.nullable[min(position, len(self.nullable) - 1)]


def _same_text(a: str, b: str) -> bool | None:
    """Equality without regard to case; not known where languages differ on case."""
    if a.lower() == b.lower():
        return True
    return None if a.casefold() == b.casefold() else False


def _are_equal(items: Operands) -> Outcome:
    """AreEqual(a, b, ...), or AreEqual(ignoreCase, text, text, ...)."""
    if items[0].kind == "bool" and len(items) > 2 and all(item.kind in ("str", "not_set") for item in items[1:]):
        if all(item == NOT_SET for item in items[1:]):
            return UNKNOWN
        return _all(_equal_text(items[1], other, ignore=items[0].value is True) for other in items[2:])
    return _all(equal(items[0], other) for other in items[1:])


def _equal_text(a: Atom, b: Atom, *, ignore: bool) -> bool | None:
    left, right = text(a), text(b)
    if left is None or right is None or not ignore:
        return a == b
    return _same_text(left, right)


def _all(answers: Iterable[bool | None]) -> Outcome:
    known = set(answers)
    return truth(False if False in known else None if None in known else True)


def _is_empty(items: Operands) -> Outcome:
    (item,) = items
    return truth(None if item.kind == "other" else item == NOT_SET or item == atom(""))


def _contains(items: Operands) -> Outcome:
    where, what = text(items[0]), text(items[1])
    ignore = items[2].value if len(items) > 2 else False
    if where is None or what is None or not isinstance(ignore, bool):
        return UNKNOWN
    if not ignore or what in where:
        return truth(what in where)
    return truth(True if what.lower() in where.lower() else None if what.casefold() in where.casefold() else False)


def _compare(items: Operands) -> Outcome:
    a, b = items[0], items[1]
    if NOT_SET in (a, b):
        return atom((a != NOT_SET) - (b != NOT_SET))
    ignore = len(items) > 2 and items[2].value is True
    same = _equal_text(a, b, ignore=ignore)
    return atom(0) if same else UNKNOWN


def _apart(items: Operands) -> Values:
    """Compare of texts that are not the same is not 0, unless they differ in case alone; which comes first is open."""
    return ORDERS if equal(items[0], items[1]) is None else UNEQUAL


def _append(items: Operands) -> Outcome:
    parts = ["" if item == NOT_SET else text(item) for item in items]
    known = [part for part in parts if part is not None]
    return long_text(known) if len(known) == len(parts) else UNKNOWN


def _on_text(change: Callable[[str], str | int]) -> Callable[[Operands], Outcome]:
    """A function of one string; characters outside the basic plane may count twice, so they are not known."""

    def apply(items: Operands) -> Outcome:
        words = text(items[0])
        return UNKNOWN if words is None or not _plain(words) else atom(change(words))

    return apply


def _plain(words: str) -> bool:
    return not words or max(words) <= "\uffff"


def _slice(items: Operands, *, cut: Callable[[str, int, int], str]) -> Outcome:
    words, counts = text(items[0]), [number(item) for item in items[1:]]
    first, last = counts[0], counts[-1]
    if words is None or not _plain(words) or not isinstance(first, int) or not isinstance(last, int):
        return UNKNOWN
    return UNKNOWN if first < 0 or last < 0 else atom(cut(words, first, last))


def _left(items: Operands) -> Outcome:
    return _slice(items, cut=lambda words, count, _: words[:count])


def _right(items: Operands) -> Outcome:
    return _slice(items, cut=lambda words, count, _: words[max(0, len(words) - count) :])


def _substring(items: Operands) -> Outcome:
    return _slice(items, cut=lambda words, start, count: words[start : start + count])


def _replace(items: Operands) -> Outcome:
    where, old, new = text(items[0]), text(items[1]), "" if items[2] == NOT_SET else text(items[2])
    if where is None or old is None or new is None:
        return UNKNOWN
    if not old:
        return items[0]
    length = len(where) + where.count(old) * (len(new) - len(old))
    return atom(where.replace(old, new)) if length <= LONGEST_TEXT else UNKNOWN


def _find_string(items: Operands) -> Outcome:
    where, what = text(items[0]), text(items[1])
    if where is None or what is None or len(items) > 2 or not _plain(where):
        return UNKNOWN
    return atom(where.find(what))


def _to_decimal(items: Operands) -> Outcome:
    words = text(items[0])
    if words is None or not words.strip():
        return to_int(items[0]) if number(items[0]) is None else items[0]
    try:
        return result(float(words)) if set(words) <= set("-.0123456789") else UNKNOWN
    except ValueError:
        return UNKNOWN


def _negate(items: Operands) -> Outcome:
    value = number(items[0])
    return UNKNOWN if value is None else atom(-value)


def _unknown(_: Operands) -> Outcome:
    return UNKNOWN


def _ordering(operator: str) -> Function:
    return Function(lambda items: truth(order(operator, *items)), BOOLEANS, operands=(2, 2))


def _calculation(operator: str, *, fails: bool = False) -> Function:
    return Function(lambda items: arithmetic(operator, *items), SOMETHING, fails=fails, operands=(2, 2))


def _text_function(change: Callable[[str], str | int]) -> Function:
    return Function(_on_text(change), SOMETHING)


_ALL = (True,)
_MANY = 1_000
_OPAQUE_INTEGER = Function(_unknown, SOMETHING, operands=(2, 2))

FUNCTIONS: dict[str, Function] = {
    "==": Function(lambda items: truth(equal(*items)), BOOLEANS, _ALL, operands=(2, 2)),
    "!=": Function(lambda items: _opposite(truth(equal(*items))), BOOLEANS, _ALL, operands=(2, 2)),
    "areequal": Function(_are_equal, BOOLEANS, _ALL, operands=(2, _MANY)),
    **{operator: _ordering(operator) for operator in ("<", "<=", ">", ">=")},
    "+": Function(lambda items: add(*items), SOMETHING, operands=(2, 2)),
    "-": _calculation("-"),
    "*": _calculation("*"),
    "/": _calculation("/", fails=True),
    "%": _calculation("%", fails=True),
    "^": _OPAQUE_INTEGER,
    "|": _OPAQUE_INTEGER,
    "&": _OPAQUE_INTEGER,
    "~": Function(_unknown, SOMETHING),
    "neg": Function(_negate, SOMETHING),
    "isset": Function(lambda items: truth(items[0] != NOT_SET), BOOLEANS, _ALL),
    "isnotset": Function(lambda items: truth(items[0] == NOT_SET), BOOLEANS, _ALL),
    "isnotsetorempty": Function(_is_empty, BOOLEANS, _ALL),
    "contains": Function(_contains, BOOLEANS, operands=(2, 3)),
    "compare": Function(_compare, ORDERS, (True, True, False), operands=(2, 3), open=_apart),
    "findstring": Function(_find_string, SOMETHING, operands=(2, 4)),
    "append": Function(_append, SOMETHING, _ALL, operands=(1, _MANY)),
    "length": _text_function(len),
    "lower": _text_function(str.lower),
    "upper": _text_function(str.upper),
    "trim": _text_function(lambda words: words.strip(_WHITESPACE)),
    "ltrim": _text_function(lambda words: words.lstrip(_WHITESPACE)),
    "rtrim": _text_function(lambda words: words.rstrip(_WHITESPACE)),
    "reverse": _text_function(lambda words: words[::-1]),
    "left": Function(_left, SOMETHING, operands=(2, 2)),
    "right": Function(_right, SOMETHING, operands=(2, 2)),
    "substring": Function(_substring, SOMETHING, operands=(3, 3)),
    "replace": Function(_replace, SOMETHING, (False, False, True), operands=(3, 3)),
    "tobool": Function(lambda items: to_bool(items[0]), join(BOOLEANS, one_of(None)), _ALL),
    "toint": Function(lambda items: to_int(items[0]), ANY, _ALL, fails=True),
    "todecimal": Function(_to_decimal, ANY, _ALL, fails=True),
    "tostring": Function(lambda items: to_string(items[0]), ANY, _ALL),
}


def _opposite(outcome: Outcome) -> Outcome:
    return truth(not outcome.value) if isinstance(outcome, Atom) else outcome


def function_of(name: str, operands: int) -> Function | None:
    """The documented function with this many operands; None: opaque."""
    function = FUNCTIONS.get(name)
    if function is None or not function.operands[0] <= operands <= function.operands[1]:
        return None
    return function
