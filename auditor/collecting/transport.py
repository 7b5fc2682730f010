"""One request and its reply, and what can go wrong between them: the seam behind which the network lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. headers and body hold credentials and are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back whole. headers: names in lower case; body: decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class NoReply(Exception):
    """Nothing came back, or not all of it: refused, cut, too slow. reason: in words, without credentials."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


class Transport(Protocol):
    """Sends one request, once."""

    def send(self, request: Request) -> Reply:
        """The reply whatever its status. Raises NoReply."""
        ...
