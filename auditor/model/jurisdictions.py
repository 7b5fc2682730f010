"""Jurisdictions: which mode the law of a country or state asks for, and whose numbers begin how. Not legal advice."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field

from auditor.model.policy import Mode

_LONGEST_PREFIX = 7
_NUMBER = re.compile(r"(?:tel:|sips?:)?(\+|00)([0-9][0-9 ()./-]*)", re.IGNORECASE)


class Jurisdiction(Struct, frozen=True, gc=False):
    """A row of the shipped table. code: ISO 3166 ("DE", "US-CA"); source: what the row rests on; reason: the choice."""

    code: str
    name: str
    mode: Mode
    citation: str
    source: str
    reason: str


class Jurisdictions(Struct, frozen=True, gc=False):
    """The shipped table and the numbering plan. prefixes: digits after "+" -> region."""

    rows: tuple[Jurisdiction, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def find(self, code: str) -> Jurisdiction | None:
        """The row of a region, or of its country when the region has none of its own ("CA-ON" -> "CA")."""
        by_code = {row.code: row for row in self.rows}
        return by_code.get(code) or by_code.get(code.partition("-")[0])

    def region_of(self, number: str) -> str | None:
        """The region a number belongs to, by the longest prefix; None for toll-free and foreign-looking numbers."""
        digits = international(number)
        if digits is None:
            return None
        lengths = range(min(_LONGEST_PREFIX, len(digits)), 0, -1)
        return next((self.prefixes[digits[:n]] for n in lengths if digits[:n] in self.prefixes), None)


def international(number: str) -> str | None:
    """The digits after "+" of an E.164 number ("+49 30 1", "tel:+4930", "004930"); None for any other text."""
    found = _NUMBER.match(number.strip())
    return re.sub(r"[^0-9]", "", found.group(2)) if found else None
