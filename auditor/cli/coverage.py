"""`auditor coverage`: what was read, what the verdicts rest on, and whether that is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from auditor.cli.around import WHAT_TO_GIVE, Around
from auditor.cli.audit import AuditRequest, Pipeline
from auditor.cli.progress import Progress
from auditor.errors import ExitCode

if TYPE_CHECKING:
    from auditor.report.coverage import Share


class CoverageRequest(Struct, frozen=True):
    """audit: whose coverage is meant; least: the share below which the command fails, None for none."""

    audit: AuditRequest
    least: float | None = None


def coverage(request: CoverageRequest, around: Around, pipeline: Pipeline) -> int:
    """Print files, shares and problems; 5 when a share is too small, 4 when there is nothing to audit."""
    from auditor.report.coverage import coverage_report, shares

    progress = Progress(around, quiet=request.audit.quiet)
    try:
        outcome = pipeline(request.audit, progress)
    finally:
        progress.clear()
    organisation = outcome.organisation
    assert organisation is not None
    around.emit(coverage_report(organisation, outcome.audit, around.width(request.audit.width)))
    if not organisation.flows and not outcome.audit.verdicts:
        around.say("auditor: there is nothing to audit here")
        around.say(WHAT_TO_GIVE)
        return ExitCode.NOTHING
    small = [s for s in shares(organisation, outcome.audit) if request.least is not None and s.value < request.least]
    for share in small:
        around.say(_too_small(share, request.least or 0))
    return ExitCode.INCOMPLETE if small else ExitCode.CLEAN


def _too_small(share: Share, least: float) -> str:
    return f"auditor: {share.known} of {share.all} {share.name} are known, less than {least:g}"
