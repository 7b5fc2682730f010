"""The transport over urllib3: certificates checked, proxies of the environment, no redirect, no endless reply."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from msgspec import Struct
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from auditor.collecting.transport import NoReply, Reply, Request

_CHUNK = 65536
_LARGEST = 256 * 1024 * 1024  # what the loader reads of one file


class Patience(Struct, frozen=True):
    """Seconds to wait: for a connection, for the next bytes, for the whole reply."""

    connect: float = 10.0
    read: float = 60.0
    whole: float = 300.0


class HttpTransport:
    """Sends requests over kept-alive connections; retrying is the client's business."""

    def __init__(self, patience: Patience | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience or Patience()
        self._clock = clock
        self._pools: dict[str, urllib3.PoolManager] = {}

    def send(self, request: Request) -> Reply:
        """The reply whatever its status. Raises NoReply."""
        deadline = self._clock() + self._patience.whole
        try:
            response = self._pool(request.url).request(
                request.method,
                request.url,
                headers=dict(request.headers),
                body=request.body or None,
                timeout=urllib3.Timeout(connect=self._patience.connect, read=self._patience.read),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                body = self._body(response, deadline)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except HTTPError as error:
            raise NoReply(_reason(error), lasting=isinstance(error, _LASTING)) from error
        except OSError as error:
            raise NoReply(f"the connection failed ({error.strerror or type(error).__name__})") from error
        return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, body)

    def _body(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                raise NoReply(f"the reply is larger than {_LARGEST // 2**20} MiB", lasting=True)
            if self._clock() > deadline:
                raise NoReply(f"the reply was not whole after {self._patience.whole:g} seconds")
        return b"".join(parts)

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host not in self._pools:
            proxy = None if proxy_bypass(host) else getproxies().get(parts.scheme)
            self._pools[host] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[host]


_LASTING = (SSLError, LocationParseError)
"""What another attempt does not change."""


def _reason(error: HTTPError) -> str:
    match error:
        case NameResolutionError():
            return "the name of the host is not known"
        case NewConnectionError():
            return "the connection was refused"
        case ConnectTimeoutError():
            return "no connection in time"
        case ReadTimeoutError():
            return "nothing came in time"
        case SSLError():
            return "the certificate or the encryption was refused"
        case ProxyError():
            return "the proxy could not be used"
        case _:
            return f"the connection was cut ({type(error).__name__})"
