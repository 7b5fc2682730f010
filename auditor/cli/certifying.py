"""The command `verify-certificate` and its options."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.parameters import Candidates, PolicyFile, Quiet, RuleFolders, Substitutions, run

CODES = "Exit codes: 0 every certificate holds, 1 one does not, 2 usage, 3 the tool failed."


def add_commands(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("verify-certificate", epilog=CODES)(_verify)


def _verify(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE... PATH...",
            help="Certificates, or their folder, and the export they are about.",
            exists=True,
            show_default=False,
        ),
    ],
    policy: PolicyFile = None,
    own_rules: RuleFolders = None,
    candidate: Candidates = None,
    substitutions: Substitutions = None,
    quiet: Quiet = False,
) -> None:
    """Check certificates of proved verdicts against an export, without any search.

    Every situation listed is followed by one step; it must lead to a situation listed, and may break no rule.
    """
    from auditor.cli.audit import AuditRequest
    from auditor.cli.certificates import verify

    request = AuditRequest(
        tuple(paths),
        policy,
        quiet=quiet,
        today=date.today(),
        candidates=tuple(candidate or ()),
        substitutions=substitutions,
        rules=tuple(own_rules or ()),
    )
    run(context, lambda around: verify(request, around))
