"""`auditor history` and `auditor report --since`: runs into a database and out of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.audit import AuditRequest, Pipeline
from auditor.cli.output import check_target, write_whole
from auditor.cli.progress import Progress
from auditor.errors import ExitCode, UsageError
from auditor.findings import Severity, exit_code
from auditor.report.options import ReportOptions
from auditor.report.text import counted, safe

if TYPE_CHECKING:
    from auditor.history.comparing import Comparison
    from auditor.history.records import Header
    from auditor.history.store import History

SERIES = "organisation"
_THRESHOLD = re.compile(r"(new:)?(critical|high|medium|low|info)")


class Threshold(Struct, frozen=True):
    """`--fail-on high` or `--fail-on new:high`."""

    severity: Severity
    new_only: bool


class LookRequest(Struct, frozen=True):
    """The options of the commands that read a history. run, since: as typed."""

    place: str
    series: str
    format: str = "table"
    output: Path | None = None
    run: str | None = None
    since: str | None = None
    fail_on: Threshold | None = None
    width: int | None = None


def threshold(text: str | None) -> Threshold | None:
    """The threshold that was typed."""
    if text is None:
        return None
    match = _THRESHOLD.fullmatch(text)
    if match is None:
        raise UsageError(f'--fail-on "{text}" is no threshold.', hint="For example high, or new:high.")
    return Threshold(Severity[match[2].upper()], new_only=match[1] is not None)


def moment(text: str | None, now: datetime) -> datetime:
    """The time that was typed (UTC unless it says otherwise), or now."""
    if text is None:
        return now
    try:
        typed = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f'--at "{text}" is no time.', hint="For example 2031-05-01T06:00:00Z.") from error
    return typed if typed.tzinfo else typed.replace(tzinfo=UTC)


def add(
    request: AuditRequest, place: str, series: str, at: datetime, around: Around, pipeline: Pipeline
) -> int:  # fmt: skip
    """Audit, and keep the run; exit 0 unless there is nothing to audit or --fail-on asks for more."""
    from auditor.history.recording import Circumstances, recorded
    from auditor.history.store import History
    from auditor.loading.digests import rules_digest

    progress = Progress(around, quiet=request.quiet)
    try:
        outcome = pipeline(request, progress)
    finally:
        progress.clear()
    assert outcome.organisation is not None
    code = exit_code(outcome.audit, request.fail_on or Severity.LOW, allow_incomplete=request.allow_incomplete)
    if code == ExitCode.NOTHING:
        around.say("auditor: nothing to audit, so no run was added")
        return code
    circumstances = Circumstances(series, at, __version__, rules_digest(request.rules), policy_digest(request), code)
    run = History(place).add(recorded(outcome.audit, outcome.organisation, circumstances))
    if not request.quiet:
        found = counted(len(run.found), "finding")
        around.say(f"auditor: run {run.header.number} of {run.header.at} added to {_named(place)}: {found}")
        for remark in outcome.remarks:
            around.say(f"auditor: {safe(remark)}")
    return code if request.fail_on is not None else ExitCode.CLEAN


def policy_digest(request: AuditRequest) -> str:
    """The hash of the policy file in effect, or nothing."""
    from auditor.loading.digests import digest_of
    from auditor.loading.policy_file import find_policy

    file = request.policy or find_policy(request.paths)
    return digest_of(file) if file else ""


def show(request: LookRequest, around: Around) -> int:
    """The runs, and the findings of one of them with their ages."""
    from auditor.history.store import History

    history = History(request.place)
    headers = _headers(history, request)
    chosen = _chosen(headers, request.run or "LAST", "--run")
    return _print(replace(_compared(history, headers, [chosen]), runs=tuple(headers)), request, around)


def report(request: LookRequest, around: Around) -> int:
    """What is new, fixed and still open since a run, and which verdicts flipped; all open ones after the first run."""
    from auditor.history.store import History

    history = History(request.place)
    headers = _headers(history, request)
    since = _since(headers, request.since or "LAST")
    return _print(_compared(history, headers, headers[since:]), request, around)


def trend(request: LookRequest, around: Around) -> int:
    """Each run in numbers."""
    from auditor.history.comparing import tally
    from auditor.history.store import History
    from auditor.report.trend import FORMATS

    history = History(request.place)
    headers = _headers(history, request)
    prints = [found for _, found in history.fingerprints(headers)]
    runs = history.runs(headers)
    before = [None, *prints[:-1]]
    tallies = [tally(run, known) for run, known in zip(runs, before, strict=True)]
    _emit(FORMATS[request.format](tallies, _options(request, around, ExitCode.CLEAN)), request, around)
    return ExitCode.CLEAN


def _headers(history: History, request: LookRequest) -> tuple[Header, ...]:
    from auditor.loading.toml_shape import did_you_mean

    if request.output is not None:
        check_target(request.output)
    headers = history.headers(request.series)
    if not headers:
        known = history.series()
        raise UsageError(
            f'The history at {_named(request.place)} holds no run of "{request.series}"'
            f"{did_you_mean(request.series, known)}.",
            hint=f"It holds {', '.join(known)}; choose with --name." if known else "`auditor history add` adds one.",
        )
    return headers


def _chosen(headers: Sequence[Header], text: str, option: str) -> Header:
    """The run of that number, or the last."""
    if text.upper() == "LAST":
        return headers[-1]
    found = next((header for header in headers if str(header.number) == text), None)
    if found is None:
        numbers = ", ".join(str(header.number) for header in headers[-8:])
        raise UsageError(f"{option} {text}: there is no such run.", hint=f"Runs: {numbers}, or LAST.")
    return found


def _since(headers: Sequence[Header], text: str) -> int:
    """The index of the run to compare with: the one before the newest, a number, or the newest of or before a day."""
    if text.upper() == "LAST":
        return max(len(headers) - 2, 0)
    try:
        day = datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return headers.index(_chosen(headers, text, "--since"))
    earlier = [index for index, header in enumerate(headers) if header.at[:10] <= day]
    if not earlier:
        raise UsageError(f"--since {text}: the first run is of {headers[0].at}.", hint="Choose a later day.")
    return earlier[-1]


def _compared(history: History, headers: Sequence[Header], chosen: Sequence[Header]) -> Comparison:
    from auditor.history.comparing import compare

    until = headers[: headers.index(chosen[-1]) + 1]
    return compare(history.runs(chosen), history.fingerprints(until))


def _print(comparison: Comparison, request: LookRequest, around: Around) -> int:
    from auditor.report.history import FORMATS

    code = _code(comparison, request.fail_on)
    _emit(FORMATS[request.format](comparison, _options(request, around, code)), request, around)
    return code


def _code(comparison: Comparison, fail_on: Threshold | None) -> int:
    if fail_on is None:
        return ExitCode.CLEAN
    aged = comparison.new if fail_on.new_only else (*comparison.new, *comparison.open)
    worst = max((each.found.rank for each in aged if each.found.counts), default=-1)
    if worst >= fail_on.severity:
        return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if comparison.now.incomplete else ExitCode.CLEAN


def _options(request: LookRequest, around: Around, code: int) -> ReportOptions:
    return ReportOptions(exit_code=code, version=__version__, width=around.width(request.width))


def _emit(text: str, request: LookRequest, around: Around) -> None:
    if request.output is None:
        around.emit(text)
    else:
        write_whole(request.output, text)


def _named(place: str) -> str:
    """The place without the password of a URL."""
    return safe(re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", place))
