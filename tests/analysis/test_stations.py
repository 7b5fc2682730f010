"""Which phones the members of a queue sit at."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.analysis.places import InQueue, OneUser
from auditor.analysis.stations import Seats, Stations
from auditor.model.directory import Directory
from auditor.model.location import NOWHERE
from auditor.model.organisation import Organisation
from auditor.model.routing import Group, Queue, User
from auditor.model.settings import UNSET
from auditor.model.telephony import Phone, Station


def phone(name: str) -> Phone:
    return Phone(name, name, "active", None, None, None, None, UNSET, (), NOWHERE)


def user(name: str) -> User:
    return User(name, name, None, "active", None, f"phone of {name}", None, (), (), NOWHERE)


def seats(members: tuple[str, ...] | None) -> Seats:
    """Of a queue that nobody is a member of but by a group with these members. Phone 1 is the second user's."""
    queue = Queue("q", "Sales", None, None, UNSET, UNSET, UNSET, (), ("g",), None, None, NOWHERE)
    organisation = Organisation(
        queues=(queue,),
        groups=(Group("g", "All", members, (), (), None, NOWHERE),),
        users=(user("A"), user("B")),
        phones=(phone("phone of A"), phone("phone of B")),
    )
    return Stations(organisation, Directory(organisation), free_seating=False, line_first=True).at(InQueue(0))


@pytest.mark.parametrize(
    ("members", "found"),
    [
        (("B",), Seats(frozenset({1}), False)),
        ((), Seats(frozenset(), False)),
        (None, Seats(frozenset(), True)),
        (("nobody",), Seats(frozenset(), True)),
    ],
)
def test_members_of_a_group_sit_at_their_phones(members: tuple[str, ...] | None, found: Seats) -> None:
    assert seats(members) == found


def test_a_station_is_a_phone_by_its_phone_or_else_by_its_name() -> None:
    """The agent may sit at no other."""
    for station in (
        Station("s", "Desk", None, "phone of B", None, None, NOWHERE),
        Station("s", "phone of B", None, None, None, None, NOWHERE),
    ):
        organisation = Organisation(
            users=(replace(user("B"), default_station="s"),),
            phones=(phone("phone of A"), phone("phone of B")),
            stations=(station,),
        )
        found = Stations(organisation, Directory(organisation), free_seating=False, line_first=True).at(OneUser(0))
        assert found == Seats(frozenset({1}), False)
