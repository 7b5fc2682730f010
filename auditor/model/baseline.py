"""A baseline: the findings that were known at some time, by fingerprint."""

from __future__ import annotations

from msgspec import Struct


class BaselineRow(Struct, frozen=True, gc=False):
    """A finding that was known. severity: the word it had; kind, name, flow, division: its object, for readers."""

    fingerprint: str
    rule: str
    severity: str
    kind: str
    name: str
    flow: str | None = None
    division: str | None = None


class Baseline(Struct, frozen=True, gc=False):
    """All that was known. source: the file as reports call it."""

    rows: tuple[BaselineRow, ...]
    source: str = ""
