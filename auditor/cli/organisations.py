"""`auditor audit --org NAME=PATH ...`: a report for each organisation, a summary, the worst exit code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

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


class Named(Struct, frozen=True):
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
    given: list[tuple[str, str, str]] = []
    for word in words:
        name, equals, path = word.partition("=")
        if not equals or not name.strip() or not path:
            raise UsageError(f'--org {word}: this is not "NAME=PATH".', hint="For example --org Dresden=exports/dd.")
        given.append((word, name, path))
    return gathered(given, "--org ")


def gathered(given: Iterable[tuple[str, str, str]], option: str) -> tuple[Named, ...]:
    """The organisations of (word as typed, name, path); option: in front of the word in what is said about it."""
    found: dict[str, list[Path]] = {}
    for word, asked, path in given:
        name = asked.strip()
        if not _FILE_NAME.fullmatch(name):
            raise UsageError(
                f'{option}{word}: "{name}" is no name for a report.', hint="Use letters, digits and spaces."
            )
        if not os.path.exists(path):
            raise UsageError(f"{option}{word}: the path {path} does not exist.")
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
    return worst(each.code for each in done)


def worst(codes: Iterable[int]) -> ExitCode:
    """The exit code of several organisations."""
    return min(map(ExitCode, codes), key=WORST_FIRST.index)


def _audited(organisation: Named, request: AuditRequest, around: Around, pipeline: Pipeline) -> Audited:
    from auditor.report.counts import counts_of
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
    return Audited(organisation.name, code, counts_of(outcomes[0].audit) if outcomes else None)


def _check_folder(target: Target) -> None:
    """A format that is read by programs needs a folder, for a file of each organisation."""
    if target.output is not None:
        made_folder(target.output, "--org")
    elif target.format != "table":
        raise UsageError(
            f"--format {target.format} with --org needs --output FOLDER.", hint="It gets a file for each organisation."
        )


def made_folder(folder: Path, what: str) -> None:
    """Makes the folder for the reports; a usage error where that cannot be."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--output {folder} is no folder.", hint=f"With {what}, name a folder.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"--output {folder} cannot be made: {error.strerror}.") from error


def _request(organisation: Named, request: AuditRequest) -> AuditRequest:
    first = _target(organisation, Target(request.format, request.output))
    further = tuple(_target(organisation, target) for target in request.further)
    certificates = request.certificates / organisation.name if request.certificates else None
    return replace(request, paths=organisation.paths, output=first.output, further=further, certificates=certificates)


def _target(organisation: Named, target: Target) -> Target:
    """The file of an organisation in the folder of a format."""
    if target.output is None:
        return target
    return replace(target, output=target.output / file_name(organisation.name, target.format))


def file_name(organisation: str, format_: str) -> str:
    """The name of the report of an organisation in a format."""
    return f"{organisation}.{_ENDINGS.get(format_, format_)}"
