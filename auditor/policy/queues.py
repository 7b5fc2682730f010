"""RN205: capture starts on calls of a queue, and a recording policy always deletes it."""

from __future__ import annotations

from auditor.analysis.analysis import Analysis
from auditor.analysis.observations import ObjectKey, Observer
from auditor.analysis.places import Connected, InQueue
from auditor.analysis.state import Kind
from auditor.policy.retention import kept
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
            if retention.always_deleted:
                runs = [run for run in self.connections(index) if self.captured(run, index)]
                if runs:
                    solid = any(seen is not None and not seen.tainted for _, _, _, seen in runs)
                    certain = retention.certain and solid and self.in_every_world(runs)
                    self.summaries.report("RN205", ObjectKey("queue", index), runs, certain)

    def connections(self, queue: int) -> list[Listed]:
        """The runs in which a member of the queue has the call."""
        point = self.analysis.places.id(Connected(InQueue(queue)))
        merged: list[Listed] = []
        for (kind, subject, _), shown in self.summaries.shown.items():
            if kind is Kind.CONNECTED and subject == point:
                merged.extend(listed(shown))
        return merged

    def captured(self, run: Listed, queue: int) -> bool:
        """Whether the call of a run is recorded when a member of the queue has it."""
        index, number, _, seen = run
        case = self.analysis.cases[index]
        world = case.worlds[number]
        if seen is None:
            return False
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
