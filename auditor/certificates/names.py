"""Names of places: the same whatever numbers a run of the auditor gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from auditor.analysis.places import (
    Anyone,
    Connected,
    Endpoint,
    External,
    InQueue,
    Jumped,
    OneGroup,
    OnePhone,
    OneUser,
    Place,
    Places,
    Raised,
    Start,
    Voicemail,
    Wait,
)
from auditor.certificates.form import BadForm
from auditor.graph.points import Point, PointKind
from auditor.graph.program import Program

PointName = tuple[str, str, str]
"""Flow, container, and the point within it."""
PlaceName = tuple[str, ...]
_KINDS = {PointKind.ROUND: "/round", PointKind.FIRST_ROUND: "/first round", PointKind.CASE: "/case"}
_NOBODY = ""


def plain(text: str) -> str:
    """The text as it can stand in a file: half characters are written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def distinct(labels: Iterable[str]) -> list[str]:
    """The labels in their order; one that was given before gets a number."""
    taken: set[str] = set()
    found = []
    for label in labels:
        named, number = label, 1
        while named in taken:
            number += 1
            named = f"{label}~{number}"
        taken.add(named)
        found.append(named)
    return found


class Names:
    """Place numbers of one organisation to names and back. places: gives numbers to what has none yet."""

    def __init__(self, program: Program, places: Places) -> None:
        organisation = program.organisation
        self._program, self._places = program, places
        self.flows = _Labels(f.id or f.name for f in organisation.flows)
        self.queues = _Labels(q.id for q in organisation.queues)
        self._users = _Labels(u.id for u in organisation.users)
        self._groups = _Labels(g.id for g in organisation.groups)
        self._phones = _Labels(p.id for p in organisation.phones)
        self._points: dict[int, _Points] = {}

    def words(self, point: int) -> str:
        """A place in words, for messages."""
        place = self._places.at(point)
        return " / ".join(self.point(point) if place is None else self.place(place))

    def at(self, point: int) -> Place | None:
        """What stands at a number that is no point of a flow."""
        return self._places.at(point)

    def point(self, point: int) -> PointName:
        """The name of a point of a flow."""
        flow = self._program.points[point].flow
        return (self.flows.name(flow), *self._in(flow).name(point - self._first(flow)))

    def number(self, name: PointName) -> int:
        """The point of a name; raises BadForm for a name of nothing."""
        flow, container, label = name
        try:
            index = self.flows.index(flow)
            return self._first(index) + self._in(index).index(container, label)
        except (KeyError, IndexError) as error:
            raise BadForm(f"there is no {' / '.join(name)} in the export") from error

    def place(self, place: Place) -> PlaceName:
        """The name of a place at which no flow runs, and of what comes back out of a call."""
        match place:
            case Start():
                return ("start",)
            case Wait(queue=queue, flow=flow):
                waiting = ("waiting", self.queues.name(queue))
                return waiting if flow is None else (*waiting, self.flows.name(flow))
            case Connected(endpoint=endpoint):
                return ("connected", *self._endpoint(endpoint))
            case Voicemail():
                return ("voicemail",)
            case External(released=released):
                return ("released" if released else "bridged",)
            case Raised(point=source):
                return ("raised", *self.point(source))
            case Jumped(point=source, target=target):
                return ("jumped", *self.point(source), *self.point(target))

    def place_number(self, name: PlaceName, start: int) -> int:
        """The number of a place; raises BadForm for a name of nothing. start: index of the entry that is meant."""
        try:
            return self._places.id(self._named(name, start))
        except KeyError as error:
            raise BadForm(f"there is no {' / '.join(name)} in the export") from error

    def _named(self, name: PlaceName, start: int) -> Place:
        match name:
            case ("start",):
                return Start(start)
            case ("waiting", queue):
                return Wait(self.queues.index(queue), None)
            case ("waiting", queue, flow):
                return Wait(self.queues.index(queue), self.flows.index(flow))
            case ("connected", *rest):
                return Connected(self._other_end(tuple(rest)))
            case ("voicemail",):
                return Voicemail()
            case ("released",) | ("bridged",):
                return External(name[0] == "released")
            case ("raised", flow, container, label):
                return Raised(self.number((flow, container, label)))
            case ("jumped", flow, container, label, to, there, target):
                return Jumped(self.number((flow, container, label)), self.number((to, there, target)))
            case _:
                raise KeyError(name)

    def _endpoint(self, endpoint: Endpoint) -> PlaceName:
        match endpoint:
            case Anyone():
                return ("anyone",)
            case InQueue(queue=queue):
                return ("queue", self.queues.name(queue))
            case OneUser(user=user):
                return ("user", self._users.name(user))
            case OneGroup(group=group):
                return ("group", self._groups.name(group))
            case OnePhone(phone=phone):
                return ("phone", self._phones.name(phone))

    def _other_end(self, name: PlaceName) -> Endpoint:
        match name:
            case ("anyone",):
                return Anyone()
            case ("queue", queue):
                return InQueue(self.queues.index(queue))
            case ("user", user):
                return OneUser(self._users.index(user))
            case ("group", group):
                return OneGroup(self._groups.index(group))
            case ("phone", phone):
                return OnePhone(self._phones.index(phone))
            case _:
                raise KeyError(name)

    def _first(self, flow: int) -> int:
        return self._program.codes[flow].points[0].id

    def _in(self, flow: int) -> _Points:
        found = self._points.get(flow)
        if found is None:
            found = self._points[flow] = _Points(self._program.codes[flow].points)
        return found


class _Labels:
    """Labels of a list, each once; -1 is nobody."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._names = distinct(plain(label or "?") for label in labels)
        self._indexes: Mapping[str, int] = {name: i for i, name in enumerate(self._names)}

    def name(self, index: int) -> str:
        return self._names[index] if index >= 0 else _NOBODY

    def index(self, name: str) -> int:
        return self._indexes[name] if name != _NOBODY else -1


class _Points:
    """Names of the points of one flow, by container."""

    def __init__(self, points: Iterable[Point]) -> None:
        held: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for index, point in enumerate(points):
            held[plain(point.container)].append((index, plain(_label(point))))
        self._names: dict[int, tuple[str, str]] = {}
        for container, pairs in held.items():
            for (index, _), label in zip(pairs, distinct(label for _, label in pairs), strict=True):
                self._names[index] = (container, label)
        self._indexes = {name: index for index, name in self._names.items()}

    def name(self, index: int) -> tuple[str, str]:
        return self._names[index]

    def index(self, container: str, label: str) -> int:
        return self._indexes[container, label]


def _label(point: Point) -> str:
    """A point within its container: the action by id, else by name, with its number in the flow."""
    if point.site is None:
        return "menu" if point.kind is PointKind.MENU else "end"
    action = point.site.action
    named = action.id or action.tracking_id or action.name
    return f"{named}#{point.site.number}{_KINDS.get(point.kind, '')}"
