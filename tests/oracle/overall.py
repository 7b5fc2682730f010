"""The rules for which several entries and legs count together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model.flows import FlowType
from tests.oracle.cases import Case, Hit, Line, action_object, case_of
from tests.oracle.facts import captured_after, followed
from tests.oracle.interpret import World, satisfied_in
from tests.oracle.legs import Leg
from tests.oracle.program import Spot, is_enable
from tests.oracle.state import Config

ALLOWED = (FlowType.INBOUND_CALL, FlowType.OUTBOUND_CALL, FlowType.IN_QUEUE_CALL, FlowType.COMMON_MODULE)
Shown = tuple[int, bool, bool]
"""Whether the leg can enable (2, 1, 0), whether that is sure, whether the enable is unsatisfied."""


class Overall:
    """RC105, RN202, RN204, RN206, RN209 and RN212."""

    def __init__(self, world: World, cases: list[Case]) -> None:
        self.world = world
        self.cases = cases
        self.enables = [s for s in world.machine.program.actions if is_enable(s)]

    def hits(self) -> list[Hit]:
        """Everything found."""
        return [
            *self._no_effect(),
            *(h for spot in self.enables for h in (*self._nothing_records(spot), *self._never_captured(spot))),
            *self._unreachable(),
            *self._legs_disagree(),
        ]

    def _no_effect(self) -> Iterable[Hit]:
        shown: dict[int, dict[str, set[Shown]]] = {}
        ok = satisfied_in(self.world.options.mode)
        for case in self.cases:
            seen = followed(case.run, lambda s: ok(s.consent, s.noticed))
            for leg in case.legs if seen else ():
                can = case.can_enable(leg)
                for point, answer, wrong, taint in seen:
                    sure = not taint and (can != 1 or leg.unset)
                    shown.setdefault(point, {}).setdefault(answer, set()).add((can, sure, wrong))
        for point, answers in shown.items():
            classes = sorted(self.world.machine.classes(point))
            every = [answers.get(c, set()) for c in classes]
            if len(classes) > 1 and _shown(every, lambda _can, _sure: True):
                able = [{x for x in shown if x[0] > 0} for shown in every]
                latent = not _shown(able, lambda _can, _sure: True)
                certain = _shown(every if latent else able, lambda _can, sure: sure)
                yield Hit("RC105", self.world.point_object(point), certain, latent)

    def _running(self, spot: Spot) -> list[tuple[Case, bool]]:
        """Entries in which the action runs, with whether an untainted run does it."""
        found = []
        for case in self.cases:
            taints = [e.state.taint for e in case.facts.enablings if e.spot is spot]
            if taints:
                found.append((case, not all(taints)))
        return found

    def _nothing_records(self, spot: Spot) -> Iterable[Hit]:
        where = self._running(spot)
        legs = [(case, leg) for case, _ in where for leg in case.legs]
        on = [leg.line == (True,) or (True,) in case.stations.values() for case, leg in legs]
        may = [True in leg.line or any(True in s for s in case.stations.values()) for case, leg in legs]
        if where and not any(on):
            sure = not any(may) and any(clean for _, clean in where) and not any(c.facts.tainted for c, _ in where)
            yield Hit("RN202", action_object(spot), sure)

    def _never_captured(self, spot: Spot) -> Iterable[Hit]:
        gated = [(case, leg, clean) for case, clean in self._running(spot) for leg in case.legs if leg.gated]
        fewest = [(leg.gated, self._captured(case, leg, spot, most=False)) for case, leg, _ in gated]
        if any(gate == 2 and captured for gate, captured in fewest) or all(captured for _, captured in fewest):
            return
        sure = any(clean and leg.gated == 2 for _, leg, clean in gated)
        sure = sure and not any(self._captured(case, leg, spot, most=True) for case, leg, _ in gated)
        yield Hit("RN204", action_object(spot), sure and not any(c.facts.tainted for c, _, _ in gated))

    def _captured(self, case: Case, leg: Leg, spot: Spot, *, most: bool) -> bool:
        """Whether a run goes on to a capture, with unset settings such that most, or fewest, do."""
        external = (True in leg.external) if most else leg.external == (True,)
        on = {p for p, s in case.stations.items() if (True in s if most else s == (True,))}
        answers = []
        for number in range(len(case.suppressions)):
            line = case.holds(Line(gate=True, external=external, suppression=number))

            def holds(c: Config, line: Callable[[Config], bool] = line) -> bool:
                return (most or not c.taint) and (line(c) or (c.place == "internal" and c.phone in on))

            answers.append(captured_after(case.run, spot, holds))
        return any(answers) if most else all(answers)

    def _unreachable(self) -> Iterable[Hit]:
        world = self.world
        others = [case_of(world.organisation, r, world.enables) for r in world.orphans if r not in world.audited]
        everywhere = [*self.cases, *others]
        taints: dict[Spot, list[bool]] = {}
        for case in everywhere:
            for spot, state in case.facts.enablings:
                taints.setdefault(spot, []).append(state.taint)
        tainted = any(c.facts.tainted for c in everywhere)
        for spot in self.enables:
            if all(taints.get(spot, [])):
                yield Hit("RN206", action_object(spot), spot not in taints and not tainted)
            if self.world.organisation.flows[spot.flow].type not in ALLOWED:
                yield Hit("RN209", action_object(spot), certain=True)

    def _legs_disagree(self) -> Iterable[Hit]:
        for case in self.cases:
            if case.run.kind not in ("route", "number") or len(case.legs) < 2:
                continue
            line = set.intersection(*(set(leg.line) for leg in case.legs))
            gate = set.intersection(*(set(leg.gate) for leg in case.legs))
            if not line or not gate:
                yield Hit("RN212", case.key, certain=True)
            elif any(len(v) > 1 for leg in case.legs for v in (leg.line, leg.gate)):
                yield Hit("RN212", case.key, certain=False)


def _shown(classes: list[set[Shown]], counts: Callable[[int, bool], bool]) -> bool:
    chosen = [{wrong for can, sure, wrong in shown if counts(can, sure)} for shown in classes]
    return all(chosen) and any(True in c for c in chosen)
