"""Audits to bytes and back: MessagePack checked against the types, which can hold data and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields

import msgspec

from auditor.findings import Audit, Coverage, EntryVerdict, Finding, Matrix
from auditor.model.assumptions import Assumption
from auditor.model.problems import InputFile, Problem
from auditor.model.rules import RuleSet


@dataclass(frozen=True, slots=True)
class _Kept:
    """An audit without what every run reads anew: the rules, and what the assumptions say."""

    inputs: tuple[InputFile, ...]
    coverage: Coverage
    assumptions: tuple[tuple[str, str], ...]
    verdicts: tuple[EntryVerdict, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    incomplete: bool
    notes: tuple[str, ...]
    organisation: str
    policy: str
    matrix: Matrix | None


_NAMES = tuple(each.name for each in fields(_Kept))


def packed(audit: Audit) -> bytes | None:
    """The audit as bytes; None when a text in it cannot be written (half a surrogate pair)."""
    try:
        return msgspec.msgpack.encode(_Kept(*(getattr(audit, name) for name in _NAMES)))
    except (UnicodeEncodeError, OverflowError):
        return None


def unpacked(data: bytes, rules: RuleSet, assumed: tuple[Assumption, ...]) -> Audit | None:
    """The audit that was packed, under the rules and assumptions given; None when it is none."""
    try:
        kept = msgspec.msgpack.decode(data, type=_Kept)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return Audit(**{name: getattr(kept, name) for name in _NAMES}, rules=rules, assumed=assumed)
