"""Random conditions over variables."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from auditor.model.expressions import Apply, Expr, Literal, NotSet, Variable

TRUE, FALSE = Literal(True, "bln"), Literal(False, "bln")


def condition(rng: Random, strings: Sequence[str], booleans: Sequence[str], depth: int = 0) -> Expr:
    """A condition over one or more of the variables (at least one is given)."""
    if depth < 2 and rng.random() < 0.2:
        operator = rng.choice(("and", "or", "!"))
        count = 1 if operator == "!" else 2
        return Apply(operator, tuple(condition(rng, strings, booleans, depth + 1) for _ in range(count)))
    if booleans and (not strings or rng.random() < 0.6):
        return _of_boolean(rng, Variable(rng.choice(booleans)))
    return _of_text(rng, Variable(rng.choice(strings)))


def _of_boolean(rng: Random, variable: Variable) -> Expr:
    is_set = Apply("isset", (variable,))
    choices: list[Expr] = [
        variable,
        Apply("==", (variable, TRUE)),
        Apply("==", (variable, FALSE)),
        Apply("and", (is_set, variable)),
        Apply("!=", (variable, NotSet())),
        Apply("if", (is_set, variable, FALSE)),
        Apply("if", (variable, TRUE, FALSE)),
    ]
    return rng.choice(choices)


def _of_text(rng: Random, variable: Variable) -> Expr:
    choices: list[Expr] = [
        Apply("==", (variable, Literal("1", "str"))),
        Apply("==", (variable, Literal("yes", "str"))),
        Apply("!=", (variable, Literal("1", "str"))),
        Apply("==", (variable, NotSet())),
        Apply("!", (Apply("isnotsetorempty", (variable,)),)),
        Apply(">=", (Apply("toint", (variable,)), Literal(2, "int"))),
    ]
    return rng.choice(choices)
