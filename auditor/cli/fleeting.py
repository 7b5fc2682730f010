"""The command `fleet`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.parameters import (
    AllowIncomplete,
    FailOn,
    Format,
    IncludeOrphans,
    NoWaivers,
    PolicyFile,
    Quiet,
    RuleFolders,
    Width,
    run,
)

EXIT_CODES = """\
The exit code is the worst of all organisations: 3 one failed, or its worker was lost; 2 usage; 1 findings at or above
the threshold; 4 nothing to audit; 5 an audit is incomplete; 0 none of this; 130 interrupted."""


class SummaryFormat(StrEnum):
    """Words of --format of `auditor fleet`."""

    TABLE = "table"
    JSON = "json"


Organisations = Annotated[
    list[str],
    typer.Argument(
        metavar="[NAME=]PATH...",
        help="The folder or archive of the export of an organisation, and what to call it if not like the path.",
        show_default=False,
    ),
]
Workers = Annotated[str, typer.Option("--executor", metavar="process|dask://HOST:PORT", help="Who does the work.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Organisations at once.", show_default="processors or workers"),
]
ReportFolder = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Folder for a report of each organisation.")
]
Reports = Annotated[
    list[Format] | None, typer.Option("--report", help="Form of these reports; repeat it.", show_default="json")
]


def add_commands(app: typer.Typer) -> None:
    """Give the application the command."""
    app.command("fleet", epilog=EXIT_CODES)(_fleet)


def _fleet(
    context: typer.Context,
    organisations: Organisations,
    executor: Workers = "process",
    jobs: Jobs = None,
    output: ReportFolder = None,
    reports: Reports = None,
    format_: Annotated[SummaryFormat, typer.Option("--format", help="Form of the summary.")] = SummaryFormat.TABLE,
    policy: PolicyFile = None,
    own_rules: RuleFolders = None,
    fail_on: FailOn = None,
    allow_incomplete: AllowIncomplete = False,
    include_orphans: IncludeOrphans = False,
    no_waivers: NoWaivers = False,
    quiet: Quiet = False,
    width: Width = None,
) -> None:
    """Audit many organisations at once, in processes or on a dask cluster, and print one summary.

    An organisation whose worker is lost is tried again; one that could not be audited is said, and never clean.
    """
    from auditor.cli.audit import AuditRequest
    from auditor.cli.fleet import FleetRequest, fleet
    from auditor.findings import Severity

    shared = AuditRequest(
        paths=(),
        policy=policy,
        fail_on=Severity[fail_on.name] if fail_on else None,
        quiet=quiet,
        allow_incomplete=allow_incomplete,
        include_orphans=include_orphans,
        width=width,
        today=date.today(),
        waivers=not no_waivers,
        rules=tuple(own_rules or ()),
    )
    request = FleetRequest(
        words=tuple(organisations),
        audit=shared,
        executor=executor,
        jobs=jobs,
        format=format_.value,
        output=output,
        reports=tuple(dict.fromkeys(each.value for each in reports or ())),
    )
    run(context, lambda around: fleet(request, around))
