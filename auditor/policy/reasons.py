"""Why something is only possible, or not decided: in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.legs import Direction
from auditor.analysis.observations import Observer
from auditor.analysis.state import Kind
from auditor.analysis.worlds import World
from auditor.model.directory import Found
from auditor.model.routing import ObjectRef
from auditor.policy.evidence import Local
from auditor.policy.subjects import Subjects


def _always(_: World) -> bool:
    return True


def _on_line(world: World) -> bool:
    return world.line


def _held(world: World) -> bool:
    return world.line and world.gate


class _Open(NamedTuple):
    """Something open, in words; its value in a world; the worlds in which it is a question at all.

    setting: of the trunk base that would answer it, empty for anything else.
    """

    words: str
    value: Callable[[World], bool]
    asked: Callable[[World], bool] = _always
    setting: str = ""


_DIMENSIONS = (
    _Open("whether the trunk records", _on_line, setting="trunk_recording_enabled"),
    _Open("whether the trunk requires consent", lambda w: w.gate, setting="trunk_recording_consent_required"),
    _Open(
        "whether external transfers are recorded",
        lambda w: w.regime.external,
        _on_line,
        setting="trunk_recording_externalTransfersEnabled",
    ),
    _Open(
        "whether flows suppress recording whose suppressRecording is missing (A7)",
        lambda w: w.regime.hides_flow,
        _on_line,
    ),
    _Open(
        "whether flows suppress recording whose suppressRecording is an expression",
        lambda w: w.regime.hides_computed,
        _on_line,
    ),
    _Open(
        "whether queues without suppressInQueueCallRecording suppress recording",
        lambda w: w.regime.hides_queue,
        _on_line,
    ),
    _Open("whether consent survives transfers (A3)", lambda w: w.regime.resets),
    _Open("whether a jump returns to the callers of a task (A10)", lambda w: w.regime.resumes),
    _Open("whether a failed input keeps old values (A11)", lambda w: w.regime.keeps),
    _Open("whether actions without a model ask or enable (A8)", lambda w: w.regime.acts),
    _Open("whether phones record whose recording setting is not in the export", lambda w: w.stations),
    _Open(
        "whether a recording phone starts at once while the gate is off (A2)",
        lambda w: w.open_starts,
        lambda w: not w.gate,
    ),
    _Open(
        "whether the gate holds a phone back while the line does not record (A13)",
        lambda w: w.flag_holds,
        lambda w: w.gate and not w.line,
    ),
    _Open("whether a callback that rings the customer first counts as outbound for phones (A4)", lambda w: w.exempt),
    _Open("whether phones record internal calls (A15)", lambda w: w.internal),
    _Open("whether consults are recorded", lambda w: w.consult, _on_line, setting="trunk_consult_recording_enabled"),
    _Open("whether queues transcribe or monitor (the settings are not in the export)", lambda w: w.copies),
    _Open("whether the gate holds the line back on outbound calls (A1)", lambda w: w.regime.gate, _held),
    _Open("whether agents transfer calls into flows (A14)", lambda w: w.regime.transfers),
    _Open("whether a module is newer than its caller (A12)", lambda w: w.regime.newer),
    _Open("whether an agent without a station may sit at any phone (A5)", lambda w: w.free_seating),
    _Open("whether the line or the phone base decides on recording (A6)", lambda w: w.line_first),
)
NO_SERVICE = "no external trunk base of the export is in service"


def without_trunk(analysis: Analysis) -> str:
    """Why a call has no trunk, in words."""
    known = any(trunk.type.casefold() == "external" for trunk in analysis.organisation.trunk_bases)
    return NO_SERVICE if known else "no trunk is in the export"


def hangs_on(analysis: Analysis, subjects: Subjects, case: Case, part: Local) -> Iterator[str]:
    """What a possible finding hangs on."""
    where = frozenset(run.world for run in part.runs.values() if run.solid and run.matters)
    if not where:
        where = frozenset(run.world for run in part.runs.values())
        if any(run.seen is not None and run.seen.doubt == 2 for run in part.runs.values()):
            yield "a consent point at which it is only guessed which answers agree"
        yield from taints(analysis, subjects, case)
    if case.doubted:
        yield "whether the number comes in over a trunk that does not fit its pool (A16)"
    yield from differing(analysis, case, [world in where for world in range(len(case.worlds))])


def differing(analysis: Analysis, case: Case, answers: Sequence[object]) -> Iterator[str]:
    """What an answer hangs on that is not the same in every world. answers: one for each of case.worlds."""
    unserved = not case.leg.trunks and without_trunk(analysis) == NO_SERVICE
    for number in _deciding(case.worlds, answers):
        words, _, _, setting = _DIMENSIONS[number]
        why = NO_SERVICE if unserved else f"{setting} is not in the export"
        yield f"{words} ({why})" if setting else words


def _deciding(worlds: Sequence[World], answers: Sequence[object]) -> Iterator[int]:
    """What alone makes the difference between two worlds with different answers; if nothing does alone, all of it.

    Yields indexes of _DIMENSIONS.
    """
    coded = {(*_code(world), answer) for world, answer in zip(worlds, answers, strict=True)}
    alone = together = 0
    for (a, asked_a, one), (b, asked_b, other) in combinations(coded, 2):
        if one != other:
            apart = (a ^ b) & asked_a & asked_b
            together |= apart
            alone |= 0 if apart & (apart - 1) else apart
    yield from (number for number in range(len(_DIMENSIONS)) if (alone or together) >> number & 1)


def _code(world: World) -> tuple[int, int]:
    """The values of a world and what is a question in it, a bit for each dimension."""
    values = sum(1 << number for number, each in enumerate(_DIMENSIONS) if each.value(world))
    return values, sum(1 << number for number, each in enumerate(_DIMENSIONS) if each.asked(world))


def taints(analysis: Analysis, subjects: Subjects, case: Case) -> tuple[str, ...]:
    """What was not understood on the way of runs of a case."""
    found: dict[str, None] = {}
    for world in case.worlds:
        for seen in analysis.shown(case.way, world.regime).first:
            if seen.kind is Kind.TAINTED:
                subject, _ = subjects.point(seen.subject)
                inside = f' in flow "{subject.flow}"' if subject.flow and subject.kind != "flow" else ""
                found[f'{seen.extra} ({subject.kind} "{subject.name}"{inside})'] = None
    return tuple(sorted(found))


def unread(analysis: Analysis) -> tuple[str, ...]:
    """What was noticed to be missing as a whole: nobody knows which calls it concerns (semantics, section 1)."""
    problems = analysis.organisation.problems
    files = sorted({p.location.file for p in problems if p.code == "RX906"})
    short = sorted({p.location.file for p in problems if p.code == "RX905"})
    return (
        *(f"what could not be read in the file {name} may change this" for name in files),
        *(f"the listing in {name} is cut off; what it leaves out may change this" for name in short),
    )


def lost_trunks(analysis: Analysis, case: Case) -> tuple[str, ...]:
    """External trunks whose base settings are not in the export, where any of them may carry the call."""
    if case.leg.direction is Direction.INTERNAL or analysis.ways[case.way].trunks is not None:
        return ()
    find = analysis.program.directory.trunk_base
    external = ((t.name, t.trunk_base) for t in analysis.organisation.trunks if t.external and t.trunk_base is not None)
    lost = (name for name, base in external if not isinstance(find(ObjectRef(base)), Found))
    return tuple(f'the base settings of trunk "{name}" are not in the export' for name in lost)


GUESSED = "at a consent point on the way it is only guessed which answers agree; name it in the policy file"


def weak_points(analysis: Analysis, case: Case) -> bool:
    """Whether runs pass a consent point at which it is only guessed which answers agree."""
    return any(seen.doubt == 2 for world in case.worlds for seen in analysis.shown(case.way, world.regime).first)


def silent_lines(analysis: Analysis, case: Case, satisfied: Callable[[str, bool], bool]) -> bool:
    """Whether a trunk that is not exported would record a caller unasked, if it recorded without a gate."""
    if case.leg.trunks or case.leg.direction is Direction.INTERNAL:
        return False
    for world in case.worlds:
        if not world.line or (world.gate and case.leg.direction is Direction.INBOUND):
            continue
        for seen in analysis.shown(case.way, world.regime).first:
            if seen.kind is Kind.CAPTURED and not satisfied(seen.consent.word, seen.noticed):
                return True
    return False


def silent_consults(analysis: Analysis, case: Case) -> bool:
    """Whether a trunk that is not exported could record somebody whom an agent consults."""
    if case.leg.trunks or case.leg.direction is Direction.INTERNAL:
        return False
    return any(
        seen.kind is Kind.CONNECTED
        for world in case.worlds
        if world.line and not world.gate
        for seen in analysis.shown(case.way, world.regime).first
    )


def silent_stations(analysis: Analysis, observer: Observer, case: Case, satisfied: Callable[[str, bool], bool]) -> bool:
    """Whether a phone that is not exported would record a caller unasked, if it recorded."""
    for world in case.worlds:
        if not world.stations:
            continue
        for seen in analysis.shown(case.way, world.regime).first:
            if seen.kind is not Kind.CONNECTED or satisfied(seen.consent.word, seen.noticed):
                continue
            # A station that waits records all the same as soon as the call becomes a conference.
            if observer.seats(observer.endpoint(seen), world).unknown:
                return True
    return False
