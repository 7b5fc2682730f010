"""Which program points stand at the places of consent points and announcements."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.consent import PlaceKey
from auditor.graph.points import PointKind
from auditor.graph.program import Program


class Placing:
    """The points of places; those of a flow are looked up when it is first asked for."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._flows: dict[int, dict[int | str, list[int]]] = {}

    def at(self, place: PlaceKey) -> Sequence[int]:
        """The points of an action, of which a loop or switch has several, or of a menu; none where there is none."""
        found = self._flows.get(place.flow)
        if found is None:
            found = self._flows[place.flow] = self._index(place.flow)
        points = found.get(place.container if place.number is None else place.number, ())
        return [point for point in points if self._program.points[point].container == place.container]

    def _index(self, flow: int) -> dict[int | str, list[int]]:
        """Points by the number of their action, those of menus by container."""
        found: dict[int | str, list[int]] = {}
        for point in self._program.codes[flow].points:
            if point.kind is PointKind.MENU:
                found.setdefault(point.container, []).append(point.id)
            elif point.site is not None:
                found.setdefault(point.site.number, []).append(point.id)
        return found
