"""The effect beside a verdict: where consent is given, does it lead to a recording? (semantics, section 1)"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.observations import ObjectKey, Observer
from auditor.analysis.state import Kind, Seen
from auditor.analysis.worlds import World
from auditor.findings import Effect
from auditor.policy.evidence import Evidence, Mark


def effect_of(
    analysis: Analysis, observer: Observer, index: int, case: Case, found: dict[Mark, Evidence]
) -> Effect:  # fmt: skip
    """The effect of an entry on a leg; unknown when taint or an unset value would change it."""
    answers: set[Effect] = set()
    tainted, never = False, _never_enables(index, case, found)
    for world in case.worlds:
        first = analysis.shown(case.way, world.regime).first
        tainted |= any(s.kind is Kind.TAINTED for s in first)
        runs = [s for s in first if _counts(s)]
        answer = _answer([c for s in runs for c in _captures(observer, case, world, s)])
        if answer is Effect.NOT_APPLICABLE and world.line and world.gate and never:
            answer = Effect.NEVER
        answers.add(answer)
    if len(answers) != 1 or (tainted and answers != {Effect.SOMETIMES}):
        return Effect.UNKNOWN
    return answers.pop()


def _counts(seen: Seen) -> bool:
    return seen.kind in (Kind.CONNECTED, Kind.VOICEMAIL) and seen.grant > 0 and not seen.tainted


def _captures(observer: Observer, case: Case, world: World, seen: Seen) -> Iterator[bool]:
    """Whether the call is captured after the grant, for each phone at which it may be answered."""
    if seen.grant == 2 or seen.kind is Kind.VOICEMAIL:
        yield seen.grant == 2
        return
    starts = not world.station_waits(seen.enabled)
    seats = observer.seats(observer.endpoint(seen), world)
    recording = observer.recording(observer.endpoint(seen), world)
    records = [phone in recording for phone in seats.phones] + ([world.stations] if seats.unknown else [])
    for station in records:
        yield starts and station
        if station and not starts:
            yield True  # the call becomes a conference, in which the station does not wait
    if not seats.phones and not seats.unknown:
        yield False


def _answer(captures: list[bool]) -> Effect:
    if not captures:
        return Effect.NOT_APPLICABLE
    if all(captures):
        return Effect.ALWAYS
    return Effect.SOMETIMES if any(captures) else Effect.NEVER


def _never_enables(index: int, case: Case, found: dict[Mark, Evidence]) -> bool:
    key = ObjectKey("entry", case.way)
    for code in ("RN207", "RN208"):
        evidence = found.get((code, key))
        if evidence is not None and index in evidence.locals:
            return True
    return False
