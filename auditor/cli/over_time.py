"""Commands that look at an organisation over time: `history add|show|trend` and `report`."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from auditor.cli.parameters import (
    IncludeOrphans,
    Output,
    Paths,
    PolicyFile,
    Quiet,
    RuleFolders,
    Substitutions,
    Width,
    run,
)

EXIT_CODES = """\
Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage, 3 the tool failed, 4 nothing to audit,
5 with --fail-on: no such finding but the audit is incomplete."""

ADD_CODES = """\
Without --fail-on: 0 the run was added, whatever it found. With it: 1 findings at or above, 5 incomplete, as in
`auditor audit`. 2 usage, 3 the tool failed, 4 nothing to audit (no run is added)."""


class ReportFormat(StrEnum):
    """Words of --format of `auditor report` and `auditor history show`."""

    TABLE = "table"
    JSON = "json"


class TrendFormat(StrEnum):
    """Words of --format of `auditor history trend`."""

    TABLE = "table"
    CSV = "csv"
    SVG = "svg"


class Severity(StrEnum):
    """Words of --fail-on of `auditor history add`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


Database = Annotated[
    str,
    typer.Option(
        "--db",
        metavar="FILE|URL",
        envvar="AUDITOR_HISTORY",
        help="SQLite file, or a database URL for SQLAlchemy.",
    ),
]
Series = Annotated[str, typer.Option("--name", metavar="NAME", help="Which organisation, if the history has several.")]
FailOn = Annotated[
    str | None,
    typer.Option("--fail-on", metavar="[new:]SEVERITY", help="Exit 1 for findings of this severity or worse."),
]
Form = Annotated[ReportFormat, typer.Option("--format", help="Form of the report.")]
DATABASE = "auditor-history.sqlite"
SERIES = "organisation"

history = typer.Typer(help="Audits over time, kept in a database.", no_args_is_help=True, rich_markup_mode=None)


def add_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.add_typer(history, name="history")
    app.command("report", epilog=EXIT_CODES)(_report)


@history.command("add", epilog=ADD_CODES)
def _add(
    context: typer.Context,
    paths: Paths,
    database: Database = DATABASE,
    name: Series = SERIES,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="When the export was made.", show_default="now"),
    ] = None,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    fail_on: Annotated[
        Severity | None, typer.Option("--fail-on", help="Exit 1 for findings of this severity or worse.")
    ] = None,
    include_orphans: IncludeOrphans = False,
    quiet: Quiet = False,
) -> None:
    """Audit an export and keep the run."""
    from auditor.cli.around import Around
    from auditor.cli.audit import AuditRequest
    from auditor.cli.history import add, moment
    from auditor.cli.pipeline import run as pipeline
    from auditor.findings import Severity as Level

    def work(around: Around) -> int:
        when = moment(at, datetime.now(UTC))
        request = AuditRequest(
            paths=tuple(paths),
            policy=policy,
            fail_on=Level[fail_on.name] if fail_on else None,
            quiet=quiet,
            include_orphans=include_orphans,
            today=when.date(),
            rules=tuple(own_rules or ()),
            substitutions=substitutions,
        )
        return add(request, database, name, when, around, pipeline)

    run(context, work)


@history.command("show", epilog=EXIT_CODES)
def _show(
    context: typer.Context,
    number: Annotated[str, typer.Option("--run", metavar="NUMBER|LAST", help="Whose findings.")] = "LAST",
    database: Database = DATABASE,
    name: Series = SERIES,
    format_: Form = ReportFormat.TABLE,
    output: Output = None,
    width: Width = None,
) -> None:
    """List the runs, and the findings of one of them: first seen, days open."""
    from auditor.cli.history import LookRequest, show

    request = LookRequest(database, name, format_.value, output, run=number, width=width)
    run(context, lambda around: show(request, around))


@history.command("trend", epilog=EXIT_CODES)
def _trend(
    context: typer.Context,
    database: Database = DATABASE,
    name: Series = SERIES,
    format_: Annotated[TrendFormat, typer.Option("--format", help="Form of the numbers.")] = TrendFormat.TABLE,
    output: Output = None,
    width: Width = None,
) -> None:
    """Show each run in numbers: findings by severity, new and fixed, verdicts."""
    from auditor.cli.history import LookRequest, trend

    request = LookRequest(database, name, format_.value, output, width=width)
    run(context, lambda around: trend(request, around))


def _report(
    context: typer.Context,
    since: Annotated[
        str, typer.Option("--since", metavar="LAST|NUMBER|DAY", help="Compare the newest run with this one.")
    ] = "LAST",
    database: Database = DATABASE,
    name: Series = SERIES,
    format_: Form = ReportFormat.TABLE,
    output: Output = None,
    fail_on: FailOn = None,
    width: Width = None,
) -> None:
    """Report what is new, fixed and still open since an earlier run, and why verdicts changed."""
    from auditor.cli.around import Around
    from auditor.cli.history import LookRequest, report, threshold

    def work(around: Around) -> int:
        return report(
            LookRequest(database, name, format_.value, output, since=since, fail_on=threshold(fail_on), width=width),
            around,
        )

    run(context, work)
