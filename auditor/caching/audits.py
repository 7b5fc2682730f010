"""Audits to bytes and back: MessagePack checked against the types, which can hold data and nothing else."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from auditor.findings import NO_RULES, Audit
from auditor.model.assumptions import Assumption
from auditor.model.rules import RuleSet


def packed(audit: Audit) -> bytes | None:
    """The audit as bytes, without the rules and assumptions, which every run reads anew.

    None when a text in it cannot be written (half a surrogate pair).
    """
    try:
        return msgspec.msgpack.encode(replace(audit, rules=NO_RULES, assumed=()))
    except (UnicodeEncodeError, OverflowError):
        return None


def unpacked(data: bytes, rules: RuleSet, assumed: tuple[Assumption, ...]) -> Audit | None:
    """The audit that was packed, under the rules and assumptions given; None when it is none."""
    try:
        kept = msgspec.msgpack.decode(data, type=Audit)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return replace(kept, rules=rules, assumed=assumed)
