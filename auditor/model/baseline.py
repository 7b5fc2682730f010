"""A baseline: the findings that were known at some time, by fingerprint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A finding that was known. severity: the word it had; kind, name, flow, division: its object, for readers."""

    fingerprint: str
    rule: str
    severity: str
    kind: str
    name: str
    flow: str | None = None
    division: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """All that was known. source: the file as reports call it."""

    rows: tuple[BaselineRow, ...]
    source: str = ""
