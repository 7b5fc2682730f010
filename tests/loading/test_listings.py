"""Listings that are cut off, or may be (RX905), and those that are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from tests.loading.exports import addressed, write
from tests.loading.terraform_source import QUEUE, USER, configuration
from tests.loading.test_load import ARCHY, problems

ADDRESS = "/api/v2/routing/queues"


def told(folder: Path) -> list[str]:
    return [p.message for p in load([folder]).problems if p.code == "RX905"]


def queues(first: int, last: int) -> list[dict[str, Any]]:
    numbers = range(first, last + 1)
    return [{**addressed("queues"), "id": f"q{n}", "name": f"Q{n}", "selfUri": f"{ADDRESS}/q{n}"} for n in numbers]


def page(first: int, last: int, **more: Any) -> dict[str, Any]:
    return {"entities": queues(first, last), "selfUri": f"{ADDRESS}?pageNumber=1", **more}


def test_a_listing_shorter_than_its_own_total(tmp_path: Path) -> None:
    page = {"entities": [addressed("queues")], "selfUri": "/api/v2/routing/queues?pageNumber=1", "total": 2}
    write(tmp_path, "a.json", page)
    (problem,) = problems(load([tmp_path]).problems)
    assert problem.code == "RX905"
    assert "1 of 2" in problem.message
    second = {**addressed("queues"), "id": "q2", "selfUri": "/api/v2/routing/queues/q2"}
    write(tmp_path, "b.json", {**page, "entities": [second]})
    assert problems(load([tmp_path]).problems) == []


def test_a_listing_of_members_shorter_than_its_own_total(tmp_path: Path) -> None:
    write(tmp_path, "q.json", addressed("queues"))
    page = {"entities": [{"id": "u1", "joined": True}], "selfUri": "/api/v2/routing/queues/q1/members", "total": 3}
    write(tmp_path, "m.json", page)
    assert [p.code for p in problems(load([tmp_path]).problems)] == ["RX905"]


def test_a_queue_that_another_form_knows_by_name_is_none_of_the_listing(tmp_path: Path) -> None:
    write(tmp_path, "a.json", page(1, 2, total=3))
    write(tmp_path, "x.tf.json", configuration(routing_queue={"Q": {"name": "New"}}))
    assert told(tmp_path) == ["The listing of queue objects ends after 2 of 3."]


def test_the_listing_of_flows_is_counted_too(tmp_path: Path) -> None:
    listed = {**addressed("flows"), "id": "f1", "name": "Other", "type": "INBOUNDCALL"}
    write(tmp_path, "flows.json", {"entities": [listed], "selfUri": "/api/v2/flows?pageNumber=1", "total": 2})
    write(tmp_path, "main.yaml", ARCHY)
    assert told(tmp_path) == ["The listing of flow objects ends after 1 of 2."]


def test_routes_are_counted_site_by_site(tmp_path: Path) -> None:
    sites = "/api/v2/telephony/providers/edges/sites"
    for site, there, total in (("s1", 1, 2), ("s2", 2, 2)):
        write(tmp_path, f"{site}.json", {**addressed("sites"), "id": site, "name": site, "selfUri": f"{sites}/{site}"})
        address = f"{sites}/{site}/outboundroutes"
        route = {"name": "R", "externalTrunkBases": [], "distribution": "SEQUENTIAL"}
        routes = [{**route, "id": f"{site}{n}", "selfUri": f"{address}/{site}{n}"} for n in range(there)]
        write(tmp_path, f"{site}-routes.json", {"entities": routes, "selfUri": address, "total": total})
    assert told(tmp_path) == ["The listing of outbound route objects ends after 1 of 2."]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([page(1, 25, pageCount=3, pageSize=25)], "ends after page 1 of 3"),
        ([page(1, 25, pageCount=2, pageSize=25), page(26, 30, pageCount=2, pageSize=25)], ""),
        ([page(1, 30, pageCount=2, pageSize=25)], ""),
        ([page(1, 25, pageCount=1, pageSize=25)], ""),
        ([page(1, 3, nextUri="/api/v2/routing/queues?after=x")], "ends with a page that names a next one"),
        ([page(1, 3, nextUri="/api/v2/routing/queues?after=x"), page(4, 5)], ""),
        ([page(1, 25)], "has exactly 25 rows and does not say how many there are; it may be cut off"),
        ([page(1, 100)], "has exactly 100 rows and does not say how many there are; it may be cut off"),
        ([page(1, 25), page(26, 50)], "has exactly 50 rows and does not say how many there are; it may be cut off"),
        ([page(1, 25), page(26, 49)], ""),
        ([page(1, 24)], ""),
        ([page(1, 25, total=25)], ""),
        ([queues(1, 200)], "has exactly 200 rows and does not say how many there are; it may be cut off"),
        ([queues(1, 199)], ""),
        ([{"queues": queues(1, 500)}], "has exactly 500 rows and does not say how many there are; it may be cut off"),
    ],
)
def test_pages_that_look_cut_off(tmp_path: Path, pages: list[object], message: str) -> None:
    for number, one in enumerate(pages):
        write(tmp_path, f"queues-{number}.json", json.dumps(one))
    assert told(tmp_path) == ([f"The listing of queue objects {message}."] if message else [])


def test_what_stands_in_its_owner_is_whole(tmp_path: Path) -> None:
    members = [{"user_id": f"u{n}", "ring_num": 1} for n in range(25)]
    write(tmp_path, "x.tf.json", configuration(routing_queue={"Q": {"name": "Sales", "members": members}}))
    (queue,) = load([tmp_path]).queues
    assert len(queue.members or ()) == 25
    assert told(tmp_path) == []


def test_a_map_of_listings_is_one_listing_for_each_owner(tmp_path: Path) -> None:
    for id, name in ((QUEUE, "A"), (USER, "B")):
        write(tmp_path, f"{name}.json", {**addressed("queues"), "id": id, "name": name, "selfUri": f"{ADDRESS}/{id}"})
    members = [{"id": f"u{n}", "joined": True} for n in range(26)]
    write(tmp_path, "members.json", {QUEUE: members, USER: members[:25]})
    (problem,) = problems(load([tmp_path]).problems)
    assert problem.message.startswith("The listing of member objects has exactly 25 rows")
    assert problem.location.pointer == f"/{USER}"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a/q.json": page(1, 2, total=3), "b/q.json": page(3, 4, total=2)}, ["2 of 3"]),
        ({"sales.json": page(1, 2, total=3), "service.json": page(3, 4, total=2)}, ["2 of 3"]),
        ({"a/q.json": page(1, 2, total=3), "b/q.json": page(3, 5, total=3)}, ["2 of 3"]),
        ({"a/q.json": page(1, 2, total=2), "b/q.json": page(3, 5, total=3)}, []),
        ({"1/q.json": page(1, 2, total=3), "2/q.json": page(3, 3, total=3)}, []),
        ({"all.json": page(1, 4, total=4), "search.json": page(2, 3, total=3)}, []),
        ({"q1.json": page(1, 2, total=3), "q2.json": {**queues(3, 3)[0]}}, []),
        ({"a/q1.json": page(1, 2, total=3), "a/q2.json": page(3, 3, total=3), "b/q.json": page(4, 4, total=1)}, []),
        ({"old/q.json": page(1, 2, total=3), "new/q.json": page(1, 4, total=4)}, []),
    ],
)
def test_listings_of_their_own_are_counted_apart(files: dict[str, Any], expected: list[str], tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, content)
    found = told(tmp_path)
    assert len(found) == len(expected)
    assert all(words in text for words, text in zip(expected, found, strict=True))
