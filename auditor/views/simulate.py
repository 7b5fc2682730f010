"""One call played from its beginning to its end: each step, what is recorded from then on, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.calls import Call, Calls, Move
from auditor.analysis.observations import Observer
from auditor.analysis.places import Connected, InQueue, Start, Wait
from auditor.analysis.state import Kind, Seen, State
from auditor.analysis.worlds import World
from auditor.errors import UsageError
from auditor.findings import Step
from auditor.loading.toml_shape import did_you_mean
from auditor.model.settings import Known
from auditor.policy.reasons import differing
from auditor.policy.subjects import Subjects
from auditor.policy.witness import Witnesses
from auditor.views.choosing import Ask, Chooser
from auditor.views.options import Options

MOST_STEPS = 5000
_COPIES = {"transcription": "transcription", "monitoring": "audio monitoring", "streaming": "audio streaming"}


class Played(Struct, frozen=True):
    """One step of a played call. events: what is recorded or copied from here on and why, or is not understood."""

    number: int
    step: Step
    events: tuple[str, ...]


class Ending(Struct):
    """How a played call ended. line: the step at which line recording began; phones: those that recorded."""

    why: str
    state: State
    line: int | None = None
    phones: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(slots=True)
class Simulation:
    """Plays one call of a case in a world."""

    analysis: Analysis
    observer: Observer
    case: Case
    world: World
    chooser: Chooser
    subjects: Subjects = field(init=False)
    witnesses: Witnesses = field(init=False)
    ending: Ending | None = None

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.analysis)
        self.witnesses = Witnesses(self.analysis, self.subjects)

    def run(self) -> Iterator[Played]:
        """The steps, one by one, so that whoever is asked has seen what happened before."""
        calls = self.chooser.options.calls
        call: Call | None = calls.begin(self.case.way)
        ending = self.ending = Ending("the call ends", State())
        seen: set[Call] = set()
        for number in range(1, MOST_STEPS + 1):
            assert call is not None
            moves, notes = calls.moves(call)
            move, fresh = self._chosen(call, moves)
            step = self.witnesses.step((call.point, call.state), move.why, move.state)
            ending.state = move.state
            yield Played(number, step, tuple(self._events(number, call, move, notes, ending)))
            seen = set() if fresh else seen | {call}
            call = move.after
            if call is None:
                ending.why = move.why
                return
            if call in seen:
                ending.why = "from here on the call goes round in circles"
                return
        ending.why = f"the simulation stops after {MOST_STEPS} steps"

    def _chosen(self, call: Call, moves: Sequence[Move]) -> tuple[Move, bool]:
        options = self.chooser.options.of(call, moves)
        what = self.witnesses.arrival((call.point, call.state)).text
        option, fresh = self.chooser.choose(
            call, what, tuple(names_at(self.analysis, self.subjects, call.point)), options
        )
        return option.move, fresh

    def _events(self, number: int, call: Call, move: Move, notes: Sequence[Seen], ending: Ending) -> Iterator[str]:
        before, after = call.state, move.state
        if after.tainted and not before.tainted:
            yield from dict.fromkeys(f"not understood: {s.extra}" for s in notes if s.kind is Kind.TAINTED)
        if after.captured and not before.captured:
            ending.line = number
            yield f"line recording starts: {self._line()}"
        on, was = dict(after.copies), dict(before.copies)
        yield from (f"{_COPIES[kind]} on" for kind in on if kind not in was)
        yield from (f"{_COPIES[kind]} off" for kind in was if kind not in on)
        place = self.analysis.places.at(move.after.point) if move.after is not None else None
        if isinstance(place, Connected):
            yield from self._answered(place, after, ending)

    def _line(self) -> str:
        names = [self.analysis.organisation.trunk_bases[t].name for t in self.case.leg.trunks]
        trunk = f"trunk {' and '.join(names)}" if names else "the trunk"
        if not self.world.gate:
            return f"{trunk} records and does not wait for consent (gate off)"
        if not self.world.regime.gate:
            return f"{trunk} records, and its gate does not hold outbound calls back (A1)"
        return f"{trunk} records, and Enable Participant Recording has run"

    def _answered(self, place: Connected, state: State, ending: Ending) -> Iterator[str]:
        """What the phones do at which the call can be answered, and what the queue copies."""
        seats = self.observer.seats(place.endpoint, self.world)
        recording = self.observer.recording(place.endpoint, self.world)
        names = [self.analysis.organisation.phones[p].name for p in sorted(recording)]
        silent = len(seats.phones) - len(recording)
        if names and self.world.station_waits(state.enabled):
            ending.later = tuple(names)
            yield f"{_phones(names)} would record once the call is a conference; until then the gate holds it back"
        elif names:
            ending.phones = tuple(names)
            yield f"{_phones(names)} records at once{' if it answers' if silent else ''}: {self._station(state)}"
        else:
            yield "no phone at which the call can be answered records"
        if seats.unknown:
            yield "it may also be answered at a phone that is not in the export"
        yield from self._copied(place)

    def _station(self, state: State) -> str:
        if state.enabled:
            return "recording has been enabled"
        if self.world.exempt:
            return f"{self.case.leg.direction.value} calls are exempt from the consent gate"
        return "the trunk has no consent gate" if not self.world.gate else "the gate does not hold phones back (A13)"

    def _copied(self, place: Connected) -> Iterator[str]:
        if isinstance(place.endpoint, InQueue) and place.endpoint.queue >= 0:
            queue = self.analysis.organisation.queues[place.endpoint.queue]
            for word, setting in (("transcription", queue.transcription), ("monitoring", queue.monitoring)):
                if setting.value if isinstance(setting, Known) else self.world.copies:
                    yield f'queue "{queue.name}": {word} on'


def _phones(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names[:3]]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"phone {', '.join(quoted)}{more}"


def simulation(
    analysis: Analysis, observer: Observer, case: Case, given: Sequence[tuple[str, str]] = (), ask: Ask | None = None
) -> Simulation:  # fmt: skip
    """A call of a case, in the world in which most is recorded. given, ask: see Chooser."""
    world = worst(case)
    shared = shared_names(analysis) if given else frozenset()
    chooser = Chooser(Options(Calls(analysis, world.regime)), given, ask, shared)
    return Simulation(analysis, observer, case, world, chooser)


def worst(case: Case) -> World:
    """Of all worlds the one in which most is recorded: what is not known counts against the caller."""

    def order(world: World) -> tuple[bool, ...]:
        regime = world.regime
        odd = (regime.resets, regime.resumes, regime.keeps, regime.acts, regime.transfers)
        return (
            *(not each for each in odd), world.line, not regime.gate, not regime.hides_flow, not regime.hides_computed,
            not regime.hides_queue,
            world.external, world.stations, world.open_starts, not world.flag_holds, world.exempt, world.internal,
            world.consult, world.copies,
        )  # fmt: skip

    return max(case.worlds, key=order)


def not_known(observer: Observer, case: Case) -> tuple[str, ...]:
    """What is taken as the worst for the caller, because it is not in the export or an assumption leaves it open."""
    unset = any(not isinstance(setting, Known) for setting in observer.stations.recording)
    seats = unset or observer.unknown_seats(case, case.worlds[0])
    alike = [world if seats else replace(world, stations=False) for world in case.worlds]
    return tuple(differing(observer.analysis, case, [alike.index(world) for world in alike]))


def check_names(analysis: Analysis, names: Sequence[str]) -> None:
    """A usage error for names at which nothing can ever be decided."""
    known: dict[str, str] = {}
    for name, _ in _names(analysis):
        known.setdefault(name.casefold(), name)
    missing = [name for name in names if name.casefold() not in known]
    if missing:
        raise UsageError(
            "These are no places at which something is decided.",
            details=tuple(f'"{name}"{did_you_mean(name, known.values())}' for name in missing),
            hint="Name an action, a menu, a queue or the entry; flow/action or kind:name where a name is shared.",
        )


def shared_names(analysis: Analysis) -> frozenset[str]:
    """Names, in lower case, that places of several kinds have: a route and its queue, say."""
    kinds: dict[str, set[str]] = {}
    for name, kind in _names(analysis):
        kinds.setdefault(name.casefold(), set()).add(kind)
    return frozenset(name for name, found in kinds.items() if len(found) > 1)


def _names(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Every name with the kind of place that has it."""
    subjects = Subjects(analysis)
    points = analysis.program.points
    for place in (*points, *_known_places(analysis)):
        kind = "" if place in points else subjects.point(place)[0].kind
        yield from ((name, kind) for name in names_at(analysis, subjects, place))


def _known_places(analysis: Analysis) -> Iterator[int]:
    yield from (analysis.places.id(Start(way)) for way in analysis.audited_ways)
    yield from (analysis.places.id(Wait(queue, None)) for queue in range(len(analysis.organisation.queues)))


def names_at(analysis: Analysis, subjects: Subjects, place: int) -> Iterator[str]:
    """By what a user can name a point or place."""
    subject, _ = subjects.point(place)
    yield subject.name
    yield f"{subject.kind}:{subject.name}"
    if subject.flow:
        yield f"{subject.flow}/{subject.name}"
    if subject.id:
        yield subject.id
    away = analysis.places.at(place)
    if isinstance(away, Start):
        yield from analysis.ways[away.entry].numbers
    elif away is None:
        site = analysis.program.points[place].site
        if site is not None and site.action.tracking_id:
            yield site.action.tracking_id
