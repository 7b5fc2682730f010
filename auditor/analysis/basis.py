"""What explorations start from: program, facts, entries, worlds. It can be made again in another process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from threading import Lock

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.analysis.bearing import Bearing
from auditor.analysis.carriers import Carriers, PinTable
from auditor.analysis.effects import DUTIES, EVIDENCE, SERVICE
from auditor.analysis.entries import ORPHAN_TYPES, EntryKind, Way, orphan
from auditor.analysis.exploring import Exploring
from auditor.analysis.facts import Facts, Inputs
from auditor.analysis.idle import Idle
from auditor.analysis.lanes import Lanes
from auditor.analysis.legs import Leg
from auditor.analysis.machine import CallMachine
from auditor.analysis.outbound import ordinary_ways
from auditor.analysis.passages import Passages
from auditor.analysis.places import Places
from auditor.analysis.situations import Situations
from auditor.analysis.state import Regime
from auditor.analysis.stations import Stations
from auditor.analysis.tracking import by_flow
from auditor.analysis.worlds import Worlds, truth
from auditor.graph.program import Program
from auditor.model.organisation import Organisation

MOST_KEPT = 1_000_000
"""Situations that a process keeps, less than a gigabyte."""


class Given(Struct, frozen=True):
    """All that a basis is made of. inputs: consent points and announcements; assumptions: A1..A16 -> yes, no or both.

    include_orphans, include_internal: whether flows without an entry, and calls from user to user, are audited;
    kept: situations that a process keeps, in case that they are looked at again.
    """

    organisation: Organisation
    inputs: Inputs
    assumptions: Mapping[str, str]
    include_orphans: bool = False
    include_internal: bool = False
    pins: PinTable = field(default_factory=dict)
    kept: int = MOST_KEPT


class Basis:
    """ways: the entries, orphan flows behind the ordinary ones; ordinary: how many these are."""

    def __init__(self, given: Given, program: Program | None = None) -> None:
        """program: of the organisation, when there is one."""
        self.given = given
        self.program = program or Program(given.organisation)
        self.facts = Facts(self.program, given.inputs)
        self.places = Places(self.program.end)
        self.worlds = Worlds(given.organisation, given.assumptions)
        self._carriers = Carriers(given.organisation, given.assumptions, given.pins)
        self._passages: dict[tuple[Regime, bool], Passages] = {}
        self._idle: dict[Regime, Idle] = {}
        self._lock = Lock()
        self._groups: dict[int, Exploring] = {}
        self._kept = 0
        self.stations = Stations(
            given.organisation,
            self.program.directory,
            free_seating=truth(given.assumptions["A5"])[-1],
            line_first=truth(given.assumptions["A6"])[-1],
        )
        self.ways: list[Way] = list(ordinary_ways(self.program, self.stations, internal=given.include_internal))
        self.ordinary = len(self.ways)
        flows_only = not self.ways and bool(given.organisation.flows)
        unrouted = any(problem.subject == "kind:routes" for problem in given.organisation.problems) and not any(
            way.kind in (EntryKind.ROUTE, EntryKind.NUMBER) for way in self.ways
        )
        self.audits_orphans = given.include_orphans or flows_only or unrouted

    def add_orphans(self, flows: tuple[int, ...]) -> None:
        """Flows, by index, that are entries of their own; those that are known already come first."""
        for flow in flows[len(self.ways) - self.ordinary :]:
            self.ways.append(orphan(self.program, flow))

    def legs_of(self, way: Way) -> tuple[Leg, ...]:
        """The legs of an entry."""
        return self._carriers.legs_of(way)

    def doubted(self, way: Way, leg: Leg) -> bool:
        """Whether calls come over this leg only if A16, set to both, does not hold."""
        return self._carriers.doubted(way, leg)

    def regimes(self, way: int) -> tuple[Regime, ...]:
        """The regimes in which an entry is judged, and the plain one."""
        it = self.ways[way]
        worlds = (w for leg in self.legs_of(it) for w in self.worlds.of(leg, customer_first=it.customer_first))
        return tuple(dict.fromkeys((self.plain, *(world.regime for world in worlds))))

    def group(self, number: int, flows: frozenset[int]) -> Exploring:
        """What is explored of a group of entries. flows: those to which references lead from it."""
        found = self._groups.get(number)
        if found is None:
            found = self._groups[number] = Exploring(self, flows)
        return found

    def let_go(self, group: Exploring) -> None:
        """Lets go of what a group has just explored where more than enough is kept: it can be explored again."""
        group.fold()
        with self._lock:
            self._kept += group.kept - group.counted
            group.counted = group.kept
            if self._kept > self.given.kept:
                self._kept -= group.counted
                group.let_go()

    @property
    def explored_groups(self) -> list[Exploring]:
        """All of which something is explored here."""
        return list(self._groups.values())

    def situations(self, behaviour: Regime, flows: frozenset[int], *, whole: bool) -> Situations:
        """How calls move; in these flows points at which nothing happens are passed over.

        whole: whether all variables are followed, or those that have a bearing on what is observed.
        """
        if not self.given.inputs.passing:
            return self.one_by_one(behaviour)
        facts = (self.facts if whole else self.explored).anew()
        return Situations(self.machine(behaviour, facts), self.passages(behaviour, flows, whole=whole))

    def passages(self, behaviour: Regime, flows: frozenset[int], *, whole: bool) -> Passages:
        """What explorations pass over in these flows, and in others that were looked at."""
        if not self.given.inputs.passing:
            return Passages()
        with self._lock:
            found = self._passages.get((behaviour, whole))
            if found is None:
                rejoining = frozenset[int]() if whole else self._bearing.rejoining
                found = Passages(self._idle_in(behaviour), rejoining, calls=not whole)
                self._passages[behaviour, whole] = found
            found.cover((self.facts if whole else self.explored).environment, flows)
        return found

    def one_by_one(self, behaviour: Regime) -> Situations:
        """How calls move, with all variables, from point to point."""
        return Situations(self.machine(behaviour, self.facts.anew()), Passages())

    def machine(self, behaviour: Regime, facts: Facts) -> CallMachine:
        """How calls move, point by point."""
        return CallMachine(facts, self.lanes[behaviour], self.places, self.ways)

    def _idle_in(self, behaviour: Regime) -> Idle:
        found = self._idle.get(behaviour)
        if found is None:
            found = self._idle[behaviour] = Idle(self.machine(behaviour, self.facts.following({})))
        return found

    @cached_property
    def explored(self) -> Facts:
        """The facts by which calls are explored: only variables with a bearing on what is observed are followed."""
        if not self.given.inputs.passing:
            return self.facts
        bearing = self._bearing
        return self.facts.following(by_flow(bearing.names), bearing.rejoining)

    def prepare(self) -> None:
        """Works out what every exploration needs."""
        _ = self.explored, self.lanes

    def followed(self, flow: int) -> tuple[list[str], list[int]]:
        """What others decide for an exploration of a flow: the variables that it follows, and points it passes over."""
        rejoining = self._bearing.rejoining_in(flow) if self.given.inputs.passing else ()
        return sorted(self.explored.environment.keys[flow]), sorted(rejoining)

    @cached_property
    def _bearing(self) -> Bearing:
        return Bearing(self.facts, self._idle_in(self.plain.behaviour))

    @cached_property
    def lanes(self) -> dict[Regime, Lanes]:
        """All regimes of all legs, by behaviour; and one without capture in which duties are followed."""
        regimes: dict[Regime, dict[Regime, None]] = {}
        legs = {(way.customer_first, leg) for way in self._known_first() for leg in self.legs_of(way)}
        for customer_first, leg in sorted(legs, key=repr):
            for world in self.worlds.of(leg, customer_first=customer_first):
                regimes.setdefault(world.regime.behaviour, {})[world.regime] = None
        found = {behaviour: Lanes(tuple(each)) for behaviour, each in regimes.items()}
        duties = {regime: Lanes((regime,)) for regime in map(self.following, DUTIES)}
        return {**found, **duties, **({} if found else {Regime(): Lanes((Regime(),))})}

    def _known_first(self) -> list[Way]:
        """The entries with all legs there will be, whether orphans were added already or not."""
        return [*self.ways[: self.ordinary], *(self._orphans_of_types() if self.audits_orphans else ())]

    def _orphans_of_types(self) -> list[Way]:
        """One of each type: legs of orphan flows depend on it alone."""
        flows = {flow.type: index for index, flow in enumerate(self.given.organisation.flows)}
        return [orphan(self.program, index) for type, index in flows.items() if type in ORPHAN_TYPES]

    @cached_property
    def plain(self) -> Regime:
        """A regime in which something is explored anyway; flows and points come out the same in each."""
        for way in self._known_first():
            for leg in self.legs_of(way):
                return self.worlds.of(leg)[0].regime
        return Regime()

    def following(self, duty: str) -> Regime:
        """The regime in which it is followed what answers lead to."""
        return replace(self.plain.behaviour, service=duty == SERVICE, evidence=duty == EVIDENCE)
