from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from auditor.collecting.client import ATTEMPTS, Client, Credentials, Denied, Pace
from auditor.collecting.kinds import Listing
from auditor.collecting.paging import pages
from auditor.collecting.regions import REGIONS, Hosts, hosts_of
from auditor.collecting.transport import NoReply, Reply, Request
from auditor.errors import AuditorError, EnvironmentFault, UsageError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOSTS = Hosts("test.example", "https://api.test.example", "https://login.test.example")
SHORT = Listing("things", "things")


def reply(status: int = 200, headers: Mapping[str, str] | None = None, **body: object) -> Reply:
    return Reply(status, headers or {}, json.dumps(body).encode())


TOKEN = reply(access_token="token-1")


@dataclass
class Script:
    """A transport that gives prepared answers; login: those of the login host."""

    answers: list[Reply | NoReply]
    login: list[Reply | NoReply] = field(default_factory=lambda: [TOKEN] * 9)
    sent: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Reply:
        self.sent.append(request)
        answer = (self.login if request.method == "POST" else self.answers).pop(0)
        if isinstance(answer, NoReply):
            raise answer
        return answer

    @property
    def read(self) -> list[Request]:
        return [request for request in self.sent if request.method == "GET"]


@dataclass
class Clock:
    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def client(script: Script, clock: Clock | None = None, rate: float = 1e6) -> Client:
    clock = clock or Clock()
    pace = Pace(lambda: clock.seconds, clock.sleep, lambda: NOW, rate)
    return Client(HOSTS, Credentials("id", "s3cret"), script, pace)


def waited(*answers: Reply | NoReply) -> list[float]:
    """What the client slept until it got its answer."""
    clock = Clock()
    assert client(Script([*answers, reply(id="x")]), clock).get("/api/v2/x") == {"id": "x"}
    return [seconds for seconds in clock.slept if seconds > 0.001]


def test_the_token_is_asked_for_once_and_sent_with_every_request() -> None:
    script = Script([reply(id="1"), reply(id="2")])
    one = client(script)
    one.get("/api/v2/a")
    one.get("/api/v2/b?pageSize=2")
    assert [r.url for r in script.sent] == [
        "https://login.test.example/oauth/token",
        "https://api.test.example/api/v2/a",
        "https://api.test.example/api/v2/b?pageSize=2",
    ]
    assert script.sent[0].body == b"grant_type=client_credentials"
    assert script.sent[0].headers["Authorization"] == "Basic aWQ6czNjcmV0"
    assert [r.headers["Authorization"] for r in script.read] == ["Bearer token-1"] * 2
    assert [r.body for r in script.read] == [b"", b""]


def test_nothing_that_is_shown_holds_a_secret() -> None:
    script = Script([reply(403, message="token token-1 may not do this")])
    with pytest.raises(Denied) as caught:
        client(script).get("/api/v2/a")
    shown = f"{Credentials('id', 's3cret')!r} {script.sent!r} {caught.value} {TOKEN!r}"
    assert not any(secret in shown for secret in ("s3cret", "token-1", "aWQ6"))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_passing_faults_are_waited_out_longer_each_time(status: int) -> None:
    assert waited(*[reply(status)] * 4) == [1, 2, 4, 8]


@pytest.mark.parametrize("body", [b"", b'{"id": ', b"<html>", b"[1]", b'{"n": NaN}', b"\xff\xfe"])
def test_a_reply_that_is_not_whole_is_asked_for_again(body: bytes) -> None:
    assert waited(Reply(200, {}, body), NoReply("cut")) == [1, 2]


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("17", 17),
        ("0", None),
        (format_datetime(NOW + timedelta(seconds=42), usegmt=True), 42),
        (format_datetime(NOW - timedelta(seconds=42), usegmt=True), None),
        ("", 2),
        ("soon", 2),
        ("nan", 2),
        ("-5", 2),
    ],
)
def test_too_many_requests_wait_as_long_as_told(after: str, seconds: float | None) -> None:
    headers = {"retry-after": after} if after else {}
    assert waited(reply(429, headers)) == ([] if seconds is None else [seconds])


def test_waiting_as_told_is_no_failure() -> None:
    assert waited(*[reply(429, {"retry-after": "3"})] * 8, reply(500), reply(429, {"retry-after": "3"})) == [
        *[3.0] * 8,
        1,
        3,
    ]


@pytest.mark.parametrize("answers", [[reply(429, {"retry-after": "3600"})], [reply(429)] * 30])
def test_a_platform_that_wants_no_requests_at_all_is_left_alone(answers: list[Reply | NoReply]) -> None:
    with pytest.raises(EnvironmentFault, match="fewer requests") as caught:
        client(Script(answers)).get("/api/v2/x")
    assert "--resume" in caught.value.hint


def test_a_fault_that_does_not_pass_is_told_with_its_status() -> None:
    script = Script([reply(503, message="being repaired")] * 20)
    with pytest.raises(Denied) as caught:
        client(script).get("/api/v2/x")
    assert (caught.value.status, caught.value.reason) == (503, "being repaired")
    assert len(script.read) == ATTEMPTS


@pytest.mark.parametrize(("lasting", "attempts"), [(False, ATTEMPTS), (True, 1)])
def test_no_reply_at_all_ends_the_run(lasting: bool, attempts: int) -> None:
    script = Script([NoReply("cut in the middle", lasting=lasting)] * 20)
    with pytest.raises(EnvironmentFault, match=r"api\.test\.example does not answer: cut in the middle"):
        client(script).get("/api/v2/x")
    assert len(script.read) == attempts


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 410, 418])
def test_other_answers_are_not_asked_for_again(status: int) -> None:
    script = Script([reply(status, {"location": "https://elsewhere.example/"}, message="a  reason\n of two lines")])
    with pytest.raises(Denied) as caught:
        client(script).get("/api/v2/x")
    assert (caught.value.status, caught.value.reason) == (status, "a reason of two lines")
    assert len(script.sent) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
def test_wrong_credentials_are_a_usage_error(status: int) -> None:
    with pytest.raises(UsageError, match="does not accept the client credentials") as caught:
        client(Script([], login=[reply(status, error="invalid_client")])).get("/api/v2/x")
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in caught.value.hint


@pytest.mark.parametrize("login", [reply(404), reply(200, token="?"), reply(200, access_token="")])
def test_a_login_without_a_token_is_no_usage_error(login: Reply) -> None:
    with pytest.raises(AuditorError) as caught:
        client(Script([], login=[login])).get("/api/v2/x")
    assert isinstance(caught.value, EnvironmentFault)


def test_a_token_that_has_run_out_is_renewed_once() -> None:
    script = Script([reply(id="1"), reply(401), reply(id="2")], login=[TOKEN, reply(access_token="token-2")])
    one = client(script)
    assert [one.get("/api/v2/x")["id"], one.get("/api/v2/x")["id"]] == ["1", "2"]
    assert [r.headers["Authorization"] for r in script.read] == ["Bearer token-1"] * 2 + ["Bearer token-2"]


@pytest.mark.parametrize("before", [[], [reply(id="1")]])
def test_a_fresh_token_that_is_refused_is_a_usage_error(before: list[Reply | NoReply]) -> None:
    one = client(Script([*before, reply(401), reply(401)]))
    for _ in before:
        one.get("/api/v2/x")
    with pytest.raises(UsageError, match=r"token.*401"):
        one.get("/api/v2/x")


def test_requests_keep_to_the_rate() -> None:
    clock = Clock()
    one = client(Script([reply()] * 5), clock, rate=4)
    for _ in range(4):
        one.get("/api/v2/x")
    assert clock.seconds == pytest.approx(1.0)  # the login is a request too
    clock.seconds += 10
    del clock.slept[:]
    one.get("/api/v2/x")
    assert clock.slept == []


@pytest.mark.parametrize("place", ["https://elsewhere.example/api/v2/x", "http://api.test.example/x", "//elsewhere/x"])
def test_the_token_goes_to_no_other_host(place: str) -> None:
    script = Script([reply(entities=[], nextUri=place), reply()])
    with pytest.raises(Denied, match="another host"):
        list(pages(client(script), SHORT, "things"))
    assert len(script.read) == 1


def walked(*answers: Reply, listing: Listing = SHORT) -> list[str]:
    """The addresses that were asked for until the listing ended."""
    script = Script([*answers, *[reply(entities=[])] * 3])
    list(pages(client(script), listing, listing.path))
    return [r.url.removeprefix("https://api.test.example/api/v2/") for r in script.read]


FULL = [{"id": str(n)} for n in range(100)]


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [
        ([reply(entities=[1], pageCount=1)], [1]),
        ([reply(entities=[], pageCount=0, total=0)], [1]),
        ([reply(entities=[1], pageCount=3)] * 3, [1, 2, 3]),
        ([reply(entities=FULL[:5], pageSize=25)], [1]),
        ([reply(entities=FULL[:25], pageSize=25), reply(entities=FULL[:3], pageSize=25)], [1, 2]),
        ([reply(entities=FULL), reply(entities=FULL), reply(entities=[])], [1, 2, 3]),
        ([reply(entities=FULL, nextUri=None, pageCount=2), reply(entities=FULL, nextUri="", pageCount=2)], [1, 2]),
        ([reply()], [1]),
    ],
)
def test_pages_are_counted_as_the_listing_says(answers: list[Reply], numbers: list[int]) -> None:
    assert walked(*answers) == [f"things?pageSize=100&pageNumber={number}" for number in numbers]


@pytest.mark.parametrize("host", ["", "https://api.test.example"])
def test_the_next_page_is_where_the_listing_says(host: str) -> None:
    last = reply(entities=FULL)
    assert walked(reply(entities=[1], nextUri=f"{host}/api/v2/things?cursor=a%3D%3D&pageSize=100"), last) == [
        "things?pageSize=100&pageNumber=1",
        "things?cursor=a%3D%3D&pageSize=100",
    ]


def test_a_listing_without_end_is_left() -> None:
    script = Script([reply(entities=[1], nextUri="/api/v2/things?cursor=a")] * 9)
    with pytest.raises(Denied, match="leads back"):
        list(pages(client(script), SHORT, "things"))
    assert len(script.read) == 2


def test_queries_of_a_listing_come_first_and_documents_have_no_pages() -> None:
    listing = Listing("things", "things", (("expand", "a,b"), ("fields", "c.*")))
    assert walked(reply(pageCount=1), listing=listing) == ["things?expand=a,b&fields=c.*&pageSize=100&pageNumber=1"]
    assert walked(reply(id="1"), listing=Listing("me", "organizations/me", paged=False)) == ["organizations/me"]


@pytest.mark.parametrize("domain", REGIONS)
def test_regions_by_domain_name_or_host(domain: str) -> None:
    expected = Hosts(domain, f"https://api.{domain}", f"https://login.{domain}")
    for word in (domain, REGIONS[domain], f" {domain.upper()} ", f"https://apps.{domain}/", f"api.{domain}"):
        assert hosts_of(word) == expected


@pytest.mark.parametrize("word", ["", "mypurecloud", "evil.example", "mypurecloud.de.evil.example", "api."])
def test_credentials_go_to_known_regions_only(word: str) -> None:
    assert hosts_of(word) is None
