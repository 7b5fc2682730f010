"""With which values a flow compares its variables: what an answer or a stored value is tested for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.analysis.tracking import scoped
from auditor.model.expression_tools import dotted_name
from auditor.model.expressions import Apply, Expr, Literal
from auditor.model.operations import Assign, CallTask, Decide, Jump, Loop, Switch, SwitchStyle
from auditor.model.sites import ActionSite

Comparison = tuple[str, str]
"""A variable (casefolded) and the value it is compared with, as text; "true" where it is itself the condition."""

_COMPARISONS = frozenset({"==", "!=", "areequal", "compare"})
_CONVERSIONS = frozenset({"lower", "upper", "trim", "ltrim", "rtrim", "tostring", "toint", "todecimal", "tobool"})
_CONDITION_AT = {"and": 2, "or": 2, "!": 1, "if": 1}


class Comparisons:
    """The comparisons of one flow. A variable copied into another one is tested where the copy is."""

    def __init__(self, sites: Iterable[ActionSite]) -> None:
        self._values: dict[str, dict[str, None]] = {}
        self._copies: dict[str, dict[str, None]] = {}
        self._cast: set[str] = set()
        for site in sites:
            self._read(site)

    def of(self, variable: str) -> tuple[str, ...]:
        """The values that a variable, or a copy of it, is compared with, in the order of the flow."""
        key = variable.casefold()
        found = dict(self._values.get(key, {}))
        for copy in self._copies.get(key, {}):
            found.update(self._values.get(copy, {}))
        return tuple(found)

    def cast_to_bool(self, variable: str) -> bool:
        """Whether a variable, or a copy of it, is tested as the truth that ToBool makes of it."""
        return not self._cast.isdisjoint((variable.casefold(), *self.copies_of(variable)))

    @property
    def variables(self) -> frozenset[str]:
        """Every variable that is compared or copied."""
        copies = (copy for each in self._copies.values() for copy in each)
        return frozenset((*self._values, *self._copies, *copies))

    def copies_of(self, variable: str) -> tuple[str, ...]:
        """The variables into which a variable is copied."""
        return tuple(self._copies.get(variable.casefold(), ()))

    def _read(self, site: ActionSite) -> None:
        match site.action.operation:
            case Decide(condition=condition):
                self._test(condition, condition=True)
            case Switch(style=SwitchStyle.MATCH, cases=cases, subject=subject) if subject is not None:
                self._add(test for case in cases for test in _compared(subject, case.value))
            case Switch(cases=cases) | Loop(cases=cases):
                for case in cases:
                    self._test(case.value, condition=True)
            case Assign(assignments=assignments):
                for variable, value in assignments:
                    self._copy(variable, value)
                    self._test(value, condition=False)
            case CallTask(inputs=inputs) | Jump(inputs=inputs):
                for argument in inputs:
                    self._copy(scoped(argument.name, "task"), argument.value)

    def _test(self, expr: Expr, *, condition: bool) -> None:
        self._add(tests_in(expr, condition=condition))
        self._cast.update(_cast_in(expr))

    def _add(self, tests: Iterable[Comparison]) -> None:
        for variable, value in tests:
            self._values.setdefault(variable, {})[value] = None

    def _copy(self, variable: str, value: Expr) -> None:
        source = plain(value)
        if source is not None and source != variable.casefold():
            self._copies.setdefault(source, {})[variable.casefold()] = None


def plain(expr: Expr) -> str | None:
    """The variable that an expression is, apart from conversions; casefolded."""
    while isinstance(expr, Apply) and expr.function in _CONVERSIONS and expr.operands:
        expr = expr.operands[0]
    name = dotted_name(expr)
    return None if name is None else name.casefold()


def tests_in(expr: Expr, *, condition: bool) -> Iterator[Comparison]:
    """Every comparison of a variable with a constant in an expression. condition: its value is a condition."""
    todo = [(expr, condition)]
    while todo:
        node, asked = todo.pop()
        variable = plain(node)
        if variable is not None:
            if asked or (isinstance(node, Apply) and node.function == "tobool"):
                yield variable, "true"
            continue
        if not isinstance(node, Apply):
            continue
        if node.function in _COMPARISONS and len(node.operands) >= 2:
            yield from _compared(node.operands[0], node.operands[1])
        positions = _CONDITION_AT.get(node.function, 0)
        todo.extend(
            (operand, i < positions or (node.function == "if" and asked))
            for i, operand in reversed(list(enumerate(node.operands)))
        )


def _cast_in(expr: Expr) -> Iterator[str]:
    """The variables of which ToBool makes a truth in an expression."""
    todo = [expr]
    while todo:
        node = todo.pop()
        if isinstance(node, Apply):
            variable = plain(node) if node.function == "tobool" else None
            if variable is not None:
                yield variable
            todo.extend(node.operands)


def _compared(left: Expr, right: Expr) -> Iterator[Comparison]:
    for one, other in ((left, right), (right, left)):
        variable = plain(one)
        if variable is not None and isinstance(other, Literal):
            yield variable, value_text(other)


def value_text(literal: Literal) -> str:
    """A constant as the policy file writes it."""
    return str(literal.value).lower() if isinstance(literal.value, bool) else str(literal.value)
