"""The command `auditor`: its options, and nothing else."""

from __future__ import annotations

import gc
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor import __version__
from auditor.cli.certifying import add_commands as add_certificate_command
from auditor.cli.covering import add_commands as add_coverage_command
from auditor.cli.evidence import add_commands as add_pack_commands
from auditor.cli.fleeting import add_commands as add_fleet_command
from auditor.cli.gating import add_gate_commands
from auditor.cli.looking import add_commands
from auditor.cli.over_time import add_commands as add_commands_over_time
from auditor.cli.parameters import (
    AllowIncomplete,
    BaselineFile,
    Cache,
    Candidates,
    Certificates,
    FailOn,
    Format,
    IncludeOrphans,
    Jobs,
    MaybePaths,
    NoColor,
    NoWaivers,
    Organisations,
    Paths,
    PolicyFile,
    Quiet,
    ReportFiles,
    RuleFolders,
    SarifAll,
    Substitutions,
    Width,
)
from auditor.cli.parameters import run as _run
from auditor.cli.ruling import add_commands as add_rule_commands
from auditor.cli.validate import add_commands as add_validate_command
from auditor.loading.limits import MIB, Limits, limited

_LIMITS = Limits()


class PointFormat(StrEnum):
    """Words of --format of `auditor consent-points`."""

    TABLE = "table"
    TOML = "toml"


class SchemaName(StrEnum):
    """Words of `auditor schema`."""

    REPORT = "report"
    RULE = "rule"
    POLICY = "policy"
    MATRIX = "matrix"
    INVENTORY = "inventory"
    BASELINE = "baseline"
    DIFF = "diff"
    WHAT_IF = "what-if"
    FIX = "fix"
    HISTORY = "history"
    PACK = "pack"
    CERTIFICATE = "certificate"
    FLEET = "fleet"


Formats = Annotated[
    list[Format] | None,
    typer.Option("--format", help="Form of the report; repeat it, with an --output each.", show_default="table"),
]

EXIT_CODES = """\
Exit codes: 0 no finding at or above the threshold, 1 findings at or above it, 2 usage, 3 the tool failed,
4 nothing to audit, 5 no such finding but the audit is incomplete, 130 interrupted."""

app = typer.Typer(
    name="auditor",
    help="Audit exported Genesys Cloud configuration: can a recording start without consent?",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

policies = typer.Typer(help="The policy file.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(policies, name="policy")
add_commands(app)
add_coverage_command(app)
add_validate_command(app)
add_commands_over_time(app)
add_rule_commands(app)
add_pack_commands(app)
add_certificate_command(app)
add_gate_commands(app)
add_fleet_command(app)


def collect_rarely() -> None:
    """Makes Python look for garbage less often: what an audit makes lives until its end."""
    gc.set_threshold(1_000_000, 20, 10)


def main() -> None:
    """Entry point of the command."""
    collect_rarely()
    app(prog_name="auditor")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show stack traces when the tool fails (also AUDITOR_DEBUG=1).")
    ] = False,
    max_file_size: Annotated[
        int, typer.Option("--max-file-size", metavar="MIB", min=1, help="Larger files of an export are not read.")
    ] = _LIMITS.file_bytes // MIB,
    max_values: Annotated[
        int, typer.Option("--max-values", metavar="NUMBER", min=1000, help="Nor are files with more values than this.")
    ] = _LIMITS.values,
    max_objects: Annotated[
        int, typer.Option("--max-objects", metavar="NUMBER", min=1, help="Nor are more objects of one kind.")
    ] = _LIMITS.objects,
) -> None:
    context.obj = debug
    context.with_resource(limited(Limits(max_file_size * MIB, max_values, max_objects)))


@app.command("audit", epilog=EXIT_CODES)
def _audit(
    context: typer.Context,
    paths: MaybePaths = None,
    org: Organisations = None,
    policy: PolicyFile = None,
    fail_on: FailOn = None,
    format_: Formats = None,
    output: ReportFiles = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
    allow_incomplete: AllowIncomplete = False,
    include_orphans: IncludeOrphans = False,
    candidate: Candidates = None,
    substitutions: Substitutions = None,
    baseline: BaselineFile = None,
    no_waivers: NoWaivers = False,
    own_rules: RuleFolders = None,
    sarif_all: SarifAll = False,
    certificates: Certificates = None,
    cache: Cache = "off",
    jobs: Jobs = None,
    width: Width = None,
) -> None:
    """Audit an export and report verdicts and findings, each with the path of the call."""
    from auditor.cli.audit import AuditRequest, with_targets
    from auditor.cli.organisations import audit_paths
    from auditor.cli.pipeline import run
    from auditor.findings import Severity

    given = AuditRequest(
        paths=tuple(paths or ()),
        policy=policy,
        fail_on=Severity[fail_on.name] if fail_on else None,
        quiet=quiet,
        no_color=no_color,
        allow_incomplete=allow_incomplete,
        include_orphans=include_orphans,
        width=width,
        today=date.today(),
        candidates=tuple(candidate or ()),
        substitutions=substitutions,
        baseline=baseline,
        waivers=not no_waivers,
        rules=tuple(own_rules or ()),
        sarif_all=sarif_all,
        certificates=certificates,
        cache=None if cache == "off" else Path(cache),
        jobs=jobs,
    )
    _run(context, lambda around: audit_paths(with_targets(given, format_ or (), output or ()), org or (), around, run))


@app.command("collect")
def _collect(
    context: typer.Context,
    region: Annotated[str, typer.Option("--region", metavar="DOMAIN", help="For example mypurecloud.de.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write, new or empty.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on in a folder of an earlier run.")] = False,
    rate: Annotated[float, typer.Option("--rate", min=0.1, max=20, help="Requests a second, at most.")] = 4,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="KIND", help="Only these kinds, with commas or repeated.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Read a live organisation into a folder for `audit`; nothing is changed there.

    Logs in with the OAuth client in GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET.
    """
    from auditor.cli.collect import CollectRequest, collect, real_rim

    kinds = tuple(word for words in only or () for word in words.split(",") if word)
    request = CollectRequest(region, out, resume, rate, kinds, quiet)
    _run(context, lambda around: collect(request, around, real_rim()))


@app.command("consent-points")
def _consent_points(
    context: typer.Context,
    paths: Paths,
    policy: PolicyFile = None,
    substitutions: Substitutions = None,
    own_rules: RuleFolders = None,
    format_: Annotated[
        PointFormat, typer.Option("--format", help="A table, or entries for the policy file.")
    ] = PointFormat.TABLE,
    width: Width = None,
) -> None:
    """List where callers are asked about recording, and what each answer means."""
    from auditor.cli.consent_points import consent_points
    from auditor.cli.views import ViewRequest

    request = ViewRequest(
        tuple(paths), policy, format_.value, None, width, date.today(), substitutions, tuple(own_rules or ())
    )
    _run(context, lambda around: consent_points(request, around))


@app.command("init")
def _init(
    context: typer.Context,
    paths: Paths,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="File to write; default: auditor.toml where audits of PATH find it."
        ),
    ] = None,
    substitutions: Substitutions = None,
) -> None:
    """Write a commented policy file made from an export."""
    from auditor.cli.consent_points import init

    _run(context, lambda around: init(paths, output, around, substitutions))


@app.command("schema")
def _schema(
    context: typer.Context,
    name: Annotated[SchemaName, typer.Argument(help="Whose form.")],
) -> None:
    """Print the JSON Schema of reports, rules or policy files."""
    from auditor.cli.explain import schema

    _run(context, lambda around: schema(name.value, around))


@policies.command("show")
def _policy_show(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Of which paths.", exists=True, show_default="the current folder"),
    ] = None,
    policy: PolicyFile = None,
    own_rules: RuleFolders = None,
) -> None:
    """Print each setting in effect and where it comes from."""
    from auditor.cli.policy import show

    _run(context, lambda around: show(paths or [Path()], policy, date.today(), around, own_rules or ()))
