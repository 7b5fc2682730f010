"""One organisation of a fleet, audited wherever a worker takes it: in another process, or on another machine."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest, remark, run_judged
from auditor.cli.guard import guarded
from auditor.cli.pipeline import run as pipeline
from auditor.errors import EnvironmentFault, UsageError
from auditor.report.counts import Counts, counts_of
from auditor.report.formats import FORMATS

_ONE_AT_A_TIME = threading.Lock()
"""The working directory is one for all threads of a worker."""


class Task(Struct, frozen=True):
    """What a worker needs. reports: the formats that are wanted; those of the request say what the audit is for.

    folder: from which the paths are meant; version: of the tool that gives out the task.
    """

    name: str
    request: AuditRequest
    reports: tuple[str, ...]
    folder: str
    version: str


class Done(Struct, frozen=True):
    """What a worker gives back. counts: None when there was no audit; reports: texts; said: lines for people."""

    code: int
    counts: Counts | None
    reports: tuple[str, ...]
    said: tuple[str, ...]


def audit_organisation(task: Task) -> Done:
    """Audits and writes nothing; whatever goes wrong becomes an exit code and words."""
    said = io.StringIO()
    around = Around(io.StringIO(), said, {}, _no_time)
    found: list[tuple[Counts, tuple[str, ...]]] = []

    def work() -> int:
        with _in_folder(task):
            judged = run_judged(task.request, around, pipeline)
            audit = judged.outcome.audit
            found.append((counts_of(audit), tuple(FORMATS[each](audit, judged.options) for each in task.reports)))
        remark(task.request, judged, around)
        return judged.code

    code = guarded(work, around)
    counts, reports = found[0] if found else (None, ())
    return Done(code, counts, reports, tuple(said.getvalue().splitlines()))


@contextmanager
def _in_folder(task: Task) -> Iterator[None]:
    """In the folder of the one who asks, so that reports name files as they were given there."""
    if task.version != __version__:
        raise EnvironmentFault(
            f"The worker on {socket.gethostname()} has auditor {__version__}, not {task.version}.",
            hint="Install the same version on every worker: another one may come to another verdict.",
        )
    with _ONE_AT_A_TIME:
        before = os.getcwd()
        try:
            os.chdir(task.folder)
        except OSError as error:
            raise _not_there(task.folder) from error
        try:
            for path in _needed(task.request):
                if not path.exists():
                    raise _not_there(str(path))
            yield
        finally:
            os.chdir(before)


def _needed(request: AuditRequest) -> tuple[Path, ...]:
    return *request.paths, *request.rules, *([request.policy] if request.policy else [])


def _not_there(path: str) -> UsageError:
    return UsageError(
        f"{path} does not exist for the worker on {socket.gethostname()}.",
        hint="Every worker reads the exports itself: they must lie under the same path on its machine.",
    )


def _no_time() -> float:
    """No clock: a worker shows no progress."""
    return 0.0
