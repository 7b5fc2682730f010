"""`auditor rules`, `auditor rules test`, `auditor explain`: rules, shipped and of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.parameters import RuleFolders, Width, run

TEST_CODES = "Exit codes: 0 every case shows what it says, 1 one does not, 2 usage or a mistake in a rule."

group = typer.Typer(
    help="List all rules with their severities; test rules of your own.",
    rich_markup_mode=None,
    invoke_without_command=True,
)


def add_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.add_typer(group, name="rules")
    app.command("explain")(_explain)


@group.callback()
def _rules(context: typer.Context, own: RuleFolders = None, width: Width = None) -> None:
    from auditor.cli.explain import rules

    if context.invoked_subcommand is None:
        run(context, lambda around: rules(around, width, own or ()))


@group.command("test", epilog=TEST_CODES)
def _test(
    context: typer.Context,
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", exists=True, file_okay=False, help="Folders with rules.")
    ],
) -> None:
    """Run the cases of rules of your own, and say where a rule finds too little or too much."""
    from datetime import date

    from auditor.cli.rule_cases import test_rules

    run(context, lambda around: test_rules(folders, date.today(), around))


def _explain(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="A rule, problem or assumption: RC102, RX901, A5.")],
    own: RuleFolders = None,
    width: Width = None,
) -> None:
    """Explain a rule: why it exists, an example, and what to do."""
    from auditor.cli.explain import explain

    run(context, lambda around: explain(code, around, width, own or ()))
