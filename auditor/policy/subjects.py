"""Objects of findings and steps, as reports name them."""

from __future__ import annotations

from auditor.analysis.analysis import Analysis
from auditor.analysis.entries import EntryKind
from auditor.analysis.observations import ObjectKey
from auditor.analysis.places import Anyone, Connected, External, InQueue, OneGroup, OnePhone, OneUser, Start, Wait
from auditor.findings import Subject
from auditor.graph.points import PointKind
from auditor.model.location import NOWHERE, Location

_ENTRY_OBJECTS = {
    EntryKind.ROUTE: "route",
    EntryKind.NUMBER: "number",
    EntryKind.ORPHAN: "flow",
    EntryKind.MANUAL: "user",
    EntryKind.CAMPAIGN: "campaign",
    EntryKind.CALLBACK: "queue",
    EntryKind.INTERNAL: "user",
}


class Subjects:
    """Names and places of everything that a finding or a step can be about."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._organisation = analysis.organisation
        self._points: dict[int, tuple[Subject, Location]] = {}

    def of(self, key: ObjectKey) -> tuple[Subject, Location]:
        """Subject and location of the object of a finding."""
        o = self._organisation
        match key.kind:
            case "point":
                return self.point(key.index)
            case "trunk":
                trunk = o.trunk_bases[key.index]
                return Subject("trunk", trunk.name, trunk.id, division=trunk.division), trunk.location
            case "phone":
                phone = o.phones[key.index]
                return Subject("phone", phone.name, phone.id, division=phone.division), phone.location
            case "queue":
                return self._queue(key.index)
            case "entry":
                return self.entry(key.index)

    def entry(self, index: int) -> tuple[Subject, Location]:
        """The object of an entry: a route, a number, a flow, ..."""
        way = self.analysis.ways[index]
        return Subject(_ENTRY_OBJECTS[way.kind], way.name, way.id, division=way.division), way.location

    def _queue(self, index: int) -> tuple[Subject, Location]:
        if index < 0:
            return Subject("queue", "a queue that is not known"), NOWHERE
        queue = self._organisation.queues[index]
        return Subject("queue", queue.name, queue.id, division=queue.division), queue.location

    def point(self, index: int) -> tuple[Subject, Location]:
        """An action, a menu, the end of a task, or where no flow runs."""
        found = self._points.get(index)
        if found is None:
            found = self._points[index] = self._point(index)
        return found

    def _point(self, index: int) -> tuple[Subject, Location]:
        place = self.analysis.places.at(index)
        if place is not None:
            return self._place(index)
        point = self.analysis.program.points[index]
        flow = self._organisation.flows[point.flow]
        container = next(c for c in flow.containers if c.id == point.container)
        if point.site is not None and point.kind is not PointKind.MENU:
            action = point.site.action
            subject = Subject(
                "action", action.name, action.id or action.tracking_id, flow.name, flow.division,
                point.site.container.name, point.site.ordinal,
            )  # fmt: skip
            return subject, action.location
        kind = "menu" if point.menu is not None else "flow"
        name = container.name if point.menu is not None else flow.name
        id = container.id if point.menu is not None else flow.id
        return Subject(kind, name, id, flow.name, flow.division, container.name), container.location

    def _place(self, index: int) -> tuple[Subject, Location]:
        o = self._organisation
        match self.analysis.places.at(index):
            case Start(entry=entry):
                return self.entry(entry)
            case Wait(queue=queue) | Connected(endpoint=InQueue(queue=queue)):
                return self._queue(queue)
            case Connected(endpoint=OneUser(user=user)) if user >= 0:
                return Subject("user", o.users[user].name, o.users[user].id), o.users[user].location
            case Connected(endpoint=OneGroup(group=group)) if group >= 0:
                return Subject("group", o.groups[group].name, o.groups[group].id), o.groups[group].location
            case Connected(endpoint=OnePhone(phone=phone)) if phone >= 0:
                return Subject("phone", o.phones[phone].name, o.phones[phone].id), o.phones[phone].location
            case Connected(endpoint=Anyone()):
                return Subject("user", "any internal participant"), NOWHERE
            case External():
                return Subject("number", "an external number"), NOWHERE
            case _:
                return Subject("user", "somebody who is not in the export"), NOWHERE
