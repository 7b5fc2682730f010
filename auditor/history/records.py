"""What is kept of a run, and how runs compare; frozen types without a database."""

from __future__ import annotations

import hashlib
import json

from msgspec import Struct

RANKS = ("info", "low", "medium", "high", "critical")
"""Severity words, mildest first."""


class Thing(Struct, frozen=True):
    """An object of the organisation with its settings as texts. fields: (path, text), sorted by path."""

    kind: str
    name: str
    fields: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """What tells it from other objects: kind and name."""
        return f"{self.kind}:{self.name}"

    @property
    def text(self) -> str:
        """The fields as JSON, the same for equal fields."""
        return json.dumps(self.fields, ensure_ascii=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """A hash of the fields: objects that did not change are kept once."""
        return hashlib.sha256(self.text.encode("ascii")).hexdigest()


class Call(Struct, frozen=True):
    """An entry over one trunk base, the same from run to run. trunk: "" where no trunk is known."""

    kind: str
    name: str
    direction: str
    trunk: str


class Judged(Struct, frozen=True):
    """The verdict on a call. line, gate: on, off or unset; findings: fingerprints."""

    call: Call
    line: str
    gate: str
    mode: str
    verdict: str
    effect: str
    findings: tuple[str, ...]


class Found(Struct, frozen=True):
    """A finding. subject: its object in words; touches: keys of the things on its witness."""

    fingerprint: str
    rule: str
    name: str
    severity: str
    confidence: str
    latent: bool
    subject: str
    file: str
    line: int | None
    message: str
    waived: bool
    baselined: bool
    touches: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it counts for --fail-on."""
        return not (self.waived or self.baselined)

    @property
    def rank(self) -> int:
        """The severity as a number, worse is more."""
        return RANKS.index(self.severity)


class Read(Struct, frozen=True):
    """A file that was looked at."""

    path: str
    sha256: str
    kind: str
    status: str


class Header(Struct, frozen=True):
    """A run in short. at: UTC, as 2031-05-01T06:00:00Z; rules, policy, export: hashes of what was used.

    series: name of the organisation, where a database holds several; number: counted from 1 in the database.
    """

    number: int
    series: str
    at: str
    tool: str
    rules: str
    policy: str
    export: str
    exit_code: int
    incomplete: bool


class Run(Struct, frozen=True):
    """All that is kept of a run."""

    header: Header
    inputs: tuple[Read, ...]
    judged: tuple[Judged, ...]
    found: tuple[Found, ...]
    things: tuple[Thing, ...]
