"""Commands around the gate: `baseline write`, `baseline prune`, `diff`, `what-if`, `fix`, `anonymize`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.around import Around
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
Exit codes: 0 done, 2 usage, 3 the tool failed, 4 nothing to audit, 5 a file was not understood."""
DIFF_CODES = """\
Exit codes: 0 no condition of --fail-on holds, 1 one does, 2 usage, 3 the tool failed, 4 nothing to audit."""

WHAT_IF_CODES = """\
Exit codes: 0 findings are gone, none is new, nothing else changed its verdict; 1 otherwise; 2 usage, 3 the tool
failed, 4 nothing to audit."""
FIX_CODES = """\
Exit codes: 0 everything is cleared by the proposals, 1 something is not, 2 usage, 3 the tool failed, 4 nothing to
audit."""

ANONYMIZE_CODES = """\
Exit codes: 0 the copy audits to the same verdicts, 2 usage, 3 the tool failed, 4 nothing to copy, 5 files were left
out or the verdicts differ."""


class ChangeFormat(StrEnum):
    """Words of --format of `auditor what-if`."""

    TABLE = "table"
    JSON = "json"


class FixFormat(StrEnum):
    """Words of --format of `auditor fix`."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


class DiffFormat(StrEnum):
    """Words of --format of `auditor diff`."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"
    JUNIT = "junit"
    GITLAB = "gitlab"
    GITHUB = "github"
    MARKDOWN = "markdown"
    CSV = "csv"
    HTML = "html"


def add_gate_commands(app: typer.Typer) -> None:
    """Give the application these commands."""
    baselines = typer.Typer(help="Findings that are known and do not count.", no_args_is_help=True)
    baselines.command("write", epilog=EXIT_CODES)(_write)
    baselines.command("prune", epilog=EXIT_CODES)(_prune)
    app.add_typer(baselines, name="baseline")
    app.command("diff", epilog=DIFF_CODES)(_diff)
    app.command("what-if", epilog=WHAT_IF_CODES)(_what_if)
    app.command("fix", epilog=FIX_CODES)(_fix)
    app.command("anonymize", epilog=ANONYMIZE_CODES)(_anonymize)


def _write(
    context: typer.Context,
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write.")],
    policy: PolicyFile = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
) -> None:
    """Write all findings of an export, waived ones too, to a baseline file."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.gate import write_baseline
    from auditor.cli.pipeline import run as pipeline

    request = AuditRequest(
        tuple(paths),
        policy,
        include_orphans=include_orphans,
        today=date.today(),
        substitutions=substitutions,
        rules=tuple(own_rules or ()),
    )
    run(context, lambda around: write_baseline(request, output, around, pipeline))


def _prune(
    context: typer.Context,
    paths: Paths,
    baseline: Annotated[
        Path, typer.Option("--baseline", metavar="FILE", exists=True, dir_okay=False, help="File to change.")
    ],
    policy: PolicyFile = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
) -> None:
    """Take findings that are fixed out of a baseline file."""
    from auditor.cli.audit import AuditRequest
    from auditor.cli.gate import prune_baseline
    from auditor.cli.pipeline import run as pipeline

    request = AuditRequest(
        tuple(paths),
        policy,
        include_orphans=include_orphans,
        today=date.today(),
        substitutions=substitutions,
        rules=tuple(own_rules or ()),
    )
    run(context, lambda around: prune_baseline(request, baseline, around, pipeline))


PolicyOfBoth = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Policy file for both.",
        show_default="auditor.toml beside or above each",
    ),
]


def _diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="An export, or a JSON report of `audit`.", exists=True)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, later.", exists=True)],
    policy: PolicyOfBoth = None,
    fail: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="CONDITION", help="Exit 1 for new:SEVERITY or new-unknown. Repeat it."),
    ] = None,
    format_: Annotated[
        list[DiffFormat] | None,
        typer.Option("--format", help="Form of the output; repeat it, with an --output each.", show_default="table"),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", metavar="FILE", help="Write to FILE, whole or not at all. One for each --format."),
    ] = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    quiet: Quiet = False,
    width: Width = None,
) -> None:
    """Compare what calls do in two exports or reports: verdicts, findings, the matrix, what is not known."""
    from auditor.cli.diff import DiffRequest, diff, fail_on
    from auditor.cli.targets import paired

    def work(around: Around) -> int:
        request = DiffRequest(
            old,
            new,
            policy,
            fail_on(fail or ()),
            paired([each.value for each in format_ or ()], output or ()),
            width,
            include_orphans,
            quiet,
            date.today(),
            substitutions,
            tuple(own_rules or ()),
        )
        return diff(request, around)

    run(context, work)


def _what_if(
    context: typer.Context,
    paths: Paths,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SETTING",
            help='For example trunk:"Berlin".trunk_recording_consent_required=true. Repeat it.',
        ),
    ] = None,
    overlays: Annotated[
        list[Path] | None,
        typer.Option("--overlay", metavar="PATH", exists=True, help="Export whose objects replace those of the paths."),
    ] = None,
    policy: PolicyFile = None,
    format_: Annotated[ChangeFormat, typer.Option("--format", help="Form of the output.")] = ChangeFormat.TABLE,
    output: Output = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    quiet: Quiet = False,
    width: Width = None,
) -> None:
    """Say what a change would do: findings that are gone, findings that are new, other verdicts that change."""
    from auditor.cli.changing import ChangeRequest, what_if

    request = ChangeRequest(
        tuple(paths),
        policy,
        format_.value,
        width,
        quiet,
        date.today(),
        include_orphans,
        substitutions,
        tuple(own_rules or ()),
    )
    run(context, lambda around: what_if(request, settings or (), overlays or (), output, around))


def _fix(
    context: typer.Context,
    paths: Paths,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="CODE", help="Clear findings of this rule. Repeat it.", show_default="all RC"),
    ] = None,
    policy: PolicyFile = None,
    format_: Annotated[FixFormat, typer.Option("--format", help="Form of the output.")] = FixFormat.TABLE,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="DIR", help="New folder for an overlay (for --candidate), a patch and instructions."
        ),
    ] = None,
    include_orphans: IncludeOrphans = False,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    quiet: Quiet = False,
    width: Width = None,
) -> None:
    """Propose the smallest set of edits that clears the findings of consent; each is checked by a new audit.

    An edit is what is saved or published once: an object with all that is to be changed of it.
    """
    from auditor.cli.changing import ChangeRequest
    from auditor.cli.fix import fix

    request = ChangeRequest(
        tuple(paths),
        policy,
        format_.value,
        width,
        quiet,
        date.today(),
        include_orphans,
        substitutions,
        tuple(own_rules or ()),
    )
    run(context, lambda around: fix(request, rules or (), output, around))


def _anonymize(
    context: typer.Context,
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="New folder for the copy.")],
    policy: PolicyFile = None,
    own_rules: RuleFolders = None,
    quiet: Quiet = False,
) -> None:
    """Copy an export with other names, numbers, prompts and people, and check that it audits to the same verdicts.

    Words by which questions about recording are recognised stay, and so do country and area of numbers.
    """
    from auditor.cli.anonymize import anonymize
    from auditor.cli.changing import ChangeRequest

    request = ChangeRequest(tuple(paths), policy, quiet=quiet, today=date.today(), rules=tuple(own_rules or ()))
    run(context, lambda around: anonymize(request, output, around))
