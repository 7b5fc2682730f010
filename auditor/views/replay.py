"""Replays a witness: its steps are taken one by one by a call, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.analysis.analysis import Analysis
from auditor.analysis.calls import Call, Calls
from auditor.analysis.state import Kind, Regime, Seen
from auditor.findings import Step, StepState
from auditor.policy.subjects import Subjects
from auditor.policy.witness import Witnesses

_ENABLES = (Kind.ENABLED, Kind.ENABLED_AFTER)


class Replay:
    """Replays witnesses of one organisation."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.subjects = Subjects(analysis)
        self.witnesses = Witnesses(analysis, self.subjects)

    def end(self, steps: Sequence[Step]) -> StepState | None:
        """The state in which the call ends that takes all these steps; None when no call does."""
        if not steps:
            return None
        for way, regime in self._beginnings(steps[0]):
            calls = Calls(self.analysis, regime)
            here = [calls.begin(way)]
            for step in steps[:-1]:
                here = list(dict.fromkeys(after for call in here for after in self._after(calls, call, step)))
            if any(self._shows(calls, call, steps[-1]) for call in here):
                return steps[-1].state
        return None

    def _beginnings(self, first: Step) -> Iterator[tuple[int, Regime]]:
        """The entries that the first step can mean, with what may hold on their legs."""
        for way in sorted({case.way for case in self.analysis.cases}):
            if self.subjects.entry(way)[0] == first.subject:
                worlds = (w for case in self.analysis.cases if case.way == way for w in case.worlds)
                yield from ((way, regime) for regime in dict.fromkeys(world.regime for world in worlds))

    def _after(self, calls: Calls, call: Call, step: Step) -> Iterator[Call]:
        """Where the call is after a step, if it can take it."""
        key = (call.point, call.state)
        for move in calls.moves(call)[0]:
            if move.after is not None and self.witnesses.step(key, move.why, move.state) == step:
                yield move.after
        # A long witness tells a call that changes nothing as one step.
        if step.text.endswith(": returns") and self.witnesses.step(key, "returns", call.state) == step:
            yield from (after for after in calls.returns(call) if after.state == call.state)

    def _shows(self, calls: Calls, call: Call, last: Step) -> bool:
        """Whether what the last step tells is observed where the call is."""
        arrival = self.witnesses.arrival((call.point, call.state))
        if (arrival.subject, arrival.location) != (last.subject, last.location):
            return False
        if not last.text.startswith(arrival.text):
            return False
        return any(_told(seen) == _heart(last.state) for seen in _seen(calls, call))


def _seen(calls: Calls, call: Call) -> Iterable[Seen]:
    return calls.moves(call)[1]


def _told(seen: Seen) -> tuple[str, bool, bool]:
    return seen.consent.word, seen.noticed, seen.enabled or seen.kind in _ENABLES


def _heart(state: StepState) -> tuple[str, bool, bool]:
    return state.consent, state.noticed, state.enabled


def replay(analysis: Analysis, steps: Sequence[Step]) -> StepState | None:
    """The state in which a witness ends when a call takes its steps one by one; None when none can."""
    return Replay(analysis).end(steps)
