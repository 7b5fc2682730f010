"""The state of a call (semantics, section 4) and the moves between situations."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.values import Values


class Consent(IntEnum):
    """What the caller has said about recording."""

    UNASKED = 0
    UNANSWERED = 1
    REFUSED = 2
    GRANTED = 3

    @property
    def word(self) -> str:
        """The word reports use."""
        return _WORDS[self]


_WORDS = {consent: consent.name.lower() for consent in Consent}


class Place(IntEnum):
    """Where the call is. FLOW covers tasks, modules and bots, which the hosting flow decides for."""

    FLOW = 0
    SUPPRESSED_FLOW = 1
    WAITING = 2
    SUPPRESSED_WAITING = 3
    CONNECTED = 4
    VOICEMAIL = 5
    EXTERNAL = 6
    CONFERENCE = 7
    HOLD = 8
    CONSULT = 9
    ENDED = 10

    @property
    def word(self) -> str:
        """The words reports use."""
        return _PLACES[self]


_HIDDEN = {Place.FLOW: Place.SUPPRESSED_FLOW, Place.WAITING: Place.SUPPRESSED_WAITING}
_PLACES = {
    Place.FLOW: "flow",
    Place.SUPPRESSED_FLOW: "flow (recording suppressed)",
    Place.WAITING: "waiting in queue",
    Place.SUPPRESSED_WAITING: "waiting in queue (recording suppressed)",
    Place.CONNECTED: "internal participant",
    Place.VOICEMAIL: "voicemail",
    Place.EXTERNAL: "external party",
    Place.CONFERENCE: "conference",
    Place.HOLD: "hold",
    Place.CONSULT: "consult",
    Place.ENDED: "ended",
}

Env = tuple[tuple[str, Values], ...]


class Duty(Struct, frozen=True, gc=False):
    """Something a continuation may still do: "capture" after an enable, "service" after a refusal, ...

    lanes: those in which it is still to do, for "capture".
    """

    kind: str
    point: int
    lanes: int = 0


class State(Struct, frozen=True, gc=False):
    """One state of a call. env: tracked variables that will still be read, sorted; absent means anything.

    queued, noticed: an announcement waits to be heard, has been heard; granted: consent was given once; queue, via:
    where the call waits and the action that put it there (-1: none); doubt: 0 rests on nothing weaker than confidence
    high, 1 medium, 2 low; last: point * 3 + answer of the last consent point until an enable, or -1; pending: duties
    not yet done; copies: what transcribes, monitors or streams, with the action that switched it on; post: flow after
    the agent, or -1. Masks of lanes (see Lanes): captured: line capture has begun; since: it has gone on or begun
    after consent was given; hidden: the place is suppressed.
    """

    consent: Consent = Consent.UNASKED
    queued: bool = False
    noticed: bool = False
    enabled: bool = False
    granted: bool = False
    since: int = 0
    captured: int = 0
    place: Place = Place.FLOW
    hidden: int = 0
    queue: int = -1
    via: int = -1
    tainted: bool = False
    doubt: int = 0
    last: int = -1
    pending: frozenset[Duty] = frozenset()
    copies: tuple[tuple[str, int], ...] = ()
    post: int = -1
    env: Env = ()

    @property
    def shown(self) -> Place:
        """The place in the words of reports; for the state of one lane."""
        return _HIDDEN.get(self.place, self.place) if self.hidden else self.place

    @property
    def core(self) -> State:
        """The state without the values of variables."""
        return replace(self, env=()) if self.env else self


class Kind(IntEnum):
    """Kinds of observations: facts about runs, without judgement."""

    ENABLED = 0  # Enable Participant Recording runs; state before it
    ENABLED_AFTER = 1  # the first enable after a consent point was left with an answer; extra: the answer
    ASKED = 2  # a consent point is left; extra: the answer
    CAPTURED = 3  # line capture starts; extra: the place
    DONE = 4  # a duty is done, that of a point or (-1) nobody's; extra: its kind
    REACHED = 5  # the call is handed to a queue or an internal participant by the action `subject`
    CONNECTED = 6  # an internal participant has the call; extra: endpoint
    VOICEMAIL = 7  # the caller leaves a voicemail
    COPIED = 8  # transcription, monitoring or streaming is on; extra: which
    TAINTED = 9  # something was not understood; extra: what
    CALLBACK = 10  # a callback is created; extra: queue
    EXTERNAL = 11  # the call is bridged to an external party, and the line captures it
    INHERITED = 12  # a duty goes over to a later point; extra: its kind and that point


class Seen(Struct, frozen=True, order=True, gc=False):
    """An observation in one lane. subject: a point, or what else it concerns; tainted, doubt: of the run.

    grant: 0 consent was never given, 1 given and nothing captured since, 2 given and captured since.
    """

    kind: Kind
    subject: int
    extra: str
    consent: Consent
    noticed: bool
    enabled: bool
    grant: int
    tainted: bool
    doubt: int


class Note(Struct, frozen=True, gc=False):
    """An observation in several lanes at once. seen: what it is where nothing was captured since consent was given;

    lanes: the lanes in which it is made; since: those in which something was captured since.
    """

    seen: Seen
    lanes: int
    since: int


def note(kind: Kind, subject: int, state: State, extra: str = "", lanes: int = -1) -> Note:
    """The observation of a kind in a state."""
    grant = 1 if state.granted else 0
    found = Seen(kind, subject, extra, state.consent, state.noticed, state.enabled, grant, state.tainted, state.doubt)
    return Note(found, lanes, state.since)


class Regime(Struct, frozen=True, order=True, gc=False):
    """What holds throughout a run: the leg's settings and one value for each unset setting or open assumption.

    line: the trunk records; gate: it waits for the action; external: it records external transfers;
    hides_flow, hides_queue: an unset suppression of a flow (A7), of a queue, means suppressed;
    hides_computed: so does one of a flow that is an expression;
    resets: consent and enabling do not survive transfers (A3 no); resumes: a jump returns to the callers of the
    task (A10 no); keeps: failed input keeps old values (A11 no); acts: an unmodelled action may ask and enable (A8 no);
    transfers: an agent may transfer to any queue and flow (A14 no);
    newer: a common module may be newer than what its caller was published with (A12 no);
    service, evidence: what an answer leads to is followed too, a service after a refusal or evidence of a consent,
    which costs states.
    """

    line: bool = False
    gate: bool = False
    external: bool = False
    hides_flow: bool = False
    hides_computed: bool = False
    hides_queue: bool = False
    resets: bool = False
    resumes: bool = False
    keeps: bool = False
    acts: bool = False
    transfers: bool = False
    newer: bool = False
    service: bool = False
    evidence: bool = False

    @property
    def behaviour(self) -> Regime:
        """The part on which it depends where a call can go; the rest only decides what is captured on the way."""
        return replace(
            self, line=False, gate=False, external=False, hides_flow=False, hides_computed=False, hides_queue=False
        )
