"""A platform API on 127.0.0.1 that speaks like the real one, and fails as it is told to."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from auditor.collecting.regions import Hosts

ID, SECRET = "an-id-of-a-client", "a-very-secret-secret"
ROOT = "/api/v2/"
PAGES = 3

Entity = dict[str, Any]


@dataclass
class Platform:
    """What it holds, what it was asked, and how it fails.

    listings: path below /api/v2/ -> objects; documents: path -> one object; faults: path -> one for each request
    to come, "" for none; forever: path -> the fault of every request; by_uri: paths whose pages name the next one
    and no counts, as members of queues do; bare: paths whose pages name neither.
    """

    listings: Mapping[str, Sequence[Entity]]
    documents: Mapping[str, Entity] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forever: dict[str, str] = field(default_factory=dict)
    by_uri: tuple[str, ...] = ("members", "users")
    bare: tuple[str, ...] = ("mediaretentionpolicies",)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    slow: float = 0.5
    port: int = 0

    @property
    def hosts(self) -> Hosts:
        return Hosts("test.example", f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}")

    def paths(self, method: str = "GET") -> list[str]:
        """The paths that were asked for, in order, without their queries."""
        return [urlsplit(url).path for asked, url in self.asked if asked == method]

    def fault(self, path: str) -> str:
        waiting = self.faults.get(path)
        return waiting.pop(0) if waiting else self.forever.get(path, "")

    def page(self, path: str, query: Mapping[str, str]) -> Entity:
        """One of three pages; short listings have empty ones at their end."""
        every = self.listings[path]
        number = int(query.get("pageNumber", "1"))
        size = max(-(-len(every) // PAGES), 1)
        held = list(every[(number - 1) * size : number * size])
        body: Entity = {"entities": held, "pageSize": size, "pageNumber": number, "selfUri": f"{ROOT}{path}"}
        last = path.rpartition("/")[2]
        if last in self.by_uri:
            if number < PAGES:
                body["nextUri"] = f"{ROOT}{path}?pageSize={size}&pageNumber={number + 1}"
        elif last not in self.bare:
            body |= {"total": len(every), "pageCount": PAGES}
        return body


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """The platform on a port of its own."""

    class Handler(_Handler):
        pass

    Handler.platform = platform
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    platform: Platform
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: the second would wait for an acknowledgement

    def do_POST(self) -> None:
        self.platform.asked.append(("POST", self.path))
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        wanted = base64.b64encode(f"{ID}:{SECRET}".encode()).decode()
        if self.path != "/oauth/token" or self.headers.get("Authorization") != f"Basic {wanted}":
            self._answer(401, {"error": "invalid_client"})
            return
        fault = self.platform.fault("oauth/token")
        if fault:
            self._fail(fault)
            return
        self.platform.tokens.append(f"token-number-{len(self.platform.tokens) + 1}")
        self._answer(200, {"access_token": self.platform.tokens[-1], "token_type": "bearer", "expires_in": 86399})

    def do_GET(self) -> None:
        self.platform.asked.append(("GET", self.path))
        url = urlsplit(self.path)
        path = url.path.removeprefix(ROOT)
        if self.headers.get("Authorization") != f"Bearer {(self.platform.tokens or ['none'])[-1]}":
            self._answer(401, {"message": "No authentication bearer token specified", "code": "bad.credentials"})
        elif fault := self.platform.fault(path):
            self._fail(fault)
        elif path in self.platform.documents:
            self._answer(200, self.platform.documents[path])
        elif path in self.platform.listings:
            self._answer(200, self.platform.page(path, dict(parse_qsl(url.query))))
        else:
            self._answer(404, {"message": "not found", "code": "not.found"})

    def _fail(self, fault: str) -> None:
        match fault.split():
            case ["slow"]:
                time.sleep(self.platform.slow)
                self.close_connection = True
            case ["drip"]:
                self._drip()
            case ["cut"]:
                self._send(200, b'{"entities": [', {"Content-Length": "1000"})
                self.close_connection = True
            case ["half"]:
                self._send(200, b'{"entities": [{"id": "x"', {})
            case ["redirect", place]:
                self._send(302, b"", {"Location": place})
            case ["429", after]:
                self._send(429, b'{"message": "Rate limit exceeded"}', {"Retry-After": after})
            case ["403"]:
                message = "Unable to perform the requested action. You must have at least one permission"
                self._answer(403, {"message": message, "code": "missing.any.permissions"})
            case [status]:
                self._answer(int(status), {"message": f"a fault of the test, {status}"})
            case other:
                raise ValueError(other)

    def _drip(self) -> None:
        self._send(200, b"", {"Content-Length": "1000"})
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            pass
        self.close_connection = True

    def _answer(self, status: int, body: Entity) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass
