"""Numbers of virtual points."""

from __future__ import annotations

import pytest

from auditor.analysis.places import (
    Anyone,
    Connected,
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

PLACES: tuple[Place, ...] = (
    Start(0), Start(7), Voicemail(), External(), External(released=True), Wait(-1, None), Wait(0, None), Wait(3, -1),
    Wait(3, 0), Wait(0, 3), Connected(Anyone()), Connected(InQueue(-1)), Connected(InQueue(2)), Connected(OneUser(-1)),
    Connected(OneUser(2)), Connected(OneGroup(2)), Connected(OnePhone(2)), Raised(0), Raised(9), Jumped(0, 0),
    Jumped(2, 5), Jumped(5, 2),
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_number_tells_its_place_to_who_has_not_given_it(place: Place) -> None:
    assert Places(100).at(Places(100).id(place)) == place


def test_no_two_places_have_the_same_number() -> None:
    numbers = [Places(100).id(place) for place in PLACES]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) >= 100
    assert Places(100).at(99) is None
