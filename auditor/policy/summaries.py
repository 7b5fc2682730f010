"""Findings about all runs together: what no run does, and what all answers have in common (RC105, RN202 to RN212).

Such a finding is certain only if no tainted run and no value of an unset setting could undo it (section 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from msgspec import Struct, field

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.consent import Answer
from auditor.analysis.entries import EntryKind
from auditor.analysis.facts import classes_of
from auditor.analysis.legs import Switch
from auditor.analysis.observations import Fact, ObjectKey, Observer
from auditor.analysis.state import Consent, Kind, Seen
from auditor.graph.points import Point
from auditor.model.operations import EnableRecording
from auditor.model.rules import RuleSet
from auditor.policy.evidence import Run
from auditor.policy.judge import Judged, counted_worlds
from auditor.policy.modes import satisfied

Listed = tuple[int, int, int, Seen | None]
"""A run: case, world, distance, what was seen."""
NO_RUN: Listed = (-1, -1, 0, None)
"""Stands for the absence of runs."""


class Shown(Struct):
    """What is seen of one kind at one object: runs by (case, world). any: also tainted ones."""

    runs: dict[tuple[int, int], dict[bool, tuple[int, Seen]]] = field(default_factory=dict)

    def add(self, case: int, world: int, distance: int, seen: Seen) -> None:
        """Keeps the shortest run, solid and not."""
        solid = not seen.tainted and seen.doubt < 2
        slot = self.runs.setdefault((case, world), {})
        if solid not in slot or (distance, seen) < slot[solid]:
            slot[solid] = (distance, seen)

    def solid(self, case: int, world: int) -> bool:
        """Shown on a run without taint."""
        return True in self.runs.get((case, world), {})

    @property
    def solid_anywhere(self) -> bool:
        """Whether any run shows it without taint."""
        return any(True in slot for slot in self.runs.values())

    def any(self, case: int, world: int) -> bool:
        """Shown on any run."""
        return (case, world) in self.runs


class Summaries:
    """Collects what all cases show, and judges it as a whole."""

    def __init__(self, analysis: Analysis, observer: Observer, rules: RuleSet, judged: Judged) -> None:
        self.analysis, self.observer, self.judged = analysis, observer, judged
        self.rules = {rule.code: rule for rule in rules.rules if rule.on}
        self.shown: dict[tuple[Kind, int, str], Shown] = {}
        self.by_case: dict[tuple[Kind, int], Shown] = {}
        self.unsatisfied: dict[int, Shown] = {}
        for index, case in enumerate(analysis.cases):
            for number, world in enumerate(case.worlds):
                for seen, distance in analysis.shown(case.way, world.regime).first.items():
                    self.shown.setdefault((seen.kind, seen.subject, seen.extra), Shown()).add(
                        index, number, distance, seen
                    )
                    self.by_case.setdefault((seen.kind, case.way), Shown()).add(index, number, distance, seen)
                    if seen.kind is Kind.ENABLED_AFTER and not self._satisfied(index, seen):
                        self.unsatisfied.setdefault(seen.subject, Shown()).add(index, number, distance, seen)

    def run(self) -> None:
        """Judges actions, consent points and entries."""
        for point in self.enables:
            self._enable(point)
        for point_id in self.asked():
            self._answers_without_effect(point_id)
        for index, case in enumerate(self.analysis.cases):
            self._entry(index, case)

    def asked(self) -> list[int]:
        """Every consent point that some run passes."""
        return sorted({s for (kind, s, _) in self.shown if kind is Kind.ASKED})

    def any_answer(self, point: int) -> Shown:
        """The runs that leave a consent point, whatever the answer."""
        merged = Shown()
        for answer in Answer:
            merged.runs.update(self.shown.get((Kind.ASKED, point, answer.value), Shown()).runs)
        return merged

    @cached_property
    def enables(self) -> tuple[Point, ...]:
        """Every Enable Participant Recording of the organisation."""
        return tuple(point for point, _ in self.analysis.program.acting(EnableRecording))

    def holds(self, code: str, facts: Mapping[str, Fact]) -> bool:
        """Whether a rule that is on says that these facts are wrong."""
        rule = self.rules.get(code)
        return rule is not None and rule.holds(facts)

    def report(
        self, code: str, key: ObjectKey, runs: Iterable[Listed], certain: bool,
        matters: Callable[[int, int], bool] | None = None,
    ) -> None:  # fmt: skip
        """Adds a finding. runs: (case, world, distance, seen); matters: for those that can be latent."""
        evidence = self.judged.evidence(code, key)
        for case, world, distance, seen in runs:
            local = evidence.at(case, counted_worlds(self.analysis.cases[case], code) if case >= 0 else frozenset())
            solid = seen is None or (not seen.tainted and seen.doubt < 2)
            local.add(Run(case, world, seen, distance, solid, matters is None or matters(case, world)))
            local.certain_here = certain and not (case >= 0 and self.analysis.cases[case].doubted)

    def _enable(self, point: Point) -> None:
        assert point.site is not None
        runs = self.shown.get((Kind.ENABLED, point.id, ""), Shown())
        key = ObjectKey("point", point.id)
        flow_type = self.analysis.organisation.flows[point.flow].type.value
        if self.holds("RN209", {"flow_type": flow_type}):
            self.report("RN209", key, listed(runs) or [NO_RUN], True)
        self._unreachable(point, key)
        if not runs.runs:
            return
        self._nothing_records(key, runs)
        self._never_captured(key, point, runs)

    def _unreachable(self, point: Point, key: ObjectKey) -> None:
        """RN206: no run of any entry or orphan flow reaches it; orphans are explored for this without the option."""
        reached = [self.analysis.runs_enable(way, point.id) for way in range(len(self.analysis.ways))]
        if not any(reached) and self.holds("RN206", {"runs": False}):
            self.report("RN206", key, [NO_RUN], not self.analysis.anything_tainted)

    def _nothing_records(self, key: ObjectKey, runs: Shown) -> None:
        """RN202: on none of its legs does line or station record."""
        cases = {case for case, _ in runs.runs}
        every = [(c, w) for c in cases for w in range(len(self.analysis.cases[c].worlds))]
        records = {(c, w): self.records(c, w) for c, w in every}
        possible = all(any(not records[c, w] for w in range(len(self.analysis.cases[c].worlds))) for c in cases)
        if possible and self.holds("RN202", {"runs": True, "records": False}):
            certain = not any(records.values()) and runs.solid_anywhere
            quiet = [r for r in listed(runs) if not records[r[0], r[1]]]
            self.report("RN202", key, quiet, certain and not self.tainted(cases))

    def records(self, case: int, world: int) -> bool:
        """Whether line or a reachable station records in a world of a case."""
        it = self.analysis.cases[case]
        return it.worlds[world].line or self.observer.station_may_record(it, it.worlds[world])

    def tainted(self, cases: Iterable[int]) -> bool:
        """Whether something was not understood on a run of these cases."""
        ways = {self.analysis.cases[c].way for c in cases}
        return any((Kind.TAINTED, way) in self.by_case for way in ways)

    def _never_captured(self, key: ObjectKey, point: Point, runs: Shown) -> None:
        """RN204: it runs on a recording, gated leg, and no continuation of any of its runs reaches a capture."""
        captured = self.shown.get((Kind.DONE, point.id, "capture"), Shown())
        gated = [r for r in listed(runs) if self._recording_gated(r[0], r[1])]
        if not gated or not self.holds("RN204", {"runs": True, "recording_gated_leg": True, "captured": False}):
            return
        cases = {r[0] for r in gated}
        open_cases = {c for c in cases if any(not captured.any(c, r[1]) for r in gated if r[0] == c)}
        if open_cases != cases:
            return
        certain = (
            any(self._always_recording_gated(r[0]) and r[3] is not None and not r[3].tainted for r in gated)
            and not any(captured.any(c, w) for c in cases for w in range(len(self.analysis.cases[c].worlds)))
            and not self.tainted(cases)
        )
        self.report("RN204", key, [r for r in gated if not captured.any(r[0], r[1])], certain)

    def _recording_gated(self, case: int, world: int) -> bool:
        it = self.analysis.cases[case].worlds[world]
        return it.line and it.gate

    def _always_recording_gated(self, case: int) -> bool:
        leg = self.analysis.cases[case].leg
        return leg.line is Switch.ON and leg.gate is Switch.ON

    def _answers_without_effect(self, point_id: int) -> None:
        """RC105: whatever the caller answers, recording is enabled."""
        parts = self.enabled_after(point_id)
        if len(parts) < 2 or not all(part.runs for part in parts):
            return
        unsatisfied = listed(self.unsatisfied.get(point_id, Shown()))
        for allowed in (True, False):  # first on legs that can enable; else the finding is latent
            if self._without_effect(point_id, parts, unsatisfied, allowed):
                return

    def enabled_after(self, point_id: int) -> list[Shown]:
        """For each class that a consent point has: the runs that are left so and then enable recording."""
        point = self.analysis.program.points[point_id]
        keys = [o.key for o in point.site.action.outputs] if point.site is not None else []
        flow = self.analysis.program.codes[point.flow].flow
        classes = classes_of(self.analysis.facts.points[point_id], flow, point.menu, keys)
        return [self.shown.get((Kind.ENABLED_AFTER, point_id, c.value), Shown()) for c in sorted(classes)]

    def _without_effect(self, point_id: int, parts: list[Shown], unsatisfied: list[Listed], allowed: bool) -> bool:
        runs = [r for r in unsatisfied if self._matters(r[0], r[1]) is allowed]
        shown = all(any(self._matters(c, w) is allowed for c, w in part.runs) for part in parts)
        facts: dict[str, Fact] = {"every_class_enables": True, "unsatisfied_enable": True, "can_enable": True}
        if not runs or not shown or not self.holds("RC105", facts):
            return False
        wrong = _shown(runs)
        certain = all(self._certainly(part, allowed) for part in (*parts, wrong))
        key = ObjectKey("point", point_id)
        self.report("RC105", key, runs, certain, lambda c, w: allowed)
        for case, local in self.judged.evidence("RC105", key).locals.items():
            local.certain_here = certain and self._certain_on(wrong, case, allowed)
        return True

    def _satisfied(self, case: int, seen: Seen) -> bool:
        return satisfied(self.judged.modes[case].mode, seen.consent.word, seen.noticed)

    def _matters(self, case: int, world: int) -> bool:
        it = self.analysis.cases[case]
        return self.observer.can_enable(it, it.worlds[world])

    def _certainly(self, shown: Shown, allowed: bool) -> bool:
        """Whether on some case it is shown in every world that counts, on a run without taint."""
        return any(self._certain_on(shown, case, allowed) for case in {c for c, _ in shown.runs})

    def _certain_on(self, shown: Shown, case: int, allowed: bool) -> bool:
        counted = counted_worlds(self.analysis.cases[case], "RC105")
        return bool(counted) and all(shown.solid(case, w) and self._matters(case, w) is allowed for w in counted)

    def _entry(self, index: int, case: Case) -> None:
        way = self.analysis.ways[case.way]
        key = ObjectKey("entry", case.way)
        gated = [w for w in range(len(case.worlds)) if self._recording_gated(index, w)]
        base: dict[str, Fact] = {"kind": way.kind.value, "recording_gated_leg": bool(gated)}
        certain = self._always_recording_gated(index)
        if way.kind is EntryKind.ROUTE:
            self._never_enables(index, case, key, gated, base, certain)
            self._asked_on_some(index, case, key, gated, base, certain)
        elif way.kind is not EntryKind.ORPHAN:
            self._no_flow(index, case, key, gated, base, certain)
        self._legs_disagree(index, case, key)

    def _seen(self, kind: Kind, case: Case, index: int) -> Shown:
        runs = self.by_case.get((kind, case.way), Shown()).runs
        return Shown({place: slot for place, slot in runs.items() if place[0] == index})

    def _never_enables(
        self, index: int, case: Case, key: ObjectKey, gated: list[int], base: dict[str, Fact], certain: bool
    ) -> None:
        """RN207: a queue or person is reached, and no run of any slot enables."""
        reached, enabled = self._seen(Kind.REACHED, case, index), self._seen(Kind.ENABLED, case, index)
        worlds = [w for w in gated if reached.any(index, w) and not enabled.any(index, w)]
        if worlds and self.holds("RN207", {**base, "connects": True, "enables": False}):
            sure = certain and len(worlds) == len(gated) and all(reached.solid(index, w) for w in gated)
            self.report("RN207", key, listed(reached, worlds), sure and not self.tainted([index]))

    def _no_flow(
        self, index: int, case: Case, key: ObjectKey, gated: list[int], base: dict[str, Fact], certain: bool
    ) -> None:
        """RN208: some run connects, and no flow on the way could enable."""
        connected = self._seen(Kind.CONNECTED, case, index)
        flows = self.analysis.flows_of(case.way)
        could = any(p.flow in flows for p in self.enables)
        worlds = [w for w in gated if connected.any(index, w)]
        if worlds and self.holds("RN208", {**base, "connects": True, "flow_could_enable": could}):
            sure = certain and all(connected.solid(index, w) for w in gated) and not self.tainted([index])
            self.report("RN208", key, listed(connected, worlds), sure)

    def _asked_on_some(
        self, index: int, case: Case, key: ObjectKey, gated: list[int], base: dict[str, Fact], certain: bool
    ) -> None:
        """RN210: some run passes a consent point, and some run connects somebody unasked."""
        asked = self._seen(Kind.ASKED, case, index)
        unasked = Shown()
        for world in gated:
            found = self.analysis.shown(case.way, case.worlds[world].regime).first
            for seen, distance in found.items():
                if seen.kind is Kind.CONNECTED and seen.consent is Consent.UNASKED:
                    unasked.add(index, world, distance, seen)
        worlds = [w for w in gated if asked.any(index, w) and unasked.any(index, w)]
        if worlds and self.holds("RN210", {**base, "asks": True, "connects_unasked": True}):
            sure = certain and all(asked.solid(index, w) and unasked.solid(index, w) for w in gated)
            self.report("RN210", key, listed(unasked, worlds), sure)

    def _legs_disagree(self, index: int, case: Case, key: ObjectKey) -> None:
        """RN212: the settings line and gate of the legs of an entry differ."""
        way = self.analysis.ways[case.way]
        if way.kind not in (EntryKind.ROUTE, EntryKind.NUMBER):
            return
        mine = [c for c in self.analysis.cases if c.way == case.way]
        pairs = {(c.leg.line, c.leg.gate) for c in mine}
        settled = {(c.leg.line, c.leg.gate) for c in mine if not c.doubted}
        if len(pairs) > 1 and self.holds("RN212", {"legs_disagree": True}):
            known = [{v for v in setting if v is not Switch.UNSET} for setting in zip(*settled, strict=True)]
            self.report("RN212", key, [(index, 0, 0, None)], any(len(values) > 1 for values in known))


def _shown(runs: Iterable[Listed]) -> Shown:
    shown = Shown()
    for case, world, distance, seen in runs:
        if seen is not None:
            shown.add(case, world, distance, seen)
    return shown


def listed(shown: Shown, worlds: list[int] | None = None) -> list[Listed]:
    """(case, world, distance, seen) of each run."""
    return [
        (case, world, distance, seen)
        for (case, world), slot in shown.runs.items()
        if worlds is None or world in worlds
        for distance, seen in slot.values()
    ]
