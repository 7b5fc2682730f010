"""The state of a call (semantics, section 4) and the moves between situations."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

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
        return self.name.lower()


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


class Duty(NamedTuple):
    """Something a continuation may still do: "capture" after an enable, "service" after a refusal, ..."""

    kind: str
    point: int


class State(NamedTuple):
    """One state of a call. env: tracked variables that will still be read, sorted; absent means anything.

    queued, noticed: an announcement waits to be heard, has been heard; grant: 0 never granted, 1 granted and not
    captured since, 2 granted and captured since; captured: line capture has begun; queue, via: where the call
    waits and the action that put it there (-1: none); doubt: 0 rests on nothing weaker than confidence high,
    1 medium, 2 low; last: point * 3 + answer of the last consent point until an enable, or -1; pending: duties
    not yet done; copies: bits of transcription, monitoring, streaming; post: flow after the agent, or -1.
    """

    consent: Consent = Consent.UNASKED
    queued: bool = False
    noticed: bool = False
    enabled: bool = False
    grant: int = 0
    captured: bool = False
    place: Place = Place.FLOW
    queue: int = -1
    via: int = -1
    tainted: bool = False
    doubt: int = 0
    last: int = -1
    pending: frozenset[Duty] = frozenset()
    copies: int = 0
    post: int = -1
    env: Env = ()


class Kind(IntEnum):
    """Kinds of observations: facts about runs, without judgement."""

    ENABLED = 0  # Enable Participant Recording runs; state before it
    ENABLED_AFTER = 1  # the first enable after a consent point was left with an answer; extra: the answer
    ASKED = 2  # a consent point is left; extra: the answer
    CAPTURED = 3  # line capture starts; extra: the place
    DONE = 4  # a duty is done; extra: its kind
    REACHED = 5  # the call is handed to a queue or an internal participant by the action `subject`
    CONNECTED = 6  # an internal participant has the call; extra: endpoint
    VOICEMAIL = 7  # the caller leaves a voicemail
    COPIED = 8  # transcription, monitoring or streaming is on; extra: which
    TAINTED = 9  # something was not understood; extra: what
    CALLBACK = 10  # a callback is created; extra: queue
    EXTERNAL = 11  # the call is bridged to an external party, and the line captures it
    INHERITED = 12  # a duty goes over to a later point; extra: its kind and that point


class Seen(NamedTuple):
    """An observation. subject: a point, or what else it concerns; grant: see State; tainted, doubt: of the run."""

    kind: Kind
    subject: int
    extra: str
    consent: Consent
    noticed: bool
    enabled: bool
    grant: int
    tainted: bool
    doubt: int


def seen(kind: Kind, subject: int, state: State, extra: str = "") -> Seen:
    """The observation of a kind in a state."""
    return Seen(
        kind, subject, extra, state.consent, state.noticed, state.enabled, state.grant, state.tainted, state.doubt
    )


class Regime(NamedTuple):
    """What holds throughout a run: the leg's settings and one value for each unset setting or open assumption.

    line: the trunk records; gate: it waits for the action; external: it records external transfers;
    hides_flow, hides_queue: an unset suppression of a flow (A7), of a queue, means suppressed;
    resets: consent and enabling do not survive transfers (A3 no); resumes: a jump returns to the callers of the
    task (A10 no); keeps: failed input keeps old values (A11 no); acts: an unmodelled action may ask and enable (A8 no);
    transfers: an agent may transfer to any queue and flow (A14 no);
    newer: a common module may be newer than what its caller was published with (A12 no);
    duties: what answers lead to is followed too (service after a refusal, evidence of a consent), which costs states.
    """

    line: bool = False
    gate: bool = False
    external: bool = False
    hides_flow: bool = False
    hides_queue: bool = False
    resets: bool = False
    resumes: bool = False
    keeps: bool = False
    acts: bool = False
    transfers: bool = False
    newer: bool = False
    duties: bool = False
