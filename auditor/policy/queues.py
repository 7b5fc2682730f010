"""RN205: capture starts on calls of a queue, and a recording policy always deletes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from auditor.analysis.analysis import Analysis
from auditor.analysis.legs import Direction
from auditor.analysis.observations import ObjectKey, Observer
from auditor.analysis.places import Connected, InQueue
from auditor.analysis.state import Kind, Seen
from auditor.analysis.worlds import World
from auditor.policy.retention import DIRECTIONS, INBOUND, OUTBOUND, kept
from auditor.policy.summaries import Listed, Shown, Summaries, listed


class Deletions:
    """Judges what recording policies leave of the recordings of each queue."""

    def __init__(self, analysis: Analysis, observer: Observer, summaries: Summaries) -> None:
        self.analysis, self.observer, self.summaries = analysis, observer, summaries

    def run(self) -> None:
        """One finding for each queue that is recorded and always deleted."""
        organisation = self.analysis.organisation
        if not self.summaries.holds("RN205", {"captured": True, "always_deleted": True}):
            return
        for index, queue in enumerate(organisation.queues):
            retention = kept(queue, organisation)
            if not retention.deleted:
                continue
            runs = [run for run in self.captured(index) if self.directions(run) <= retention.deleted]
            sure = [run for run in runs if self.directions(run) <= retention.certain]
            if runs:
                self.summaries.report("RN205", ObjectKey("queue", index), runs, self.in_every_world(sure))

    def connections(self, queue: int) -> list[Listed]:
        """The shortest runs of each case and world in which a member of the queue has the call."""
        return listed(self._connected.get(queue, Shown()))

    def captured(self, queue: int) -> list[Listed]:
        """The shortest of those in which the call is recorded then."""
        return listed(self._recorded.get(queue, Shown()))

    @cached_property
    def _connected(self) -> dict[int, Shown]:
        return self._runs(lambda world, seen, queue: True)

    @cached_property
    def _recorded(self) -> dict[int, Shown]:
        return self._runs(self._records)

    def _runs(self, counts: Callable[[World, Seen, int], bool]) -> dict[int, Shown]:
        queues = range(len(self.analysis.organisation.queues))
        points = {self.analysis.places.id(Connected(InQueue(queue))): queue for queue in queues}
        found: dict[int, Shown] = {}
        for index, case in enumerate(self.analysis.cases):
            for number, world in enumerate(case.worlds):
                for seen, distance in self.analysis.shown(case.way, world.regime).first.items():
                    queue = points.get(seen.subject) if seen.kind is Kind.CONNECTED else None
                    if queue is not None and counts(world, seen, queue):
                        found.setdefault(queue, Shown()).add(index, number, distance, seen)
        return found

    def directions(self, run: Listed) -> frozenset[str]:
        """How recording policies count a call; one back that rings the customer first as stations do (A4)."""
        case = self.analysis.cases[run[0]]
        match case.leg.direction:
            case Direction.INBOUND:
                return frozenset({INBOUND})
            case Direction.OUTBOUND if case.worlds[run[1]].exempt:
                return frozenset({OUTBOUND})
            case Direction.OUTBOUND:
                return frozenset({INBOUND})
            case Direction.INTERNAL:
                return frozenset(DIRECTIONS)

    def _records(self, world: World, seen: Seen, queue: int) -> bool:
        line = world.line and (seen.enabled or not world.regime.gate)
        return line or (not world.station_waits(seen.enabled) and bool(self.observer.recording(InQueue(queue), world)))

    def in_every_world(self, runs: list[Listed]) -> bool:
        """Whether on some entry and leg it happens whatever the unset settings are."""
        shown = Shown()
        for case, world, distance, seen in runs:
            if seen is not None:
                shown.add(case, world, distance, seen)
        cases = {case for case, _ in shown.runs}
        return any(all(shown.solid(c, w) for w in range(len(self.analysis.cases[c].worlds))) for c in cases)
