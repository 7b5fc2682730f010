"""Commands that look at an export from one side: `matrix`, `inventory`, `paths`, `simulate`, `draw`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from auditor.cli.parameters import Output, Paths, PolicyFile, RuleFolders, Substitutions, Width, run

EXIT_CODES = """\
Exit codes: 0 done, 2 usage, 3 the tool failed, 4 nothing to look at, 5 a file was not understood."""


class ViewFormat(StrEnum):
    """Words of --format of `auditor matrix` and `auditor inventory`."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class PictureFormat(StrEnum):
    """Words of --format of `auditor draw`."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"
    GRAPHML = "graphml"


Form = Annotated[ViewFormat, typer.Option("--format", help="Form of the output.")]


def add_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.command("matrix", epilog=EXIT_CODES)(_matrix)
    app.command("inventory", epilog=EXIT_CODES)(_inventory)
    app.command("paths", epilog=EXIT_CODES)(_paths)
    app.command("simulate", epilog=EXIT_CODES)(_simulate)
    app.command("draw", epilog=EXIT_CODES)(_draw)


def _matrix(
    context: typer.Context,
    paths: Paths,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    format_: Form = ViewFormat.TABLE,
    output: Output = None,
    width: Width = None,
) -> None:
    """Show what happens to the caller, by number and line: asked or not, recorded or not, with the verdict."""
    from auditor.cli.views import ViewRequest, matrix

    request = ViewRequest(
        tuple(paths), policy, format_.value, output, width, date.today(), substitutions, tuple(own_rules or ())
    )
    run(context, lambda around: matrix(request, around))


def _inventory(
    context: typer.Context,
    paths: Paths,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    format_: Form = ViewFormat.TABLE,
    output: Output = None,
    width: Width = None,
) -> None:
    """List what decides about recording: trunks, phones, queues and flows, each with its place."""
    from auditor.cli.views import ViewRequest, inventory

    request = ViewRequest(
        tuple(paths), policy, format_.value, output, width, date.today(), substitutions, tuple(own_rules or ())
    )
    run(context, lambda around: inventory(request, around))


def _paths(
    context: typer.Context,
    paths: Paths,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="OBJECT",
            help="Action, menu, task, flow, queue, user, group, phone or trunk (KIND:NAME where names are shared), "
            'or "recording".',
        ),
    ],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="ENTRY", help="Entry by number or name.", show_default="any")
    ] = None,
    most: Annotated[int, typer.Option("--max", metavar="N", min=1, help="At most so many runs.")] = 5,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    output: Output = None,
    width: Width = None,
) -> None:
    """Show the shortest runs from an entry to an object, with the state of the call at each step."""
    from auditor.cli.views import ViewRequest
    from auditor.cli.views import paths as shown

    request = ViewRequest(
        tuple(paths), policy, "table", output, width, date.today(), substitutions, tuple(own_rules or ())
    )
    run(context, lambda around: shown(request, from_, to, most, around))


def _simulate(
    context: typer.Context,
    paths: Paths,
    from_: Annotated[str, typer.Option("--from", metavar="ENTRY", help="Entry by number or name.")],
    trunk: Annotated[
        str | None,
        typer.Option("--trunk", metavar="NAME", help="Trunk over which the call comes.", show_default="the first"),
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar="POINT=VALUE",
            help="What the caller answers at a question: digit, choice, intent, granted, refused or none. Given "
            "again, it is the next answer.",
        ),
    ] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            metavar="PLACE=OUTPUT",
            help="What an action, a queue or the entry does: an output (yes, failure, closed), answer, flow, hang up.",
        ),
    ] = None,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    width: Width = None,
) -> None:
    """Play one call step by step: what is recorded, when and why.

    What is left open is asked at a terminal. Without one nothing goes wrong, the hours are the first of the route,
    loops go round once and in-queue flows are heard once; anything else that is open ends with exit code 2.
    """
    from auditor.cli.simulate import simulate
    from auditor.cli.views import ViewRequest

    request = ViewRequest(
        tuple(paths), policy, "table", None, width, date.today(), substitutions, tuple(own_rules or ())
    )
    given = [*(answer or ()), *(choose or ())]
    run(context, lambda around: simulate(request, from_, trunk, given, around))


def _draw(
    context: typer.Context,
    paths: Paths,
    entry: Annotated[
        str | None, typer.Option("--entry", metavar="ENTRY", help="Where its calls can go: entry by number or name.")
    ] = None,
    finding: Annotated[
        str | None,
        typer.Option("--finding", metavar="FINGERPRINT", help="The call that shows it, and the nearest that is fine."),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="The whole organisation: trunks, entries, flows, queues and who answers."),
    ] = False,
    trunk: Annotated[
        str | None,
        typer.Option("--trunk", metavar="NAME", help="Trunk over which calls of the entry come.", show_default="first"),
    ] = None,
    format_: Annotated[PictureFormat, typer.Option("--format", help="Form of the picture.")] = PictureFormat.SVG,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    output: Output = None,
) -> None:
    """Draw the call that shows a finding, where the calls of one entry can go, or the whole organisation.

    Of the whole organisation users of whom the same is to be said are one node, except in GraphML.
    """
    from auditor.cli.draw import Motif, draw
    from auditor.cli.views import ViewRequest

    request = ViewRequest(
        tuple(paths), policy, format_.value, output, None, date.today(), substitutions, tuple(own_rules or ())
    )
    run(context, lambda around: draw(request, Motif(entry, finding, whole, trunk), around))
