"""`auditor audit --org NAME=PATH ...`: a report for each organisation, a summary, the worst exit code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest, Outcome, Pipeline, audit
from auditor.cli.guard import guarded
from auditor.cli.progress import Progress
from auditor.cli.targets import Target
from auditor.errors import ExitCode, UsageError
from auditor.report.text import safe

if TYPE_CHECKING:
    from auditor.report.summary import Audited

WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.FAILED,
    ExitCode.USAGE,
    ExitCode.FINDINGS,
    ExitCode.NOTHING,
    ExitCode.INCOMPLETE,
    ExitCode.CLEAN,
)
_FILE_NAME = re.compile(r"[\w(][\w .,()+&-]*")
_ENDINGS = {
    "table": "txt",
    "markdown": "md",
    "junit": "xml",
    "gitlab": "json",
    "github": "txt",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation of --org. paths: all that were given under its name."""

    name: str
    paths: tuple[Path, ...]


def audit_paths(request: AuditRequest, orgs: Sequence[str], around: Around, pipeline: Pipeline) -> int:
    """Audit the paths as one organisation, or each of the organisations that are named."""
    if orgs and request.paths:
        raise UsageError("Give either paths or --org, not both.")
    if orgs:
        return audit_each(named(orgs), request, around, pipeline)
    if not request.paths:
        raise UsageError(
            "Missing argument PATH...", hint="Name the files and folders of an export, or --org NAME=PATH."
        )
    return audit(request, around, pipeline)


def named(words: Sequence[str]) -> tuple[Named, ...]:
    """The organisations of `NAME=PATH`, in the order in which they are first named."""
    found: dict[str, list[Path]] = {}
    for word in words:
        name, equals, path = word.partition("=")
        name = name.strip()
        if not equals or not name or not path:
            raise UsageError(f'--org {word}: this is not "NAME=PATH".', hint="For example --org Dresden=exports/dd.")
        if not _FILE_NAME.fullmatch(name):
            raise UsageError(f'--org {word}: "{name}" is no name for a report.', hint="Use letters, digits and spaces.")
        if not Path(path).exists():
            raise UsageError(f"--org {word}: the path {path} does not exist.")
        same = next((known for known in found if known.casefold() == name.casefold()), name)
        found.setdefault(same, []).append(Path(path))
    return tuple(Named(name, tuple(paths)) for name, paths in found.items())


def audit_each(organisations: Sequence[Named], request: AuditRequest, around: Around, pipeline: Pipeline) -> int:
    """Audit one after the other; what goes wrong in one is told, and the others follow all the same."""
    from auditor.report.summary import summary

    for target in request.targets:
        _check_folder(target)
    done: list[Audited] = []
    for organisation in organisations:
        done.append(_audited(organisation, _request(organisation, request), around, pipeline))
        if done[-1].code == ExitCode.INTERRUPTED:
            return ExitCode.INTERRUPTED
    around.emit(summary(done, around.width(request.width)))
    return min((each.code for each in done), key=lambda code: WORST_FIRST.index(ExitCode(code)))


def _audited(organisation: Named, request: AuditRequest, around: Around, pipeline: Pipeline) -> Audited:
    from auditor.report.summary import Audited

    outcomes: list[Outcome] = []
    printed = any(target.output is None for target in request.targets)

    def kept(request: AuditRequest, progress: Progress) -> Outcome:
        outcome = pipeline(request, progress)
        outcomes.append(outcome)
        if printed:
            progress.clear()
            around.emit(f"ORGANISATION {safe(organisation.name)}\n\n")
        return outcome

    code = guarded(lambda: audit(request, around, kept), around)
    if not outcomes:
        around.say(f"auditor: the organisation {safe(organisation.name)} was not audited (exit code {code})")
    elif printed:
        around.emit("\n")
    return Audited(organisation.name, code, outcomes[0].audit if outcomes else None)


def _check_folder(target: Target) -> None:
    """The folder of the reports: a format that is read by programs needs one, a file for each organisation."""
    folder = target.output
    if folder is None:
        if target.format == "table":
            return
        raise UsageError(
            f"--format {target.format} with --org needs --output FOLDER.", hint="It gets a file for each organisation."
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--output {folder} is no folder.", hint="With --org, name a folder.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"--output {folder} cannot be made: {error.strerror}.") from error


def _request(organisation: Named, request: AuditRequest) -> AuditRequest:
    first = _target(organisation, Target(request.format, request.output))
    further = tuple(_target(organisation, target) for target in request.further)
    return replace(request, paths=organisation.paths, output=first.output, further=further)


def _target(organisation: Named, target: Target) -> Target:
    """The file of an organisation in the folder of a format."""
    if target.output is None:
        return target
    ending = _ENDINGS.get(target.format, target.format)
    return replace(target, output=target.output / f"{organisation.name}.{ending}")
