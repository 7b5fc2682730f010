"""The exploration of a group of entries, and what stays of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from auditor.analysis.consent import Answer
from auditor.analysis.effects import EVIDENCE
from auditor.analysis.explore import Explorer, Reach
from auditor.analysis.explored import Explored, Runs, Steps, Whole
from auditor.analysis.places import Start
from auditor.analysis.situations import Situations
from auditor.analysis.state import Kind, Note, Regime, Seen
from auditor.analysis.storing import stored
from auditor.analysis.tracking import SHARED
from auditor.analysis.trails import Laid, Trails

if TYPE_CHECKING:
    from auditor.analysis.basis import Basis

Wanted = tuple[int, Regime, Seen, bool]
"""The run that shows an observation of an entry in a regime; the last: brief, see Reach.path."""
GRANTED = Answer.GRANTED.value


class Exploring:
    """Explores entries of a group; contexts are shared, and what is given up of values is so for the group alone."""

    def __init__(self, basis: Basis, flows: frozenset[int], *, whole: bool = False) -> None:
        """flows: those into which calls are expected to come; it grows by those into which they come.

        whole: see Basis.situations; counted: situations that were kept when that was last looked at.
        """
        self._basis, self.flows, self._whole = basis, flows, whole
        self._explorers: dict[Regime, tuple[Explorer[int, Note], Situations]] = {}
        self._reached: dict[tuple[int, Regime], Reach[int, Note]] = {}
        self._explored: dict[tuple[int, Regime], Explored] = {}
        self._one_by_one: dict[Regime, Situations] = {}
        self._trails: dict[Regime, Trails] = {}
        self._laid: dict[Regime, Laid] = {}
        self._all: Exploring | None = None
        self.counted = 0

    def one_by_one(self, behaviour: Regime) -> Situations:
        """How calls move with all variables, kept as long as the group is."""
        found = self._one_by_one.get(behaviour)
        if found is None:
            found = self._one_by_one[behaviour] = self._basis.one_by_one(behaviour)
        return found

    @property
    def leaves_out(self) -> bool:
        """Whether there are variables in these flows that are tested, and not followed."""
        followed, tested = self._basis.explored.environment.keys, self._basis.facts.environment.keys
        return any(followed[flow] != tested[flow] for flow in (SHARED, *self.flows))

    def with_all(self, way: int, regime: Regime) -> Explored:
        """The same with all variables, kept as long as runs are looked up."""
        if self._all is None:
            self._all = Exploring(self._basis, self.flows, whole=True)
        return self._all.explored(way, regime)

    def explored(self, way: int, regime: Regime) -> Explored:
        """Everything an entry shows in a regime."""
        found = self._explored.get((way, regime))
        if found is None:
            found = self._explored[way, regime] = self._explore(way, regime)
        return found

    def ready(self, way: int, regime: Regime) -> None:
        """Explores an entry, unless it was explored here before."""
        if self._trail(way, regime.behaviour) is None:
            self.explored(way, regime)

    def run(self, wanted: Wanted) -> Steps:
        """The shortest run that shows an observation; where a yes is stored, if that is found: see `storing`."""
        way, regime, seen, brief = wanted
        if seen.kind is Kind.DONE and seen.extra == EVIDENCE:
            return self._stored(way, regime, seen.subject)
        return self.runs(way, regime).path(seen, brief=brief)

    def _stored(self, way: int, regime: Regime, question: int) -> Steps:
        runs = self.runs(way, self._basis.plain)
        yes = [seen for seen in runs.first if (seen.kind, seen.subject, seen.extra) == (Kind.ASKED, question, GRANTED)]
        if not yes:
            return []
        asked = runs.path(min(yes, key=lambda seen: (runs.first[seen], seen)))
        found = stored(self.one_by_one(regime.behaviour), [situation for situation, _ in asked], question)
        return [] if found is None else [(found, "")]

    def runs(self, way: int, regime: Regime) -> Runs:
        """What an entry shows in a regime and the runs to it, also after the rest was let go."""
        behaviour = regime.behaviour
        trails = self._trail(way, behaviour)
        if (way, regime) in self._explored or trails is None:
            return self.explored(way, regime)
        if behaviour not in self._laid:
            whole = self._follows_all(behaviour)
            self._laid[behaviour] = trails.laid(self._basis.passages(behaviour, self.flows, whole=whole))
        return self._laid[behaviour].runs(way, self._lane(regime), self._with_all(way, regime))

    def _trail(self, way: int, behaviour: Regime) -> Trails | None:
        found = self._trails.get(behaviour)
        return found if found is not None and way in found.ways else None

    def _explore(self, way: int, regime: Regime) -> Explored:
        behaviour = regime.behaviour
        if behaviour in self._trails and behaviour not in self._explorers:
            for before in self._trails[behaviour].ways:
                self._reach(before, behaviour)
        while (way, behaviour) not in self._reached:
            flows = self._reach(way, behaviour)
            if not flows <= self.flows:
                self._again(flows)
        _, situations = self._explorer(behaviour)
        return Explored(self._reached[way, behaviour], situations, self._lane(regime), self._with_all(way, regime))

    def _lane(self, regime: Regime) -> int:
        return self._basis.lanes[regime.behaviour].regimes.index(regime)

    def _with_all(self, way: int, regime: Regime) -> Whole | None:
        fewer = self._basis.given.inputs.passing and not self._follows_all(regime)
        return _Whole(self, way, regime) if fewer else None

    def _follows_all(self, regime: Regime) -> bool:
        """Whether all variables are followed; what is stored on some ways only hangs on any of them."""
        return self._whole or regime.evidence

    def _reach(self, way: int, behaviour: Regime) -> set[int]:
        """Explores an entry; the flows that are entered."""
        explorer, situations = self._explorer(behaviour)
        reach = Reach(explorer.root(self._basis.places.id(Start(way)), situations.begin))
        self._reached[way, behaviour] = reach
        points = self._basis.program.points
        return {points[context.point].flow for context in reach.contexts if context.point in points}

    def _again(self, flows: set[int]) -> None:
        """Begins anew with more flows: what is seen may not hang on what others have looked at before."""
        self.flows |= flows
        trails = [(way, behaviour) for behaviour, each in self._trails.items() for way in each.ways]
        before = dict.fromkeys([*trails, *self._reached])
        self._trails.clear()
        self._forget()
        for way, behaviour in before:
            self._reach(way, behaviour)

    def _explorer(self, behaviour: Regime) -> tuple[Explorer[int, Note], Situations]:
        found = self._explorers.get(behaviour)
        if found is None:
            situations = self._basis.situations(behaviour, self.flows, whole=self._follows_all(behaviour))
            found = self._explorers[behaviour] = (Explorer(situations), situations)
        return found

    def let_go(self) -> None:
        """Forgets the situations but for the runs to what they showed. Asked for more, it explores again."""
        for behaviour, (explorer, situations) in self._explorers.items():
            reached = {way: reach for (way, each), reach in self._reached.items() if each == behaviour}
            widened = frozenset(situations.machine.facts.environment.widened)
            self._trails[behaviour] = Trails(reached, situations, explorer.visits, widened)
        self.counted = 0
        self._forget()

    def _forget(self) -> None:
        self.fold()
        for explorer, _ in self._explorers.values():
            explorer.let_go()
        for found in (self._explorers, self._reached, self._explored):
            found.clear()

    def fold(self) -> None:
        """Packs away the runs that were looked up."""
        self._laid.clear()
        self._one_by_one.clear()
        if self._all is not None:
            self._all._forget()
            self._all = None

    @property
    def kept(self) -> int:
        """How many situations are kept."""
        return sum(explorer.visits for explorer, _ in self._explorers.values())

    @property
    def visits(self) -> int:
        """How many situations were visited, each counted once if it was explored again."""
        return self.kept + sum(each.visits for each in self._before())

    @property
    def widened(self) -> frozenset[str]:
        """Variables and points at which values were given up, in words."""
        environments = (situations.machine.facts.environment for _, situations in self._explorers.values())
        before = (each.widened for each in self._before())
        return frozenset[str]().union(*before, *(environment.widened for environment in environments))

    def _before(self) -> list[Trails]:
        """What stays of what was let go and not explored again."""
        return [trails for behaviour, trails in self._trails.items() if behaviour not in self._explorers]


class _Whole(Struct, frozen=True):
    """An entry in a regime, with all variables."""

    exploring: Exploring
    way: int
    regime: Regime

    @property
    def situations(self) -> Situations:
        return self.exploring.one_by_one(self.regime.behaviour)

    @property
    def differs(self) -> bool:
        return self.exploring.leaves_out

    def explored(self) -> Explored:
        return self.exploring.with_all(self.way, self.regime)
