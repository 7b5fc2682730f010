"""`auditor fleet`: many organisations, one task each, on as many processes or machines as there are; one summary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest
from auditor.cli.crew import Crew, Lost, Shift
from auditor.cli.executors import PROCESS, crew_for
from auditor.cli.fleet_task import Done, Task, audit_organisation
from auditor.cli.organisations import Named, file_name, gathered, made_folder, worst
from auditor.cli.output import write_whole
from auditor.cli.progress import Progress
from auditor.cli.targets import Target
from auditor.errors import AuditorError, ExitCode, UsageError
from auditor.report.fleet import fleet_json
from auditor.report.summary import Audited, summary
from auditor.report.text import counted, safe


class FleetRequest(Struct, frozen=True):
    """The options of `auditor fleet`. audit: what is the same for every organisation; words: PATH or NAME=PATH.

    jobs: organisations at once, None for as many as there are processors; format: of the summary; reports: formats of
    the reports of the organisations, which go into the folder output.
    """

    words: tuple[str, ...]
    audit: AuditRequest
    executor: str = PROCESS
    jobs: int | None = None
    format: str = "table"
    output: Path | None = None
    reports: tuple[str, ...] = ()


def fleet(request: FleetRequest, around: Around) -> int:
    """Audit every organisation, write its reports, print the summary; returns the worst exit code."""
    organisations = organisations_of(request.words)
    if request.output is not None:
        made_folder(request.output, "fleet")
    elif request.reports:
        raise UsageError("--report needs --output DIR.", hint="It gets a file for each organisation.")
    work = Work(request, organisations, around)
    try:
        with crew_for(request.executor, request.jobs, len(organisations), around) as crew:
            work.run(crew)
    except KeyboardInterrupt:
        around.say(f"auditor: interrupted; {len(work.done)} of {len(organisations)} organisations were audited")
        return ExitCode.INTERRUPTED
    done = [work.done[each.name] for each in organisations]
    code = worst(each.code for each in done)
    if request.format == "json":
        around.emit(fleet_json(done, code, __version__))
    else:
        around.emit(summary(done, around.width(request.audit.width)))
    return code


def organisations_of(words: Sequence[str]) -> tuple[Named, ...]:
    """The organisations of PATH and NAME=PATH; a path alone gives its own name, and two may not give the same."""
    given: list[tuple[str, str, str]] = []
    alone: dict[str, str] = {}
    for word in words:
        name, equals, path = word.partition("=")
        if os.path.exists(word) or not equals:
            name, path = _own_name(word), word
            other = alone.setdefault(name.casefold(), word)
            if os.path.abspath(other) != os.path.abspath(word):
                raise UsageError(
                    f"{other} and {word} are both called {name}.", hint=f"Name them: NAME={other} NAME={word}"
                )
        given.append((word, name, path))
    return gathered(given, "")


def _own_name(path: str) -> str:
    """The last part of the path; of a file, an archive for example, without its ending."""
    whole = Path(os.path.abspath(path))
    return whole.name if os.path.isdir(path) else whole.stem


class Work:
    """The audits of a run. done: what has come of each organisation so far, by name."""

    def __init__(self, request: FleetRequest, organisations: Sequence[Named], around: Around) -> None:
        self.done: dict[str, Audited] = {}
        self._request = request
        self._around = around
        self._paths = {each.name: each.paths for each in organisations}
        self._formats = (request.reports or ("json",)) if request.output is not None else ()

    def run(self, crew: Crew) -> None:
        """Gives out the tasks and takes what comes back."""
        progress = Progress(self._around, quiet=self._request.audit.quiet)
        try:
            for task, result in Shift(audit_organisation, crew).results([*map(self._task, self._paths)]):
                progress("auditing organisations", len(self.done), len(self._paths))
                if isinstance(result, Lost):
                    progress.clear()
                    self._lost(task, result)
                else:
                    if result.said:
                        progress.clear()
                    self._take(task, result)
        finally:
            progress.clear()
        self._tell(crew.gone())

    def _tell(self, gone: int) -> None:
        """What became of the work of workers that left."""
        if gone:
            done = all(each.code != ExitCode.FAILED for each in self.done.values())
            end = "; what was begun there was done by others" if done else ""
            self._around.say(f"auditor: {counted(gone, 'worker')} left during the run{end}")

    def _task(self, name: str) -> Task:
        first, *further = self._formats or ("json",)
        request = replace(
            self._request.audit,
            paths=self._paths[name],
            format=first,
            further=tuple(Target(each) for each in further),
            width=self._around.width(self._request.audit.width),
        )
        return Task(name, request, self._formats, os.getcwd(), __version__)

    def _lost(self, task: Task, lost: Lost) -> None:
        if lost.again:
            self._say(task.name, f"its worker was lost ({lost.why}); it is tried again")
        else:
            self._not_audited(task, ExitCode.FAILED, f"its worker was lost: {lost.why}")

    def _take(self, task: Task, result: Done) -> None:
        """Writes the reports of an organisation and keeps its numbers."""
        for line in result.said:
            self._say(task.name, line.removeprefix("auditor: "))
        if result.counts is None:
            why = result.said[0].removeprefix("auditor: ") if result.said else f"exit code {result.code}"
            self._not_audited(task, result.code, why)
            return
        code, written = result.code, list[str]()
        for path, text in zip(self._files(task.name), result.reports, strict=True):
            try:
                write_whole(path, text)
                written.append(path.name)
            except AuditorError as error:
                self._say(task.name, error.message)
                code = worst([code, error.exit_code])
        self._keep(task, Audited(task.name, code, result.counts, reports=tuple(written)))

    def _not_audited(self, task: Task, code: int, why: str) -> None:
        self._say(task.name, f"not audited (exit code {code}): {why}")
        for path in self._files(task.name):
            if path.exists():
                self._say(task.name, f"{path} is of an earlier run")
        self._keep(task, Audited(task.name, code, None, why=why))

    def _keep(self, task: Task, audited: Audited) -> None:
        self.done[task.name] = replace(audited, paths=tuple(path.as_posix() for path in task.request.paths))

    def _files(self, name: str) -> list[Path]:
        folder = self._request.output
        return [] if folder is None else [folder / file_name(name, each) for each in self._formats]

    def _say(self, name: str, text: str) -> None:
        self._around.say(f"{safe(name)}: {safe(text)}")
