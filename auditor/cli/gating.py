"""Commands around the gate: `baseline write` and `baseline prune`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.parameters import Paths, PolicyFile, run

EXIT_CODES = """\
Exit codes: 0 done, 2 usage, 3 the tool failed, 4 nothing to audit, 5 a file was not understood."""


def add_gate_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    baselines = typer.Typer(help="Findings that are known and do not count.", no_args_is_help=True)
    baselines.command("write", epilog=EXIT_CODES)(_write)
    baselines.command("prune", epilog=EXIT_CODES)(_prune)
    app.add_typer(baselines, name="baseline")


def _write(
    context: typer.Context,
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write.")],
    policy: PolicyFile = None,
    include_orphans: Annotated[
        bool, typer.Option("--include-orphans", help="Also audit call flows into which no entry leads.")
    ] = False,
) -> None:
    """Write all findings of an export, waived ones too, to a baseline file."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.gate import write_baseline
    from auditor.cli.pipeline import run as pipeline

    request = AuditRequest(tuple(paths), policy, include_orphans=include_orphans, today=date.today())
    run(context, lambda around: write_baseline(request, output, around, pipeline))


def _prune(
    context: typer.Context,
    paths: Paths,
    baseline: Annotated[
        Path, typer.Option("--baseline", metavar="FILE", exists=True, dir_okay=False, help="File to change.")
    ],
    policy: PolicyFile = None,
    include_orphans: Annotated[
        bool, typer.Option("--include-orphans", help="Also audit call flows into which no entry leads.")
    ] = False,
) -> None:
    """Take findings that are fixed out of a baseline file."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.gate import prune_baseline
    from auditor.cli.pipeline import run as pipeline

    request = AuditRequest(tuple(paths), policy, include_orphans=include_orphans, today=date.today())
    run(context, lambda around: prune_baseline(request, baseline, around, pipeline))
