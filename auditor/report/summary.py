"""Several organisations in one run: a row each, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.report.counts import Counts, Numbers, together
from auditor.report.grid import grid
from auditor.report.text import safe

HEADERS = ("organisation", "exit", "findings", "verdicts", "not understood")
NARROWEST = 40


class Audited(Struct, frozen=True):
    """What came of one organisation. counts: None when it could not be audited at all, and why is said in words.

    paths: what was read; reports: names of the files that were written.
    """

    name: str
    code: int
    counts: Counts | None
    paths: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    why: str = ""


def summary(organisations: Sequence[Audited], width: int) -> str:
    """The table of all organisations, in the order in which they were named, and a last row for all of them."""
    rows = [_row(safe(each.name), str(each.code), each.counts) for each in organisations]
    if len(organisations) > 1:
        known = [each.counts for each in organisations if each.counts is not None]
        rows.append(_row(f"{len(known)} of {len(organisations)} audited", "", together(known)))
    return f"SUMMARY ({len(organisations)})\n{grid(HEADERS, rows, max(width, NARROWEST))}\n"


def _row(name: str, code: str, counts: Counts | None) -> tuple[str, ...]:
    if counts is None:
        return name, code, "not audited", "", ""
    found = _phrase(counts.findings) or "none"
    if counts.set_aside:
        found += f", {counts.set_aside} set aside"
    return name, code, found, _phrase(counts.verdicts) or "none", str(sum(n for _, n in counts.problems))


def _phrase(numbers: Numbers) -> str:
    return ", ".join(f"{number} {word}" for word, number in numbers)
