"""Where ways come together again: the one place to which all ways from a point lead, whatever is decided between.

A slice in the sense of weak control dependence: a point between is left out where every way from it first comes to the
same place, loops included; where ways come to different places, something is decided, and the point is a place itself.
Source: Danicic et al., A unifying theory of control dependence and its application to arbitrary program structures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from types import MappingProxyType

from msgspec import Struct

Ways = Mapping[int, Sequence[int]]
"""Where each point between leads; other points are places."""


class Region(Struct, frozen=True, gc=False):
    """What lies behind a point that is left out. target: the place; marks: of all points on ways there, this one

    included; length: of the shortest way; first: its first step, by position among the ways of the point.
    """

    target: int
    marks: int
    length: int
    first: int


_ONE_EACH: Mapping[int, int] = MappingProxyType({})
_BITS = 1
_NOWHERE = -1 << 60
_MARKS = (1 << _BITS) - 1
"""Bits of marks; a label is a place with the marks of the way to it below."""


class _Labels:
    """The labels of points between. ways: where each leads; marks: bits that a way through a point has."""

    def __init__(self, ways: Ways, marks: Mapping[int, int]) -> None:
        self.ways, self.marks = ways, marks
        self.before: dict[int, list[int]] = {}
        for point, targets in ways.items():
            for target in targets:
                self.before.setdefault(target, []).append(point)
        self.places = self.before.keys() - ways.keys()
        self.of: dict[int, int] = {}
        torn = self._spread([(point, place << _BITS) for place in self.places for point in self.before[place]])
        while torn:
            deciding = {point for point in torn if self._decides(point, torn)}
            self.places |= deciding
            torn = self._spread(
                [
                    (point, label)
                    for point in torn - deciding
                    for target in self.ways[point]
                    if (label := self._seen_from(target)) is not None
                ]
            )

    def _spread(self, todo: list[tuple[int, int | None]]) -> set[int]:
        """Labels backwards from where they are known; a point to which two come is torn, and so is each before it."""
        torn = set[int]()
        before, places, of, marks = self.before, self.places, self.of, self.marks
        while todo:
            point, label = todo.pop()
            if point in torn or point in places:
                continue
            if label is not None:
                label |= marks.get(point, 0)
                known = of.get(point)
                if known == label:
                    continue
                if known is None:
                    of[point] = label
                else:
                    label = None
            if label is None:
                torn.add(point)
                of.pop(point, None)
            todo += [(earlier, label) for earlier in before.get(point, ())]
        return torn

    def _seen_from(self, target: int) -> int | None:
        """The label of ways to a target."""
        return target << _BITS if target in self.places else self.of.get(target)

    def _decides(self, point: int, torn: set[int]) -> bool:
        """Whether ways part at a torn point: some lead to one place, others elsewhere, or to where ways part again."""
        own = self.marks.get(point, 0)
        first: int | None = _NOWHERE
        label: int | None
        for target in self.ways[point]:
            if target in torn:
                label = None
            elif target in self.places:
                label = target << _BITS | own
            elif (known := self.of.get(target)) is not None:
                label = known | own
            else:
                continue
            if first == _NOWHERE:
                first = label
            elif first != label:
                return True
        return False


def between(ways: Ways, marks: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """The points that have a region if ways to the same place are different ones when their marks are: place, marks."""
    return {point: (label >> _BITS, label & _MARKS) for point, label in _Labels(ways, marks).of.items()}


def regions(ways: Ways, marks: Mapping[int, int], lengths: Mapping[int, int] = _ONE_EACH) -> dict[int, Region]:
    """The regions of points between; those at which something is decided, or which lead nowhere, have none.

    marks: bits by point; lengths: of the step from a point, where it is not 1.
    """
    labels = _Labels(ways, {})
    behind = _lengths(labels, lengths)
    met = _met(behind, ways, marks)
    return {
        point: Region(labels.of[point] >> _BITS, met[point], length, _first(ways[point], behind))
        for point, length in behind.items()
    }


def _lengths(labels: _Labels, lengths: Mapping[int, int]) -> dict[int, int]:
    """Points between in the order of their distances to the place."""
    found: dict[int, int] = {}
    waiting = [(lengths.get(p, 1), p) for place in labels.places for p in labels.before.get(place, ())]
    heapify(waiting)
    while waiting:
        length, point = heappop(waiting)
        if point in found or point not in labels.of:
            continue
        found[point] = length
        for earlier in labels.before.get(point, ()):
            if earlier not in found:
                heappush(waiting, (length + lengths.get(earlier, 1), earlier))
    return found


def _met(points: Iterable[int], ways: Ways, marks: Mapping[int, int]) -> dict[int, int]:
    """The marks of each point and of all behind it."""
    found = {point: marks.get(point, 0) for point in points}
    changed = True
    while changed:
        changed = False
        for point, known in found.items():
            total = known
            for target in ways[point]:
                total |= found.get(target, 0)
            if total != known:
                found[point] = total
                changed = True
    return found


def _first(targets: Sequence[int], lengths: Mapping[int, int]) -> int:
    """The position of the way that is shortest, the first of several."""
    behind = [lengths.get(target, 0) for target in targets]
    return behind.index(min(behind))
