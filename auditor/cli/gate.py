"""The gate: waivers and baseline of an audit, and `auditor baseline`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest, Pipeline
from auditor.cli.output import check_target, write_whole
from auditor.cli.policy import shown
from auditor.cli.progress import Progress
from auditor.errors import ExitCode
from auditor.findings import Audit, Severity, exit_code
from auditor.report.text import counted, place, safe

if TYPE_CHECKING:
    from auditor.model.baseline import Baseline
    from auditor.model.policy import Policy
    from auditor.model.rules import RuleSet


def baseline_for(request: AuditRequest) -> Baseline | None:
    """The baseline that the request names; raises a usage error for a file that is none."""
    from auditor.loading.baseline_file import read_baseline

    return read_baseline(request.baseline, name=shown(request.baseline.absolute())) if request.baseline else None


def settled(
    audit: Audit, request: AuditRequest, policy: Policy, rules: RuleSet, baseline: Baseline | None
) -> tuple[Audit, tuple[str, ...]]:
    """The audit with waivers and baseline, and what is to be said about them."""
    remarks: tuple[str, ...] = ()
    if request.waivers and policy.waivers:
        from auditor.loading.toml_shape import did_you_mean
        from auditor.policy.waivers import waive

        waived = waive(audit, policy.waivers, rules, request.today, did_you_mean)
        audit, remarks = waived.audit, waived.notes
    if baseline is not None:
        from auditor.policy.baseline import compared

        found = compared(audit, baseline)
        audit, remarks = found.audit, (*remarks, *found.notes)
    return audit, remarks


def write_baseline(request: AuditRequest, output: Path, around: Around, pipeline: Pipeline) -> int:
    """Write every finding there is, waived or not, to a baseline file."""
    from auditor.policy.baseline import baseline_of
    from auditor.report.baseline import baseline_text

    check_target(output)
    audit = _audited(request, around, pipeline)
    code = _completeness(audit, request.paths, around)
    if code == ExitCode.NOTHING:
        return code
    baseline = baseline_of(audit.findings)
    write_whole(output, baseline_text(baseline, __version__))
    around.say(f"auditor: {output} written with {counted(len(baseline.rows), 'finding')}")
    return code


def prune_baseline(request: AuditRequest, file: Path, around: Around, pipeline: Pipeline) -> int:
    """Take what is fixed out of a baseline file; with files that were not understood nothing counts as fixed."""
    from auditor.loading.baseline_file import read_baseline
    from auditor.policy.baseline import compared, pruned
    from auditor.report.baseline import baseline_text

    baseline = read_baseline(file)
    audit = _audited(request, around, pipeline)
    code = _completeness(audit, request.paths, around)
    if code != ExitCode.CLEAN:
        around.say(f"auditor: {file} was left as it is: what was not read may still be there")
        return code
    fixed = compared(audit, baseline).fixed
    if fixed:
        write_whole(file, baseline_text(pruned(baseline, fixed), __version__))
    for row in fixed:
        around.say(f'auditor: fixed: {row.rule} of {row.kind} "{safe(row.name)}"')
    left = len(baseline.rows) - len(fixed)
    around.say(f"auditor: {file} holds {counted(left, 'finding')}, {len(fixed)} taken out")
    return ExitCode.CLEAN


def _audited(request: AuditRequest, around: Around, pipeline: Pipeline) -> Audit:
    """The audit as it is: no waivers, no baseline."""
    progress = Progress(around, quiet=request.quiet)
    try:
        return pipeline(replace(request, waivers=False, baseline=None), progress).audit
    finally:
        progress.clear()


def _completeness(audit: Audit, paths: Sequence[Path], around: Around) -> int:
    """4 when there is nothing, 5 when a file was not understood (both said in words), else 0."""
    unread = [problem for problem in audit.problems if problem.unread]
    for problem in unread:
        around.say(f"auditor: {problem.code} {safe(problem.message)} ({place(problem.location)})")
    if unread:
        return ExitCode.INCOMPLETE
    if exit_code(replace(audit, findings=(), incomplete=False), Severity.INFO) == ExitCode.NOTHING:
        around.say(f"auditor: nothing to audit in {', '.join(str(path) for path in paths)}")
        return ExitCode.NOTHING
    return ExitCode.CLEAN
