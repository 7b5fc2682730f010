"""Explores every entry on every leg in every world, and says what was observed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from auditor.analysis.effects import EVIDENCE
from auditor.analysis.entries import ORPHAN_TYPES, Way, orphan
from auditor.analysis.explored import Explored, Steps
from auditor.analysis.exploring import Wanted
from auditor.analysis.grouping import Grouping
from auditor.analysis.legs import Leg
from auditor.analysis.rounds import Rounds
from auditor.analysis.shown import Asked, Shown
from auditor.analysis.state import Consent, Kind, Regime, Seen
from auditor.analysis.worlds import World, truth

Told = Callable[[str, int, int], None]


class Case(Struct, frozen=True):
    """An entry on a leg, to be judged. worlds: every value of what is unset.

    doubted: calls come over this leg only if A16, set to both, does not hold.
    """

    way: int
    leg: Leg
    worlds: tuple[World, ...]
    doubted: bool = False


class Analysis:
    """The analysis of an organisation. ways: the entries; cases: each on each of its legs."""

    def __init__(self, rounds: Rounds, *, whole: bool = False, told: Told | None = None) -> None:
        """whole: whether all that is judged is explored at once, or when it is looked at; told: of progress."""
        basis = rounds.basis
        self._rounds, self._whole, self._told_of = rounds, whole, told
        self.basis, self.program, self.facts, self.places = basis, basis.program, basis.facts, basis.places
        self.organisation, self.assumptions = basis.given.organisation, basis.given.assumptions
        self.worlds, self.stations = basis.worlds, basis.stations
        self.ways: Sequence[Way] = basis.ways
        self._grouping = Grouping(self.program, whole=not all(truth(self.assumptions["A14"])))
        ordinary = range(basis.ordinary)
        rounds.add(self._grouping.groups([(index, self.ways[index]) for index in ordinary]))
        self._explore(ordinary, whole=whole)
        self._add_orphans()
        self.audited = len(self.ways) if basis.audits_orphans else basis.ordinary
        self.cases = tuple(self._cases())

    @property
    def audited_ways(self) -> range:
        """Indexes of the entries that are audited; the rest are orphans explored for RN206 only."""
        return range(self.audited)

    def _explore(self, ways: Iterable[int], *, whole: bool) -> None:
        """Explores entries in all regimes in which they are judged, or in one."""
        asked: list[Asked] = []
        for way in ways:
            asked += [(way, each) for each in (self.basis.regimes(way) if whole else (self.plain,))]
        told = self._told_of
        self._rounds.ask(asked, None if told is None else lambda done, most: told("exploring calls", done, most))

    def _add_orphans(self) -> None:
        """Flows into which no run of another entry leads; those to which no other orphan refers come first."""
        flows = self.organisation.flows
        reached = {f for index in range(len(self.ways)) for f in self.flows_of(index)}
        candidates = {
            i
            for i, f in enumerate(flows)
            if f.type in ORPHAN_TYPES and i not in reached and self.program.codes[i].points
        }
        referred = {other for i in candidates for other in self._grouping.behind(i) if other != i} & candidates

        def order(index: int) -> tuple[str, str, int]:
            return flows[index].name, flows[index].id or "", index

        reached |= self._orphans(sorted(candidates - referred, key=order))
        for index in sorted(referred, key=order):
            if index not in reached:
                reached |= self._orphans([index])

    def _orphans(self, flows: Collection[int]) -> set[int]:
        """Makes flows entries of their own; says which flows their runs come through."""
        first = len(self.ways)
        new = [(first + number, orphan(self.program, flow)) for number, flow in enumerate(flows)]
        self._rounds.add(self._grouping.groups(new), tuple(flows))
        self._explore((way for way, _ in new), whole=self._whole and self.basis.audits_orphans)
        return {flow for way, _ in new for flow in self.flows_of(way)}

    def _cases(self) -> Iterator[Case]:
        for index in self.audited_ways:
            for leg in self.legs_of(self.ways[index]):
                worlds = self.worlds.of(leg, customer_first=self.ways[index].customer_first)
                yield Case(index, leg, worlds, self.basis.doubted(self.ways[index], leg))

    def legs_of(self, way: Way) -> tuple[Leg, ...]:
        """The legs of an entry."""
        return self.basis.legs_of(way)

    def shown(self, way: int, regime: Regime) -> Shown:
        """What an entry shows in a regime, wherever it was explored."""
        return self._rounds.shown(way, regime)

    def explored(self, way: int, regime: Regime) -> Explored:
        """Everything about an entry in a regime, explored in this process."""
        return self._rounds.here(way).explored(way, regime)

    def run(self, wanted: Wanted) -> Steps:
        """The shortest run that shows an observation."""
        return self._rounds.run(wanted)

    def look_up(self, wanted: Iterable[Wanted]) -> None:
        """Has runs ready that will be asked for."""
        self._rounds.ask_runs(wanted)

    def flows_of(self, way: int) -> set[int]:
        """The flows that runs of an entry come through."""
        points = self.points_of(way)
        return {self.program.points[p].flow for p in points}

    def points_of(self, way: int) -> set[int]:
        """The program points that runs of an entry come to (in a regime without capture: they are the same)."""
        return {point for point in self.shown(way, self.plain).points if point < self.program.end}

    def follow(self, duties: Iterable[tuple[int, str]]) -> None:
        """Has entries explored that with_duty will be asked for."""
        self._rounds.ask([(way, self.basis.following(duty)) for way, duty in duties])

    def with_duty(self, way: int, duty: str) -> Shown:
        """What an entry shows when it is followed what an answer leads to; see Regime."""
        return self.shown(way, self.basis.following(duty))

    def stores(self, way: int, question: int) -> bool:
        """Whether a run of an entry is found that stores a yes to a question, soon after it; see `storing`."""
        return bool(self.run(self._stored(way, question)))

    def look_for_stored(self, questions: Iterable[tuple[int, int]]) -> None:
        """Has it looked for. questions: entries with points at which they ask."""
        self.look_up([self._stored(way, question) for way, question in questions])

    def _stored(self, way: int, question: int) -> Wanted:
        seen = Seen(Kind.DONE, question, EVIDENCE, Consent.GRANTED, False, False, 0, False, 0)
        return way, self.basis.following(EVIDENCE), seen, False

    def runs_enable(self, way: int, point: int) -> bool:
        """Whether a run of an entry executes an enable action."""
        return point in self._enabled[way]

    @cached_property
    def _enabled(self) -> list[frozenset[int]]:
        """For each entry the enable actions that its runs execute."""
        return [
            frozenset(s.subject for s in self.shown(way, self.plain).first if s.kind is Kind.ENABLED)
            for way in range(len(self.ways))
        ]

    @cached_property
    def anything_tainted(self) -> bool:
        """Whether something is not understood on any run of any entry or orphan flow."""
        ways = range(len(self.ways))
        return any(s.kind is Kind.TAINTED for way in ways for s in self.shown(way, self.plain).first)

    @property
    def plain(self) -> Regime:
        """A regime in which something is explored anyway; flows and points come out the same in each."""
        return self.basis.plain

    @property
    def visits(self) -> int:
        """How many situations were visited: a measure of work that is free of noise."""
        return self._rounds.visits

    @property
    def widened(self) -> frozenset[str]:
        """Variables and points at which values were given up, in words."""
        return self._rounds.widened
