"""Which mode holds for an entry, and whether it is satisfied (semantics, section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from auditor.model.jurisdictions import Jurisdiction, Jurisdictions, international
from auditor.model.policy import JurisdictionOverride, Mode, ModeRow, Policy, Scope

_OF_NUMBERS = frozenset({Scope.NUMBER_PREFIX, Scope.NUMBER})
"""Scopes of rows that speak of some numbers of an entry, and not of its others."""


class EntryFacts(Struct, frozen=True):
    """What mode rows select an entry by: names and ids. trunks: those of the leg; flows: those it runs."""

    numbers: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    trunks: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()


class ModeChoice(Struct, frozen=True):
    """The mode of an entry, and why in words."""

    mode: Mode
    reason: str


def satisfied(mode: Mode, consent: str, noticed: bool) -> bool:
    """Whether a mode is satisfied. consent: unasked, unanswered, refused or granted."""
    match mode:
        case Mode.NONE:
            return True
        case Mode.ANNOUNCEMENT:
            return noticed and consent != "refused"
        case Mode.OPT_OUT:
            return consent in ("granted", "unanswered") or (consent == "unasked" and noticed)
        case Mode.OPT_IN:
            return consent == "granted"


def mode_for(entry: EntryFacts, policy: Policy, jurisdictions: Jurisdictions, today: date) -> ModeChoice:
    """The strictest of all modes that rows, jurisdictions and numbers ask for; the default mode for numbers without."""
    rows = [row for row in rows_in_effect(policy.modes, today) if _matches(row[0].scope, row[1], entry)]
    candidates = [
        *(_from_row(row, value, policy, jurisdictions) for row, value in rows),
        *(_of_jurisdiction(code, policy, jurisdictions, "for every call") for code in policy.jurisdictions),
        *(_from_numbers(entry, policy, jurisdictions) if policy.mode_from_numbers else ()),
    ]
    if not candidates:
        return _default(policy, "")
    if len(candidates) == len(rows) and all(row.scope in _OF_NUMBERS for row, _ in rows):
        left = [n for n in entry.numbers if not any(_matches(row.scope, value, _only(n)) for row, value in rows)]
        candidates += [_default(policy, f"number {number}: ") for number in left]
    strictest = max(candidates, key=lambda choice: choice.mode.strictness)
    others = sorted({choice.mode.value for choice in candidates if choice.mode is not strictest.mode})
    beside = f"; the strictest counts, other candidates: {', '.join(others)}" if others else ""
    return ModeChoice(strictest.mode, strictest.reason + beside)


def rows_in_effect(rows: tuple[ModeRow, ...], today: date) -> tuple[tuple[ModeRow, str], ...]:
    """(row, value) for each value a row selects by: of the rows for the same value, the latest that has begun.

    Rows of the same day for the same value all count.
    """
    latest: dict[tuple[Scope, str], date] = {}
    begun = [(row, value) for row in rows for value in row.values if row.since is None or row.since <= today]
    for row, value in begun:
        key = _key(row.scope, value)
        latest[key] = max(latest.get(key, date.min), row.since or date.min)
    return tuple((row, value) for row, value in begun if (row.since or date.min) == latest[_key(row.scope, value)])


def _key(scope: Scope, value: str) -> tuple[Scope, str]:
    return scope, international(value) or value.casefold()


def _default(policy: Policy, where: str) -> ModeChoice:
    own = "" if policy.default_mode_set else " of the auditor"
    return ModeChoice(policy.default_mode, f"{where}default mode{own}")


def _only(number: str) -> EntryFacts:
    return EntryFacts(numbers=(number,))


def _from_row(row: ModeRow, value: str, policy: Policy, jurisdictions: Jurisdictions) -> ModeChoice:
    where = f"{row.scope.value} {value}" + (f", from {row.since.isoformat()}" if row.since else "")
    if row.jurisdiction is not None:
        return _of_jurisdiction(row.jurisdiction, policy, jurisdictions, where)
    return ModeChoice(row.mode or policy.default_mode, where + _because(row.citation))


def _matches(scope: Scope, value: str, entry: EntryFacts) -> bool:
    match scope:
        case Scope.NUMBER_PREFIX:
            prefix = international(value) or value
            return any((international(number) or "").startswith(prefix) for number in entry.numbers)
        case Scope.NUMBER:
            return international(value) in [international(number) or number for number in entry.numbers]
        case Scope.ROUTE:
            return _named(value, entry.routes)
        case Scope.SITE:
            return _named(value, entry.sites)
        case Scope.TRUNK:
            return _named(value, entry.trunks)
        case Scope.DIVISION:
            return _named(value, entry.divisions)
        case Scope.FLOW:
            return _named(value, entry.flows)


def _named(value: str, names: tuple[str, ...]) -> bool:
    return value.casefold() in (name.casefold() for name in names)


def _from_numbers(entry: EntryFacts, policy: Policy, jurisdictions: Jurisdictions) -> Iterator[ModeChoice]:
    """A candidate for each number, known or not; an entry without numbers may be called from anywhere."""
    if not entry.numbers:
        yield _unknown(policy, "the entry has no number")
    for number in entry.numbers:
        region = jurisdictions.region_of(number)
        if region is None or jurisdictions.find(region) is None:
            yield _unknown(
                policy, f"number {number}: " + ("no known region" if region is None else f"{region} not in the table")
            )
        else:
            yield _of_jurisdiction(region, policy, jurisdictions, f"number {number}")


def _unknown(policy: Policy, why: str) -> ModeChoice:
    if policy.unknown_region is not None:
        return ModeChoice(policy.unknown_region, f"{why}: unknown_region")
    return ModeChoice(Mode.OPT_IN, f"{why}: the strictest mode")


def reading_of(code: str, policy: Policy, jurisdictions: Jurisdictions) -> JurisdictionOverride | Jurisdiction | None:
    """What holds for a jurisdiction: the policy's own reading before the shipped table, a state before its country."""
    own = {row.code: row for row in policy.overrides}
    shipped = jurisdictions.find(code)
    country = code.partition("-")[0]
    if code in own or (shipped is not None and shipped.code == code):
        return own.get(code) or shipped
    return own.get(country) or shipped


def _of_jurisdiction(code: str, policy: Policy, jurisdictions: Jurisdictions, where: str) -> ModeChoice:
    match reading_of(code, policy, jurisdictions):
        case None:
            return _unknown(policy, f"{where}: {code} not in the table of jurisdictions")
        case JurisdictionOverride(code=code, mode=mode, citation=citation):
            return ModeChoice(mode, f"{where}: jurisdiction {code} as the policy reads it{_because(citation)}")
        case Jurisdiction(code=code, mode=mode, citation=citation):
            return ModeChoice(mode, f"{where}: jurisdiction {code}{_because(citation)}")


def _because(citation: str) -> str:
    return f" ({citation})" if citation else ""
