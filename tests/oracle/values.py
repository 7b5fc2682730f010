"""Variables, participant data and what may be stored in them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.expressions import Apply, Expr, Literal
from auditor.model.flows import FlowVariable, Task
from auditor.model.operations import Argument, Assign, Decide, SetParticipantData, Switch, SwitchStyle
from tests.oracle.expressions import ANY, DOUBT, RAISE, SOME, Result, Special, Value, evaluate
from tests.oracle.program import Program, Spot
from tests.oracle.state import Config, Pairs

ERROR = "!error"
NEXT_CASE = "!next"


def pairs_of(values: dict[str, Value]) -> Pairs:
    """Values in one order, so that equal ones are equal."""
    return tuple(sorted(values.items(), key=lambda pair: pair[0]))


class Values:
    """Reads and writes the variables of a configuration. Variables that nothing reads are not kept."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.organisation = program.organisation

    def value(self, c: Config, key: str) -> Result:
        """The value of a variable; what is neither Flow. nor Task. is a built-in, set to anything."""
        scope = key.partition(".")[0]
        if scope not in ("flow", "task"):
            return SOME
        return dict(c.task_values if scope == "task" else c.flow_values).get(key)

    def evaluate(self, c: Config, expr: Expr) -> Result:
        """The value of an expression here."""
        return evaluate(expr, lambda key: self.value(c, key))

    def set(self, c: Config, variable: str | None, value: Value) -> Config:
        """The configuration with a variable set."""
        key = (variable or "").casefold()
        if key not in self.program.read:
            return c
        task = key.startswith("task.")
        values = dict(c.task_values if task else c.flow_values)
        values.pop(key, None)
        if value is not None:
            values[key] = value
        done = pairs_of(values)
        return c._replace(task_values=done) if task else c._replace(flow_values=done)

    def anything(self, c: Config, spot: Spot, variables: list[str]) -> Iterator[Config]:
        """Every value that data and bots may leave in the variables, NOT_SET too."""
        wanted = [v for v in variables if v.casefold() in self.program.read]
        if not wanted:
            yield c
            return
        for value in (*self.domain(spot, wanted[0]), None):
            yield from self.anything(self.set(c, wanted[0], value), spot, wanted[1:])

    def domain(self, spot: Spot, variable: str) -> tuple[Value, ...]:
        """Every value of a variable that a condition could tell apart."""
        flow = self.organisation.flows[spot.flow]
        declared = (*flow.variables, *(spot.container.variables if isinstance(spot.container, Task) else ()))
        for known in declared:
            if known.name.casefold() == variable.casefold() and known.type == "boolean":
                return (True, False)
        return (*dict.fromkeys((*self.program.texts, *self.program.answers)), "something else")

    def fresh(self, variables: tuple[FlowVariable, ...]) -> dict[str, Value]:
        """Initial values."""
        values: dict[str, Value] = {}
        for variable in variables:
            if isinstance(variable.initial, Literal) and variable.name.casefold() in self.program.read:
                values[variable.name.casefold()] = variable.initial.value
        return values

    def inputs(self, c: Config, arguments: tuple[Argument, ...]) -> dict[str, Value] | None:
        """What a call or jump hands over; None when an expression raises."""
        given: dict[str, Value] = {}
        for argument in arguments:
            value = self.evaluate(c, argument.value)
            if value is RAISE:
                return None
            if isinstance(value, Special):
                raise ValueError("an input that may be anything is not generated")
            given[argument.name.casefold()] = value
        return given

    def started(self, variables: tuple[FlowVariable, ...], given: dict[str, Value]) -> Pairs:
        """Variables at the start of a container or module: initial values, then inputs."""
        values = self.fresh(variables)
        for name, value in given.items():
            values.pop(name, None)
            if value is not None and name in self.program.read:
                values[name] = value
        return pairs_of(values)

    # Decisions give the output that is taken (None: straight on; ERROR: they raise) with the configuration after.

    def compute(
        self, c: Config, spot: Spot, operation: SetParticipantData | Assign | Decide | Switch
    ) -> Iterator[tuple[str | None, Config]]:
        """What decisions, switches and assignments do."""
        match operation:
            case Decide(condition=condition):
                yield from ((output, c) for output in self._decide(self.evaluate(c, condition), "yes", "no"))
            case Switch():
                yield from ((output, c) for output in self._switch(c, operation))
            case Assign(assignments=assignments):
                yield from self._assign(c, spot, assignments, c)
            case SetParticipantData(attributes=attributes):
                yield from self._write(c, attributes, c)

    def _decide(self, result: Result, yes: str, no: str) -> Iterator[str]:
        """Where a condition leads; for one that is NOT_SET it is not documented whether it raises or is false."""
        if result is None or result in (ANY, DOUBT, RAISE):
            yield ERROR
        if result is True or result in (ANY, DOUBT, SOME):
            yield yes
        if not result or result in (ANY, DOUBT, SOME):
            yield no

    def _possible(self, result: Result, domain: tuple[Value, ...]) -> tuple[Value, ...]:
        if not isinstance(result, Special):
            return (result,)
        return {ANY: (*domain, None), RAISE: ()}.get(result, domain)

    def _assign(
        self, c: Config, spot: Spot, assignments: tuple[tuple[str, Expr], ...], before: Config
    ) -> Iterator[tuple[str | None, Config]]:
        if not assignments:
            yield None, c
            return
        (variable, expr), rest = assignments[0], assignments[1:]
        result = self.evaluate(c, expr)
        if result in (RAISE, DOUBT):
            yield ERROR, before
        for value in self._possible(result, self.domain(spot, variable)):
            yield from self._assign(self.set(c, variable, value), spot, rest, before)

    def _write(
        self, c: Config, attributes: tuple[tuple[Expr, Expr], ...], before: Config
    ) -> Iterator[tuple[str | None, Config]]:
        if not attributes:
            yield None, c
            return
        (name, expr), rest = attributes[0], attributes[1:]
        result = self.evaluate(c, expr)
        if result in (RAISE, DOUBT):
            yield ERROR, before
        if not isinstance(name, Literal) or not isinstance(name.value, str):
            raise ValueError("participant data with a computed name are not generated")
        key = name.value.casefold()
        kept = key in self.program.attributes
        for value in self._possible(result, (*self.program.texts, "something else") if kept else (None,)):
            written = pairs_of({**dict(c.attributes), key: value}) if kept else c.attributes
            yield from self._write(c._replace(attributes=written), rest, before)

    def _switch(self, c: Config, operation: Switch) -> Iterator[str]:
        if operation.style is SwitchStyle.ALL_TRUE:
            raise ValueError("switches that run every true case are not generated")
        for case in operation.cases:
            test = case.value
            if operation.style is SwitchStyle.MATCH and operation.subject is not None:
                test = Apply("==", (operation.subject, case.value))
            outputs = set(self._decide(self.evaluate(c, test), case.output, NEXT_CASE))
            yield from outputs - {NEXT_CASE}
            if NEXT_CASE not in outputs:
                return
        yield "default"
