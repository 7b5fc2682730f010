from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from auditor.collecting.http import HttpTransport, Patience
from auditor.collecting.transport import NoReply, Reply, Request
from tests.collecting.platform import Platform, serving

QUICK = Patience(connect=5, read=0.5, whole=1.5)


def sent(platform: Platform, path: str) -> Reply:
    platform.tokens.append("t")
    url = f"{platform.hosts.api}/api/v2/{path}"
    return HttpTransport(QUICK).send(Request("GET", url, {"Authorization": "Bearer t"}))


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A server that says these bytes to whatever it is asked, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(data)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("slow", "nothing came in time"),
        ("cut", "was cut"),
        ("drip", "was not whole after 1.5 seconds"),
    ],
)
def test_slow_and_cut_connections_are_no_reply(fault: str, reason: str) -> None:
    answering_late = Platform({}, forever={"x": fault}, slow=2.0)
    with serving(answering_late) as platform, pytest.raises(NoReply, match=reason) as caught:
        sent(platform, "x")
    assert not caught.value.lasting


def test_a_refused_connection_is_no_reply() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoReply, match="refused"):
        HttpTransport(QUICK).send(Request("GET", f"http://127.0.0.1:{port}/"))


def test_a_host_that_speaks_no_tls_is_refused_for_good() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as url, pytest.raises(NoReply) as caught:
        HttpTransport(QUICK).send(Request("GET", url.replace("http:", "https:")))
    assert caught.value.lasting


def test_a_redirect_is_not_followed() -> None:
    with serving(Platform({}, forever={"x": "redirect /api/v2/y"})) as platform:
        assert sent(platform, "x").status == 302
        assert platform.paths() == ["/api/v2/x"]


def test_every_status_is_a_reply_with_its_headers() -> None:
    with serving(Platform({}, forever={"x": "429 7"})) as platform:
        found = sent(platform, "x")
    assert (found.status, found.headers["retry-after"]) == (429, "7")


def test_compressed_and_chunked_replies_are_read_whole() -> None:
    body = gzip.compress(b'{"id": "x"}' + b" " * 200_000)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    with answering(head + chunks) as url:
        assert HttpTransport(QUICK).send(Request("GET", url)).body.rstrip() == b'{"id": "x"}'


def test_a_chunked_reply_that_is_cut_is_no_reply() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab") as url, pytest.raises(NoReply):
        HttpTransport(QUICK).send(Request("GET", url))


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 418 From the proxy\r\nContent-Length: 0\r\n\r\n") as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("no_proxy", "")
        assert HttpTransport(QUICK).send(Request("GET", "http://api.test.example/api/v2/x")).status == 418
