"""Explorations in rounds: groups of entries are asked what they show, here or by helpers, and later for runs.

Whoever explored a group keeps it; whoever has not explores it again, in the same order and so with the same outcome.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from msgspec import Struct

from auditor.analysis.basis import Basis, Given
from auditor.analysis.explored import Steps
from auditor.analysis.exploring import Exploring, Wanted
from auditor.analysis.grouping import Group
from auditor.analysis.shown import Asked, Memory, Record, Shown
from auditor.analysis.state import Regime
from auditor.sharing import HERE, NOBODY, Hands, Helpers

_EARLIER = -2
"""Who explored a group: an earlier audit."""
BYTES_A_POINT = 600
"""What a program point takes in an export, about."""

Told = Callable[[int, int], None]


class _Reference(Struct, frozen=True):
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


class _Order(Struct, frozen=True):
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


class _Answer(Struct, frozen=True):
    """visits, widened: of the group by now; flows: see Record."""

    shown: tuple[Shown, ...]
    runs: tuple[Steps, ...]
    visits: int
    widened: frozenset[str]
    flows: frozenset[int]


def _answer(order: _Order) -> _Answer:
    """Does what is asked; the work of a helper."""
    return _answered(order.basis.basis(), order)


def _answered(basis: Basis, order: _Order) -> _Answer:
    basis.add_orphans(order.orphans)
    group = basis.group(order.group, order.flows)
    for way, regime in order.before:
        group.ready(way, regime)
    shown = []
    for way, regime in order.asked:
        found = group.explored(way, regime)
        plain = regime == basis.plain
        entered = frozenset(point for point, _ in found.entered)
        shown.append(Shown(found.first, frozenset(found.points) if plain else frozenset(), entered))
    runs = tuple(group.run(wanted) for wanted in order.wanted)
    answer = _Answer(tuple(shown), runs, group.visits, group.widened, group.flows)
    basis.let_go(group)
    return answer


class Rounds:
    """What is known of the explorations of a basis, and who knows more."""

    def __init__(self, basis: Basis, hands: Hands = NOBODY, memory: Memory | None = None) -> None:
        """hands: who helps; memory: what is known of earlier audits."""
        self.basis = basis
        worth = len(basis.program.points) * BYTES_A_POINT >= hands.worth
        self._hands = hands if worth else NOBODY
        self._helpers: Helpers | None = None
        self._stack = ExitStack()
        self._key = uuid.uuid4().hex
        self._reference = _Reference(self._key, None if hands.alike else basis.given)
        self._memory = memory
        self._groups: list[Group] = []
        self._group_of: dict[int, int] = {}
        self._records: list[Record] = []
        self._known: set[int] = set()
        self._new: set[int] = set()
        self._who: dict[int, int] = {}
        self._orphans: tuple[int, ...] = ()

    @contextmanager
    def open(self) -> Iterator[Rounds]:
        """Helpers are there as long as this is open; what came of it is remembered if all goes well."""
        try:
            yield self
            self._keep()
        finally:
            self._helpers = Helpers()
            _KNOWN.pop(self._key, None)
            self._stack.close()

    def add(self, groups: Iterable[Group], orphans: tuple[int, ...] = ()) -> None:
        """More groups of entries. orphans: flows that are entries now, besides those that were before."""
        self._orphans += orphans
        self.basis.add_orphans(self._orphans)
        for group in groups:
            self._group_of.update(dict.fromkeys(group.ways, len(self._groups)))
            self._groups.append(group)
            self._records.append(Record())

    def ask(self, asked: Sequence[Asked], told: Told | None = None) -> None:
        """Has entries explored, those of one group in this order. told: how many of how many are."""
        orders: dict[int, list[Asked]] = {}
        self._recall({self._group_of[way] for way, _ in asked})
        for each in asked:
            group = self._group_of[each[0]]
            if each not in self._records[group].shown:
                orders.setdefault(group, []).append(each)
        orders = {group: orders[group] for group in sorted(orders)}
        answers = self._round([self._order(group, asked=tuple(each)) for group, each in orders.items()], told)
        for (group, ours), answer in zip(orders.items(), answers, strict=True):
            self._records[group].shown.update(zip(ours, answer.shown, strict=True))

    def ask_runs(self, wanted: Iterable[Wanted]) -> None:
        """Has runs looked up that will be shown."""
        orders: dict[int, dict[Wanted, None]] = {}
        for each in wanted:
            group = self._group_of[each[0]]
            if each not in self._records[group].runs:
                orders.setdefault(group, {})[each] = None
        answers = self._round([self._order(group, wanted=tuple(each)) for group, each in orders.items()], None)
        for (group, ours), answer in zip(orders.items(), answers, strict=True):
            self._records[group].runs.update(zip(ours, answer.runs, strict=True))

    def shown(self, way: int, regime: Regime) -> Shown:
        """What an entry shows in a regime; it is explored if it was not asked for."""
        record = self._records[self._group_of[way]]
        if (way, regime) not in record.shown:
            self.ask([(way, regime)])
            record = self._records[self._group_of[way]]
        return record.shown[way, regime]

    def run(self, wanted: Wanted) -> Steps:
        """The run that shows an observation."""
        group = self._group_of[wanted[0]]
        if wanted not in self._records[group].runs:
            self.ask_runs([wanted])
        return self._records[group].runs[wanted]

    def _recall(self, groups: set[int]) -> None:
        """Takes what earlier audits tell of groups that were not asked before."""
        if self._memory is None:
            return
        first = sorted(groups - self._known)
        self._known.update(first)
        for number, record in self._memory.recall(self.basis, {n: self._groups[n] for n in first}).items():
            self._records[number] = record
            self._who[number] = _EARLIER

    def _keep(self) -> None:
        if self._memory is not None:
            for number in sorted(self._new):
                self._memory.keep(self.basis, self._groups[number], self._records[number])

    def here(self, way: int) -> Exploring:
        """The group of an entry, with all that was asked of it explored here."""
        number = self._group_of[way]
        group = self.basis.group(number, self._groups[number].flows)
        for asked in self._records[number].shown:
            group.explored(*asked)
        self._who[number] = HERE
        return group

    def _order(self, group: int, asked: tuple[Asked, ...] = (), wanted: tuple[Wanted, ...] = ()) -> _Order:
        before = tuple(self._records[group].shown)
        return _Order(self._reference, self._orphans, group, self._groups[group].flows, before, asked, wanted)

    def _round(self, orders: Sequence[_Order], told: Told | None) -> list[_Answer]:
        bound = [who for order in orders if (who := self._who.get(order.group, _EARLIER)) != _EARLIER]
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
            record = self._records[order.group]
            self._who[order.group] = who
            self._new.add(order.group)
            record.visits, record.widened, record.flows = answer.visits, answer.widened, answer.flows
        return [answer for answer, _ in done]

    def _helpers_for(self, count: int) -> Helpers:
        """The helpers; they are hired when there is first something to share."""
        if self._helpers is None:
            if count < 2:
                return Helpers()
            self.basis.prepare()  # before there are copies of it
            _KNOWN[self._key] = self.basis
            self._helpers = Helpers(self._stack.enter_context(self._hands.hired()))
        return self._helpers

    @property
    def visits(self) -> int:
        """How many situations were visited: a measure of work that is free of noise."""
        here = {id(group): group.visits for group in self.basis.explored_groups}
        elsewhere = (self._records[group].visits for group, who in self._who.items() if who != HERE)
        return sum(here.values()) + sum(elsewhere)

    @property
    def widened(self) -> frozenset[str]:
        """Variables and points at which values were given up, in words."""
        here = (group.widened for group in self.basis.explored_groups)
        return frozenset().union(*here, *(record.widened for record in self._records))
