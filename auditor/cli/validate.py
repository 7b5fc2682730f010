"""`auditor validate`: every object of an export against the JSON Schema of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from auditor.cli.around import WHAT_TO_GIVE, Around
from auditor.cli.parameters import Paths, Quiet, Substitutions, Width, run
from auditor.cli.pipeline import load_organisation
from auditor.cli.progress import Progress
from auditor.errors import ExitCode

CODES = """\
Exit codes: 0 everything was read and is valid, 2 usage, 3 the tool failed, 4 there is nothing, 5 something is not
valid or could not be read."""


def add_commands(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("validate", epilog=CODES)(_validate)


def _validate(
    context: typer.Context, paths: Paths, substitutions: Substitutions = None, quiet: Quiet = False, width: Width = None
) -> None:
    """Check the form of an export thoroughly, without judging it."""
    run(context, lambda around: validate(paths, around, substitutions=substitutions, quiet=quiet, width=width))


def validate(
    paths: Sequence[Path], around: Around, *, substitutions: Path | None, quiet: bool, width: int | None
) -> int:  # fmt: skip
    """Print files, kinds of objects, and what is not valid."""
    from auditor.loading.shapes import thoroughly
    from auditor.report.shapes import shapes_report, unreadable

    progress = Progress(around, quiet=quiet)
    try:
        with thoroughly() as census:
            organisation = load_organisation(paths, progress, substitutions=substitutions)
    finally:
        progress.clear()
    around.emit(shapes_report(organisation, census, around.width(width)))
    if not (organisation.flows or census.checked):
        around.say("auditor: there is nothing of Genesys Cloud here")
        around.say(WHAT_TO_GIVE)
        return ExitCode.NOTHING
    return ExitCode.INCOMPLETE if unreadable(organisation) else ExitCode.CLEAN
