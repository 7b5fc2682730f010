"""The rules that one entry on one leg shows, read literally and applied to every run."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from tests.oracle.cases import Case, Hit, Object, action_object, case_of, held_back, strength
from tests.oracle.effects import word
from tests.oracle.endpoints import NO_PHONE
from tests.oracle.facts import State
from tests.oracle.interpret import Found, OracleResult, Verdict, World, satisfied_in
from tests.oracle.legs import Leg
from tests.oracle.overall import Overall

ANNOUNCED = frozenset({"RC101", "RC102", "RC104", "RC111", "RC112", "RC113", "RC121"})
BY_CONSENT = {"unasked": "RC102", "refused": "RC103", "unanswered": "RC104"}


def judge(world: World) -> OracleResult:
    """Applies every rule."""
    cases = [case_of(world.organisation, run, world.enables) for run in world.audited]
    judge_ = Judge(world)
    hits: list[Hit] = []
    verdicts = {}
    for case in cases:
        for leg in case.legs:
            here = list(judge_.on_leg(case, leg))
            hits += here
            verdicts[(*case.key, *leg.key)] = Verdict(_verdict(case, here), judge_.effect(case, leg))
    hits += Overall(world, cases).hits()
    found = frozenset(f for f in _joined(hits) if f.name)
    return OracleResult(found, verdicts, frozenset(c.key for c in cases if c.facts.tainted))


class Judge:
    """The rules for one mode."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mode = world.options.mode
        self._ok = satisfied_in(self.mode)

    def _satisfied(self, state: State) -> bool:
        return self._ok(state.consent, state.noticed)

    def _code(self, rule: str) -> str:
        return "RC107" if self.mode == "announcement" and rule in ANNOUNCED else rule

    def on_leg(self, case: Case, leg: Leg) -> Iterable[Hit]:
        """Everything that the entry shows on the leg."""
        yield from self._enabled(case, leg)
        yield from self._line(case, leg)
        yield from self._stations(case, leg)
        yield from self._third_parties(case, leg)
        yield from self._copies(case)
        yield from self._granted(case, leg)
        if leg.gated:
            yield from self._gated(case, leg)

    def _enabled(self, case: Case, leg: Leg) -> Iterable[Hit]:
        for spot, state in case.facts.enablings:
            thing = action_object(spot)
            if state.enabled:
                yield Hit("RN211", thing, not state.taint)
            elif not self._satisfied(state):
                rule = self._code(BY_CONSENT.get(state.consent, "RC102"))
                yield self._may_matter(case, leg, rule, thing, state.taint)
            if True in leg.line and False in leg.gate:
                sure = leg.line == (True,) and leg.gate == (False,)
                yield Hit("RN203", thing, sure and not state.taint)
        for leaving in case.facts.leavings:
            if leaving.answer == "refused" and leaving.enabled and self.mode != "none":
                thing = self.world.point_object(leaving.point)
                yield self._may_matter(case, leg, "RC106", thing, leaving.taint)

    def _may_matter(self, case: Case, leg: Leg, rule: str, thing: Object, taint: bool) -> Hit:
        can = case.can_enable(leg)
        return Hit(rule, thing, not taint and (can != 1 or leg.unset), latent=can == 0)

    def _line(self, case: Case, leg: Leg) -> Iterable[Hit]:
        """Line capture: inbound with the gate off, outbound with any gate; one hit a trunk base of the leg."""
        inbound = leg.direction == "inbound"
        shows = []
        for records, line in case.lines(leg):
            counts = records and not (line.gate and inbound)
            states = case.first_captures(line) if counts else set()
            shows.append(strength(s.taint for s in states if not self._satisfied(s)))
        if any(shows):
            for trunk in leg.trunks or ("",):
                yield Hit(self._code("RC101" if inbound else "RC121"), ("trunk", trunk), min(shows) == 2)

    def _stations(self, case: Case, leg: Leg) -> Iterable[Hit]:
        """Station capture at once, or only because of the exemption for conferences (outbound it is RC111 beside)."""
        held = {h for line, gate in product(leg.line, leg.gate) for h in held_back(case, leg, line=line, gate=gate)}
        at_once, later = (("RC113",), ("RC112",)) if leg.direction == "inbound" else (("RC111",), ("RC111", "RC112"))
        for phone, recording in case.stations.items():
            states = [s for p, s in case.facts.talks if p == phone and not self._satisfied(s)]
            name = "" if phone == NO_PHONE else self.world.organisation.phones[phone].name
            shows: dict[str, list[int]] = {}
            for records, back in product(recording, held):
                here = {self._code(rule): 0 for rule in (*at_once, *later)}
                for state in states if records else []:
                    for rule in map(self._code, later if back and not state.enabled else at_once):
                        here[rule] = max(here[rule], strength([state.taint]))
                for rule, show in here.items():
                    shows.setdefault(rule, []).append(show)
            for rule, values in shows.items():
                if any(values):
                    yield Hit(rule, ("phone", name), min(values) == 2)

    def _third_parties(self, case: Case, leg: Leg) -> Iterable[Hit]:
        """A consulted or bridged party is captured; nobody asked it, so the mode does not matter."""
        shows = [
            strength(
                s.taint for place, s in case.facts.parties
                if line and (consult if place == "consulting" else external) and (s.enabled or not gate)
            )
            for line, gate, consult, external in product(leg.line, leg.gate, leg.consult, leg.external)
        ]  # fmt: skip
        if any(shows):
            for trunk in leg.trunks or ("",):
                yield Hit("RC131", ("trunk", trunk), min(shows) == 2)

    def _copies(self, case: Case) -> Iterable[Hit]:
        for source, sure, state in case.facts.copies:
            if not self._satisfied(state):
                queues = self.world.organisation.queues
                thing = ("queue", queues[source].name) if isinstance(source, int) else action_object(source)
                yield Hit("RC141", thing, sure and not state.taint)

    def _granted(self, case: Case, leg: Leg) -> Iterable[Hit]:
        can = case.can_enable(leg)
        for spot, state in case.facts.hands if can else ():
            if state.consent == "granted" and not state.enabled:
                yield Hit("RN201", action_object(spot), can == 2 and not state.taint)

    def _gated(self, case: Case, leg: Leg) -> Iterable[Hit]:
        facts, sure = case.facts, leg.gated == 2
        talks = [s for _, s in facts.talks]
        if case.never_on_the_way:
            kind = {"manual": "user"}.get(case.run.kind, case.run.kind)
            yield Hit("RN208", (kind, case.run.name), sure and not facts.tainted)
        if case.run.kind != "route":
            return
        if case.never_enabled:
            yield Hit("RN207", case.key, sure and not facts.tainted)
        unasked = [s.taint for s in talks if s.consent == "unasked"]
        asked = [leaving.taint for leaving in facts.leavings]
        if unasked and asked:
            yield Hit("RN210", case.key, sure and not all(unasked) and not all(asked))

    def effect(self, case: Case, leg: Leg) -> str:
        """Where consent is given, does it lead to a recording?"""
        words: set[str] = set()
        phones = sorted(case.stations)
        for records, line in case.lines(leg):
            connections = [c for c in case.granted(line if records else None) if not c.taint]
            silent = case.never_on_the_way or (case.run.kind == "route" and case.never_enabled)
            never = records and line.gate and silent
            for back in held_back(case, leg, line=records, gate=line.gate):
                for values in product(*(case.stations[p] for p in phones)):
                    on = dict(zip(phones, values, strict=True))
                    captures = set[bool]()
                    for c in connections:
                        station = c.phone is not None and on[c.phone]
                        captures.add(c.captured or (station and (c.enabled or not back)))
                        if station:
                            captures.add(True)
                    words.add(word(captures, never_enabled=never))
        if len(words) > 1 or (case.facts.tainted and words != {"sometimes"}):
            return "unknown"
        return words.pop()


def _verdict(case: Case, hits: list[Hit]) -> str:
    wrong = [h for h in hits if h.rule.startswith("RC") and not h.latent]
    if any(h.certain and h.object[1] for h in wrong):
        return "violated"
    return "unknown" if wrong or case.facts.tainted else "proved"


def _joined(hits: Iterable[Hit]) -> set[Found]:
    """One finding for each rule and object: certain if one hit is, latent only if all are."""
    together: dict[tuple[str, Object], tuple[bool, bool]] = {}
    for hit in hits:
        certain, latent = together.get((hit.rule, hit.object), (False, True))
        together[hit.rule, hit.object] = (certain or hit.certain, latent and hit.latent)
    return {Found(rule, *thing, *flags) for (rule, thing), flags in together.items()}
