"""Conditions, comparisons and simple functions of Terraform over values that are known.

What is not known stays as it is written: nothing is decided by it. Source: Terraform language, pages Conditional
Expressions, Operators and Built-in Functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final, TypeGuard

from auditor.loading.terraform_templates import has_template
from auditor.loading.terraform_translation import Ref


class Unknown(Enum):
    """No value: an expression is not understood, or hangs on something that is not known."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Unique(list[object]):
    """A set: each item is its own key."""


Evaluate = Callable[[object], object]
"""The value of an argument; what is not known in it stays a template."""
MOST = 10_000
"""No list of an organisation has more items; lists that hold each other twice could."""
_TRUTHS = {"true": True, "false": False}


def holds_templates(value: object) -> bool:
    """Whether anything in a value is not known. Parts that are shared are looked at once."""
    pending, seen = [value], set[int]()
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if has_template(item):
                return True
        elif isinstance(item, Mapping | list) and id(item) not in seen:
            seen.add(id(item))
            pending.extend((*item, *item.values()) if isinstance(item, Mapping) else item)
    return False


def computed(operator: str, operands: Sequence[object], evaluate: Evaluate) -> object:
    """The value of an expression that was taken apart (see `taken_apart`), or UNKNOWN."""

    def known(operand: object) -> object:
        value = evaluate(operand)
        return UNKNOWN if holds_templates(value) else value

    match operator, operands:
        case "?", (condition, first, second):
            truth = _truth(known(condition))
            return UNKNOWN if truth is None else evaluate(first if truth else second)
        case "&&" | "||", (first, second):
            return _joined(operator == "||", known(first), known(second))
        case "!", (operand,):
            truth = _truth(known(operand))
            return UNKNOWN if truth is None else not truth
        case "==" | "!=", (first, second):
            same = _same(known(first), known(second))
            return UNKNOWN if same is None else same == (operator == "==")
        case "<" | ">" | "<=" | ">=", (first, second):
            return _ordered(operator, known(first), known(second))
        case "coalesce", _:
            return next((value for value in map(known, operands) if value not in (None, "")), UNKNOWN)
        case "try", (first, *_):
            return known(first)
        case _ if operator in _FUNCTIONS:
            values = [known(operand) for operand in operands]
            return UNKNOWN if UNKNOWN in values else _FUNCTIONS[operator](values)
        case _:
            return UNKNOWN


def _truth(value: object) -> bool | None:
    return _TRUTHS.get(value) if isinstance(value, str) else value if isinstance(value, bool) else None


def _joined(either: bool, first: object, second: object) -> object:
    """`a || b` (either) or `a && b`: one of them can be enough."""
    truths = [_truth(first), _truth(second)]
    if either in truths:
        return either
    return UNKNOWN if None in truths else not either


def _same(first: object, second: object) -> bool | None:
    if UNKNOWN in (first, second):
        return None
    if isinstance(first, Ref) or isinstance(second, Ref):  # the id of something that exists
        return False if first in (None, "") or second in (None, "") else None
    if any(isinstance(value, Mapping | list) for value in (first, second)):
        return None  # a list is no tuple, a map no object, and which it is hangs on the type of a variable
    if (type(first) is type(second)) or (_is_number(first) and _is_number(second)):
        return first == second
    return None if _alike(first) == _alike(second) else False


def _alike(value: object) -> object:
    """A value as a text would have it: Terraform makes one of the other where a type asks for that."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _ordered(operator: str, first: object, second: object) -> object:
    if not (_is_number(first) and _is_number(second)):
        return UNKNOWN
    return {"<": first < second, ">": first > second, "<=": first <= second, ">=": first >= second}[operator]


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _look_up(values: Sequence[object]) -> object:
    match values:
        case [dict() as held, str(key)] if key in held and not isinstance(held, Ref):
            return held[key]
        case [dict() as held, str(key), default] if not isinstance(held, Ref):
            return held.get(key, default)
        case _:
            return UNKNOWN


def _element(values: Sequence[object]) -> object:
    match values:
        case [list() as items, int(at)] if items and at >= 0:
            return items[at % len(items)]
        case _:
            return UNKNOWN


def _one(values: Sequence[object]) -> object:
    match values:
        case [[]]:
            return None
        case [[item]]:
            return item
        case _:
            return UNKNOWN


def _length(values: Sequence[object]) -> object:
    match values:
        case [list() | str() as held]:
            return len(held)
        case [dict() as held] if not isinstance(held, Ref):
            return len(held)
        case _:
            return UNKNOWN


def _concatenated(values: Sequence[object]) -> object:
    if not all(isinstance(value, list) for value in values):
        return UNKNOWN
    if sum(len(value) for value in values if isinstance(value, list)) > MOST:
        return UNKNOWN
    return [item for value in values if isinstance(value, list) for item in value]


def _merged(values: Sequence[object]) -> object:
    found: dict[object, object] = {}
    for value in values:
        if not isinstance(value, dict) or isinstance(value, Ref):
            return UNKNOWN
        found.update(value)
    return found


def _contains(values: Sequence[object]) -> object:
    match values:
        case [list() as items, item]:
            same = [_same(each, item) for each in items]
            return True if True in same else UNKNOWN if None in same else False
        case _:
            return UNKNOWN


def _is_flat(item: object) -> bool:
    """Whether two of them are compared in a moment."""
    inner = item.values() if isinstance(item, Mapping) else (item,)
    return not any(isinstance(value, Mapping | list) for value in inner)


def _distinct(values: Sequence[object]) -> object:
    """Texts or objects, each once; of numbers and truths mixed Terraform makes one type."""
    match values:
        case [list() as items] if len({type(item) for item in items}) < 2 and all(map(_is_flat, items)):
            return [item for at, item in enumerate(items) if item not in items[:at]]
        case _:
            return UNKNOWN


def set_of(values: Sequence[object]) -> object:
    """Sets of texts are gone through in their order; that of others is not known, and seldom matters."""
    found = _distinct(values)
    if not isinstance(found, list):
        return found
    return Unique(sorted(map(str, found)) if all(isinstance(item, str) for item in found) else found)


def _listed(values: Sequence[object]) -> object:
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list) else UNKNOWN


def _same_value(values: Sequence[object]) -> object:
    return values[0] if len(values) == 1 else UNKNOWN


def _text(change: Callable[[str], str]) -> Callable[[Sequence[object]], object]:
    def function(values: Sequence[object]) -> object:
        match values:
            case [str(text)]:
                return change(text)
            case _:
                return UNKNOWN

    return function


def _to_bool(values: Sequence[object]) -> object:
    truth = _truth(values[0]) if len(values) == 1 else None
    return UNKNOWN if truth is None else truth


_FUNCTIONS: Mapping[str, Callable[[Sequence[object]], object]] = {
    "lookup": _look_up, "element": _element, "one": _one, "length": _length, "concat": _concatenated,
    "merge": _merged, "contains": _contains, "toset": set_of, "distinct": _distinct, "tolist": _listed,
    "tomap": _same_value, "nonsensitive": _same_value, "tobool": _to_bool,
    "lower": _text(str.lower), "upper": _text(str.upper), "trimspace": _text(str.strip),
}  # fmt: skip
