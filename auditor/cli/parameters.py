"""What commands have in common: their arguments and options, and how they are run."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.around import Around


class Threshold(StrEnum):
    """Words of --fail-on."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Format(StrEnum):
    """Words of --format of `auditor audit`."""

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


Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files and folders of an export.", exists=True, show_default=False),
]
MaybePaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Files and folders of an export.", exists=True, show_default=False),
]
Organisations = Annotated[
    list[str] | None,
    typer.Option(
        "--org",
        metavar="NAME=PATH",
        help="Instead of paths: one of several organisations; repeat it, also for several paths of one.",
    ),
]
ReportFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write the report to FILE, whole or not at all (with --org: a folder). One for each --format.",
    ),
]
FailOn = Annotated[
    Threshold | None,
    typer.Option("--fail-on", help="Exit 1 for findings of this severity or worse.", show_default="low"),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Policy file.",
        show_default="auditor.toml beside or above the paths",
    ),
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to FILE, whole or not at all.")]
Candidates = Annotated[
    list[Path] | None,
    typer.Option(
        "--candidate",
        metavar="PATH",
        exists=True,
        help="Export about to be deployed: its objects replace those of the paths. Repeat it for several.",
    ),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", exists=True, dir_okay=False, help="Known findings, which do not count."),
]
NoWaivers = Annotated[bool, typer.Option("--no-waivers", help="Findings that are waived count too.")]
Substitutions = Annotated[
    Path | None,
    typer.Option(
        "--substitutions",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="YAML or JSON with texts for the templates {{key}} of Archy flows.",
    ),
]
RuleFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules", metavar="DIR", exists=True, file_okay=False, help="Folder with rules of your own; repeat for more."
    ),
]
Cache = Annotated[
    str,
    typer.Option(
        "--cache",
        metavar="DIR|off",
        help="Folder in which results are kept: what has not changed is not worked out again.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        help="Processes for one audit; the report is the same with any number.",
        show_default="as many as processors for a large export, else 1",
    ),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (also NO_COLOR=1).")]
AllowIncomplete = Annotated[
    bool, typer.Option("--allow-incomplete", help="Exit 0 instead of 5 when the audit is incomplete.")
]
SarifAll = Annotated[
    bool, typer.Option("--sarif-all", help="SARIF also with what is waived, in the baseline, or unknown.")
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="DIR",
        help="New folder for a certificate of each proved verdict; see verify-certificate.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on standard error.")]
IncludeOrphans = Annotated[
    bool, typer.Option("--include-orphans", help="Also audit call flows into which no entry leads.")
]
Width = Annotated[int | None, typer.Option("--width", min=40, help="Columns of tables.", show_default="the terminal's")]


def run(context: typer.Context, work: Callable[[Around], int]) -> None:
    """Do the work of a command under the guard and exit with its code."""
    from auditor.cli.around import system
    from auditor.cli.guard import guarded

    around = system(debug=bool(context.obj))
    raise typer.Exit(guarded(lambda: work(around), around))
