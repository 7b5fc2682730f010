"""`auditor what-if` and `auditor fix`: what would be if something were changed, and what should be."""

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
from auditor.cli.pipeline import Prepared, load_organisation, prepare
from auditor.cli.progress import Progress
from auditor.errors import ExitCode, UsageError
from auditor.report.options import ReportOptions

if TYPE_CHECKING:
    from auditor.findings import Audit
    from auditor.model.organisation import Organisation
    from auditor.model.snapshot import Snapshot


class ChangeRequest(Struct, frozen=True):
    """The options that both share, see AuditRequest. today: the day whose modes hold."""

    paths: tuple[Path, ...]
    policy: Path | None = None
    format: str = "table"
    width: int | None = None
    quiet: bool = False
    today: date = date.max
    include_orphans: bool = False
    substitutions: Path | None = None
    rules: tuple[Path, ...] = ()


class Loaded(Struct, frozen=True):
    """An organisation with what an audit of it needs."""

    prepared: Prepared
    organisation: Organisation

    def audit(self, organisation: Organisation, *, details: bool = False) -> Audit:
        """The audit of this or of a changed organisation, under the same policy."""
        from auditor.audit import run_audit

        options = replace(self.prepared.options, details=details)
        return run_audit(organisation, self.prepared.rules, self.prepared.policy, options)

    def snapshot(self, organisation: Organisation) -> Snapshot:
        """The audit of an organisation, with its matrix, in words."""
        from auditor.policy.snapshots import snapshot

        return snapshot(self.audit(organisation, details=True), organisation)


def loaded(request: ChangeRequest, progress: Progress) -> Loaded:
    """Policy, rules and the organisation."""
    prepared = prepare(
        request.paths, request.policy, request.today, include_orphans=request.include_orphans, own=request.rules
    )
    return Loaded(prepared, load_organisation(request.paths, progress, substitutions=request.substitutions))


def with_overlays(request: ChangeRequest, overlays: Sequence[Path], progress: Progress) -> Organisation:
    """The organisation in which the objects of the overlays have replaced their own."""
    return load_organisation(request.paths, progress, candidates=overlays, substitutions=request.substitutions)


def what_if(
    request: ChangeRequest, settings: Sequence[str], overlays: Sequence[Path], output: Path | None, around: Around
) -> int:
    """Audit with and without the change, and answer; 0 when it is good, 1 when not, 4 without anything to audit."""
    from auditor.policy.differences import differences
    from auditor.policy.effects_of_change import answers
    from auditor.report.what_if import FORMATS

    if not settings and not overlays:
        raise UsageError("Nothing is changed.", hint="Give --set KIND:NAME.SETTING=VALUE or --overlay FOLDER.")
    if output is not None:
        check_target(output)
    progress = Progress(around, quiet=request.quiet)
    try:
        base = loaded(request, progress)
        changed = _changed(base, request, settings, overlays, progress)
        before, after = base.snapshot(base.organisation), base.snapshot(changed)
    finally:
        progress.clear()
    found = answers(differences(before, after))
    code = ExitCode.NOTHING if before.empty and after.empty else ExitCode.CLEAN if found.good else ExitCode.FINDINGS
    _print(FORMATS[request.format](found, _options(request, code, around)), output, around)
    return code


def _changed(
    base: Loaded, request: ChangeRequest, settings: Sequence[str], overlays: Sequence[Path], progress: Progress
) -> Organisation:
    from auditor.editing.apply import apply
    from auditor.fixing.what_if import setting_of
    from auditor.loading.toml_shape import did_you_mean

    organisation = with_overlays(request, overlays, progress) if overlays else base.organisation
    return apply(organisation, [setting_of(text, organisation, did_you_mean) for text in settings])


def _options(request: ChangeRequest, code: int, around: Around) -> ReportOptions:
    return ReportOptions(code, __version__, around.width(request.width))


def _print(text: str, output: Path | None, around: Around) -> None:
    if output is None:
        around.emit(text)
    else:
        write_whole(output, text)
