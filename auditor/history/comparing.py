"""Runs compared: how long a finding is open, which verdicts flipped, and what was changed meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from auditor.history.records import RANKS, Call, Found, Header, Judged, Run, Thing


class Age(Struct, frozen=True):
    """Since when a finding is there. first: the first run that ever had it; since: the first of the last unbroken row.

    last: the last run that had it; days: from `since` to the run looked at, or to the run that no longer had it.
    """

    first: Header
    since: Header
    last: Header
    days: int


class Aged(Struct, frozen=True):
    """A finding with its age."""

    found: Found
    age: Age


class Change(Struct, frozen=True):
    """A setting that differs between two runs. before, after: None where the object or the field did not exist."""

    thing: str
    field: str
    before: str | None
    after: str | None


class Flip(Struct, frozen=True):
    """A verdict that changed, None where the call did not exist.

    causes: changes at the trunk, the entry, or on the path of a finding that came or went;
    others: how many settings were changed elsewhere.
    """

    call: Call
    before: str | None
    after: str | None
    causes: tuple[Change, ...]
    others: int


class Step(Struct, frozen=True):
    """From one run to the next. used: what differs in tool, rules or policy, in words."""

    before: Header
    after: Header
    used: tuple[str, ...]
    flips: tuple[Flip, ...]
    changes: int


class Comparison(Struct, frozen=True):
    """The runs from `since` to `now`. since: None when everything is looked at as of one run; runs: to be listed."""

    since: Header | None
    now: Header
    new: tuple[Aged, ...]
    fixed: tuple[Aged, ...]
    open: tuple[Aged, ...]
    steps: tuple[Step, ...]
    runs: tuple[Header, ...] = ()


class Tally(Struct, frozen=True):
    """A run in numbers. severities: findings that count, worst first; set_aside: waived or baselined."""

    header: Header
    severities: tuple[tuple[str, int], ...]
    set_aside: int
    new: int
    fixed: int
    verdicts: tuple[tuple[str, int], ...]


History = Sequence[tuple[Header, frozenset[str]]]
"""Every run of a series in order, with the fingerprints of its findings."""


def age(fingerprint: str, history: History) -> Age | None:
    """The age of a finding at the end of the history; None if no run had it."""
    having = [index for index, (_, found) in enumerate(history) if fingerprint in found]
    if not having:
        return None
    since = last = having[-1]
    while since and fingerprint in history[since - 1][1]:
        since -= 1
    end = history[min(last + 1, len(history) - 1)][0]
    first, began, final = (history[index][0] for index in (having[0], since, last))
    return Age(first, began, final, _days(began, end))


def _days(start: Header, end: Header) -> int:
    return (date.fromisoformat(end.at[:10]) - date.fromisoformat(start.at[:10])).days


def compare(runs: Sequence[Run], history: History) -> Comparison:
    """runs: the run to compare with, those between, and the one looked at; history: up to that one."""
    first, now = runs[0], runs[-1]
    before = {found.fingerprint: found for found in first.found}
    after = {found.fingerprint: found for found in now.found}
    alone = len(runs) == 1
    return Comparison(
        since=None if alone else first.header,
        now=now.header,
        new=() if alone else _aged(_without(after, before), history),
        fixed=() if alone else _aged(_without(before, after), history),
        open=_aged(after.values(), history) if alone else _aged((after[f] for f in after if f in before), history),
        steps=tuple(step(a, b) for a, b in pairwise(runs)),
    )


def _without(these: Mapping[str, Found], those: Mapping[str, Found]) -> list[Found]:
    return [found for fingerprint, found in these.items() if fingerprint not in those]


def _aged(found: Iterable[Found], history: History) -> tuple[Aged, ...]:
    ages = [(each, age(each.fingerprint, history)) for each in found]
    known = [Aged(each, its) for each, its in ages if its is not None]
    return tuple(sorted(known, key=lambda each: (-each.found.rank, each.found.rule, each.found.subject)))


def step(before: Run, after: Run) -> Step:
    """What happened between two runs."""
    changes = changed(before.things, after.things)
    flips = tuple(_flips(before, after, changes))
    return Step(before.header, after.header, _used(before.header, after.header), flips, len(changes))


def _used(before: Header, after: Header) -> tuple[str, ...]:
    words = []
    if before.tool != after.tool:
        words.append(f"tool {before.tool} became {after.tool}")
    words += [
        f"the {name} changed" for name in ("rules", "policy") if getattr(before, name) != getattr(after, name)
    ]  # fmt: skip
    return tuple(words)


def changed(before: Sequence[Thing], after: Sequence[Thing]) -> tuple[Change, ...]:
    """Every setting that differs, in the order of objects and fields."""
    old, new = ({thing.key: thing for thing in things} for things in (before, after))
    changes: list[Change] = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            changes.append(Change(key, "", None if was is None else "there", None if now is None else "there"))
        elif was.fields != now.fields:
            had, has = dict(was.fields), dict(now.fields)
            names = sorted(name for name in {*had, *has} if had.get(name) != has.get(name))
            changes += [Change(key, name, had.get(name), has.get(name)) for name in names]
    return tuple(changes)


def _flips(before: Run, after: Run, changes: tuple[Change, ...]) -> Iterable[Flip]:
    old, new = _by_call(before), _by_call(after)
    touches = {found.fingerprint: found.touches for run in (before, after) for found in run.found}
    for call in sorted({*old, *new}, key=lambda call: (call.kind, call.name, call.direction, call.trunk)):
        was, now = old.get(call), new.get(call)
        before_word, after_word = was.verdict if was else None, now.verdict if now else None
        if before_word == after_word:
            continue
        near = _near(call, was, now, touches)
        causes = tuple(change for change in changes if change.thing in near)
        yield Flip(call, before_word, after_word, causes, len(changes) - len(causes))


def _by_call(run: Run) -> dict[Call, Judged]:
    """Trunks of one name make one call here; the worst of their verdicts counts."""
    worst_last = sorted(run.judged, key=lambda judged: ("proved", "unknown", "violated").index(judged.verdict))
    return {judged.call: judged for judged in worst_last}


def _near(
    call: Call, was: Judged | None, now: Judged | None, touches: Mapping[str, tuple[str, ...]]
) -> set[str]:  # fmt: skip
    """Keys of the things that a flip is likely about: entry, trunk, and the paths of findings that came or went."""
    moved = set(was.findings if was else ()) ^ set(now.findings if now else ())
    near = {key for fingerprint in moved for key in touches.get(fingerprint, ())}
    return near | {f"trunk:{call.trunk}", f"{call.kind}:{call.name}"}


def tally(run: Run, previous: frozenset[str] | None) -> Tally:
    """A run in numbers, compared with the fingerprints of the run before it."""
    counting = [found for found in run.found if found.counts]
    prints = frozenset(found.fingerprint for found in run.found)
    words = [judged.verdict for judged in run.judged]
    return Tally(
        run.header,
        tuple((word, sum(found.severity == word for found in counting)) for word in reversed(RANKS)),
        len(run.found) - len(counting),
        len(prints - previous) if previous is not None else 0,
        len(previous - prints) if previous is not None else 0,
        tuple((word, words.count(word)) for word in ("proved", "violated", "unknown")),
    )
