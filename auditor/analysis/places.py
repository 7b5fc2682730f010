"""Virtual points: where a call is when no flow runs it (waiting, connected, voicemail, the way in)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anyone:
    """Any internal participant (an extension dialled from a menu, an unknown target)."""


@dataclass(frozen=True, slots=True)
class InQueue:
    """A member of a queue. queue: index in Organisation.queues; -1: a queue that is not known."""

    queue: int


@dataclass(frozen=True, slots=True)
class OneUser:
    """One user, by index in Organisation.users; -1: not exported."""

    user: int


@dataclass(frozen=True, slots=True)
class OneGroup:
    """Whoever of a group answers, by index in Organisation.groups; -1: not exported."""

    group: int


@dataclass(frozen=True, slots=True)
class OnePhone:
    """A phone that a number rings directly, by index in Organisation.phones; -1: not exported."""

    phone: int


Endpoint = Anyone | InQueue | OneUser | OneGroup | OnePhone


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting in a queue. flow: the in-queue flow that runs, None for none, -1 for one that is not known."""

    queue: int
    flow: int | None


@dataclass(frozen=True, slots=True)
class Connected:
    """An internal participant has the call."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Voicemail:
    """The caller speaks to a voicemail box."""


@dataclass(frozen=True, slots=True)
class External:
    """The call is with an external party. released: it has left the platform."""

    released: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The way in of an entry, by its index."""

    entry: int


Virtual = Wait | Connected | Voicemail | External | Start


@dataclass(frozen=True, slots=True)
class Raised:
    """An error came back out of a module or bot called at this point."""

    point: int


@dataclass(frozen=True, slots=True)
class Jumped:
    """A jump comes out of a task called at this point, on its way to a target in the same module."""

    point: int
    target: int


Place = Virtual | Raised | Jumped


class Places:
    """Numbers for virtual points, behind those of the program."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._all: list[Place] = []
        self._ids: dict[Place, int] = {}

    def id(self, place: Place) -> int:
        """The point number of a place."""
        found = self._ids.get(place)
        if found is None:
            found = self._ids[place] = self._first + len(self._all)
            self._all.append(place)
        return found

    def at(self, point: int) -> Place | None:
        """The place with this number; None for points of the program."""
        return self._all[point - self._first] if point >= self._first else None
