"""Replays a witness on the interpreter: is it a run, step by step, and does it end in what the finding says?

Of a step only its subject and its state are read. A step about an action or menu must be that action or menu
running, with the state after it; between two of them only silent steps are allowed (the end of a task, an agent
who answers). A step about anything else says where the call is. The last step is the observation itself: there
the place is not compared, because it may be that before or after.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint
from auditor.findings import Finding, Step, Subject
from auditor.model.flows import Menu
from auditor.model.organisation import Organisation
from tests.oracle.endpoints import NO_PHONE, Endpoints, station_recording
from tests.oracle.entries import runs_of
from tests.oracle.interpret import Options, satisfied_in
from tests.oracle.machine import Machine
from tests.oracle.program import Spot, compile_program
from tests.oracle.state import Config, Edge

PLACES = ("flow", "waiting", "internal", "external", "voicemail", "ended")
DONE_BY_ACTION = frozenset({"RC102", "RC103", "RC104", "RC105", "RN202", "RN203", "RN204", "RN209", "RN211"})


class _Here(Struct, frozen=True):
    """A configuration, and the consent point and answer that were left last on the way to it."""

    config: Config
    left: tuple[int, str] | None = None


class Replayer:
    """Replays witnesses of one organisation."""

    def __init__(self, organisation: Organisation, points: tuple[ConsentPoint, ...], options: Options) -> None:
        self.organisation = organisation
        self.points = points
        self.machine = Machine(compile_program(organisation, points), Endpoints(organisation), depth=50)
        self._ok = satisfied_in(options.mode)
        shallow = Machine(self.machine.program, self.machine.endpoints, options.depth)
        runs, orphans = runs_of(shallow, options.cap * 5)
        self.starts = {(r.kind, r.name): r.starts for r in (*runs, *orphans)}

    def faults(self, finding: Finding) -> list[str]:
        """What is wrong with the witness of a finding; nothing when it replays."""
        if not finding.witness:
            return ["the witness is empty"]
        here = {_Here(c) for c in self._starts(finding)}
        for number, step in enumerate(finding.witness[:-1], 1):
            here = self._after(here, step)
            if not here:
                return [f"step {number} is not possible: {step.text} -> {step.state}"]
        if not self._ends(here, finding, finding.witness[-1]):
            return [f"the run does not end in {finding.rule} at {finding.subject.name}: {finding.witness[-1]}"]
        return []

    def _starts(self, finding: Finding) -> list[Config]:
        names = {(e.kind, e.name) for e in finding.entries}
        return [c for key, starts in self.starts.items() if key in names for c in starts]

    # -- steps ------------------------------------------------------------------------------------------------

    def _after(self, here: set[_Here], step: Step) -> set[_Here]:
        reached = self._silently(here)
        if step.subject.kind not in ("action", "menu"):
            return {h for h in reached if _agrees(h.config, step)}
        found = {t for h in reached for _, t in self._running(h, step.subject)}
        return {t for t in found if _agrees(t.config, step)}

    def _running(self, here: _Here, subject: Subject) -> Iterable[tuple[Edge, _Here]]:
        spot = here.config.spot
        if spot is None or not self._is(spot, subject):
            return
        for edge in self.machine.successors(here.config):
            # While a call waits an agent may answer at any action; that edge is nobody's.
            if edge.label is spot or (edge.event is not None and edge.event.kind == "hand"):
                yield edge, _next(here, edge)

    def _silently(self, here: set[_Here]) -> set[_Here]:
        todo, seen = list(here), set(here)
        while todo:
            now = todo.pop()
            for edge in self.machine.successors(now.config):
                after = _next(now, edge)
                if edge.label is None and after not in seen:
                    seen.add(after)
                    todo.append(after)
        return seen

    def _is(self, spot: Spot, subject: Subject) -> bool:
        if subject.flow is not None and self.organisation.flows[spot.flow].name != subject.flow:
            return False
        if spot.action is None:
            return subject.kind == "menu" and isinstance(spot.container, Menu) and spot.container.name == subject.name
        if subject.container not in (None, spot.container.name, spot.container.id):
            return False
        return subject.kind == "action" and (spot.action.name, spot.ordinal) == (subject.name, subject.ordinal)

    # -- the end ----------------------------------------------------------------------------------------------

    def _ends(self, here: set[_Here], finding: Finding, step: Step) -> bool:
        reached = self._silently(here)
        edges = [(h, e, t) for h in reached for e, t in self._running(h, step.subject)]
        if finding.rule in ("RC101", "RC121") or (finding.rule == "RC107" and finding.subject.kind != "action"):
            states = [*(h.config for h in reached), *(t.config for _, _, t in edges)]
            return any(_same(c, step) and not self._satisfied(c) and self._shows(c, finding) for c in states)
        if finding.rule in ("RC111", "RC113"):
            people = [*(h.config for h in reached), *(t.config for _, _, t in edges)]
            return any(
                c.place == "internal" and _same(c, step) and not self._satisfied(c) and self._shows(c, finding)
                for c in people
            )
        if step.subject.kind not in ("action", "menu"):
            return any(_same(h.config, step) for h in reached)
        return any(_same(t.config, step) and self._event(h, e, t, finding) for h, e, t in edges)

    def _satisfied(self, c: Config) -> bool:
        return self._ok(c.consent, c.noticed)

    def _shows(self, c: Config, finding: Finding) -> bool:
        if finding.subject.kind == "phone":
            return (
                c.phone not in (None, NO_PHONE)
                and self.organisation.phones[c.phone or 0].name == finding.subject.name
                and True in station_recording(self.organisation, c.phone or 0)
            )
        return c.place != "ended"

    def _event(self, here: _Here, edge: Edge, after: _Here, finding: Finding) -> bool:
        event, rule = edge.event, finding.rule
        kind = event.kind if event is not None else ""
        if rule in DONE_BY_ACTION or rule == "RC107":
            return kind == "enable" and self._enables(here, after.config, finding)
        if rule == "RC106":
            return kind == "leave" and here.config.enabled and after.left is not None and after.left[1] == "refused"
        if rule == "RN201":
            return kind == "hand" and after.config.consent == "granted" and not after.config.enabled
        return True

    def _enables(self, here: _Here, after: Config, finding: Finding) -> bool:
        wrong = not self._satisfied(after)
        fresh = not here.config.enabled
        match finding.rule:
            case "RC102" | "RC103" | "RC104":
                said = {"RC102": "unasked", "RC103": "refused", "RC104": "unanswered"}[finding.rule]
                return wrong and fresh and after.consent == said
            case "RC107":
                return wrong and fresh
            case "RC105":
                return here.left is not None and self.points[here.left[0]].name == finding.subject.name
            case "RN211":
                return not fresh
            case _:
                return True


def _next(here: _Here, edge: Edge) -> _Here:
    event = edge.event
    left = (event.point, event.answer) if event is not None and event.kind == "leave" else here.left
    return _Here(edge.target, left)


def _same(c: Config, step: Step) -> bool:
    return (c.consent, c.noticed, c.enabled) == (step.state.consent, step.state.noticed, step.state.enabled)


def _agrees(c: Config, step: Step) -> bool:
    word = step.state.place.split(" ")[0]
    return _same(c, step) and (word not in PLACES or word == c.place)
