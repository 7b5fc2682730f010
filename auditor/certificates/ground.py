"""What certificates are made on and checked against: the configuration, its entries and legs, rules and policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from auditor.analysis.carriers import Carriers
from auditor.analysis.entries import ORPHAN_TYPES, EntryKind, Way, orphan
from auditor.analysis.facts import Facts, Inputs
from auditor.analysis.lanes import Lanes
from auditor.analysis.legs import Leg
from auditor.analysis.machine import CallMachine
from auditor.analysis.outbound import ordinary_ways
from auditor.analysis.places import Connected, Endpoint, InQueue, Places, Wait
from auditor.analysis.stations import Stations
from auditor.analysis.worlds import World, Worlds
from auditor.certificates.form import BadForm, Basis, Claim, EntryForm, LegForm, NamedForm
from auditor.certificates.names import Names, plain
from auditor.certificates.spelling import Contexts, Regimes
from auditor.graph.program import Program
from auditor.model.jurisdictions import Jurisdictions
from auditor.model.policy import Mode, Policy
from auditor.model.rules import SUMMARY_FACTS, Rule, RuleSet
from auditor.model.settings import Known, Setting
from auditor.policy.entry_modes import entry_mode
from auditor.policy.pins import pins_of

_TOLD = ("flow", "route", "trunk", "phone", "queue", "campaign", "did")
"""Kinds of subjects of which it can be told who reads them; any other may matter to every entry."""

_BEGINS = {EntryKind.NUMBER: "did"}
"""Kinds of entries that problems call otherwise."""


class Seat(NamedTuple):
    """Who has a call. records: a phone there may record, one that is not exported too; copied: the queue has the call
    transcribed or monitored.
    """

    records: bool
    copied: bool


NOBODY = Seat(False, False)


class Ground:
    """ways: every entry there can be, orphan flows too; facts: values of variables are followed exactly; rules: those
    of recording without consent that are on; about_all: codes of own rules among them that no single call breaks.
    """

    def __init__(
        self,
        program: Program,
        inputs: Inputs,
        rules: RuleSet,
        policy: Policy,
        jurisdictions: Jurisdictions,
        basis: Basis,
    ) -> None:
        """inputs: what the exploration starts from; basis: what they all were read from."""
        self.program, self.inputs, self.basis, self.organisation = program, inputs, basis, program.organisation
        self.rules = breakable(rules)
        self.about_all = tuple(
            r.code for r in self.rules if r.own and not SUMMARY_FACTS.keys().isdisjoint(r.observations)
        )
        self.facts = Facts(program, replace(inputs, widens=False))
        self.places = Places(program.end)
        self.names = Names(program, self.places)
        self._worlds = Worlds(self.organisation, basis.assumptions)
        self._policy, self._jurisdictions = policy, jurisdictions
        self._carriers = Carriers(self.organisation, basis.assumptions, pins_of(self.organisation, policy))
        self._stations: dict[tuple[bool, bool], Stations] = {}
        self.ways = tuple(_ways(program, self.stations(free_seating=True, line_first=True)))
        self.entries: Mapping[EntryForm, int] = {form: index for index, form in enumerate(_forms(self.ways))}

    def stations(self, *, free_seating: bool, line_first: bool) -> Stations:
        """The phones, as assumptions A5 and A6 have it."""
        found = self._stations.get((free_seating, line_first))
        if found is None:
            found = self._stations[free_seating, line_first] = Stations(
                self.organisation, self.program.directory, free_seating=free_seating, line_first=line_first
            )
        return found

    def find(self, claim: Claim) -> tuple[int, Leg]:
        """The entry that is meant, by index, and its leg; raises BadForm when there is none."""
        index = self.entries.get(claim.entry, -1)
        leg = self.legs(index).get(claim.leg) if index >= 0 else None
        if leg is None:
            raise BadForm("claim: there is no such entry, or it has no such leg")
        return index, leg

    def legs(self, entry: int) -> dict[LegForm, Leg]:
        """The legs of an entry by how certificates name them."""
        return {self._leg_form(leg): leg for leg in self._carriers.legs_of(self.ways[entry])}

    def worlds(self, entry: int, leg: Leg) -> tuple[World, ...]:
        """Every value of what is unset on a leg."""
        return self._worlds.of(leg, customer_first=self.ways[entry].customer_first)

    def mode(self, entry: int, leg: Leg, reached: Iterable[Contexts], day: date) -> Mode:
        """The mode on that day of an entry whose calls reach this."""
        flows = set(self._flows(_points(reached)))
        way = self.ways[entry]
        return entry_mode(self.organisation, way, leg, flows, self._policy, self._jurisdictions, day).mode

    def unclear(self, entry: int, leg: Leg, reached: Iterable[Contexts]) -> Iterator[str]:
        """What was not read whole, and what names of this leave open about an entry whose calls reach this."""
        read = set(self._read(entry, leg, _points(reached)))
        for problem in self.organisation.problems:
            if problem.unread:
                yield f"basis: {problem.location.file} was not read whole"
            elif problem.doubtful and (problem.subject in read or problem.subject.partition(":")[0] not in _TOLD):
                yield f"basis: which {problem.subject} is meant in {problem.location.file} is not known"

    def _flows(self, points: Iterable[int]) -> Iterator[int]:
        return (self.program.points[p].flow for p in points if self.places.at(p) is None)

    def _read(self, entry: int, leg: Leg, points: Collection[int]) -> Iterator[str]:
        """Subjects of problems of what these points look at."""
        organisation, way = self.organisation, self.ways[entry]
        yield f"{_BEGINS.get(way.kind, way.kind)}:{way.name}"
        yield from (f"trunk:{organisation.trunk_bases[t].name}" for t in leg.trunks)
        yield from (f"flow:{organisation.flows[f].name}" for f in set(self._flows(points)))
        for place in map(self.places.at, points):
            match place:
                case Wait(queue=queue) | Connected(endpoint=InQueue(queue=queue)) if queue >= 0:
                    yield f"queue:{organisation.queues[queue].name}"
            if isinstance(place, Connected):
                for seated in {world.free_seating for world in self.worlds(entry, leg)}:
                    seats = self.stations(free_seating=seated, line_first=True).at(place.endpoint)
                    yield from (f"phone:{organisation.phones[phone].name}" for phone in seats.phones)

    def machine(self, regimes: Regimes) -> CallMachine:
        """How calls move in these regimes, all of one behaviour; raises BadForm if they are not."""
        if len({regime.behaviour for regime in regimes}) != 1:
            raise BadForm("its regimes do not belong together")
        return CallMachine(self.facts, Lanes(regimes), self.places, self.ways)

    def seat(self, point: int, world: World) -> Seat:
        """The seats of who has the call at a point at which it is connected."""
        place = self.places.at(point)
        assert isinstance(place, Connected)
        stations = self.stations(free_seating=world.free_seating, line_first=world.line_first)
        seats = stations.at(place.endpoint)
        records = any(_on(stations.recording[phone], world.stations) for phone in seats.phones)
        return Seat(records or (seats.unknown and world.stations), self._copied(place.endpoint, world))

    def _copied(self, endpoint: Endpoint, world: World) -> bool:
        if not isinstance(endpoint, InQueue) or endpoint.queue < 0:
            return False
        queue = self.organisation.queues[endpoint.queue]
        return any(_on(each, world.copies) for each in (queue.transcription, queue.monitoring))

    def _leg_form(self, leg: Leg) -> LegForm:
        bases = self.organisation.trunk_bases
        trunks = tuple(NamedForm(plain(bases[t].name), plain(bases[t].id)) for t in leg.trunks)
        return LegForm(
            leg.direction.value, leg.line.value, leg.gate.value, leg.consult.value, leg.external.value, leg.hold.value,
            trunks,
        )  # fmt: skip


def _points(reached: Iterable[Contexts]) -> set[int]:
    return {point for contexts in reached for within in contexts.values() for point, _ in within.situations}


def breakable(rules: RuleSet) -> tuple[Rule, ...]:
    """The rules on recording without consent that are on."""
    return tuple(rule for rule in rules.rules if rule.on and rule.code.startswith("RC"))


def _on(setting: Setting[bool], otherwise: bool) -> bool:
    return setting.value if isinstance(setting, Known) else otherwise


def _ways(program: Program, stations: Stations) -> Iterator[Way]:
    yield from ordinary_ways(program, stations, internal=True)
    for index, flow in enumerate(program.organisation.flows):
        if flow.type in ORPHAN_TYPES and program.codes[index].points:
            yield orphan(program, index)


def _forms(ways: Iterable[Way]) -> Iterator[EntryForm]:
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for way in ways:
        key = (way.kind.value, plain(way.name), None if way.id is None else plain(way.id))
        yield EntryForm(*key, seen[key])
        seen[key] += 1
