"""Explores every entry on every leg in every world, and keeps what was observed with its shortest run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from auditor.analysis.carriers import Carriers, PinTable
from auditor.analysis.entries import ORPHAN_TYPES, Way, orphan
from auditor.analysis.explore import Context, Explorer, Reach
from auditor.analysis.facts import Facts, Inputs
from auditor.analysis.lanes import Lanes, in_lane, seen_in
from auditor.analysis.legs import Leg
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Key
from auditor.analysis.outbound import ordinary_ways
from auditor.analysis.passages import Passages
from auditor.analysis.places import Places, Start
from auditor.analysis.situations import Situations
from auditor.analysis.state import Kind, Note, Regime, Seen, State
from auditor.analysis.stations import Stations
from auditor.analysis.worlds import Assumptions, World, Worlds, truth
from auditor.graph.organisation import flow_references
from auditor.graph.program import Program

Inside = Context[int, Note]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a run can be. context: what was entered last, as (point, state); distance: moves since the call began."""

    point: int
    state: State
    distance: int
    context: Inside
    key: Key[int]


class Explored:
    """What one entry shows in one regime. first: observation -> distance and where it was made."""

    def __init__(self, reach: Reach[int, Note], situations: Situations, lane: int) -> None:
        self.reach, self._situations, self._lane = reach, situations, lane
        self._states: dict[int, State] = {}
        self.first: dict[Seen, tuple[int, Inside, Key[int]]] = {}
        for context in reach.contexts:
            base = reach.distance[context.number]
            for note, (distance, key) in context.notes.items():
                seen = seen_in(note, lane)
                if seen is not None:
                    known = self.first.get(seen)
                    if known is None or base + distance < known[0]:
                        self.first[seen] = (base + distance, context, key)

    def state(self, number: int) -> State:
        """A state as this regime has it."""
        found = self._states.get(number)
        if found is None:
            found = self._states[number] = in_lane(self._situations.state(number), self._lane)
        return found

    def path(self, observation: Seen, *, brief: bool = False) -> list[tuple[Key[State], str]]:
        """The shortest run that shows an observation: (situation, why it was entered); brief: see Reach.path."""
        _, context, key = self.first[observation]
        return self.path_to(context, key, brief=brief)

    def path_to(self, context: Inside, key: Key[int], *, brief: bool = False) -> list[tuple[Key[State], str]]:
        """The shortest run to a situation."""
        path = self.reach.path(context, key, self._situations.between, brief=brief)
        return [((point, self.state(number)), why) for (point, number), why in path]

    @property
    def situations(self) -> Iterator[Situation]:
        """Every situation that was explored; not those at points that are passed over."""
        for context in self.reach.contexts:
            base = self.reach.distance[context.number]
            for key, reached in context.seen.items():
                yield Situation(key[0], self.state(key[1]), base + reached.distance, context, key)

    @property
    def entered(self) -> Iterator[tuple[int, State]]:
        """Situations in which something is entered that does not return, or that is called."""
        return ((context.point, self.state(context.state)) for context in self.reach.contexts)

    @property
    def captures(self) -> Iterator[tuple[Seen, Situation]]:
        """Everywhere that line capture starts."""
        for context in self.reach.contexts:
            base = self.reach.distance[context.number]
            for note, (distance, key) in context.notes.items():
                seen = seen_in(note, self._lane) if note.seen.kind is Kind.CAPTURED else None
                if seen is not None:
                    yield seen, Situation(key[0], self.state(key[1]), base + distance, context, key)

    @property
    def points(self) -> set[int]:
        """Every point that a run comes to."""
        found = {key[0] for context in self.reach.contexts for key in context.seen}
        for first in {point for context in self.reach.contexts for point in context.passed}:
            found.update(self._situations.passages.over(first))
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """An entry on a leg, to be judged. worlds: every value of what is unset.

    doubted: calls come over this leg only if A16, set to both, does not hold.
    """

    way: int
    leg: Leg
    worlds: tuple[World, ...]
    doubted: bool = False


class Analysis:
    """The analysis of an organisation. ways: the entries; cases: each on each of its legs."""

    def __init__(
        self,
        program: Program,
        inputs: Inputs,
        assumptions: Assumptions,
        *,
        include_orphans: bool = False,
        include_internal: bool = False,
        pins: PinTable | None = None,
    ) -> None:
        """inputs: consent points and announcements; assumptions: A1..A16 -> yes, no or both."""
        organisation = program.organisation
        self.program, self.organisation, self.assumptions = program, organisation, assumptions
        self.facts = Facts(self.program, inputs)
        self._passing = inputs.passing
        self.places = Places(len(self.program.points))
        self.worlds = Worlds(organisation, assumptions)
        self._explorers: dict[Regime, tuple[Explorer[int, Note], Situations]] = {}
        self._reached: dict[tuple[int, Regime], Reach[int, Note]] = {}
        self._explored: dict[tuple[int, Regime], Explored] = {}
        self._carriers = Carriers(organisation, assumptions, pins or {})
        self.stations = Stations(
            organisation,
            program.directory,
            free_seating=truth(assumptions["A5"])[-1],
            line_first=truth(assumptions["A6"])[-1],
        )
        self.ways: list[Way] = list(ordinary_ways(program, self.stations, internal=include_internal))
        self.audited = len(self.ways)
        self._add_orphans()
        flows_only = not self.audited and bool(organisation.flows)
        if include_orphans or flows_only:
            self.audited = len(self.ways)
        self.cases = tuple(self._cases())

    @property
    def audited_ways(self) -> range:
        """Indexes of the entries that are audited; the rest are orphans explored for RN206 only."""
        return range(self.audited)

    def _add_orphans(self) -> None:
        """Flows into which no run of another entry leads; those to which no other orphan refers come first."""
        reached = {f for index in range(len(self.ways)) for f in self.flows_of(index)}
        graph = flow_references(self.program)
        flows = self.organisation.flows
        candidates = [
            i
            for i, f in enumerate(flows)
            if f.type in ORPHAN_TYPES and i not in reached and self.program.codes[i].points
        ]
        chosen = set(candidates)
        referred = {i for i in candidates if any(p != i and p in chosen for p in nx.ancestors(graph, i))}
        for index in sorted(candidates, key=lambda i: (i in referred, flows[i].name, flows[i].id or "", i)):
            if index not in reached:
                self.ways.append(orphan(self.program, index))
                reached |= self.flows_of(len(self.ways) - 1)

    def _cases(self) -> Iterator[Case]:
        for index in self.audited_ways:
            for leg in self.legs_of(self.ways[index]):
                worlds = self.worlds.of(leg, customer_first=self.ways[index].customer_first)
                yield Case(index, leg, worlds, self._carriers.doubted(self.ways[index], leg))

    def legs_of(self, way: Way) -> tuple[Leg, ...]:
        """The legs of an entry."""
        return self._carriers.legs_of(way)

    def explored(self, way: int, regime: Regime) -> Explored:
        """Everything an entry shows in a regime."""
        found = self._explored.get((way, regime))
        if found is None:
            found = self._explored[way, regime] = self._explore(way, regime)
        return found

    def _explore(self, way: int, regime: Regime) -> Explored:
        lanes = self._lanes[regime.behaviour]
        explorer, situations = self._explorer(regime.behaviour)
        reach = self._reached.get((way, regime.behaviour))
        if reach is None:
            begin = situations.number(self.facts.environment.begin(State()))
            reach = Reach(explorer.root(self.places.id(Start(way)), begin))
            self._reached[way, regime.behaviour] = reach
        return Explored(reach, situations, lanes.regimes.index(regime))

    def _explorer(self, behaviour: Regime) -> tuple[Explorer[int, Note], Situations]:
        found = self._explorers.get(behaviour)
        if found is None:
            machine = CallMachine(self.facts, self._lanes[behaviour], self.places, self.ways)
            situations = Situations(machine, Passages(machine, passing=self._passing))
            found = self._explorers[behaviour] = (Explorer(situations), situations)
        return found

    @cached_property
    def _lanes(self) -> dict[Regime, Lanes]:
        """All regimes of all legs, by behaviour; and one without capture in which duties are followed."""
        regimes: dict[Regime, dict[Regime, None]] = {}
        legs = {(way.customer_first, leg) for way in self.ways for leg in self.legs_of(way)}
        for customer_first, leg in sorted(legs, key=repr):
            for world in self.worlds.of(leg, customer_first=customer_first):
                regimes.setdefault(world.regime.behaviour, {})[world.regime] = None
        found = {behaviour: Lanes(tuple(each)) for behaviour, each in regimes.items()}
        duties = self.plain.behaviour._replace(duties=True)
        return {**found, duties: Lanes((duties,)), **({} if found else {Regime(): Lanes((Regime(),))})}

    def flows_of(self, way: int) -> set[int]:
        """The flows that runs of an entry come through."""
        points = self.points_of(way)
        return {self.program.points[p].flow for p in points}

    def points_of(self, way: int) -> set[int]:
        """The program points that runs of an entry come to (in a regime without capture: they are the same)."""
        size = len(self.program.points)
        return {point for point in self.explored(way, self.plain).points if point < size}

    def with_duties(self, way: int) -> Explored:
        """What an entry shows when it is followed what answers lead to; see Regime.duties."""
        return self.explored(way, self.plain.behaviour._replace(duties=True))

    def runs_enable(self, way: int, point: int) -> bool:
        """Whether a run of an entry executes an enable action."""
        seen = self.explored(way, self.plain).first
        return any(s.kind is Kind.ENABLED and s.subject == point for s in seen)

    @cached_property
    def anything_tainted(self) -> bool:
        """Whether something is not understood on any run of any entry or orphan flow."""
        ways = range(len(self.ways))
        return any(s.kind is Kind.TAINTED for way in ways for s in self.explored(way, self.plain).first)

    @cached_property
    def plain(self) -> Regime:
        """A regime in which something is explored anyway; flows and points come out the same in each."""
        for way in self.ways:
            for leg in self.legs_of(way):
                return self.worlds.of(leg)[0].regime
        return Regime()

    @property
    def visits(self) -> int:
        """How many situations were visited: a measure of work that is free of noise."""
        return sum(explorer.visits for explorer, _ in self._explorers.values())
