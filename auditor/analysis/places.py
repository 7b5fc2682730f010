"""Virtual points: where a call is when no flow runs it (waiting, connected, voicemail, the way in)."""

from __future__ import annotations

from math import isqrt
from typing import assert_never

from msgspec import Struct


class Anyone(Struct, frozen=True):
    """Any internal participant (an extension dialled from a menu, an unknown target)."""


class InQueue(Struct, frozen=True):
    """A member of a queue. queue: index in Organisation.queues; -1: a queue that is not known."""

    queue: int


class OneUser(Struct, frozen=True):
    """One user, by index in Organisation.users; -1: not exported."""

    user: int


class OneGroup(Struct, frozen=True):
    """Whoever of a group answers, by index in Organisation.groups; -1: not exported."""

    group: int


class OnePhone(Struct, frozen=True):
    """A phone that a number rings directly, by index in Organisation.phones; -1: not exported."""

    phone: int


Endpoint = Anyone | InQueue | OneUser | OneGroup | OnePhone


class Wait(Struct, frozen=True):
    """Waiting in a queue. flow: the in-queue flow that runs, None for none, -1 for one that is not known."""

    queue: int
    flow: int | None


class Connected(Struct, frozen=True):
    """An internal participant has the call."""

    endpoint: Endpoint


class Voicemail(Struct, frozen=True):
    """The caller speaks to a voicemail box."""


class External(Struct, frozen=True):
    """The call is with an external party. released: it has left the platform."""

    released: bool = False


class Start(Struct, frozen=True):
    """The way in of an entry, by its index."""

    entry: int


Virtual = Wait | Connected | Voicemail | External | Start


class Raised(Struct, frozen=True):
    """An error came back out of a module or bot called at this point."""

    point: int


class Jumped(Struct, frozen=True):
    """A jump comes out of a task called at this point, on its way to a target in the same module."""

    point: int
    target: int


Place = Virtual | Raised | Jumped


_KINDS = 16
"""More than there are kinds of places: each has the numbers of one remainder."""


class Places:
    """Numbers for virtual points, behind those of the program; a place has the same number in every analysis."""

    def __init__(self, first: int) -> None:
        """first: the number from which on there are no points of the program."""
        self._first = first
        self._ids: dict[Place, int] = {}
        self._all: dict[int, Place] = {}

    def id(self, place: Place) -> int:
        """The point number of a place."""
        found = self._ids.get(place)
        if found is None:
            kind, value = _numbered(place)
            found = self._ids[place] = self._first + value * _KINDS + kind
        return found

    def at(self, point: int) -> Place | None:
        """The place with this number; None for points of the program."""
        if point < self._first:
            return None
        found = self._all.get(point)
        if found is None:
            value, kind = divmod(point - self._first, _KINDS)
            found = self._all[point] = _place(kind, value)
        return found


def _numbered(place: Place) -> tuple[int, int]:
    """The kind of a place, and its number among those of the kind."""
    match place:
        case Start(entry=entry):
            return 0, entry
        case Voicemail():
            return 1, 0
        case External(released=released):
            return 2, int(released)
        case Wait(queue=queue, flow=flow):
            return 3, _paired(queue + 1, 0 if flow is None else flow + 2)
        case Connected(endpoint=endpoint):
            kind, value = _of_endpoint(endpoint)
            return 4 + kind, value
        case Raised(point=point):
            return 9, point
        case Jumped(point=point, target=target):
            return 10, _paired(point, target)
        case _:
            assert_never(place)


def _of_endpoint(endpoint: Endpoint) -> tuple[int, int]:
    match endpoint:
        case Anyone():
            return 0, 0
        case InQueue(queue=index):
            return 1, index + 1
        case OneUser(user=index):
            return 2, index + 1
        case OneGroup(group=index):
            return 3, index + 1
        case OnePhone(phone=index):
            return 4, index + 1
        case _:
            assert_never(endpoint)


def _place(kind: int, value: int) -> Place:
    """What _numbered gave this kind and number."""
    match kind:
        case 0:
            return Start(value)
        case 1:
            return Voicemail()
        case 2:
            return External(bool(value))
        case 3:
            queue, flow = _apart(value)
            return Wait(queue - 1, flow - 2 if flow else None)
        case 9:
            return Raised(value)
        case 10:
            return Jumped(*_apart(value))
        case _:
            return Connected(Anyone() if kind == 4 else _ENDPOINTS[kind - 5](value - 1))


_ENDPOINTS = (InQueue, OneUser, OneGroup, OnePhone)


def _paired(one: int, other: int) -> int:
    """A number for two, after Cantor; no other two have it."""
    return (one + other) * (one + other + 1) // 2 + other


def _apart(number: int) -> tuple[int, int]:
    """The two of which _paired made a number."""
    both = (isqrt(8 * number + 1) - 1) // 2
    other = number - both * (both + 1) // 2
    return both - other, other
