"""The matrix: what happens to the caller, one row a number (or other entry) and leg; facts from the exploration.

What would change with a setting that is missing, or behind something not understood, is unknown; the row says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from auditor.analysis.analysis import Case
from auditor.analysis.state import Consent, Kind
from auditor.analysis.worlds import World
from auditor.findings import Asked as Asked
from auditor.findings import Entry, EntryVerdict, VerdictWord
from auditor.findings import Matrix as Matrix
from auditor.findings import Recorded as Recorded
from auditor.findings import Row as Row
from auditor.policy.judgement import Judgement
from auditor.policy.reasons import GUESSED, differing, taints, weak_points
from auditor.views.outcomes import Outcome, outcomes

T = TypeVar("T", Asked, Recorded)
_Seen = tuple[frozenset[Outcome], bool]
"""In one world: outcomes, and whether something was not understood."""


def matrix(judgement: Judgement) -> Matrix:
    """The matrix of a judged organisation."""
    cases = zip(judgement.analysis.cases, judgement.verdicts, strict=True)
    rows = [row for case, verdict in cases for row in _rows(judgement, case, verdict)]
    unread = sum(p.unread for p in judgement.analysis.organisation.problems)
    return Matrix(tuple(_by_entry(rows)), unread)


def _by_entry(rows: Iterable[Row]) -> Iterator[Row]:
    """The legs of a number together: numbers of an entry first, then legs."""
    entries: dict[Entry, dict[str | None, list[Row]]] = {}
    for row in rows:
        entries.setdefault(row.entry, {}).setdefault(row.number, []).append(row)
    return (row for numbers in entries.values() for legs in numbers.values() for row in legs)


def _rows(judgement: Judgement, case: Case, verdict: EntryVerdict) -> Iterator[Row]:
    seen = [_seen(judgement, case, world) for world in case.worlds]
    asked = [_asked(s) for s in seen]
    by_answer = {consent: [_recorded(s, consent) for s in seen] for consent in Consent}
    recorded = {consent: _agreed(words, Recorded.UNKNOWN) for consent, words in by_answer.items()}
    row = Row(
        number=None,
        entry=verdict.entry,
        leg=verdict.leg,
        asked=_agreed(asked, Asked.UNKNOWN),
        granted=recorded[Consent.GRANTED],
        refused=recorded[Consent.REFUSED],
        unanswered=recorded[Consent.UNANSWERED],
        not_asked=recorded[Consent.UNASKED],
        mode=verdict.mode,
        verdict=verdict.verdict,
        doubts=(),
    )
    doubts: dict[str, None] = {}
    if "unknown" in row.facts[:5]:
        doubts.update(dict.fromkeys(_doubts(judgement, case, list(zip(asked, *by_answer.values(), strict=True)))))
    elif verdict.verdict is VerdictWord.UNKNOWN:
        doubts.update(dict.fromkeys(verdict.reasons))
    for number in verdict.entry.numbers or (None,):
        yield replace(row, number=number, doubts=tuple(doubts))


def _seen(judgement: Judgement, case: Case, world: World) -> _Seen:
    first = judgement.analysis.shown(case.way, world.regime).first
    tainted = any(s.kind is Kind.TAINTED for s in first)
    return outcomes(judgement.analysis, judgement.observer, case, world), tainted


def _asked(seen: _Seen) -> Asked:
    def word(of: frozenset[Outcome]) -> Asked:
        passed = {o.consent is not Consent.UNASKED for o in of if o.connects}
        if not passed:  # nobody is reached: then whether anybody is asked at all
            return Asked.SOMETIMES if any(o.consent is not Consent.UNASKED for o in of) else Asked.NEVER
        return Asked.SOMETIMES if len(passed) == 2 else Asked.ALWAYS if True in passed else Asked.NEVER

    return _sure(seen, word, Asked.SOMETIMES, Asked.UNKNOWN)


def _recorded(seen: _Seen, consent: Consent) -> Recorded:
    def word(of: frozenset[Outcome]) -> Recorded:
        mine = [o for o in of if o.consent is consent]
        recorded = {o.recorded for o in mine if o.handed or o.recorded}
        if not recorded and consent is Consent.UNASKED and any(o.consent is not consent for o in of):
            return Recorded.DOES_NOT_OCCUR
        if not any(o.handed for o in mine) and consent is not Consent.UNASKED:
            recorded = {o.recorded for o in mine}
        if len(recorded) == 2:
            return Recorded.DEPENDS
        if True in recorded:
            return Recorded.RECORDED
        return Recorded.NOT_RECORDED if mine else Recorded.DOES_NOT_OCCUR

    return _sure(seen, word, Recorded.DEPENDS, Recorded.UNKNOWN)


def _sure(seen: _Seen, word: Callable[[frozenset[Outcome]], T], both: T, unknown: T) -> T:
    """The word, unless a run that is not understood could change it. both: what no further run can change."""
    found, tainted = seen
    solid = word(frozenset(o for o in found if o.solid))
    return solid if solid == both or (not tainted and solid == word(found)) else unknown


def _agreed(words: Sequence[T], unknown: T) -> T:
    """What holds in every world."""
    return words[0] if len(set(words)) == 1 else unknown


def _doubts(judgement: Judgement, case: Case, answers: Sequence[object]) -> Iterator[str]:
    yield from differing(judgement.analysis, case, answers)
    yield from taints(judgement.analysis, judgement.subjects, case)
    if weak_points(judgement.analysis, case):
        yield GUESSED
