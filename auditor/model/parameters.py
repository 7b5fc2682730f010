"""What is handed to an action and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.expressions import Expr


@dataclass(frozen=True, slots=True)
class Binding:
    """An output value of an action that is stored in a variable (`AgentsIdle: {var: Task.Idle}`)."""

    output: str
    variable: str


@dataclass(frozen=True, slots=True)
class Argument:
    """A value given to an input. name: the input's name (or a variable, for tasks)."""

    name: str
    value: Expr
