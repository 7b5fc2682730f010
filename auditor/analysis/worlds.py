"""Worlds: one value for each unset setting and for each assumption set to both (semantics, section 1).

Settings of one kind that are unset (the suppression of two queues, say) take the same value in a world: whatever
starts only under mixed values also starts when all of them are suppressed, later on the same run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from auditor.analysis.legs import Leg
from auditor.analysis.state import Regime
from auditor.model.flows import SUPPRESSIBLE
from auditor.model.organisation import Organisation
from auditor.model.settings import Expression, Known

Assumptions = Mapping[str, str]
"""A1..A16 -> yes, no or both."""


@dataclass(frozen=True, slots=True)
class World:
    """regime: what the exploration depends on; the rest decides whether stations record.

    stations: unset stations record; open_starts: A2 yes; flag_holds: A13 yes; callbacks_outbound: A4 yes.
    """

    line: bool
    gate: bool
    regime: Regime
    stations: bool
    open_starts: bool
    flag_holds: bool

    def station_waits(self, enabled: bool) -> bool:
        """Whether a recording station is held back on an inbound call (section 4, station)."""
        if enabled:
            return False
        return (self.line or self.flag_holds) if self.gate else not self.open_starts


def truth(word: str) -> tuple[bool, ...]:
    """The values of an assumption: yes, no, or both."""
    return {"yes": (True,), "no": (False,), "both": (False, True)}[word]


class Worlds:
    """The worlds of an organisation under its assumptions."""

    def __init__(self, organisation: Organisation, assumptions: Assumptions) -> None:
        self._assumptions = assumptions
        settings = [f.suppress_recording for f in organisation.flows if f.type in SUPPRESSIBLE]
        self._flows: tuple[bool, ...] = (False,)
        if any(isinstance(s, Expression) for s in settings):
            self._flows = (False, True)
        elif any(not isinstance(s, Known) for s in settings):
            self._flows = tuple(sorted(not value for value in truth(assumptions["A7"])))
        self._queues = (False,) if all(isinstance(q.suppress, Known) for q in organisation.queues) else (False, True)

    def of(self, leg: Leg) -> tuple[World, ...]:
        """Every world of a leg."""
        return tuple(self._of(leg))

    def _of(self, leg: Leg) -> Iterator[World]:
        a = self._assumptions
        fixed = product(truth(a["A3"]), truth(a["A10"]), truth(a["A11"]), truth(a["A8"]))
        behaviours = [(not a3, not a10, not a11, not a8) for a3, a10, a11, a8 in fixed]
        for line, gate in product(leg.line.values, leg.gate.values):
            stations = product((False, True), truth(a["A2"]), truth(a["A13"]))
            station_worlds = list(stations)
            for regime in self._regimes(leg, line, gate, behaviours):
                for unset, open_starts, flag_holds in station_worlds:
                    yield World(line, gate, regime, unset, open_starts, flag_holds)

    def _regimes(
        self, leg: Leg, line: bool, gate: bool, behaviours: list[tuple[bool, bool, bool, bool]]
    ) -> Iterator[Regime]:
        if not line:  # nothing of the line can be captured: what hides it does not matter
            for behaviour in behaviours:
                yield Regime(False, False, False, False, False, *behaviour)
            return
        for external, flow, queue in product(leg.external.values, self._flows, self._queues):
            for behaviour in behaviours:
                yield Regime(True, gate, external, flow, queue, *behaviour)
