"""What becomes of callers: what they have said, whether somebody has the call, and whether it is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.legs import Direction
from auditor.analysis.observations import Observer
from auditor.analysis.places import Connected, Endpoint, External, Voicemail
from auditor.analysis.state import Consent, State
from auditor.analysis.worlds import World


class Outcome(Struct, frozen=True):
    """Where a run has come to. handed: somebody has the call; connects: an internal participant or voicemail has it;
    recorded: by line or station, at this place or before; solid: without taint, and on no consent point of low
    confidence.
    """

    consent: Consent
    handed: bool
    connects: bool
    recorded: bool
    solid: bool


def outcomes(analysis: Analysis, observer: Observer, case: Case, world: World) -> frozenset[Outcome]:
    """The outcomes of all runs of a case in a world; also of those that nobody has answered yet."""
    found: set[Outcome] = set()
    explored = analysis.explored(case.way, world.regime)
    for point, state in explored.entered:
        found.update(_ends(analysis, observer, case, world, point, state))
    for situation in explored.situations:
        state = situation.state
        found.add(Outcome(state.consent, False, False, bool(state.captured), _solid(state)))
    return frozenset(found)


def _ends(
    analysis: Analysis, observer: Observer, case: Case, world: World, point: int, state: State
) -> Iterator[Outcome]:
    match analysis.places.at(point):
        case Connected(endpoint=endpoint):
            for recorded in _at(observer, case, world, endpoint, state):
                yield Outcome(state.consent, True, True, recorded, _solid(state))
        case Voicemail():
            yield Outcome(state.consent, True, True, bool(state.captured), _solid(state))
        case External():
            yield Outcome(state.consent, True, False, bool(state.captured), _solid(state))


def _at(observer: Observer, case: Case, world: World, endpoint: Endpoint, state: State) -> Iterator[bool]:
    """Whether the call is recorded, for each phone at which it may be answered."""
    if state.captured:
        yield True
        return
    seats = observer.seats(endpoint, world)
    silent = case.leg.direction is Direction.INTERNAL and not world.internal
    recording = frozenset() if silent else observer.recording(endpoint, world)
    records = [phone in recording for phone in seats.phones]
    if seats.unknown:
        records.append(world.stations and not silent)
    waits = world.station_waits(state.enabled)
    for station in records or [False]:
        yield station and not waits
        if station and waits:
            yield True  # the call becomes a conference, in which the station does not wait


def _solid(state: State) -> bool:
    return not state.tainted and state.doubt < 2
