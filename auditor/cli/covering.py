"""The command `coverage` and its options."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from auditor.cli.parameters import Candidates, Paths, PolicyFile, Quiet, RuleFolders, Substitutions, Width, run

CODES = """\
Exit codes: 0 printed, 2 usage, 3 the tool failed, 4 nothing to audit, 5 with --coverage-min: a share is smaller."""


def add_commands(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("coverage", epilog=CODES)(_coverage)


def _coverage(
    context: typer.Context,
    paths: Paths,
    policy: PolicyFile = None,
    coverage_min: Annotated[
        float | None,
        typer.Option("--coverage-min", min=0, max=1, metavar="SHARE", help="Exit 5 when any share is smaller."),
    ] = None,
    candidate: Candidates = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    quiet: Quiet = False,
    width: Width = None,
) -> None:
    """Show which files were understood, what the verdicts rest on, and what is missing."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.coverage import CoverageRequest, coverage
    from auditor.cli.pipeline import run as pipeline

    request = AuditRequest(
        tuple(paths),
        policy,
        quiet=quiet,
        width=width,
        today=date.today(),
        candidates=tuple(candidate or ()),
        substitutions=substitutions,
        rules=tuple(own_rules or ()),
    )
    run(context, lambda around: coverage(CoverageRequest(request, coverage_min), around, pipeline))
