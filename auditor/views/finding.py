"""Entries and trunks as users name them: by number, by name, by id; a near name is suggested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.entries import EntryKind, Way
from auditor.analysis.state import Kind
from auditor.errors import UsageError
from auditor.loading.toml_shape import did_you_mean

_SPACING = str.maketrans("", "", " -()./")


def number_of(text: str) -> str:
    """A number without its form: `tel:+49 (351) 5555` is `+493515555`."""
    return text.casefold().removeprefix("tel:").translate(_SPACING)


def ways_named(analysis: Analysis, text: str) -> tuple[int, ...]:
    """The audited entries that a user means by a number, a name, an id or `kind:name`; a usage error if none."""
    named = [w for w in analysis.audited_ways if _is(analysis.ways[w], text)]
    if not named:
        known = _names(analysis.ways[w] for w in analysis.audited_ways)
        raise UsageError(
            f'No call begins at "{text}"{did_you_mean(text, known)}.',
            hint="Give a number, or the name of a call route, user, campaign or queue: `auditor matrix` lists them.",
        )
    return tuple(named)


def usual_ways(analysis: Analysis) -> tuple[int, ...]:
    """Every entry; flows into which no entry leads only when there is nothing else."""
    ways = [w for w in analysis.audited_ways if analysis.ways[w].kind is not EntryKind.ORPHAN]
    return tuple(ways or analysis.audited_ways)


def case_over(analysis: Analysis, way: int, trunk: str | None) -> Case:
    """The entry on its leg over a trunk, the first leg when none is named; a usage error if it has no such leg."""
    cases = [case for case in analysis.cases if case.way == way]
    if trunk is None:
        return cases[0]
    bases = analysis.organisation.trunk_bases
    wanted = trunk.casefold()
    for case in cases:
        if any(wanted in (bases[t].name.casefold(), bases[t].id.casefold()) for t in case.leg.trunks):
            return case
    names = [bases[t].name for case in cases for t in case.leg.trunks]
    raise UsageError(
        f'No call of {analysis.ways[way].kind.value} "{analysis.ways[way].name}" comes over a trunk called "{trunk}"'
        f"{did_you_mean(trunk, names)}.",
        hint=f"It can come over {', '.join(names)}." if names else "The export holds no trunk for it.",
    )


def not_understood(analysis: Analysis, ways: Collection[int]) -> bool:
    """Whether something on the way of these entries is not understood."""
    cases = [case for case in analysis.cases if case.way in ways]
    seen = (s for case in cases for world in case.worlds for s in analysis.shown(case.way, world.regime).first)
    return any(s.kind is Kind.TAINTED for s in seen)


def _is(way: Way, text: str) -> bool:
    kind, _, name = text.partition(":")
    if kind.casefold() == way.kind.value:
        text = name.strip()
    wanted = text.casefold()
    if wanted == way.name.casefold() or (way.id is not None and wanted == way.id.casefold()):
        return True
    return number_of(text) in [number_of(number) for number in way.numbers]


def _names(ways: Iterable[Way]) -> Sequence[str]:
    return [name for way in ways for name in (way.name, *way.numbers)]
