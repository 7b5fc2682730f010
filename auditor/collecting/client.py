"""The platform API for reading: logs in, keeps to the rate, waits when told to, tries again what may pass."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn
from urllib.parse import urlsplit

from msgspec import Struct

from auditor.collecting.regions import Hosts
from auditor.collecting.transport import NoReply, Reply, Request, Transport
from auditor.errors import EnvironmentFault, UsageError

ATTEMPTS = 6
MOST_WAITS = 12
LONGEST_WAIT = 600.0
_PASSING = frozenset({500, 502, 503, 504})
_SAID = 300


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client of the grant type "client credentials"; neither is ever shown or written."""

    client_id: str = field(repr=False)
    secret: str = field(repr=False)


class Pace(Struct, frozen=True):
    """The clock in seconds, how to sleep, what time it is, and how many requests a second there may be."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    rate: float = 4.0


class Denied(Exception):
    """The platform answered, and not with what was asked for. status: of HTTP; reason: in its words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class Client:
    """Reads addresses of one organisation, one after the other."""

    def __init__(self, hosts: Hosts, credentials: Credentials, transport: Transport, pace: Pace) -> None:
        self.hosts = hosts
        self._credentials = credentials
        self._transport = transport
        self._pace = pace
        self._token = ""  # nosec B105 # there is none yet
        self._free_at = float("-inf")

    def get(self, address: str) -> Mapping[str, object]:
        """The JSON object at an address below the host. Raises Denied, UsageError (401), EnvironmentFault."""
        renewed = not self._token
        if renewed:
            self._log_in()
        reply = self._persistently(address)
        if reply.status == 401 and not renewed:
            self._log_in()
            reply = self._persistently(address)
        if reply.status == 401:
            raise UsageError(
                f"{self.hosts.region} does not accept the token it has just given (401).",
                hint="Check that the OAuth client is active and has a role that can read the organisation.",
            )
        if reply.status != 200:
            raise Denied(reply.status, _said(reply, self._token))
        return _document(reply)

    def _persistently(self, address: str) -> Reply:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        return self._sent(Request("GET", self._url(address), headers))

    def _url(self, address: str) -> str:
        """The address on the host of the API, or Denied: the token goes nowhere else."""
        wanted, host = urlsplit(address), urlsplit(self.hosts.api)
        if (wanted.scheme or wanted.netloc) and (wanted.scheme, wanted.netloc) != (host.scheme, host.netloc):
            raise Denied(0, "the next page lies on another host")
        query = f"?{wanted.query}" if wanted.query else ""
        return f"{self.hosts.api}/{wanted.path.lstrip('/')}{query}"

    def _log_in(self) -> None:
        both = f"{self._credentials.client_id}:{self._credentials.secret}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(both).decode('ascii')}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        request = Request("POST", f"{self.hosts.login}/oauth/token", headers, b"grant_type=client_credentials")
        reply = self._sent(request)
        token = _document(reply).get("access_token") if reply.status == 200 else None
        if isinstance(token, str) and token:
            self._token = token
            return
        if reply.status in (400, 401, 403):
            raise UsageError(
                f"{self.hosts.region} does not accept the client credentials ({reply.status}).",
                hint="Check GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET and --region;"
                " the client needs the grant type Client Credentials.",
            )
        raise EnvironmentFault(f"{self.hosts.login} gave no token (status {reply.status}).", hint="Try again later.")

    def _sent(self, request: Request) -> Reply:
        """A reply that another attempt would not change; waits between attempts, longer each time."""
        failures = waits = 0
        while True:
            self._keep_to_rate()
            try:
                reply = self._checked(request)
            except NoReply as error:
                failures += 1
                if failures >= ATTEMPTS or error.lasting:
                    self._give_up(request, error)
                self._pace.sleep(2.0 ** (failures - 1))
                continue
            if reply.status == 429:
                waits += 1
                self._wait_as_told(reply, waits)
            elif reply.status in _PASSING and failures + 1 < ATTEMPTS:
                failures += 1
                self._pace.sleep(2.0 ** (failures - 1))
            else:
                return reply

    def _checked(self, request: Request) -> Reply:
        """A reply; one that should be JSON and is not was cut on its way."""
        reply = self._transport.send(request)
        if reply.status == 200:
            _document(reply)
        return reply

    def _keep_to_rate(self) -> None:
        now = self._pace.clock()
        if now < self._free_at:
            self._pace.sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + 1.0 / self._pace.rate

    def _wait_as_told(self, reply: Reply, waits: int) -> None:
        seconds = _retry_after(reply, self._pace.now())
        if seconds is None:
            seconds = min(2.0**waits, 60.0)
        if seconds > LONGEST_WAIT or waits > MOST_WAITS:
            raise EnvironmentFault(
                f"{self.hosts.region} wants fewer requests (429) and does not accept more for now.",
                hint="Run the same command with --resume later, with a smaller --rate.",
            )
        self._pace.sleep(seconds)

    def _give_up(self, request: Request, error: NoReply) -> NoReturn:
        host = urlsplit(request.url).netloc
        raise EnvironmentFault(
            f"{host} does not answer: {error.reason}.",
            hint="Check the network, the proxy and --region, then run the same command with --resume.",
        ) from error


def _document(reply: Reply) -> Mapping[str, object]:
    try:
        value = json.loads(reply.body, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise NoReply("the reply is no whole JSON document") from error
    if not isinstance(value, dict):
        raise NoReply("the reply is no JSON object")
    return value


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _said(reply: Reply, token: str) -> str:
    """What the platform says about a refusal, shortened."""
    try:
        message = _document(reply).get("message")
    except NoReply:
        message = None
    text = message if isinstance(message, str) and message else "no reason given"
    return " ".join((text.replace(token, "***") if token else text).split())[:_SAID]


def _retry_after(reply: Reply, now: datetime) -> float | None:
    """Seconds from the header Retry-After, which holds seconds or a date."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max((date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds(), 0.0)
