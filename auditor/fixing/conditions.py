"""The test by which an answer is known to grant: for a decision that was not there."""

from __future__ import annotations

from functools import reduce

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint
from auditor.fixing.world import Site, World
from auditor.model.expression_tools import to_text
from auditor.model.expressions import Apply, Expr, Literal, Variable
from auditor.model.flows import FlowVariable
from auditor.model.operations import AskBot, CallBot, CollectInput

_NUMBERS = {"integer": "int", "int": "int", "decimal": "dec"}


class Granting(Struct, frozen=True):
    """Where an answer grants. output: of the action of the point; test: what must hold there, None: nothing more."""

    output: str
    test: Expr | None
    variable: str | None = None

    @property
    def text(self) -> str:
        """The test as administrators write it."""
        return "" if self.test is None else to_text(self.test)


def granting(point: ConsentPoint, world: World) -> tuple[Granting, ...]:
    """The outputs behind which the caller has agreed, with the test that says so; nothing for menus."""
    site = world.site_of(point)
    if site is None:
        return ()
    match site.action.operation:
        case CollectInput(variable=str() as variable) | AskBot(variable=str() as variable):
            output = "success" if _has(site, "success") else ""
            return (Granting(output, _test(point, variable, site, world), variable),) if output else ()
        case CallBot(intent=str() as variable) if not _slots(point):
            return tuple(
                Granting(o, _test(point, variable, site, world), variable) for o in ("success",) if _has(site, o)
            )
        case _:
            return _by_outputs(point, site)


def _by_outputs(point: ConsentPoint, site: Site) -> tuple[Granting, ...]:
    """Outputs that grant by themselves, and values that a lookup returned."""
    terms = point.granting or ()
    plain = [Granting(term, None) for term in terms if _has(site, term)]
    for term in terms:
        variable, equals, value = term.partition("=")
        if equals and "." in variable:
            test = Apply("==", (Variable(variable), Literal(value, "str")))
            plain += [Granting(output, test, variable) for output in ("found", "success") if _has(site, output)]
    return tuple(plain)


def _has(site: Site, output: str) -> bool:
    return any(o.key == output for o in site.action.outputs)


def _slots(point: ConsentPoint) -> bool:
    return any("=" in term for term in (point.granting or point.refusing or ()))


def _test(point: ConsentPoint, variable: str, site: Site, world: World) -> Expr:
    kind = _type(variable, site, world)
    operator, glue = ("==", "or") if point.granting is not None else ("!=", "and")
    terms = point.granting if point.granting is not None else point.refusing or ()
    parts: list[Expr] = [Apply(operator, (Variable(variable), _literal(term, kind))) for term in terms]
    return reduce(lambda left, right: Apply(glue, (left, right)), parts)


def _literal(term: str, kind: str) -> Literal:
    if kind in _NUMBERS and term.isdecimal():
        return Literal(int(term), _NUMBERS[kind])
    return Literal(term, "str")


def _type(variable: str, site: Site, world: World) -> str:
    task = world.task_of(site)
    declared: tuple[FlowVariable, ...] = (*world.flow(site).variables, *(task.variables if task else ()))
    return next((v.type for v in declared if v.name.casefold() == variable.casefold()), "string")


def visible(variable: str | None, there: Site, here: Site) -> bool:
    """Whether a variable that is set at one action can be read at another."""
    if variable is None or there.flow != here.flow:
        return False
    return variable.casefold().startswith("flow.") or there.site.container.id == here.site.container.id
