"""Audits to bytes and back: MessagePack checked against the types, which can hold data and nothing else."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from auditor.findings import NO_RULES, Audit


class Days(Struct, frozen=True):
    """The days on which an audit comes to the same: from the first on, and before the other one (None: no end)."""

    first: date | None = None
    behind: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.behind is None or day < self.behind)


class _Kept(Struct, frozen=True):
    audit: Audit
    days: Days


def packed(audit: Audit, days: Days) -> bytes | None:
    """The audit as bytes, without the rules and assumptions, which every run reads anew.

    None when a text in it cannot be written (half a surrogate pair).
    """
    try:
        return msgspec.msgpack.encode(_Kept(replace(audit, rules=NO_RULES, assumed=()), days))
    except (UnicodeEncodeError, OverflowError):
        return None


def unpacked(data: bytes, day: date) -> Audit | None:
    """The audit that was packed, without rules and assumptions; None when it is none, or not for this day."""
    try:
        kept = msgspec.msgpack.decode(data, type=_Kept)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return kept.audit if day in kept.days else None
