"""Expressions that name an object of the organisation: a reference when the name is in the export, else dynamic."""

from __future__ import annotations

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet
from auditor.model.operations import Dynamic, Reference, Target

_FINDERS = ("find", "to")


def target_of(kind: str, tree: Expr) -> Target:
    """What the expression names; None when it names nothing. `FindQueue("Support")` names the queue Support."""
    match tree:
        case Empty() | NotSet():
            return None
        case Literal(value=value):
            return Reference(kind, None, str(value)) if str(value).strip() else None
        case Apply(function=function, operands=(operand, *_)) if function.startswith(_FINDERS):
            return _found(kind, function, operand, tree)
        case _:
            return Dynamic(kind, tree)


def _found(kind: str, function: str, operand: Expr, tree: Expr) -> Target:
    match operand:
        case NotSet() | Empty() if function.startswith("to"):
            return None
        case Literal(value=value) if function.endswith("byid"):
            return Reference(kind, str(value))
        case Literal(value=value) if _names(kind, function):
            return Reference(kind, None, str(value))
        case _:
            return Dynamic(kind, tree)


def _names(kind: str, function: str) -> bool:
    """Whether this function finds an object of this kind by its name: findQueue, toScheduleGroup."""
    return function in {prefix + kind.replace("_", "") for prefix in _FINDERS}
