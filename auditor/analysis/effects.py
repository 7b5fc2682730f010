"""What events do to the state of a call: pure functions from state to state (semantics, sections 4 and 5)."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.analysis.consent import Answer
from auditor.analysis.lanes import Lanes
from auditor.analysis.state import Consent, Duty, Kind, Note, State, note
from auditor.model.confidence import Confidence

_CONSENT = {Answer.GRANTED: Consent.GRANTED, Answer.REFUSED: Consent.REFUSED, Answer.UNANSWERED: Consent.UNANSWERED}
_DOUBT = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
ANSWERS = tuple(Answer)
SERVICE, EVIDENCE = "service", "evidence"
DUTIES = {SERVICE: Answer.REFUSED, EVIDENCE: Answer.GRANTED}
"""What continuations of a call may owe, and the answer after which they do."""


def flushed(state: State) -> State:
    """Queued audio is heard now."""
    return replace(state, queued=False, noticed=True) if state.queued else state


def announced(state: State) -> State:
    """An announcement about recording is queued; it is heard at the next flush."""
    return state if state.noticed or state.queued else replace(state, queued=True)


def settled(state: State, lanes: Lanes, notes: list[Note], why: str = "") -> State:
    """Notes captures that start now, and what they settle. why: the move with which they start."""
    holding = lanes.holding(state)
    if not holding:
        return state
    starting = holding & ~state.captured
    if starting:
        notes.append(note(Kind.CAPTURED, int(state.place), state, why, starting))
        state = replace(state, captured=state.captured | holding)
    if state.granted and holding & ~state.since:
        state = replace(state, since=state.since | holding)
    return _captured(state, holding, notes) if state.pending else state


def _captured(state: State, lanes: int, notes: list[Note]) -> State:
    """Enablings after which something is captured now, in these lanes."""
    mine = [d for d in state.pending if d.lanes & lanes]
    if not mine:
        return state
    notes.extend(note(Kind.DONE, d.point, state, d.kind, d.lanes & lanes) for d in mine)
    left = {replace(d, lanes=d.lanes & ~lanes) for d in mine if d.lanes & ~lanes}
    return replace(state, pending=state.pending.difference(mine) | left)


def done(state: State, duty: str, notes: list[Note]) -> State:
    """Duties of this kind are done by every run that comes here; a service, which ends them, also what a refusal asks

    for after which nothing was enabled. That a yes is stored is seen in the flow, and looked for: see `storing`.
    """
    if duty == SERVICE:
        asked, answer = divmod(state.last, len(ANSWERS))
        notes.append(note(Kind.DONE, asked if ANSWERS[answer] is DUTIES[duty] else -1, state, duty))
    mine = [d for d in state.pending if d.kind == duty]
    if not mine:
        return state
    notes.extend(note(Kind.DONE, d.point, state, duty) for d in mine)
    return replace(state, pending=state.pending.difference(mine))


def bare(state: State) -> State:
    """The state without what neither duties nor the way of a call depend on: answers, notices, recording, doubts."""
    consent = Consent.UNASKED if state.consent is Consent.UNASKED else Consent.UNANSWERED
    way = State(consent=consent, place=state.place, hidden=state.hidden, queue=state.queue, via=state.via)
    return replace(way, pending=state.pending, post=state.post, env=state.env)


def owing(state: State, duty: str, point: int, notes: list[Note]) -> State:
    """A duty that a continuation may do. Only the latest is kept: it inherits the others,

    or the states of a call would multiply with every question.
    """
    earlier = [d for d in state.pending if d.kind == duty and d.point != point]
    notes.extend(note(Kind.INHERITED, d.point, state, f"{duty} {point}") for d in earlier)
    return replace(state, pending=state.pending.difference(earlier) | {Duty(duty, point)})


def answered(
    state: State, point: int, answer: Answer, confidence: Confidence, lanes: Lanes, notes: list[Note]
) -> State:
    """A consent point is left with an answer; granted and refused overwrite, unanswered only unasked."""
    consent = _CONSENT[answer]
    if answer is Answer.UNANSWERED and state.consent is not Consent.UNASKED:
        consent = state.consent
    state = replace(
        state,
        consent=consent,
        last=point * len(ANSWERS) + ANSWERS.index(answer),
        doubt=max(state.doubt, _DOUBT[confidence]),
    )
    if answer is Answer.GRANTED:
        state = replace(state, granted=True)
    if answer is Answer.GRANTED and lanes.regime.evidence:
        state = owing(state, EVIDENCE, point, notes)
    elif answer is Answer.REFUSED and lanes.regime.service:
        state = owing(state, SERVICE, point, notes)
    notes.append(note(Kind.ASKED, point, state, answer.value))
    _copied(state, notes)
    return settled(state, lanes, notes)


def _copied(state: State, notes: list[Note]) -> None:
    """What transcribes, monitors or streams goes on when the consent has changed."""
    notes.extend(note(Kind.COPIED, subject, state, name) for name, subject in state.copies)


def enabled(state: State, point: int, lanes: Lanes, notes: list[Note]) -> State:
    """Enable Participant Recording runs: queued audio is heard first, then recording may begin."""
    state = flushed(state)
    notes.append(note(Kind.ENABLED, point, state))
    if state.last >= 0:
        asked, answer = divmod(state.last, len(ANSWERS))
        notes.append(note(Kind.ENABLED_AFTER, asked, state, ANSWERS[answer].value))
    state = replace(state, enabled=True, last=-1)
    if lanes.line:
        others = {d for d in state.pending if d.kind != "capture" or d.point != point}
        state = replace(state, pending=frozenset({*others, Duty("capture", point, lanes.line)}))
    return settled(state, lanes, notes)


def tainted(state: State, point: int, reason: str, notes: list[Note]) -> State:
    """Something is not understood here; the run goes on, and what it shows is only possible."""
    state = replace(state, tainted=True)
    notes.append(note(Kind.TAINTED, point, state, reason))
    return state


def handed_over(state: State, lanes: Lanes, notes: list[Note]) -> State:
    """The call is transferred: queued audio is heard; under A3 no, consent and enabling are gone."""
    state = replace(flushed(state), queue=-1, via=-1)
    if lanes.regime.resets and state.consent is not Consent.UNASKED:
        state = replace(state, consent=Consent.UNASKED)
        _copied(state, notes)
    return replace(state, enabled=False, last=-1, granted=False, since=0) if lanes.regime.resets else state
