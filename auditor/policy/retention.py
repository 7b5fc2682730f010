"""What recording policies do to the recordings of a queue (semantics, section 8, RN205; domain reference, 3.2).

A policy decides what is kept, never what is recorded. Without a policy everything is kept. `alwaysDelete` deletes
whatever `retainRecording` and `deleteRecording` say; `deleteRecording` counts only where `retainRecording` is false.
Where policies overlap the longest retention wins; whether it also wins over `alwaysDelete` is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum

from msgspec import Struct

from auditor.model.organisation import Organisation
from auditor.model.routing import Queue, RetentionPolicy
from auditor.model.settings import Known, Setting

INBOUND, OUTBOUND = DIRECTIONS = ("INBOUND", "OUTBOUND")


class Retention(Struct, frozen=True):
    """What is kept of a queue. words: for people; deleted: the directions of which every recording is deleted at once;
    certain: those of which no setting that is missing, and no order of policies that is not documented, changes that.
    """

    words: str
    deleted: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()


class _Fate(IntEnum):
    """What one policy does: nothing, keep, delete (a policy that keeps wins), delete whatever others say."""

    NOTHING = 0
    KEPT = 1
    DELETED = 2
    ALWAYS_DELETED = 3


class _Applied(Struct, frozen=True):
    """A policy as it applies to a queue in one direction. limits: for which of its calls only, in words; sure:
    whether all of its settings are known.
    """

    policy: RetentionPolicy
    fate: _Fate
    limits: tuple[str, ...]
    sure: bool


class _Sum(Struct, frozen=True):
    """What holds in one direction. deleted: every recording is."""

    words: str
    deleted: bool
    certain: bool


def kept(queue: Queue, organisation: Organisation) -> Retention:
    """What all enabled recording policies together do to the recordings of a queue."""
    if not organisation.policies:
        return Retention("kept (no recording policy in the export)")
    sums = {direction: _sum(queue, organisation, direction) for direction in DIRECTIONS}
    deleted = frozenset(direction for direction, s in sums.items() if s.deleted)
    certain = frozenset(direction for direction, s in sums.items() if s.certain)
    return Retention(_words(sums), deleted, frozenset() if _cut_off(organisation) else certain)


def _cut_off(organisation: Organisation) -> bool:
    """Whether the listing of policies ends before its own total (RX905): another one may apply too."""
    files = {p.location.file for p in organisation.policies}
    return any(p.code == "RX905" and p.location.file in files for p in organisation.problems)


def _words(sums: dict[str, _Sum]) -> str:
    if len({s.words for s in sums.values()}) == 1:
        return sums[DIRECTIONS[0]].words
    return "; ".join(f"{direction.lower()} calls: {s.words}" for direction, s in sums.items())


def _sum(queue: Queue, organisation: Organisation, direction: str) -> _Sum:
    applied = [a for a in _applied(queue, organisation, direction) if a.fate is not _Fate.NOTHING or not a.sure]
    whole = [a for a in applied if not a.limits]
    partial = [a for a in applied if a.limits]
    always = [a for a in whole if a.fate is _Fate.ALWAYS_DELETED]
    keeping = [a for a in applied if a.fate is _Fate.KEPT]
    deleting = [a for a in whole if a.fate is _Fate.DELETED]
    deleted = bool(always) or bool(deleting and not keeping)
    unsure = any(not a.sure for a in applied) or bool(always and keeping)
    return _Sum(_sentence(whole, partial, keeping, deleted), deleted, not unsure)


def _sentence(
    whole: Sequence[_Applied], partial: Sequence[_Applied], keeping: Sequence[_Applied], deleted: bool
) -> str:
    text = _first(whole, deleted)
    if deleted and keeping:
        text += f", although {_named(keeping)} keeps {'part of them' if keeping[0].limits else 'them'}"
    for each in partial:
        if each.fate is not _Fate.NOTHING and not (deleted and each.fate is _Fate.KEPT):
            text += f"; {_fate(each)} for {' and '.join(each.limits)} ({_named([each])})"
    doubtful = [a for a in (*whole, *partial) if not a.sure]
    return text + (f"; not certain: settings of {_named(doubtful)} are missing" if doubtful else "")


def _first(whole: Sequence[_Applied], deleted: bool) -> str:
    """What happens to every recording for which no condition says otherwise."""
    if deleted:
        worst = max(a.fate for a in whole)
        mine = [a for a in whole if a.fate is worst]
        return f"{_fate(mine[0])} ({_named(mine)})"
    keeping = [a for a in whole if a.fate is _Fate.KEPT]
    if not keeping:
        return "kept (no policy applies)" if not whole else f"kept ({_named(whole)} neither keeps nor deletes)"
    longest = max(keeping, key=lambda a: float("inf") if a.policy.days is None else a.policy.days)
    return f"{_fate(longest)} ({_named([longest])})"


def _fate(applied: _Applied) -> str:
    match applied.fate:
        case _Fate.ALWAYS_DELETED:
            return "always deleted"
        case _Fate.DELETED:
            return "deleted"
        case _Fate.KEPT | _Fate.NOTHING:
            days = applied.policy.days
            return "kept" if days is None else f"kept {days} day{'' if days == 1 else 's'}"


def _named(applied: Sequence[_Applied]) -> str:
    return ", ".join(dict.fromkeys(f'policy "{a.policy.name}"' for a in applied))


def _applied(queue: Queue, organisation: Organisation, direction: str) -> Iterator[_Applied]:
    """The enabled policies for calls whose conditions this queue can meet, in their order."""
    ordered = sorted(organisation.policies, key=lambda p: (p.order is None, p.order or 0, p.name, p.id))
    for policy in ordered:
        if _value(policy.enabled) is False or not _for_calls(policy):
            continue
        if policy.queues is not None and queue.id not in policy.queues:
            continue
        named = {d.upper() for d in policy.directions}
        if named and direction not in named:
            continue
        fate, sure = _does(policy)
        limits = (*_users(policy, queue, organisation), *(f"calls with certain {c}" for c in policy.conditions))
        yield _Applied(policy, fate, limits, sure and _value(policy.enabled) is True)


def _for_calls(policy: RetentionPolicy) -> bool:
    return not policy.media or any(m.upper() == "CALL" for m in policy.media)


def _does(policy: RetentionPolicy) -> tuple[_Fate, bool]:
    """What a policy does to a recording it applies to, and whether that is known; missing values as documented."""
    always, retain, delete = _value(policy.always_delete), _value(policy.retain), _value(policy.delete)
    if always:
        return _Fate.ALWAYS_DELETED, True
    sure = always is not None
    if retain is not False:
        return _Fate.KEPT, sure and retain is True
    return (_Fate.DELETED if delete else _Fate.NOTHING), sure and delete is not None


def _users(policy: RetentionPolicy, queue: Queue, organisation: Organisation) -> Iterator[str]:
    """A condition on users limits a policy unless it names every member of the queue."""
    if policy.users is None:
        return
    members = {m.user for m in queue.members or ()}
    if members and not queue.groups and members <= set(policy.users):
        return
    names = {u.id: u.name for u in organisation.users}
    told = sorted(names.get(user, user) for user in policy.users)
    yield f"calls of {', '.join(told[:3])}" + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def _value(setting: Setting[bool]) -> bool | None:
    return setting.value if isinstance(setting, Known) else None
