"""Lines for locations that have only a pointer: JSON positions are looked up for what is reported, and only then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.findings import Audit, Finding
from auditor.model.location import Location


def locations_of(audit: Audit) -> Iterator[Location]:
    """Every location a report of this audit can show."""
    for finding in audit.findings:
        yield finding.location
        yield from (step.location for step in finding.witness)
    yield from (problem.location for problem in audit.problems)


def relocated(audit: Audit, lines: Mapping[Location, Location]) -> Audit:
    """The same audit with these locations in place of those they stand for."""
    return replace(
        audit,
        findings=tuple(_finding(finding, lines) for finding in audit.findings),
        problems=tuple(replace(p, location=lines.get(p.location, p.location)) for p in audit.problems),
    )


def _finding(finding: Finding, lines: Mapping[Location, Location]) -> Finding:
    return replace(
        finding,
        location=lines.get(finding.location, finding.location),
        witness=tuple(replace(s, location=lines.get(s.location, s.location)) for s in finding.witness),
    )
