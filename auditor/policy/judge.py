"""Judgement of what runs show: rules over observations, for every entry on every leg (semantics, sections 1 and 8)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.legs import Switch
from auditor.analysis.observations import Fact, ObjectKey, Observation, Observer
from auditor.analysis.state import Seen
from auditor.model.policy import Mode
from auditor.model.rules import Rule, RuleSet
from auditor.policy.evidence import Evidence, Mark, Run
from auditor.policy.modes import ModeChoice, satisfied

BESIDE_THE_CALLER = frozenset({"RC114", "RC131", "RC141"})
"""Breaches that are not about recording the caller: internal calls, third parties, copies."""
LATENT = frozenset({"RC102", "RC103", "RC104", "RC105", "RC106", "RC107"})
"""Findings that only matter on a leg on which recording can be enabled; on others they are latent."""

NEVER = frozenset({-1})
"""Worlds that there are not: what would have to occur there is not certain."""


class Judged(Struct):
    """Evidence by finding, and the mode of every case."""

    found: dict[Mark, Evidence]
    modes: tuple[ModeChoice, ...]

    def evidence(self, code: str, key: ObjectKey) -> Evidence:
        """The evidence for one finding, begun when there is none."""
        return self.found.setdefault((code, key), Evidence())


class Judge:
    """Applies the rules to what runs show."""

    def __init__(self, analysis: Analysis, observer: Observer, rules: RuleSet, modes: tuple[ModeChoice, ...]) -> None:
        self.analysis, self.observer, self.rules = analysis, observer, rules
        self.judged = Judged({}, modes)
        self._by_observation: dict[str, list[Rule]] = {}
        for rule in rules.rules:
            for observation in rule.observations:
                self._by_observation.setdefault(observation, []).append(rule)

    def run(self) -> Judged:
        """Judges every case in every world."""
        for index, case in enumerate(self.analysis.cases):
            for world_index in range(len(case.worlds)):
                self._world(index, case, world_index)
        return self.judged

    def is_breach(self, case: int, world: int, seen: Seen, code: str) -> bool:
        """Whether an observation breaks this rule, or one about recording the caller without consent."""
        it = self.analysis.cases[case]
        for observation in self.observer.of(it, it.worlds[world], seen, 0):
            facts = mode_facts(observation.facts, seen, self.judged.modes[case].mode)
            for rule in self._by_observation.get(observation.kind, ()):
                mine = rule.code == code or (rule.code.startswith("RC") and rule.code not in BESIDE_THE_CALLER)
                if rule.on and mine and rule.holds(facts):
                    return True
        return False

    def _world(self, index: int, case: Case, world_index: int) -> None:
        world, mode = case.worlds[world_index], self.judged.modes[index].mode
        matters = self.observer.can_enable(case, world)
        for observation in self.observer.observations(case, world):
            facts = mode_facts(observation.facts, observation.seen, mode)
            facts["can_enable"] = matters
            for rule in self._by_observation.get(observation.kind, ()):
                if rule.on and rule.holds(facts):
                    self._add(rule, index, case, world_index, observation, matters)

    def _add(
        self, rule: Rule, index: int, case: Case, world_index: int, observation: Observation, matters: bool
    ) -> None:
        only = rule.code in LATENT and observation.kind != "capture-starts"
        run = Run(
            index, world_index, observation.seen, observation.distance, observation.solid, matters if only else True
        )
        counted = counted_worlds(case, rule.code if only else "")
        self.judged.evidence(rule.code, observation.object).at(index, counted).add(run)


def mode_facts(facts: Mapping[str, Fact], seen: Seen, mode: Mode) -> dict[str, Fact]:
    """The facts with what the mode says of them."""
    return {**facts, "mode": mode.value, "mode_satisfied": satisfied(mode, seen.consent.word, seen.noticed)}


def counted_worlds(case: Case, code: str) -> frozenset[int]:
    """The worlds in which a finding must occur to be certain: all, with the one exception of section 1."""
    if case.doubted:
        return NEVER
    if code in LATENT and case.leg.line is Switch.UNSET and case.leg.gate is Switch.UNSET:
        return frozenset(i for i, w in enumerate(case.worlds) if w.line and w.gate)
    return frozenset(range(len(case.worlds)))
