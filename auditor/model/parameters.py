"""What is handed to an action and what it hands back."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.expressions import Expr


class Binding(Struct, frozen=True, gc=False):
    """An output value of an action that is stored in a variable (`AgentsIdle: {var: Task.Idle}`)."""

    output: str
    variable: str


class Argument(Struct, frozen=True, gc=False):
    """A value given to an input. name: the input's name (or a variable, for tasks)."""

    name: str
    value: Expr
