"""Explorations in rounds: groups of entries are asked what they show, here or by helpers, and later for runs.

Whoever explored a group keeps it; whoever has not explores it again, in the same order and so with the same outcome.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from auditor.analysis.basis import Basis, Exploring, Given
from auditor.analysis.explored import Steps
from auditor.analysis.grouping import Group
from auditor.analysis.places import Place
from auditor.analysis.state import Regime, Seen
from auditor.sharing import HERE, NOBODY, Hands, Helpers

BYTES_A_POINT = 600
"""What a program point takes in an export, about."""

Asked = tuple[int, Regime]
"""An entry in a regime."""
Wanted = tuple[int, Regime, Seen, bool]
"""The run that shows an observation of an entry in a regime; the last: brief, see Reach.path."""
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an entry shows in a regime. first: observation -> its shortest distance; points: every one that a run comes

    to; entered: points at which something is entered.
    """

    first: dict[Seen, int]
    points: frozenset[int]
    entered: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Reference:
    """A basis that a worker knows by its key, or makes."""

    key: str
    given: Given | None

    def basis(self) -> Basis:
        found = _KNOWN.get(self.key) or _MADE.get(self.key)
        if found is None:
            if self.given is None:
                raise LookupError("a worker that knows nothing of what it is asked")
            _MADE.clear()
            found = _MADE[self.key] = Basis(self.given)
        return found


_KNOWN: dict[str, Basis] = {}
"""What this process, or the one of which it is a copy, works on."""
_MADE: dict[str, Basis] = {}
"""What this process was asked to work on last by another one."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is asked of a group. orphans: flows that are entries; flows: of the group;

    before: what was asked of it earlier, in order.
    """

    basis: _Reference
    orphans: tuple[int, ...]
    group: int
    flows: frozenset[int]
    before: tuple[Asked, ...]
    asked: tuple[Asked, ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """places: those that may be mentioned; visits, widened: of the group by now."""

    shown: tuple[Shown, ...]
    runs: tuple[Steps, ...]
    places: tuple[Place, ...]
    visits: int
    widened: frozenset[str]


def _answer(order: _Order) -> _Answer:
    """Does what is asked; the work of a helper."""
    return _answered(order.basis.basis(), order)


def _answered(basis: Basis, order: _Order) -> _Answer:
    basis.add_orphans(order.orphans)
    group = basis.group(order.group, order.flows)
    for way, regime in order.before:
        group.explored(way, regime)
    shown = []
    for way, regime in order.asked:
        found = group.explored(way, regime)
        plain = regime == basis.plain
        entered = frozenset(point for point, _ in found.entered)
        shown.append(Shown(found.first, frozenset(found.points) if plain else frozenset(), entered))
    runs = tuple(group.explored(way, regime).path(seen, brief=brief) for way, regime, seen, brief in order.wanted)
    return _Answer(tuple(shown), runs, basis.places.all, group.visits, group.widened)


class Rounds:
    """What is known of the explorations of a basis, and who knows more."""

    def __init__(self, basis: Basis, hands: Hands = NOBODY) -> None:
        self.basis = basis
        worth = len(basis.program.points) * BYTES_A_POINT >= hands.worth
        self._hands = hands if worth else NOBODY
        self._helpers: Helpers | None = None
        self._stack = ExitStack()
        self._key = uuid.uuid4().hex
        self._reference = _Reference(self._key, None if hands.alike else basis.given)
        self._flows: list[frozenset[int]] = []
        self._group_of: dict[int, int] = {}
        self._before: dict[int, list[Asked]] = {}
        self._who: dict[int, int] = {}
        self._shown: dict[Asked, Shown] = {}
        self._runs: dict[Wanted, Steps] = {}
        self._told: dict[int, tuple[int, frozenset[str]]] = {}
        self._orphans: tuple[int, ...] = ()

    @contextmanager
    def open(self) -> Iterator[Rounds]:
        """Helpers are there as long as this is open."""
        try:
            yield self
        finally:
            self._helpers = Helpers()
            _KNOWN.pop(self._key, None)
            self._stack.close()

    def add(self, groups: Iterable[Group], orphans: tuple[int, ...] = ()) -> None:
        """More groups of entries. orphans: flows that are entries now, besides those that were before."""
        self._orphans += orphans
        self.basis.add_orphans(self._orphans)
        for group in groups:
            self._group_of.update(dict.fromkeys(group.ways, len(self._flows)))
            self._flows.append(group.flows)

    def ask(self, asked: Sequence[Asked], told: Told | None = None) -> None:
        """Has entries explored, those of one group in this order. told: how many of how many are."""
        orders: dict[int, list[Asked]] = {}
        for each in asked:
            if each not in self._shown:
                orders.setdefault(self._group_of[each[0]], []).append(each)
        orders = {group: orders[group] for group in sorted(orders)}
        answers = self._round([self._order(group, asked=tuple(each)) for group, each in orders.items()], told)
        for (group, ours), answer in zip(orders.items(), answers, strict=True):
            self._shown.update(zip(ours, answer.shown, strict=True))
            self._before.setdefault(group, []).extend(ours)

    def ask_runs(self, wanted: Iterable[Wanted]) -> None:
        """Has runs looked up that will be shown."""
        orders: dict[int, dict[Wanted, None]] = {}
        for each in wanted:
            if each not in self._runs:
                orders.setdefault(self._group_of[each[0]], {})[each] = None
        answers = self._round([self._order(group, wanted=tuple(each)) for group, each in orders.items()], None)
        for ours, answer in zip(orders.values(), answers, strict=True):
            self._runs.update(zip(ours, answer.runs, strict=True))

    def shown(self, way: int, regime: Regime) -> Shown:
        """What an entry shows in a regime; it is explored if it was not asked for."""
        if (way, regime) not in self._shown:
            self.ask([(way, regime)])
        return self._shown[way, regime]

    def run(self, wanted: Wanted) -> Steps:
        """The run that shows an observation."""
        if wanted not in self._runs:
            self.ask_runs([wanted])
        return self._runs[wanted]

    def here(self, way: int) -> Exploring:
        """The group of an entry, with all that was asked of it explored here."""
        number = self._group_of[way]
        group = self.basis.group(number, self._flows[number])
        if self._who.get(number, HERE) != HERE:
            for asked in self._before.get(number, ()):
                group.explored(*asked)
            self._who[number] = HERE
        return group

    def _order(self, group: int, asked: tuple[Asked, ...] = (), wanted: tuple[Wanted, ...] = ()) -> _Order:
        before = tuple(self._before.get(group, ()))
        return _Order(self._reference, self._orphans, group, self._flows[group], before, asked, wanted)

    def _round(self, orders: Sequence[_Order], told: Told | None) -> list[_Answer]:
        known = [self._who.get(order.group) for order in orders]
        bound = [each for each in known if each is not None]
        helpers = self._helpers_for(len(orders)) if orders else Helpers()

        def tell(done: int) -> None:
            if told is not None:
                told(done, len(orders))

        done = helpers.share(
            _answer,
            orders,
            lambda order: _answered(self.basis, order),
            bound=bound if len(bound) == len(orders) else None,
            told=tell,
        )
        for order, (answer, who) in zip(orders, done, strict=True):
            self._who[order.group] = who
            self._told[order.group] = (answer.visits, answer.widened)
            for place in answer.places:
                self.basis.places.id(place)
        return [answer for answer, _ in done]

    def _helpers_for(self, count: int) -> Helpers:
        """The helpers; they are hired when there is first something to share."""
        if self._helpers is None:
            if count < 2:
                return Helpers()
            _KNOWN[self._key] = self.basis
            self._helpers = Helpers(self._stack.enter_context(self._hands.hired()))
        return self._helpers

    @property
    def visits(self) -> int:
        """How many situations were visited: a measure of work that is free of noise."""
        here = {id(group): group.visits for group in self.basis.explored_groups}
        elsewhere = (visits for group, (visits, _) in self._told.items() if self._who[group] != HERE)
        return sum(here.values()) + sum(elsewhere)

    @property
    def widened(self) -> frozenset[str]:
        """Variables and points at which values were given up, in words."""
        here = (group.widened for group in self.basis.explored_groups)
        return frozenset().union(*here, *(widened for _, widened in self._told.values()))
