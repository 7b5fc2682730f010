"""All flows of an organisation as numbered points, with every reference resolved."""

from __future__ import annotations

from functools import cached_property

from auditor.graph.points import FlowCode, Point, PointKind, compile_flow
from auditor.model.directory import Directory
from auditor.model.flows import Menu
from auditor.model.operations import Jump, Operation
from auditor.model.organisation import Organisation

ROOM = 1 << 32
"""Numbers that each flow has for its points, so that those of the others stay when one flow changes."""


class Program:
    """Points of every flow. points: by number, in order; codes[n] belongs to Organisation.flows[n]; end: a number

    behind those of all points.
    """

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.directory = Directory(organisation)
        self.codes: list[FlowCode] = []
        self.points: dict[int, Point] = {}
        self.end = len(organisation.flows) * ROOM
        for index, flow in enumerate(organisation.flows):
            code = compile_flow(flow, index, index * ROOM)
            self.codes.append(code)
            self.points.update((point.id, point) for point in code.points)

    def code_of(self, point: Point) -> FlowCode:
        """The flow in which a point stands."""
        return self.codes[point.flow]

    @cached_property
    def canonical(self) -> dict[tuple[int, int], int]:
        """(flow, site number) -> id of the point that stands for the action in findings.

        One an action, in the order of points, also where a loop or switch needs several.
        """
        found: dict[tuple[int, int], int] = {}
        for point in self.points.values():
            if point.site is not None:
                found.setdefault((point.flow, point.site.number), point.id)
        return found

    @cached_property
    def _acting(self) -> dict[type, list[tuple[Point, Operation]]]:
        found: dict[type, list[tuple[Point, Operation]]] = {}
        for number in self.canonical.values():
            point = self.points[number]
            assert point.site is not None
            operation = point.site.action.operation
            found.setdefault(type(operation), []).append((point, operation))
        return found

    def acting(self, *kinds: type) -> list[tuple[Point, Operation]]:
        """The actions with operations of these kinds, each with the point that stands for it, in their order."""
        found = [each for kind in kinds for each in self._acting.get(kind, ())]
        return sorted(found, key=lambda each: each[0].id)

    @cached_property
    def parents(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """(flow, container) -> menu points whose choices jump there; for Previous and Repeat Menu."""
        found: dict[tuple[int, str], list[int]] = {}
        for index, code in enumerate(self.codes):
            for container in code.flow.containers:
                if not isinstance(container, Menu):
                    continue
                for choice in container.choices:
                    operation = choice.action.operation
                    if isinstance(operation, Jump) and operation.container is not None:
                        found.setdefault((index, operation.container), []).append(code.starts[container.id])
        return {key: tuple(dict.fromkeys(menus)) for key, menus in found.items()}

    def menus(self, flow: int) -> tuple[Point, ...]:
        """The menu points of a flow."""
        return tuple(p for p in self.codes[flow].points if p.kind is PointKind.MENU)
