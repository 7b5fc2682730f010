"""`auditor audit`: options to the use case, the report out, an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import WHAT_TO_GIVE, Around
from auditor.cli.output import check_folder, check_target, write_whole
from auditor.cli.progress import Progress
from auditor.cli.targets import Target, paired
from auditor.errors import ExitCode
from auditor.findings import Audit, Severity, exit_code
from auditor.loading.limits import Limits, limits
from auditor.report.formats import FORMATS
from auditor.report.options import ReportOptions
from auditor.report.text import safe

if TYPE_CHECKING:
    from auditor.cli.pipeline import Prepared
    from auditor.model.organisation import Organisation

DEFAULT_THRESHOLD = Severity.LOW


class AuditRequest(Struct, frozen=True):
    """The options of `auditor audit`. fail_on, width: None when not given; today: the day whose modes hold.

    candidates: exports about to be deployed, which replace what the paths hold; waivers: False shows all that counts;
    substitutions: file with texts for the templates of flows; further: reports beside the first one; certificates:
    folder for what proves the verdicts; limits: those in effect, also for a worker that has no command line; cache:
    folder in which results are kept, of which then nothing but the audit is given; jobs: processes, None for as many
    as there are processors where that is worth it.
    """

    paths: tuple[Path, ...]
    policy: Path | None = None
    fail_on: Severity | None = None
    format: str = "table"
    output: Path | None = None
    quiet: bool = False
    no_color: bool = False
    allow_incomplete: bool = False
    include_orphans: bool = False
    width: int | None = None
    today: date = date.max
    candidates: tuple[Path, ...] = ()
    substitutions: Path | None = None
    baseline: Path | None = None
    waivers: bool = True
    rules: tuple[Path, ...] = ()
    further: tuple[Target, ...] = ()
    sarif_all: bool = False
    certificates: Path | None = None
    limits: Limits = field(default_factory=limits)
    cache: Path | None = None
    jobs: int | None = 1

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every report of the run, what goes to standard output last."""
        targets = (Target(self.format, self.output), *self.further)
        return tuple(sorted(targets, key=lambda target: target.output is None))


class Outcome(Struct, frozen=True):
    """What the use case yields. fail_on: the threshold of the policy file, if it has one; remarks: on the gate.

    organisation, prepared: what the audit rests on, for commands that keep or pack it; no organisation with a cache.
    unused: why the cache was not used.
    """

    audit: Audit
    fail_on: Severity | None = None
    remarks: tuple[str, ...] = ()
    organisation: Organisation | None = None
    prepared: Prepared | None = None
    unused: str = ""


class Judged(Struct, frozen=True):
    """An outcome, the exit code it leads to, and what its reports depend on beside the audit."""

    outcome: Outcome
    code: int
    options: ReportOptions


def with_targets(request: AuditRequest, formats: Sequence[str], outputs: Sequence[Path]) -> AuditRequest:
    """The request with the reports that were asked for; a usage error where formats and outputs do not match."""
    first, *further = paired([str(each) for each in formats], outputs)
    return replace(request, format=first.format, output=first.output, further=tuple(further))


Pipeline = Callable[[AuditRequest, Progress], Outcome]


def audit(request: AuditRequest, around: Around, pipeline: Pipeline) -> int:
    """Run the audit, write its report, and return the exit code."""
    for target in request.targets:
        if target.output is not None:
            check_target(target.output)
    if request.certificates is not None:
        check_folder(request.certificates, "--certificates")
    judged = run_judged(request, around, pipeline)
    for target in request.targets:
        options = replace(judged.options, colour=_coloured(target, request, around))
        _write(target, judged.outcome.audit, options, around)
    _certify(request, judged.outcome, around)
    remark(request, judged, around)
    return judged.code


def run_judged(request: AuditRequest, around: Around, pipeline: Pipeline) -> Judged:
    """Run the audit and find its exit code."""
    progress = Progress(around, quiet=request.quiet)
    try:
        outcome = pipeline(request, progress)
    finally:
        progress.clear()
    threshold = next(each for each in (request.fail_on, outcome.fail_on, DEFAULT_THRESHOLD) if each is not None)
    code = exit_code(outcome.audit, threshold, allow_incomplete=request.allow_incomplete)
    options = ReportOptions(
        exit_code=code,
        version=__version__,
        width=around.width(request.width),
        fail_on=threshold,
        sarif_all=request.sarif_all,
    )
    return Judged(outcome, code, options)


def _certify(request: AuditRequest, outcome: Outcome, around: Around) -> None:
    if request.certificates is None or outcome.organisation is None or outcome.prepared is None:
        return
    from auditor.cli.certificates import made, sources

    written = made(outcome.organisation, outcome.prepared, sources(request), outcome.audit.verdicts, around)
    written.write(request.certificates, around)


def _coloured(target: Target, request: AuditRequest, around: Around) -> bool:
    return target.output is None and around.colour(request.no_color)


def _write(target: Target, result: Audit, options: ReportOptions, around: Around) -> None:
    text = FORMATS[target.format](result, options)
    if target.output is None:
        around.emit(text)
    else:
        write_whole(target.output, text)


def remark(request: AuditRequest, judged: Judged, around: Around) -> None:
    """What the exit code means where it is not plain from findings; --quiet keeps all but the lack of input back."""
    if judged.code == ExitCode.NOTHING:
        paths = ", ".join(str(path) for path in request.paths)
        around.say(f"auditor: nothing to audit in {paths}")
        around.say(WHAT_TO_GIVE)
    if request.quiet:
        return
    if judged.outcome.unused:
        around.say(f"auditor: the cache is not used: {safe(judged.outcome.unused)}")
    if judged.code == ExitCode.INCOMPLETE:
        around.say("auditor: no finding counts, but the audit is incomplete (exit code 5)")
        around.say("  The report says what was not understood; --allow-incomplete accepts that.")
    for target in request.targets:
        if target.output is not None:
            around.say(f"auditor: report written to {target.output}")
    _tell(judged.outcome.remarks, request, around)


def _tell(remarks: tuple[str, ...], request: AuditRequest, around: Around) -> None:
    """What was said of waivers and baseline, unless the report on the terminal says it."""
    if Target("table") in request.targets:
        return
    for each in remarks:
        around.say(f"auditor: {safe(each)}")
