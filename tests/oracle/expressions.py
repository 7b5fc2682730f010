"""Concrete evaluation of Architect expressions: one value in, one value out.

A value is None (NOT_SET), a text, a boolean or a number. What no run of the organisation determines is SOME
(built-in variables, unread text): any value that is set; ANY: NOT_SET too (functions that are not known); DOUBT:
any value or a raise. RAISE is certainly a raise, to the error handling of the flow. Which operands may be NOT_SET
is in the reference of functions (`?`): those of `==` and `!=` may, so that NOT_SET == "1" is false; texts are
compared by case. `and`, `or` and `if` read no further than they must; a NOT_SET condition of `if` is false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable

Value = str | bool | int | float | None


class Special(Enum):
    """Results that are no value."""

    ANY = "any"
    SOME = "some"
    DOUBT = "doubt"
    RAISE = "raise"


ANY: Final = Special.ANY
SOME: Final = Special.SOME
DOUBT: Final = Special.DOUBT
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
            return SOME
        case Apply(function=function, operands=operands):
            return _apply(function, operands, lookup)


def _apply(function: str, operands: tuple[Expr, ...], lookup: Lookup) -> Result:
    lazy = _LAZY.get(function)
    if lazy is not None:
        return lazy(operands, lookup)
    values = [evaluate(o, lookup) for o in operands]
    for worst in (RAISE, DOUBT):
        if any(v is worst for v in values):
            return worst
    strict = _STRICT.get(function)
    if strict is None:
        return ANY
    if any(isinstance(v, Special) for v in values):
        return _vague(function, values)
    if function in _NULL_SAFE:
        return strict(values)
    return RAISE if None in values else strict(values)


def _vague(function: str, values: list[Result]) -> Result:
    perhaps_not_set = any(v is ANY or v is None for v in values)
    if function in ("tobool", "toint", "tostring"):
        return ANY
    if function in ("==", "!=") and None in values and ANY not in values:
        return function == "!="
    return DOUBT if perhaps_not_set and function not in _NULL_SAFE else SOME


def _connective(decisive: bool) -> Callable[[tuple[Expr, ...], Lookup], Result]:
    def run(operands: tuple[Expr, ...], lookup: Lookup) -> Result:
        vague: Special | None = None
        for operand in operands:
            value = evaluate(operand, lookup)
            if value is decisive:
                return decisive if vague is not DOUBT else DOUBT
            if isinstance(value, Special) and value is not RAISE:
                vague = SOME if value is SOME and vague is not DOUBT else DOUBT
            elif not isinstance(value, bool):
                return RAISE if vague is None else DOUBT
        return vague if vague is not None else not decisive

    return run


def _if(operands: tuple[Expr, ...], lookup: Lookup) -> Result:
    condition = evaluate(operands[0], lookup)
    if condition is None or isinstance(condition, bool):
        return evaluate(operands[1 if condition else 2], lookup)
    return DOUBT if isinstance(condition, Special) and condition is not RAISE else RAISE


def _same(a: Result, b: Result) -> bool:
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
_NULL_SAFE = frozenset({"==", "!=", "isset", "isnotsetorempty", "append", "tobool", "toint", "tostring"})
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
    "contains": lambda v: str(v[1]) in str(v[0]),
    "trim": lambda v: str(v[0]).strip(),
    "length": lambda v: len(str(v[0])),
    "append": lambda v: "".join("" if x is None else str(x) for x in v),
}
