"""Witnesses: the shortest run that shows a finding, as sentences (semantics, section 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from auditor.analysis.analysis import Analysis
from auditor.analysis.entries import EntryKind, Way
from auditor.analysis.exploring import Wanted
from auditor.analysis.legs import Direction
from auditor.analysis.moves import Key
from auditor.analysis.observations import ObjectKey
from auditor.analysis.places import Connected, Raised, Start, Voicemail, Wait
from auditor.analysis.state import Kind, Seen, State
from auditor.analysis.state import Place as Where
from auditor.findings import Step, StepState, Subject
from auditor.graph.points import Point, PointKind
from auditor.model.operations import EnableRecording, Play
from auditor.policy.evidence import Run
from auditor.policy.subjects import Subjects

MOST_STEPS = 1000
"""A longer witness passes over calls that change nothing as one step."""
_LAST = {
    Kind.CAPTURED: "line recording starts",
    Kind.CONNECTED: "an internal participant has the call",
    Kind.REACHED: "the call is handed over",
    Kind.VOICEMAIL: "the caller speaks to voicemail",
}


class Witnesses:
    """Writes runs out, step by step."""

    def __init__(self, analysis: Analysis, subjects: Subjects) -> None:
        self.analysis, self.subjects = analysis, subjects
        self._words: dict[int, str] = {}

    def steps(self, run: Run | None, key: ObjectKey | None = None) -> tuple[Step, ...]:
        """The steps of a run, none when nothing shows it (what no run does). key: the object of the finding."""
        if run is None or run.seen is None:
            return ()
        case = self.analysis.cases[run.case]
        path = self.analysis.run(self.wanted(run, run.seen))
        waits = case.worlds[run.world].station_waits(run.seen.enabled)
        return (*self.moves(path), self._last(path[-1][0], run.seen, key, waits))

    def wanted(self, run: Run, seen: Seen) -> Wanted:
        """The run that is written out."""
        case = self.analysis.cases[run.case]
        return case.way, case.worlds[run.world].regime, seen, run.distance > MOST_STEPS

    def moves(self, path: Sequence[tuple[Key[State], str]]) -> Iterator[Step]:
        """The moves of a run as steps, without one for where it ends. path: as Reach.path gives it."""
        for (situation, _), (after, why) in pairwise(path):
            yield self.step(situation, why, after[1])

    def arrival(self, key: Key[State]) -> Step:
        """Where a run ends, as a step."""
        return self.step(key, "", key[1])

    def place(self, index: int) -> str:
        """What a place is, in words."""
        return self._what(index)

    def step(self, key: Key[State], why: str, after: State) -> Step:
        """One move out of a situation: why it is made, and the state after it."""
        subject, location = self.subjects.point(key[0])
        what = self._what(key[0])
        text = f"{what}: {why}" if why else what
        return Step(subject, location, text, _state(after), what, why)

    def _last(self, key: Key[State], seen: Seen, about: ObjectKey | None, conference: bool) -> Step:
        subject, location = self.subjects.point(key[0])
        state = _state(key[1])
        place = Where(seen.subject).word if seen.kind is Kind.CAPTURED else state.place
        enabled = seen.enabled or seen.kind is Kind.ENABLED or seen.kind is Kind.ENABLED_AFTER
        if seen.kind is Kind.CONNECTED:
            place = Where.CONNECTED.word
        after = StepState(seen.consent.word, seen.noticed, enabled, place)
        what = self._what(key[0])
        why, event = seen.extra, self._event(seen, about, conference)
        if seen.kind in (Kind.ASKED, Kind.ENABLED_AFTER):
            why, event = "", f"the answer counts as {seen.extra}"
        text = ": ".join(part for part in (what, why, event) if part)
        return Step(subject, location, text, after, what, why, event)

    def _event(self, seen: Seen, about: ObjectKey | None, conference: bool) -> str:
        if about is not None and about.kind == "phone":
            name = self.subjects.of(about)[0].name
            return f'phone "{name}" starts recording{" once the call is a conference" if conference else ""}'
        return _LAST.get(seen.kind, "")

    def _what(self, index: int) -> str:
        found = self._words.get(index)
        if found is None:
            found = self._words[index] = self._describe(index)
        return found

    def _describe(self, index: int) -> str:
        place = self.analysis.places.at(index)
        if place is not None:
            return self._where(index)
        point = self.analysis.program.points[index]
        flow = self.analysis.organisation.flows[point.flow].name
        if point.kind is PointKind.MENU:
            return f'menu "{self.subjects.point(index)[0].name}" in flow "{flow}"'
        if point.kind is PointKind.TASK_END or point.site is None:
            return f'end of task "{self.subjects.point(index)[0].container}" in flow "{flow}"'
        return _action(point)

    def _where(self, index: int) -> str:
        subject, _ = self.subjects.point(index)
        match self.analysis.places.at(index):
            case Start(entry=entry):
                return _beginning(self.analysis.ways[entry], subject)
            case Wait():
                return f'waiting in queue "{subject.name}"'
            case Connected():
                return f'connected with {subject.kind} "{subject.name}"'
            case Voicemail():
                return "at voicemail"
            case Raised():
                return "an error comes back from a called module"
            case _:
                return "with an external party"


def _beginning(way: Way, subject: Subject) -> str:
    """How a call begins; only inbound calls come in."""
    named = f'{subject.kind} "{subject.name}"'
    match way.direction:
        case Direction.INBOUND:
            return f"a call comes in on {named}"
        case Direction.OUTBOUND:
            return f"{'a callback' if way.kind is EntryKind.CALLBACK else 'an outbound call'} of {named}"
        case Direction.INTERNAL:
            return "an internal call"


def _action(point: Point) -> str:
    assert point.site is not None
    action = point.site.action
    match action.operation:
        case EnableRecording():
            return f'"{action.name}" enables recording'
        case Play():
            return f'"{action.name}" plays'
        case _:
            return f'"{action.name}"'


def _state(state: State) -> StepState:
    return StepState(state.consent.word, state.noticed, state.enabled, state.shown.word)
