"""Entries with their facts and legs, and what a rule yields for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from msgspec import Struct, field

from auditor.model.organisation import Organisation
from tests.oracle.effects import Connection, granted_connections
from tests.oracle.endpoints import station_recording
from tests.oracle.entries import Run
from tests.oracle.facts import Facts, State, Suppression, first_captures, gather, line_captures, suppressions
from tests.oracle.legs import Leg, legs_of
from tests.oracle.program import Spot
from tests.oracle.state import Config

Object = tuple[str, str]
"""Kind and name."""


class Hit(Struct, frozen=True):
    """A finding on one entry and leg."""

    rule: str
    object: Object
    certain: bool
    latent: bool = False


class Line(Struct, frozen=True):
    """A line that records, with one value for each setting on which its captures hang."""

    gate: bool
    external: bool
    suppression: int


class Case(Struct):
    """An entry with its facts, on its legs."""

    run: Run
    facts: Facts
    legs: list[Leg]
    stations: dict[int, tuple[bool, ...]]
    suppressions: list[Suppression]
    flows_enable: bool
    _first: dict[Line, set[State]] = field(default_factory=dict)
    _granted: dict[Line | None, set[Connection]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name of the entry."""
        return self.run.kind, self.run.name

    def can_enable(self, leg: Leg) -> int:
        """2: whatever the unset settings are; 1: for some of their values; 0: no."""
        recording = [s for s in self.stations.values() if True in s]
        if True not in leg.gate or not (True in leg.line or recording):
            return 0
        sure = leg.line == (True,) or (True,) in recording
        return 2 if sure and leg.gate == (True,) else 1

    def lines(self, leg: Leg) -> list[tuple[bool, Line]]:
        """Whether the line records, and how, for all values of what is unset."""
        return [
            (line, Line(gate, external, s))
            for line, gate, external, s in product(leg.line, leg.gate, leg.external, range(len(self.suppressions)))
        ]

    def holds(self, line: Line | None) -> Callable[[Config], bool]:
        """Whether the line captures in a configuration (None: it does not record)."""
        if line is None:
            return lambda _: False
        suppression = self.suppressions[line.suppression]
        return lambda c: line_captures(c, gate=line.gate, suppression=suppression, external=line.external)

    def first_captures(self, line: Line) -> set[State]:
        """The states at the first moments of line capture."""
        if line not in self._first:
            self._first[line] = first_captures(self.run, self.holds(line))
        return self._first[line]

    def granted(self, line: Line | None) -> set[Connection]:
        """Connections with consent granted."""
        if line not in self._granted:
            self._granted[line] = granted_connections(self.run, self.holds(line))
        return self._granted[line]

    @property
    def never_on_the_way(self) -> bool:
        """A direct number, a user who dials out or a campaign: somebody is reached, no flow on the way could enable."""
        kinds = ("number", "manual", "campaign")
        return self.run.kind in kinds and bool(self.facts.talks) and not self.flows_enable

    @property
    def never_enabled(self) -> bool:
        """A queue or somebody is reached, and no untainted run enables."""
        facts = self.facts
        return bool(facts.talks or facts.waits) and all(e.state.taint for e in facts.enablings)


def case_of(organisation: Organisation, run: Run, enables: frozenset[int]) -> Case:
    """The facts of an explored entry. enables: flows that hold an enable action."""
    facts = gather(run)
    stations = {p: station_recording(organisation, p) for p, _ in facts.talks}
    hidden = suppressions(organisation, facts.hosts)
    legs = legs_of(organisation, run.direction, run.over)
    return Case(run, facts, legs, stations, hidden, bool(run.flows & enables))


def strength(taints: Iterable[bool]) -> int:
    """2: an untainted run shows it; 1: only tainted ones do; 0: none does."""
    seen = set(taints)
    return 2 if False in seen else 1 if seen else 0


def held_back(case: Case, leg: Leg, *, line: bool, gate: bool) -> set[bool]:
    """Whether the trunk's consent flag holds a station back.

    It does on inbound calls; with the line off both are possible (A13); so are they for a callback that rings the
    customer first, which may count as inbound (A4).
    """
    if not gate or (leg.direction != "inbound" and not case.run.customer_first):
        return {False}
    return {True} if line and leg.direction == "inbound" else {True, False}


def action_object(spot: Spot) -> Object:
    """The action, or the menu itself, as object of a finding."""
    return ("action", spot.action.name) if spot.action is not None else ("menu", spot.container.name)
