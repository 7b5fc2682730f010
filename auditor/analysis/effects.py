"""What events do to the state of a call: pure functions from state to state (semantics, sections 4 and 5)."""

from __future__ import annotations

from auditor.analysis.consent import Answer
from auditor.analysis.state import Consent, Duty, Kind, Place, Regime, Seen, State, seen
from auditor.model.confidence import Confidence

_CONSENT = {Answer.GRANTED: Consent.GRANTED, Answer.REFUSED: Consent.REFUSED, Answer.UNANSWERED: Consent.UNANSWERED}
_DOUBT = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
ANSWERS = tuple(Answer)
_INHERITED = ("service", "evidence")
_HIDDEN = (Place.SUPPRESSED_FLOW, Place.SUPPRESSED_WAITING)


def flushed(state: State) -> State:
    """Queued audio is heard now."""
    return state._replace(queued=False, noticed=True) if state.queued else state


def announced(state: State) -> State:
    """An announcement about recording is queued; it is heard at the next flush."""
    return state if state.noticed or state.queued else state._replace(queued=True)


def holds(state: State, regime: Regime) -> bool:
    """Whether the line is being captured in this state (section 4, Capture)."""
    if not regime.line or (regime.gate and not state.enabled) or state.place in _HIDDEN:
        return False
    return regime.external if state.place is Place.EXTERNAL else state.place is not Place.ENDED


def settled(state: State, regime: Regime, notes: list[Seen], why: str = "") -> State:
    """Notes a capture that starts now, and what it settles. why: the move with which it starts."""
    if not holds(state, regime):
        return state
    if not state.captured:
        notes.append(seen(Kind.CAPTURED, int(state.place), state, why))
        state = state._replace(captured=True)
    if state.grant == 1:
        state = state._replace(grant=2)
    return done(state, "capture", notes)


def done(state: State, duty: str, notes: list[Seen]) -> State:
    """Duties of this kind are done by every run that comes here."""
    mine = [d for d in state.pending if d.kind == duty]
    if not mine:
        return state
    notes.extend(seen(Kind.DONE, d.point, state, duty) for d in mine)
    return state._replace(pending=state.pending.difference(mine))


def owing(state: State, duty: str, point: int, notes: list[Seen]) -> State:
    """A duty that a continuation may do. Of "service" and "evidence" only the latest is kept: it inherits the others,

    or the states of a call would multiply with every question.
    """
    kept = state.pending
    if duty in _INHERITED:
        earlier = [d for d in kept if d.kind == duty and d.point != point]
        notes.extend(seen(Kind.INHERITED, d.point, state, f"{duty} {point}") for d in earlier)
        kept = kept.difference(earlier)
    return state._replace(pending=kept | {Duty(duty, point)})


def answered(
    state: State, point: int, answer: Answer, confidence: Confidence, regime: Regime, notes: list[Seen]
) -> State:
    """A consent point is left with an answer; granted and refused overwrite, unanswered only unasked."""
    consent = _CONSENT[answer]
    if answer is Answer.UNANSWERED and state.consent is not Consent.UNASKED:
        consent = state.consent
    state = state._replace(
        consent=consent,
        last=point * len(ANSWERS) + ANSWERS.index(answer),
        doubt=max(state.doubt, _DOUBT[confidence]),
    )
    if answer is Answer.GRANTED:
        if state.grant == 0:
            state = state._replace(grant=1)
        if regime.duties:
            state = owing(state, "evidence", point, notes)
    elif answer is Answer.REFUSED and regime.duties:
        state = owing(state, "service", point, notes)
    notes.append(seen(Kind.ASKED, point, state, answer.value))
    return settled(state, regime, notes)


def enabled(state: State, point: int, regime: Regime, notes: list[Seen]) -> State:
    """Enable Participant Recording runs: queued audio is heard first, then recording may begin."""
    state = flushed(state)
    notes.append(seen(Kind.ENABLED, point, state))
    if state.last >= 0:
        asked, answer = divmod(state.last, len(ANSWERS))
        notes.append(seen(Kind.ENABLED_AFTER, asked, state, ANSWERS[answer].value))
    state = owing(state._replace(enabled=True, last=-1), "capture", point, notes)
    return settled(state, regime, notes)


def tainted(state: State, point: int, reason: str, notes: list[Seen]) -> State:
    """Something is not understood here; the run goes on, and what it shows is only possible."""
    state = state._replace(tainted=True)
    notes.append(seen(Kind.TAINTED, point, state, reason))
    return state


def handed_over(state: State, regime: Regime) -> State:
    """The call is transferred: queued audio is heard; under A3 no, consent and enabling are gone."""
    state = flushed(state)._replace(queue=-1, via=-1)
    if regime.resets:
        state = state._replace(consent=Consent.UNASKED, enabled=False, last=-1, grant=0)
    return state
