"""Observations: what runs show, as facts that rules can test; without judgement (semantics, section 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.legs import Direction
from auditor.analysis.places import Connected, Endpoint, InQueue
from auditor.analysis.state import Consent, Kind, Seen
from auditor.analysis.stations import Seats, Stations
from auditor.analysis.worlds import World
from auditor.model.settings import Known, Setting

Fact = str | bool | int


class ObjectKey(Struct, frozen=True):
    """What a finding is about: a point of the program, or the index of a trunk base, phone, queue or entry."""

    kind: Literal["point", "trunk", "phone", "queue", "entry"]
    index: int


class Observation(Struct, frozen=True):
    """One fact about a run. kind: as rules name it; seen: the run that shows it, by what was seen on it."""

    kind: str
    object: ObjectKey
    facts: Mapping[str, Fact]
    seen: Seen
    distance: int

    @property
    def solid(self) -> bool:
        """Shown on a run without taint that rests on no consent point of low confidence."""
        return not self.seen.tainted and self.seen.doubt < 2


class Observer:
    """Turns what was seen in a case and world into observations."""

    def __init__(self, analysis: Analysis, stations: Stations) -> None:
        self.analysis, self.stations = analysis, stations
        self._stations_of: dict[tuple[bool, bool], Stations] = {(stations.free_seating, stations.line_first): stations}
        self._seats: dict[tuple[int, int, bool], tuple[Seats, ...]] = {}

    def observations(self, case: Case, world: World) -> Iterator[Observation]:
        """Everything runs of the case show in a world, shortest runs first."""
        first = self.analysis.shown(case.way, world.regime).first
        for seen, distance in first.items():
            yield from self.of(case, world, seen, distance)

    def of(self, case: Case, world: World, seen: Seen, distance: int) -> Iterator[Observation]:
        """What one thing that was seen means in a world."""
        facts = _common(case, world, seen)
        match seen.kind:
            case Kind.ENABLED:
                facts["stands_in"] = not seen.enabled and seen.consent is not Consent.REFUSED
                yield Observation("recording-enabled", ObjectKey("point", seen.subject), facts, seen, distance)
            case Kind.ASKED:
                facts["answer"] = seen.extra
                yield Observation("consent-asked", ObjectKey("point", seen.subject), facts, seen, distance)
            case Kind.REACHED:
                yield Observation("agent-connected", ObjectKey("point", seen.subject), facts, seen, distance)
            case Kind.CAPTURED:
                inbound = case.leg.direction is Direction.INBOUND
                facts.update(part="line", exempt="none", stands_in=not (inbound and world.gate))
                for trunk in case.leg.trunks:
                    yield Observation("capture-starts", ObjectKey("trunk", trunk), facts, seen, distance)
            case Kind.CONNECTED:
                yield from self._stations(case, world, seen, distance, facts)
                yield from self._third_parties(case, world, seen, distance, facts)
                yield from self._queue_copies(world, seen, distance, facts)
            case Kind.EXTERNAL:
                facts["third_party_asked"] = False
                for trunk in case.leg.trunks:
                    yield Observation("third-party-captured", ObjectKey("trunk", trunk), facts, seen, distance)
            case Kind.COPIED:
                yield Observation("copy-on", ObjectKey("point", seen.subject), facts, seen, distance)

    def _stations(
        self, case: Case, world: World, seen: Seen, distance: int, facts: dict[str, Fact]
    ) -> Iterator[Observation]:
        """Station capture starts as the participant answers, or when the call becomes a conference."""
        if case.leg.direction is Direction.INTERNAL and not world.internal:
            return
        waits = world.station_waits(seen.enabled)
        facts = {**facts, "part": "station", "exempt": "conference" if waits else "none", "stands_in": True}
        for phone in sorted(self.recording(self.endpoint(seen), world)):
            yield Observation("capture-starts", ObjectKey("phone", phone), facts, seen, distance)

    def _third_parties(
        self, case: Case, world: World, seen: Seen, distance: int, facts: dict[str, Fact]
    ) -> Iterator[Observation]:
        """The agent consults somebody outside, or adds them: recorded where the line captures and records it."""
        captures = world.line and (seen.enabled or not world.regime.gate)
        if captures and (world.consult or world.external):
            facts = {**facts, "third_party_asked": False}
            for trunk in case.leg.trunks:
                yield Observation("third-party-captured", ObjectKey("trunk", trunk), facts, seen, distance)

    def _queue_copies(self, world: World, seen: Seen, distance: int, facts: dict[str, Fact]) -> Iterator[Observation]:
        """Transcription or monitoring that a queue switches on for the call with its agent."""
        endpoint = self.endpoint(seen)
        if isinstance(endpoint, InQueue) and endpoint.queue >= 0:
            queue = self.analysis.organisation.queues[endpoint.queue]
            if any(_setting(s, world.copies) for s in (queue.transcription, queue.monitoring)):
                yield Observation("copy-on", ObjectKey("queue", endpoint.queue), facts, seen, distance)

    def endpoint(self, seen: Seen) -> Endpoint:
        """Where a call was connected."""
        place = self.analysis.places.at(seen.subject)
        assert isinstance(place, Connected)
        return place.endpoint

    def in_world(self, world: World) -> Stations:
        """The phones under what a world says of the assumptions A5 and A6."""
        key = (world.free_seating, world.line_first)
        found = self._stations_of.get(key)
        if found is None:
            program = self.analysis.program
            found = self._stations_of[key] = Stations(
                program.organisation, program.directory, free_seating=key[0], line_first=key[1]
            )
        return found

    def seats(self, endpoint: Endpoint, world: World) -> Seats:
        """The phones that can be at an endpoint in a world."""
        return self.in_world(world).at(endpoint)

    def recording(self, endpoint: Endpoint, world: World) -> frozenset[int]:
        """The phones at an endpoint that record in a world."""
        return frozenset(p for p in self.seats(endpoint, world).phones if self._records(p, world))

    def _records(self, phone: int, world: World) -> bool:
        setting = self.in_world(world).recording[phone]
        return setting.value if isinstance(setting, Known) else world.stations

    def station_may_record(self, case: Case, world: World) -> bool:
        """Whether a station that runs of the case reach records in this world; also one that is not exported."""
        for seats in self._reached(case, world):
            if any(self._records(p, world) for p in seats.phones) or (seats.unknown and world.stations):
                return True
        return False

    def unknown_seats(self, case: Case, world: World) -> bool:
        """Whether somebody who can be reached may sit at a phone that is not exported."""
        return any(seats.unknown for seats in self._reached(case, world))

    def _reached(self, case: Case, world: World) -> tuple[Seats, ...]:
        shown = self.analysis.shown(case.way, world.regime)
        key = (case.way, id(shown), world.free_seating)
        found = self._seats.get(key)
        if found is None:
            endpoints = {self.endpoint(s) for s in shown.first if s.kind is Kind.CONNECTED}
            found = self._seats[key] = tuple({self.seats(e, world) for e in endpoints})
        return found

    def can_enable(self, case: Case, world: World) -> bool:
        """Whether an enabling can matter: the gate is on, and the line or a reachable station records."""
        return world.gate and (world.line or self.station_may_record(case, world))


def _common(case: Case, world: World, seen: Seen) -> dict[str, Fact]:
    return {
        "direction": case.leg.direction.value,
        "line": _word(world.line),
        "gate": _word(world.gate),
        "consent": seen.consent.word,
        "noticed": seen.noticed,
        "enabled": seen.enabled,
    }


def _setting(value: Setting[bool], otherwise: bool) -> bool:
    return value.value if isinstance(value, Known) else otherwise


def _word(value: bool) -> str:
    return "on" if value else "off"
