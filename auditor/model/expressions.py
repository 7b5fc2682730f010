"""Architect expressions as one typed tree, whatever form the flow was exported in.

Source: reference of formats, section 5 (grammar) and 3.6 (the tree delivered in JSON).
"""

from __future__ import annotations

from msgspec import Struct


class Literal(Struct, frozen=True, gc=False):
    """A constant. type is a JSON type code such as str, int, dec, bln, dur, que, or "" when unknown.

    value of a boolean is True or False; of an int or decimal an int or float; else the text.
    """

    value: str | int | float | bool
    type: str = ""


class NotSet(Struct, frozen=True, gc=False):
    """The constant NOT_SET."""


class Empty(Struct, frozen=True, gc=False):
    """No value was configured at all (`noValue: true`, `{"emp"}`)."""


class Variable(Struct, frozen=True, gc=False):
    """A variable such as `Flow.Recorded`. name keeps the spelling; compare with `key`."""

    name: str

    @property
    def key(self) -> str:
        """The name without regard to case, as Architect compares it."""
        return self.name.casefold()


class Apply(Struct, frozen=True, gc=False):
    """A function or operator with its operands.

    Operators use these names: `? :` is "if"; "or", "and", "!" (also for `not`), "==", "!=", "<",
    "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "|", "&", "~", "neg" (unary minus),
    "." (base, Literal(property)), "[" (base, index). Functions are casefolded ("findqueue").
    """

    function: str
    operands: tuple[Expr, ...]


class Unparsed(Struct, frozen=True, gc=False):
    """Text that is no expression we can read; variables lists what looks like variables in it."""

    text: str
    variables: tuple[str, ...] = ()


Expr = Literal | NotSet | Empty | Variable | Apply | Unparsed
