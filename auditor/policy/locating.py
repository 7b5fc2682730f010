"""Lines for locations that have only a pointer: JSON positions are looked up for what is reported, and only then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from auditor.findings import Audit, Finding, Step
from auditor.model.location import Location


def locations_of(audit: Audit) -> Iterator[Location]:
    """Every location a report of this audit can show."""
    for finding in audit.findings:
        yield finding.location
        yield from (step.location for step in finding.witness)
        if finding.twin is not None:
            yield from (step.location for step in finding.twin.steps)
    yield from (verdict.location for verdict in audit.verdicts)
    yield from (problem.location for problem in audit.problems)


def relocated(audit: Audit, lines: Mapping[Location, Location]) -> Audit:
    """The same audit with these locations in place of those they stand for."""
    return replace(
        audit,
        findings=tuple(_finding(finding, lines) for finding in audit.findings),
        verdicts=tuple(replace(v, location=lines.get(v.location, v.location)) for v in audit.verdicts),
        problems=tuple(replace(p, location=lines.get(p.location, p.location)) for p in audit.problems),
    )


def _finding(finding: Finding, lines: Mapping[Location, Location]) -> Finding:
    twin = finding.twin
    return replace(
        finding,
        location=lines.get(finding.location, finding.location),
        witness=_steps(finding.witness, lines),
        twin=None if twin is None else replace(twin, steps=_steps(twin.steps, lines)),
    )


def _steps(steps: tuple[Step, ...], lines: Mapping[Location, Location]) -> tuple[Step, ...]:
    return tuple(replace(step, location=lines.get(step.location, step.location)) for step in steps)
