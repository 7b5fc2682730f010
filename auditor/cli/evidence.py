"""Commands for evidence packs: `pack` and `verify-pack`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.around import Around
from auditor.cli.parameters import IncludeOrphans, Paths, PolicyFile, Quiet, RuleFolders, Substitutions, run

PACK_CODES = """\
Exit codes: 0 the pack was written, whatever the audit found (its own code is in the pack), 2 usage, 3 the tool
failed, 4 nothing to audit."""
VERIFY_CODES = "Exit codes: 0 the pack holds, 1 something in it does not, 2 usage, 3 the tool failed."


def add_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.command("pack", epilog=PACK_CODES)(_pack)
    app.command("verify-pack", epilog=VERIFY_CODES)(_verify)


def _pack(
    context: typer.Context,
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", metavar="FILE.zip", help="Pack to write, whole or not at all.")],
    policy: PolicyFile = None,
    own_rules: RuleFolders = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day whose modes and waivers hold.", show_default="today"),
    ] = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    attached: Annotated[
        list[Path] | None,
        typer.Option(
            "--attach",
            metavar="PATH",
            exists=True,
            help="File or folder to put into the pack as it is: approvals, minutes. Repeat it.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Audit an export and write the result as an evidence pack, the same byte for byte whenever it is made."""
    from auditor.cli.packing import PackRequest, pack
    from auditor.loading.attachments import attachments

    def work(around: Around) -> int:
        day = as_of.date() if as_of else date.today()
        with_it = attachments(attached or ())
        request = PackRequest(
            tuple(paths), policy, tuple(own_rules or ()), day, include_orphans, substitutions, with_it
        )
        return pack(request, output, around, quiet=quiet)

    run(context, work)


def _verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="PACK", exists=True, dir_okay=False, help="A pack.")],
    export: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", exists=True, help="The export that was audited.")
    ] = None,
) -> None:
    """Check that an evidence pack fits together, and with the export that a new audit gives the same.

    Certificates that a new audit does not give are checked one by one.
    """
    from auditor.cli.packing import verify

    run(context, lambda around: verify(file, export or (), around))
