"""The checker of certificates. It shares no code with the search and none with judging, and believes nothing.

Initiation: calls begin in the set. Closure: every step from it leads into it. Safety: nothing seen in it breaks a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import assert_never

from auditor.analysis.lanes import seen_in
from auditor.analysis.legs import Direction, Leg
from auditor.analysis.machine import CallMachine
from auditor.analysis.moves import Edge, Key, MoveKind
from auditor.analysis.places import Start
from auditor.analysis.state import Consent, Kind, Note, Regime, Seen, State
from auditor.analysis.worlds import World
from auditor.certificates.form import BadForm, Certificate
from auditor.certificates.ground import NOBODY, Ground, Seat
from auditor.certificates.spelling import Contexts, Reading, Within
from auditor.model.policy import Mode
from auditor.model.rules import Fact

_SATISFIED: Mapping[Mode, Callable[[Consent, bool], bool]] = {
    Mode.NONE: lambda consent, noticed: True,
    Mode.ANNOUNCEMENT: lambda consent, noticed: noticed and consent is not Consent.REFUSED,
    Mode.OPT_OUT: lambda consent, noticed: noticed if consent is Consent.UNASKED else consent is not Consent.REFUSED,
    Mode.OPT_IN: lambda consent, noticed: consent is Consent.GRANTED,
}


def fault(certificate: Certificate, ground: Ground) -> str | None:
    """Why the certificate does not prove its claim; None when it does."""
    try:
        return next(_faults(certificate, ground), None)
    except (AssertionError, LookupError, ValueError) as error:
        return str(error) if isinstance(error, BadForm) else f"closure: there can be no such situation ({error!r})"


def _faults(certificate: Certificate, ground: Ground) -> Iterator[str]:
    claim, basis = certificate.claim, certificate.basis
    for part in basis.__struct_fields__:
        if part != "as_of" and getattr(basis, part) != getattr(ground.basis, part):
            yield f"basis: it was made with other {part}"
    yield from (f"safety: {code} judges all calls together" for code in ground.about_all)
    index, leg = ground.find(claim)
    worlds = ground.worlds(index, leg)
    sets = Reading(ground.names, certificate, index).invariants()
    if sorted(r for regimes in sets for r in regimes) != sorted({world.regime for world in worlds}):
        raise BadForm("claim: it does not cover what unset settings and open assumptions may be on this leg")
    yield from ground.unclear(index, leg, sets.values())
    mode = ground.mode(index, leg, sets.values(), basis.as_of)
    if mode.value != claim.mode:
        yield f"claim: the mode of these calls is {mode.value}"
    seen: dict[Regime, set[Seen]] = {}
    for regimes, contexts in sets.items():
        if (ground.places.id(Start(index)), ground.facts.environment.begin(State()), 0) not in contexts:
            yield "initiation: the situation in which a call begins is not in it"
        notes = set(_closed(ground.machine(regimes), contexts, ground))
        for lane, regime in enumerate(regimes):
            seen[regime] = {each for note in notes if (each := seen_in(note, lane)) is not None}
    for world in worlds:
        yield from _unsafe(seen[world.regime], world, leg, mode, ground)


def _closed(machine: CallMachine, contexts: Contexts, ground: Ground) -> Iterator[Note]:
    """What is observed in all situations; BadForm where one leads out of the set."""
    for (point, state, frame), within in contexts.items():
        if (point, state) not in within.situations:
            raise BadForm(f"initiation: {ground.names.words(point)} is entered, but not in what is reached")
        for here in within.situations:
            moves, notes = machine.step(*here, frame)
            yield from notes
            for move in moves:
                if not _inside(machine, contexts, within, here, move):
                    raise BadForm(f"closure: {ground.names.words(here[0])} leads out of it ({move.why})")


def _inside(machine: CallMachine, contexts: Contexts, within: Within, here: Key[State], move: Edge[State]) -> bool:
    match move.kind:
        case MoveKind.GO:
            return _among(within.situations, move.target, move.state)
        case MoveKind.LEAVE:
            return _among(within.exits, move.output, move.state)
        case MoveKind.ENTER | MoveKind.CALL:  # what is entered for good has no exits
            backs = ([machine.resume(*here, *leaving) for leaving in w.exits] for w in _entered(contexts, move))
            return any(all(_among(within.situations, point, state) for point, state, _ in back) for back in backs)
        case MoveKind.STOP:
            return True
    assert_never(move.kind)


def _entered(contexts: Contexts, move: Edge[State]) -> list[Within]:
    if (exact := contexts.get((move.target, move.state, move.frame))) is not None:
        return [exact]
    return [w for (p, s, f), w in contexts.items() if (p, f) == (move.target, move.frame) and _vaguer(s, move.state)]


def _among(found: Collection[tuple[object, State]], head: object, state: State) -> bool:
    """Whether it is in the set, or a situation that differs in knowing less of the values of variables."""
    return (head, state) in found or any(h == head and _vaguer(s, state) for h, s in found)


def _vaguer(one: State, other: State) -> bool:
    return one.core == other.core and set(one.env) <= set(other.env)


def _unsafe(notes: Collection[Seen], world: World, leg: Leg, mode: Mode, ground: Ground) -> Iterator[str]:
    """What breaks a rule, or leaves the verdict open (semantics, sections 1, 6 and 8)."""
    seats = {s.subject: ground.seat(s.subject, world) for s in notes if s.kind is Kind.CONNECTED}
    matters = world.gate and (world.line or any(seat.records for seat in seats.values()))
    for seen in notes:
        seat = seats[seen.subject] if seen.kind is Kind.CONNECTED else NOBODY
        good = _SATISFIED[mode](seen.consent, seen.noticed)
        if seen.kind is Kind.TAINTED or seen.doubt == 2:
            yield f"safety: not understood: {seen.extra or 'a question recognised by structure only'}"
        about: dict[str, Fact] = {
            "direction": leg.direction.value, "line": ("off", "on")[world.line], "gate": ("off", "on")[world.gate],
            "consent": seen.consent.word, "noticed": seen.noticed, "enabled": seen.enabled,
            "mode": mode.value, "mode_satisfied": good, "can_enable": matters,
        }  # fmt: skip
        for kind, facts in _observed(seen, seat, world, leg, good):
            for rule in ground.rules:
                counts = matters or kind == "capture-starts" or not "RC102" <= rule.code <= "RC107"  # else latent
                if counts and kind in rule.observations and rule.holds(about | facts):
                    yield f"safety: {rule.code} {rule.name}"


def _observed(seen: Seen, seat: Seat, world: World, leg: Leg, good: bool) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Observations as rules name them; a leg without trunk bases is one whose trunk base is not exported."""
    match seen.kind:
        case Kind.ENABLED:
            yield "recording-enabled", {"stands_in": not seen.enabled and seen.consent is not Consent.REFUSED}
        case Kind.ENABLED_AFTER:  # RC105 is about all entries together; here already one class may not do it
            yield "point-summary", {"every_class_enables": True, "unsatisfied_enable": not good}
        case Kind.ASKED:
            yield "consent-asked", {"answer": seen.extra}
        case Kind.REACHED:
            yield "agent-connected", {}
        case Kind.CAPTURED:
            held = world.gate and leg.direction is Direction.INBOUND
            yield "capture-starts", {"part": "line", "exempt": "none", "stands_in": not held}
        case Kind.CONNECTED if seat.records and (world.internal or leg.direction is not Direction.INTERNAL):
            exempt = "conference" if world.station_waits(seen.enabled) else "none"
            yield "capture-starts", {"part": "station", "exempt": exempt, "stands_in": True}
    captured = seen.kind is Kind.CONNECTED and world.line and (seen.enabled or not world.regime.gate)
    if seen.kind is Kind.EXTERNAL or (captured and (world.consult or world.external or not leg.trunks)):
        yield "third-party-captured", {"third_party_asked": False}
    if seen.kind is Kind.COPIED or seat.copied:
        yield "copy-on", {}
