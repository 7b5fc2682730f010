"""What proposals are made from: the organisation as loaded, its questions, and where each action stands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from auditor.analysis.consent import ConsentPoint, PlaceKey
from auditor.analysis.stations import Stations
from auditor.audit import Questions
from auditor.graph.program import Program
from auditor.model.flows import Action, Flow, Task
from auditor.model.location import Location
from auditor.model.operations import (
    CallTask,
    Disconnect,
    EnableRecording,
    EndFlow,
    EndState,
    EndTask,
    Jump,
    LoopNext,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
)
from auditor.model.sites import ActionSite, action_sites

LEAVING = (Jump, EndTask, EndFlow, EndState, LoopNext, TransferQueue, Disconnect)
"""What ends a branch, the mildest first."""


class Site(Struct, frozen=True):
    """An action of a flow. flow: its index."""

    flow: int
    site: ActionSite

    @property
    def number(self) -> int:
        """Its number in the flow."""
        return self.site.number

    @property
    def action(self) -> Action:
        """The action itself."""
        return self.site.action


class World:
    """The organisation as loaded; everything is looked up by the place at which it was read.

    serving: enable actions by which callers who agreed are recorded.
    """

    def __init__(self, program: Program, questions: Questions, *, line_first: bool) -> None:
        self.program, self.questions = program, questions
        self.serving: frozenset[Location] = frozenset()
        self.organisation = program.organisation
        self._line_first = line_first

    @cached_property
    def sites(self) -> tuple[tuple[Site, ...], ...]:
        """The actions of every flow."""
        flows = enumerate(self.organisation.flows)
        return tuple(tuple(Site(index, site) for site in action_sites(flow)) for index, flow in flows)

    @cached_property
    def at(self) -> dict[Location, Site]:
        """Actions by their place in the export."""
        return {site.action.location: site for sites in self.sites for site in sites}

    @cached_property
    def points(self) -> dict[Location, ConsentPoint]:
        """Consent points by their place: of the action, or of the menu."""
        found = {}
        for point in self.questions.points:
            location = self._location(point.place)
            if location is not None:
                found[location] = point
        return found

    @cached_property
    def stations(self) -> Stations:
        """Where the recording setting of each phone stands."""
        return Stations(
            self.organisation, self.program.directory, free_seating=True, line_first=self._line_first
        )  # fmt: skip

    def flow(self, site: Site) -> Flow:
        """The flow in which an action stands."""
        return self.organisation.flows[site.flow]

    def site_of(self, point: ConsentPoint) -> Site | None:
        """The action of a consent point; None for a menu."""
        place = point.place
        return None if place.number is None else self.sites[place.flow][place.number]

    def enabling(self, site: Site) -> bool:
        """Whether the action is Enable Participant Recording."""
        return isinstance(site.action.operation, EnableRecording)

    def below(self, site: Site) -> Iterator[Site]:
        """The actions inside the outputs of an action."""
        inside = {id(action) for action in _inside(site.action)}
        return (other for other in self.sites[site.flow] if id(other.action) in inside)

    def branches(self, site: Site) -> Iterator[Site]:
        """The same, but for what happens when a transfer fails: that says nothing about an answer."""
        failing = {other.number for t in self.below(site) if _transfers(t) for other in self.below(t)}
        return (other for other in self.below(site) if other.number not in failing)

    def first_of(self, flow: int, container: str) -> Site | None:
        """The first action of a task."""
        tasks = (s for s in self.sites[flow] if isinstance(s.site.container, Task))
        return next((s for s in tasks if s.site.container.id == container), None)

    def task_of(self, site: Site) -> Task | None:
        """The task in which an action stands; None for the action of a menu choice."""
        return site.site.container if isinstance(site.site.container, Task) else None

    def called(self, site: Site) -> Iterator[Site]:
        """The first action of the task that an action calls or jumps to."""
        match site.action.operation:
            case CallTask(container=str() as container) | Jump(container=str() as container):
                first = self.first_of(site.flow, container)
                if first is not None:
                    yield first

    def _location(self, place: PlaceKey) -> Location | None:
        if place.number is not None:
            return self.sites[place.flow][place.number].action.location
        containers = self.organisation.flows[place.flow].containers
        return next((c.location for c in containers if c.id == place.container), None)


def _inside(action: Action) -> Iterator[Action]:
    for output in action.outputs:
        for inner in output.block:
            yield inner
            yield from _inside(inner)


def _transfers(site: Site) -> bool:
    operation = site.action.operation
    return isinstance(operation, TransferQueue | TransferFlow | TransferUser | TransferGroup | TransferNumber)


def leaves(action: Action) -> bool:
    """Whether nothing behind the action in its list happens."""
    return isinstance(action.operation, LEAVING)
