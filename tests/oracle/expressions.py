"""Concrete evaluation of Architect expressions: one value in, one value out.

A value is None (NOT_SET), a text, a boolean or a number. UNKNOWN stands for what no run of the
organisation determines (built-in variables, unread text); RAISE for an expression that goes to the
error handling of the flow, as most operations with NOT_SET operands do. `and` and `or` stop at the
first operand that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

Value = str | bool | int | float | None


class Special(Enum):
    """Results that are no value."""

    UNKNOWN = "unknown"
    RAISE = "raise"


UNKNOWN: Final = Special.UNKNOWN
RAISE: Final = Special.RAISE
Result = Value | Special
Lookup = Callable[[str], Result]


def evaluate(expr: Expr, lookup: Lookup) -> Result:
    """The value of an expression when variables have the values that lookup (by casefolded name) gives."""
    match expr:
        case Literal(value=value):
            return value
        case NotSet() | Empty():
            return None
        case Variable():
            return lookup(expr.key)
        case Unparsed():
            return UNKNOWN
        case Apply(function=function, operands=operands):
            return _apply(function, operands, lookup)


def _apply(function: str, operands: tuple[Expr, ...], lookup: Lookup) -> Result:
    lazy = _LAZY.get(function)
    if lazy is not None:
        return lazy(operands, lookup)
    values = [evaluate(o, lookup) for o in operands]
    if RAISE in values:
        return RAISE
    if function in ("==", "!=") and any(isinstance(o, NotSet) for o in operands):
        return _not_set_test(function, values)
    strict = _STRICT.get(function)
    if strict is None or UNKNOWN in values:
        return UNKNOWN
    if function in _NULL_SAFE:
        return strict(values)
    return RAISE if None in values else strict(values)


def _not_set_test(function: str, values: list[Result]) -> Result:
    if UNKNOWN in values:
        return UNKNOWN
    same = all(v is None for v in values)
    return same if function == "==" else not same


def _connective(decisive: bool) -> Callable[[tuple[Expr, ...], Lookup], Result]:
    def run(operands: tuple[Expr, ...], lookup: Lookup) -> Result:
        unknown = False
        for operand in operands:
            value = evaluate(operand, lookup)
            if value is UNKNOWN:
                unknown = True
            elif value is RAISE or not isinstance(value, bool):
                return UNKNOWN if unknown else RAISE
            elif value is decisive:
                return decisive
        return UNKNOWN if unknown else not decisive

    return run


def _if(operands: tuple[Expr, ...], lookup: Lookup) -> Result:
    condition = evaluate(operands[0], lookup)
    if condition is UNKNOWN:
        return UNKNOWN
    if not isinstance(condition, bool):
        return RAISE
    return evaluate(operands[1 if condition else 2], lookup)


def _same(a: Result, b: Result) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a.casefold() == b.casefold()
    return type(a) is type(b) and a == b


def _number(value: Result) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _to_bool(value: Result) -> Result:
    if value is None or isinstance(value, bool):
        return value
    text = str(value).casefold()
    return text == "true" if text in ("true", "false") else RAISE


def _to_int(value: Result) -> Result:
    if value is None:
        return None
    return int(value) if isinstance(value, str) and value.isdecimal() else RAISE


def _to_string(value: Result) -> Result:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


_LAZY: Mapping[str, Callable[[tuple[Expr, ...], Lookup], Result]] = {
    "and": _connective(False),
    "or": _connective(True),
    "if": _if,
}
_NULL_SAFE = frozenset({"isset", "isnotsetorempty", "tobool", "toint", "tostring"})
_STRICT: Mapping[str, Callable[[list[Result]], Result]] = {
    "==": lambda v: _same(v[0], v[1]),
    "!=": lambda v: not _same(v[0], v[1]),
    "<": lambda v: _number(v[0]) < _number(v[1]),
    "<=": lambda v: _number(v[0]) <= _number(v[1]),
    ">": lambda v: _number(v[0]) > _number(v[1]),
    ">=": lambda v: _number(v[0]) >= _number(v[1]),
    "!": lambda v: not v[0] if isinstance(v[0], bool) else RAISE,
    "isset": lambda v: v[0] is not None,
    "isnotsetorempty": lambda v: v[0] is None or v[0] == "",
    "tobool": lambda v: _to_bool(v[0]),
    "toint": lambda v: _to_int(v[0]),
    "tostring": lambda v: _to_string(v[0]),
    "contains": lambda v: str(v[1]).casefold() in str(v[0]).casefold(),
    "trim": lambda v: str(v[0]).strip(),
    "length": lambda v: len(str(v[0])),
    "append": lambda v: "".join(str(x) for x in v),
}
