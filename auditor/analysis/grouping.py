"""Which entries are explored together: those that lead into the same flows, up to a size.

What entries of a group share is explored once for all of them. Groups depend on the organisation alone, so that an
audit comes to the same end wherever they are explored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.analysis.entries import Way
from auditor.graph.program import Program
from auditor.graph.references import flow_references, reachable

MOST_POINTS = 2500
"""Program points of the flows of a group; one entry can have more."""


class Group(Struct, frozen=True):
    """ways: entries by index, ascending; flows: those to which references lead from them."""

    ways: tuple[int, ...]
    flows: frozenset[int]


class Grouping:
    """Groups entries of a program. whole: they cannot be told apart, since calls may go from anywhere to anywhere."""

    def __init__(self, program: Program, *, whole: bool) -> None:
        self._references = flow_references(program)
        self._program, self._whole = program, whole
        self._sizes = [len(code.points) for code in program.codes]
        self._behind: dict[int, frozenset[int]] = {}

    def groups(self, ways: Sequence[tuple[int, Way]]) -> tuple[Group, ...]:
        """The groups of these entries, the largest first."""
        if self._whole and ways:
            return (Group(tuple(index for index, _ in ways), frozenset(range(len(self._sizes)))),)
        flows = [self.flows(way) for _, way in ways]
        groups = _Union(flows, self._sizes)
        users: dict[int, list[int]] = {-1: []}
        for number, found in enumerate(flows):
            for flow in found or (-1,):
                users.setdefault(flow, []).append(number)
        # What few share binds them first; what all share, a module say, would leave nothing apart.
        for flow in sorted(users, key=lambda f: (len(users[f]) if f >= 0 else 0, f)):
            for other in users[flow][1:]:
                groups.join(users[flow][0], other)
        ordered = sorted(groups.all(), key=lambda each: (-groups.size(each[0]), each))
        return tuple(Group(tuple(ways[n][0] for n in each), groups.flows_of(each[0])) for each in ordered)

    def flows(self, way: Way) -> frozenset[int]:
        """The flows to which references lead from an entry."""
        first = {slot.flow for slot in way.slots if slot.flow is not None}
        return frozenset(first).union(*(self.behind(flow) for flow in first))

    def behind(self, flow: int) -> frozenset[int]:
        """A flow and those to which references lead from it."""
        found = self._behind.get(flow)
        if found is None:
            found = self._behind[flow] = reachable(self._references, flow)
        return found


class _Union:
    """Sets that are joined as long as they stay small enough. sizes: of flows."""

    def __init__(self, flows: Iterable[frozenset[int]], sizes: Sequence[int]) -> None:
        self._flows = list(flows)
        self._sizes = sizes
        self._first = list(range(len(self._flows)))

    def join(self, one: int, other: int) -> None:
        """Joins the sets of two members, unless they would be too large together."""
        low, high = sorted((self._find(one), self._find(other)))
        if low != high:
            together = self._flows[low] | self._flows[high]
            if self._measure(together) <= MOST_POINTS or together in (self._flows[low], self._flows[high]):
                self._first[high] = low
                self._flows[low] = together

    def flows_of(self, member: int) -> frozenset[int]:
        """The flows of the set of a member."""
        return self._flows[self._find(member)]

    def size(self, member: int) -> int:
        """Points of the set of a member."""
        return self._measure(self._flows[self._find(member)])

    def all(self) -> list[tuple[int, ...]]:
        """Every set, its members ascending."""
        found: dict[int, list[int]] = {}
        for member in range(len(self._first)):
            found.setdefault(self._find(member), []).append(member)
        return [tuple(members) for members in found.values()]

    def _find(self, member: int) -> int:
        while self._first[member] != member:
            self._first[member] = self._first[self._first[member]]
            member = self._first[member]
        return member

    def _measure(self, flows: frozenset[int]) -> int:
        return sum(self._sizes[flow] for flow in flows)
