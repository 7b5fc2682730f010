"""Rules of the user's own about all runs together: of an entry on a leg, an enable action, a consent point, a queue.

Shipped rules of this kind are judged one by one, with the certainty that the semantics give each of them. For others
one measure holds: a fact is sure if no run that is not understood could change it, and a finding is certain if all
facts that it asks for are sure under every value of what is unset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.legs import Switch
from auditor.analysis.observations import Fact, ObjectKey
from auditor.analysis.state import Consent, Kind, Seen
from auditor.graph.points import Point
from auditor.model.rules import SUMMARY_FACTS, Rule, RuleSet
from auditor.policy.evidence import Run
from auditor.policy.judge import counted_worlds
from auditor.policy.quality import Quality
from auditor.policy.queues import Deletions
from auditor.policy.retention import DIRECTIONS, kept
from auditor.policy.summaries import NO_RUN, Listed, Shown, Summaries, listed

_SHOWN_BY: Mapping[str, Callable[[Seen], bool]] = {
    "asks": lambda seen: seen.kind is Kind.ASKED,
    "enables": lambda seen: seen.kind is Kind.ENABLED,
    "connects": lambda seen: seen.kind in (Kind.REACHED, Kind.CONNECTED),
    "connects_unasked": lambda seen: seen.kind is Kind.CONNECTED and seen.consent is Consent.UNASKED,
    "connects_refused": lambda seen: seen.kind is Kind.CONNECTED and seen.consent is Consent.REFUSED,
    "connects_unannounced": lambda seen: seen.kind is Kind.CONNECTED and not seen.noticed,
}
"""Facts of an entry that a single run shows."""


class Told(Struct, frozen=True):
    """A fact. values: what it may be, as unset settings are; sure: no run that is not understood could change it."""

    values: frozenset[Fact]
    sure: bool = True


def known(value: Fact, sure: bool = True) -> Told:
    """A fact with one value."""
    return Told(frozenset({value}), sure)


Facts = Mapping[str, Told]


def holds(rule: Rule, facts: Facts) -> bool | None:
    """None: what the rule calls wrong is not so; else whether that is certain."""
    certain = True
    for condition in rule.when:
        told = facts.get(condition.fact)
        if told is None or told.values.isdisjoint(condition.allowed):
            return None
        certain = certain and told.sure and told.values <= set(condition.allowed)
    return certain


class Wholes:
    """Judges the rules of the user's own that are about all runs together."""

    def __init__(self, summaries: Summaries, quality: Quality, deletions: Deletions, rules: RuleSet) -> None:
        self.summaries, self.quality, self.deletions = summaries, quality, deletions
        self.analysis: Analysis = summaries.analysis
        self.observer, self.judged = summaries.observer, summaries.judged
        self.rules = {
            kind: [rule for rule in rules.rules if rule.own and rule.on and kind in rule.observations]
            for kind in SUMMARY_FACTS
        }

    def run(self) -> None:
        """Judges every object of which a rule speaks."""
        if self.rules["entry-summary"]:
            for index, case in enumerate(self.analysis.cases):
                self._entry(index, case)
        if self.rules["enable-summary"]:
            for point in self.summaries.enables:
                runs = self.summaries.shown.get((Kind.ENABLED, point.id, ""), Shown())
                self._judge("enable-summary", ObjectKey("point", point.id), self._of_enable(point, runs), listed(runs))
        if self.rules["point-summary"]:
            for index in self.summaries.asked():
                runs = self.summaries.any_answer(index)
                self._judge("point-summary", ObjectKey("point", index), dict(self._of_point(index, runs)), listed(runs))
        if self.rules["queue-summary"]:
            for index in range(len(self.analysis.organisation.queues)):
                facts, connected = self._of_queue(index)
                self._judge("queue-summary", ObjectKey("queue", index), facts, connected)

    def _judge(self, kind: str, key: ObjectKey, facts: Facts, runs: Iterable[Listed]) -> None:
        for rule in self.rules[kind]:
            certain = holds(rule, facts)
            if certain is not None:
                self.summaries.report(rule.code, key, list(runs) or [NO_RUN], certain)

    def _entry(self, index: int, case: Case) -> None:
        """Each world by itself: what is unset has one value there."""
        told = [self._of_entry(index, case, world) for world in range(len(case.worlds))]
        for rule in self.rules["entry-summary"]:
            found = [(world, holds(rule, facts)) for world, (facts, _) in enumerate(told)]
            worlds = {world: certain for world, certain in found if certain is not None}
            if not worlds:
                continue
            counted = counted_worlds(case, rule.code)
            local = self.judged.evidence(rule.code, ObjectKey("entry", case.way)).at(index, counted)
            for world in worlds:
                distance, seen = _witness(rule, told[world][1])
                solid = seen is None or _solid(seen)
                local.add(Run(index, world, seen, distance, solid, matters=True))
            local.certain_here = bool(counted) and all(worlds.get(world, False) for world in counted)

    def _of_entry(self, index: int, case: Case, number: int) -> tuple[Facts, Mapping[str, tuple[int, Seen]]]:
        """The facts of an entry on a leg in a world, and the shortest run for each that a run shows."""
        world, way = case.worlds[number], self.analysis.ways[case.way]
        shown = self._shown(case, number)
        clear = not self.summaries.tainted([index])
        facts = {
            "kind": known(way.kind.value),
            "direction": known(case.leg.direction.value),
            "line": known("on" if world.line else "off"),
            "gate": known("on" if world.gate else "off"),
            "recording_gated_leg": known(world.line and world.gate),
            "mode": known(self.judged.modes[index].mode.value),
            "flow_could_enable": known(self._could_enable(case.way), clear),
            "legs_disagree": self._disagree(case.way),
        }
        for fact in (*_SHOWN_BY, "captured"):
            facts[fact] = known(True, _solid(shown[fact][1])) if fact in shown else known(False, clear)
        return facts, shown

    def _shown(self, case: Case, number: int) -> Mapping[str, tuple[int, Seen]]:
        """Fact -> the shortest run that shows it, one without taint if there is any."""
        world = case.worlds[number]
        found: dict[str, tuple[int, Seen]] = {}
        for seen, distance in self.analysis.shown(case.way, world.regime).first.items():
            facts = [fact for fact, shows in _SHOWN_BY.items() if shows(seen)]
            observations = self.observer.of(case, world, seen, distance)
            if any(o.kind == "capture-starts" and o.facts["exempt"] == "none" for o in observations):
                facts.append("captured")
            for fact in facts:
                best = found.get(fact)
                if best is None or (not _solid(seen), distance, seen) < (not _solid(best[1]), *best):
                    found[fact] = (distance, seen)
        return found

    def _could_enable(self, way: int) -> bool:
        flows = self.analysis.flows_of(way)
        return any(point.flow in flows for point in self.summaries.enables)

    def _disagree(self, way: int) -> Told:
        """Whether line or gate differ between the legs of an entry; open where only something unset can differ."""
        mine = [case for case in self.analysis.cases if case.way == way]
        if len({(case.leg.line, case.leg.gate) for case in mine}) < 2:
            return known(False)
        settled = [(case.leg.line, case.leg.gate) for case in mine if not case.doubted]
        known_values = [
            {each for each in setting if each is not Switch.UNSET} for setting in zip(*settled, strict=True)
        ]
        return known(True) if any(len(values) > 1 for values in known_values) else Told(frozenset({True, False}))

    def _of_enable(self, point: Point, runs: Shown) -> Facts:
        reached = any(self.analysis.runs_enable(way, point.id) for way in range(len(self.analysis.ways)))
        facts: Facts = {
            "flow_type": known(self.analysis.organisation.flows[point.flow].type.value),
            "named": known(self.quality.named(point)),
            "runs": known(reached, reached or not self.analysis.anything_tainted),
        }
        if not runs.runs:
            return facts
        cases = sorted({case for case, _ in runs.runs})
        captured = self.summaries.shown.get((Kind.DONE, point.id, "capture"), Shown())
        clear = not self.summaries.tainted(cases)
        legs = self.analysis.cases
        gated = self._over_worlds(cases, lambda c, w: legs[c].worlds[w].line and legs[c].worlds[w].gate)
        records = self._over_worlds(cases, self.summaries.records)
        kept_on = self._over_worlds(cases, captured.any)
        return {
            **facts,
            "recording_gated_leg": Told(gated, runs.solid_anywhere),
            "records": Told(records, clear or records == {True}),
            "captured": Told(kept_on, captured.solid_anywhere if kept_on == {True} else clear),
        }

    def _over_worlds(self, cases: Iterable[int], shows: Callable[[int, int], bool]) -> frozenset[bool]:
        """Whether some case shows it: true if one does in all its worlds, false if none does in any."""
        told = [{shows(case, world) for world in range(len(self.analysis.cases[case].worlds))} for case in cases]
        if {True} in told:
            return frozenset({True})
        return frozenset().union(*told)

    def _of_point(self, index: int, runs: Shown) -> Iterator[tuple[str, Told]]:
        clear = not self.summaries.tainted({case for case, _ in runs.runs})
        yield "kind", known(self.analysis.facts.points[index].kind.value)
        parts = self.summaries.enabled_after(index)
        every = len(parts) > 1 and all(part.runs for part in parts)
        yield "every_class_enables", known(every, all(part.solid_anywhere for part in parts) if every else clear)
        for duty, fact in (("service", "refused_reaches_service"), ("evidence", "evidence_kept")):
            does = self.quality.does(index, duty)
            if does is not None:
                yield fact, known(does, clear and self.quality.answers(index, duty).solid_anywhere)
        silent = self.quality.silent(index)
        if silent is not None:
            yield "silent_language", known(silent)

    def _of_queue(self, index: int) -> tuple[Facts, list[Listed]]:
        organisation = self.analysis.organisation
        retention = kept(organisation.queues[index], organisation)
        connected, captured = self.deletions.connections(index), self.deletions.captured(index)
        deleted = [run for run in captured if self.deletions.directions(run) <= retention.deleted]
        captured = deleted or captured
        directions = [self.deletions.directions(run) for run in captured] or [frozenset(DIRECTIONS)]
        sure = any(each <= retention.certain for each in directions)
        clear = not self.summaries.tainted(range(len(self.analysis.cases)))
        facts = {
            "connects": known(bool(connected), _any_solid(connected) if connected else clear),
            "captured": known(False, clear),
            "always_deleted": known(any(each <= retention.deleted for each in directions), sure),
        }
        if captured:
            always = self.deletions.in_every_world(captured)
            facts["captured"] = Told(frozenset({True} if always else {True, False}), _any_solid(captured))
        return facts, captured or connected


def _witness(rule: Rule, shown: Mapping[str, tuple[int, Seen]]) -> tuple[int, Seen | None]:
    """The run for the last fact that the rule wants shown."""
    for condition in reversed(rule.when):
        if True in condition.allowed and condition.fact in shown:
            return shown[condition.fact]
    return (0, None)


def _solid(seen: Seen) -> bool:
    return not seen.tainted and seen.doubt < 2


def _any_solid(runs: Iterable[Listed]) -> bool:
    return any(seen is not None and _solid(seen) for _, _, _, seen in runs)
