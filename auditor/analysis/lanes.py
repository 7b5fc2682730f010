"""Lanes: regimes that differ only in what is captured, explored side by side.

Line, gate and suppression never decide where a call goes; they decide when recording starts on the way. So one
exploration answers for all of them: a state holds a mask with a bit for each lane, and what one regime shows is read
from its bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from auditor.analysis.state import Duty, Note, Place, Regime, Seen, State


class Lanes:
    """Regimes of one behaviour. line, hides_flow, hides_computed, hides_queue: masks of lanes."""

    def __init__(self, regimes: Sequence[Regime]) -> None:
        """regimes: at least one, all of the same behaviour."""
        self.regimes = tuple(regimes)
        self.regime = regimes[0].behaviour
        self.line = _mask(r.line for r in regimes)
        self.hides_flow = _mask(r.hides_flow for r in regimes)
        self.hides_computed = _mask(r.hides_computed for r in regimes)
        self.hides_queue = _mask(r.hides_queue for r in regimes)
        self.every = (1 << len(regimes)) - 1
        self._open = _mask(r.line and not r.gate for r in regimes)
        self._external = _mask(r.external for r in regimes)

    def holding(self, state: State) -> int:
        """The lanes in which the line is being captured in this state (semantics, section 4, Capture)."""
        lanes = (self.line if state.enabled else self._open) & ~state.hidden
        match state.place:
            case Place.ENDED:
                return 0
            case Place.EXTERNAL:
                return lanes & self._external
            case _:
                return lanes


def _mask(bits: Iterable[bool]) -> int:
    return sum(1 << lane for lane, bit in enumerate(bits) if bit)


def seen_in(note: Note, lane: int) -> Seen | None:
    """What a note is in a lane; None when it is not made there."""
    if not note.lanes >> lane & 1:
        return None
    return replace(note.seen, grant=2) if note.seen.grant and note.since >> lane & 1 else note.seen


def in_lane(state: State, lane: int) -> State:
    """The state as an exploration of this lane alone would have it."""
    pending = frozenset(_duty(d, lane) for d in state.pending if d.kind != "capture" or d.lanes >> lane & 1)
    return replace(
        state,
        since=state.since >> lane & 1,
        captured=state.captured >> lane & 1,
        hidden=state.hidden >> lane & 1,
        pending=pending,
    )


def _duty(duty: Duty, lane: int) -> Duty:
    return replace(duty, lanes=duty.lanes >> lane & 1)
