"""`auditor diff`: two exports, or two reports, compared by what calls do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.output import check_target, write_whole
from auditor.cli.progress import Progress
from auditor.cli.targets import Target
from auditor.errors import ExitCode, UsageError
from auditor.findings import Severity
from auditor.policy.differences import ANYTHING, Condition
from auditor.report.options import ReportOptions

if TYPE_CHECKING:
    from auditor.model.snapshot import Snapshot

CONDITIONS = "new:SEVERITY (for example new:high) or new-unknown"


class DiffRequest(Struct, frozen=True):
    """The options of `auditor diff`, see AuditRequest. today: the day whose modes hold."""

    old: Path
    new: Path
    policy: Path | None = None
    fail_on: Condition = ANYTHING
    targets: tuple[Target, ...] = (Target("table"),)
    width: int | None = None
    include_orphans: bool = False
    quiet: bool = False
    today: date = date.max
    substitutions: Path | None = None
    rules: tuple[Path, ...] = ()


def fail_on(words: Sequence[str]) -> Condition:
    """The conditions of --fail-on; the lowest severity counts."""
    from auditor.loading.toml_shape import did_you_mean

    known = [f"new:{each.word}" for each in Severity]
    severities = []
    for word in words:
        if word in known:
            severities.append(Severity[word.partition(":")[2].upper()])
        elif word != "new-unknown":
            near = did_you_mean(word, [*known, "new-unknown"])
            raise UsageError(f'--fail-on "{word}" is not known{near}.', hint=f"Give {CONDITIONS}.")
    return Condition(min(severities, default=None), "new-unknown" in words)


def diff(request: DiffRequest, around: Around) -> int:
    """Compare, print, and return 1 when a condition of --fail-on holds, 4 when there is nothing to compare."""
    from auditor.loading.rules import read_rules
    from auditor.policy.differences import differences
    from auditor.report.diff import FORMATS, Diff

    for target in request.targets:
        if target.output is not None:
            check_target(target.output)
    old, new = (_snapshot(path, request, around) for path in (request.old, request.new))
    # What only one of them can tell cannot be compared.
    if old.cells is None or new.cells is None:
        old, new = replace(old, cells=None), replace(new, cells=None)
    found = differences(old, new)
    failed = request.fail_on.fails(found)
    code = ExitCode.NOTHING if old.empty and new.empty else ExitCode(int(failed))
    options = ReportOptions(code, __version__, around.width(request.width))
    rules = read_rules(checked=False, own=request.rules)
    for target in request.targets:
        text = FORMATS[target.format](Diff(found, rules, request.fail_on), options)
        if target.output is None:
            around.emit(text)
        else:
            write_whole(target.output, text)
    if code == ExitCode.NOTHING:
        around.say(f"auditor: nothing to audit in {request.old} and {request.new}")
    return code


def _snapshot(path: Path, request: DiffRequest, around: Around) -> Snapshot:
    from auditor.loading.report_file import is_report, read_report

    if is_report(path):
        return read_report(path)
    return audited_snapshot((path,), request, around)


def audited_snapshot(paths: Sequence[Path], request: DiffRequest, around: Around) -> Snapshot:
    """The snapshot of an export, under the policy of the request or the one found above the paths."""
    from auditor.audit import run_audit
    from auditor.cli.pipeline import load_organisation, prepare
    from auditor.policy.snapshots import snapshot

    prepared = prepare(paths, request.policy, request.today, include_orphans=request.include_orphans, own=request.rules)
    progress = Progress(around, quiet=request.quiet)
    try:
        organisation = load_organisation(paths, progress, substitutions=request.substitutions)
    finally:
        progress.clear()
    audit = run_audit(organisation, prepared.rules, prepared.policy, replace(prepared.options, details=True))
    return snapshot(audit, organisation)
