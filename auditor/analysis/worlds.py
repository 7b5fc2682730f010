"""Worlds: one value for each unset setting and for each assumption set to both (semantics, section 1).

Settings of one kind that are unset (the suppression of two queues, say) take the same value in a world: whatever
starts only under mixed values also starts when all of them are suppressed, later on the same run. (But for a call
that takes its consent back between two such flows and ends in the second: only mixed values record that.) Flows are
of two kinds: those without the key, about which A7 speaks, and those whose key is an expression. Where A7 settles its
kind, the values of the other are not mixed with anything open; where it does not, both kinds count as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct

from auditor.analysis.legs import Direction, Leg
from auditor.analysis.state import Regime
from auditor.model.flows import SUPPRESSIBLE, FlowType, Handling
from auditor.model.operations import TransferNumber, TransferQueue
from auditor.model.organisation import Organisation
from auditor.model.settings import Expression, Known, Setting, Unset
from auditor.model.sites import actions_of

Assumptions = Mapping[str, str]
"""A1..A16 -> yes, no or both."""


class World(Struct, frozen=True):
    """regime: what the exploration depends on; the rest decides whether stations record, and third parties.

    stations: unset stations record; open_starts: A2 yes; flag_holds: A13 yes; exempt: the direction is exempt from
    the gate for stations (outbound; callbacks that ring the customer first under A4 yes); internal: A15 yes;
    consult, external: the trunk records consults, external transfers; copies: unset transcription and monitoring of
    queues is on; free_seating: A5 yes; line_first: A6 yes.
    """

    line: bool
    gate: bool
    regime: Regime
    stations: bool = False
    open_starts: bool = True
    flag_holds: bool = True
    exempt: bool = False
    internal: bool = True
    consult: bool = False
    copies: bool = False
    external: bool = False
    free_seating: bool = True
    line_first: bool = True

    def station_waits(self, enabled: bool) -> bool:
        """Whether a recording station is held back when a participant answers (section 4, station)."""
        if enabled or self.exempt:
            return False
        return (self.line or self.flag_holds) if self.gate else not self.open_starts


def truth(word: str) -> tuple[bool, ...]:
    """The values of an assumption: yes, no, or both."""
    return {"yes": (True,), "no": (False,), "both": (False, True)}[word]


def _any(organisation: Organisation, kind: type[TransferNumber | TransferQueue]) -> bool:
    containers = (container for flow in organisation.flows for container in flow.containers)
    return any(isinstance(a.operation, kind) for container in containers for a in actions_of(container))


class Worlds:
    """The worlds of an organisation under its assumptions."""

    def __init__(self, organisation: Organisation, assumptions: Assumptions) -> None:
        self._assumptions = assumptions
        settings = [f.suppress_recording for f in organisation.flows if f.type in SUPPRESSIBLE]
        self._flows = _suppressions(settings, sorted(not value for value in truth(assumptions["A7"])))
        self._unset_stations = (False, True)
        copies = [s for q in organisation.queues for s in (q.transcription, q.monitoring)]
        self._copies = (False,) if all(isinstance(s, Known) for s in copies) else (False, True)
        self._numbers = _any(organisation, TransferNumber)
        waits = _any(organisation, TransferQueue) or any(
            f.type is FlowType.IN_QUEUE_CALL
            or (f.error_handling is not None and f.error_handling.kind is Handling.QUEUE)
            for f in organisation.flows
        )
        known = bool(organisation.queues) and all(isinstance(q.suppress, Known) for q in organisation.queues)
        self._queues = (False, True) if (waits or organisation.queues) and not known else (False,)

    def of(self, leg: Leg, *, customer_first: bool = False) -> tuple[World, ...]:
        """Every world of a leg. customer_first: the call is a callback that rings the customer first (A4)."""
        return tuple(self._of(leg, customer_first))

    def _of(self, leg: Leg, customer_first: bool) -> Iterator[World]:
        a = self._assumptions
        fixed = product(*(truth(a[name]) for name in ("A3", "A10", "A11", "A8", "A14", "A12")))
        behaviours = [tuple(not value for value in values) for values in fixed]
        for line, gate in product(leg.line.values, leg.gate.values):
            stations = list(self._stations(leg, line, gate, customer_first))
            holds = truth(a["A1"]) if leg.direction is Direction.OUTBOUND and gate else (gate,)
            for held in holds:
                for regime in self._regimes(leg, line, held, behaviours):
                    # Where no flow transfers to a number, only what agents do hangs on it, not what is explored.
                    kept = not self._numbers or not line
                    yield from (
                        World(line, gate, regime, *rest) for rest in stations if kept or rest[7] is regime.external
                    )

    def _stations(self, leg: Leg, line: bool, gate: bool, customer_first: bool) -> Iterator[tuple[bool, ...]]:
        """Values of what only matters to stations, third parties and copies; where it cannot matter, one value."""
        a = self._assumptions
        inbound = leg.direction is Direction.INBOUND or customer_first
        exempt = {Direction.INBOUND: (False,), Direction.OUTBOUND: (True,), Direction.INTERNAL: (True,)}[leg.direction]
        return product(
            self._unset_stations,
            truth(a["A2"]) if inbound and not gate else (True,),
            truth(a["A13"]) if inbound and gate and not line else (True,),
            truth(a["A4"]) if customer_first else exempt,
            truth(a["A15"]) if leg.direction is Direction.INTERNAL else (True,),
            leg.consult.values if line and leg.trunks else (False,),
            self._copies,
            leg.external.values if line and (leg.trunks or self._numbers) else (False,),
            truth(a["A5"]),
            truth(a["A6"]),
        )

    def _regimes(self, leg: Leg, line: bool, gate: bool, behaviours: list[tuple[bool, ...]]) -> Iterator[Regime]:
        if not line:  # nothing of the line can be captured: what hides it does not matter
            for behaviour in behaviours:
                yield Regime(False, False, False, False, False, False, *behaviour)
            return
        external_values = leg.external.values if self._numbers else (False,)
        for external, (flow, computed), queue in product(external_values, self._flows, self._queues):
            for behaviour in behaviours:
                yield Regime(True, gate, external, flow, computed, queue, *behaviour)


def _suppressions(settings: Iterable[Setting[bool]], unset: Sequence[bool]) -> tuple[tuple[bool, bool], ...]:
    """What flows without suppressRecording take it for, and those that compute it; no more worlds than needed.

    unset: the values that A7 leaves to flows without the key.
    """
    missing, computed = False, False
    for setting in settings:
        missing |= isinstance(setting, Unset)
        computed |= isinstance(setting, Expression)
    if not computed:
        return tuple((value, False) for value in unset) if missing else ((False, False),)
    if not missing or len(unset) == 1:
        return tuple((unset[0] if missing else False, value) for value in (False, True))
    return ((False, False), (True, True))
