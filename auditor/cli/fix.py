"""`auditor fix`: the smallest set of edits that clears findings, verified, as words and as files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from auditor import __version__
from auditor.cli.around import Around
from auditor.cli.changing import ChangeRequest, Loaded, loaded, with_overlays
from auditor.cli.output import check_folder, write_whole
from auditor.cli.progress import Progress
from auditor.errors import AuditorError, EnvironmentFault, ExitCode, UsageError
from auditor.report.options import ReportOptions

if TYPE_CHECKING:
    from auditor.fixing.search import Fixed
    from auditor.loading.overlay import Overlay
    from auditor.report.fix import FixReport

OVERLAY, PATCH, INSTRUCTIONS = "overlay", "flows.patch", "instructions.md"


class _Written(Struct, frozen=True):
    """What is in the output folder. left: edits that are not."""

    text: str = ""
    left: tuple[str, ...] = ()


def fix(request: ChangeRequest, rules: Sequence[str], output: Path | None, around: Around) -> int:
    """Search, verify, print, write; 0 when all is cleared, 1 when something stays, 4 when there is nothing to audit."""
    _check(rules, request.rules)
    if output is not None:
        check_folder(output, "--output")
    progress = Progress(around, quiet=request.quiet)
    try:
        base = loaded(request, progress)
        found = _search(base, rules, progress)
        written = _Written() if output is None else _write(base, found, output, request, progress)
        report = _report(base, found, rules, written)
    finally:
        progress.clear()
    code = _code(found, report)
    _print(report, code, request, output, around)
    return code


def _check(rules: Sequence[str], own: Sequence[Path]) -> None:
    from auditor.loading.rules import rule_codes
    from auditor.loading.toml_shape import did_you_mean

    known = [code for code in rule_codes(own=own) if code.startswith("RC")]
    for code in rules:
        if code not in known:
            raise UsageError(
                f'--rule "{code}" is no rule that can be fixed{did_you_mean(code, known)}.',
                hint=f"Rules: {', '.join(known)}.",
            )


def _search(base: Loaded, rules: Sequence[str], progress: Progress) -> Fixed:
    from auditor.audit import find_questions
    from auditor.fixing.search import Search
    from auditor.fixing.world import World
    from auditor.graph.program import Program
    from auditor.policy.assumptions import assumption_values

    prepared = base.prepared
    program = Program(base.organisation)
    questions = find_questions(program, prepared.policy, prepared.options.vocabulary)
    a6 = dict(assumption_values(prepared.options.assumptions, prepared.policy)).get("A6")
    world = World(program, questions, line_first=a6 != "no")
    return Search(world, base.audit, rules, progress).run()


def _report(base: Loaded, found: Fixed, rules: Sequence[str], written: _Written) -> FixReport:
    from auditor.editing.apply import apply
    from auditor.editing.plan import parts
    from auditor.policy.differences import differences
    from auditor.policy.effects_of_change import answers
    from auditor.policy.snapshots import finding_line
    from auditor.report.fix import FixReport

    before = base.snapshot(base.organisation)
    after = base.snapshot(apply(base.organisation, found.edits))
    return FixReport(
        parts=parts(found.chosen, lambda kind, id: _name(base, found, kind, id)),
        wanted=sum(f.rule in rules if rules else f.rule.startswith("RC") for f in found.before.findings),
        open=tuple(finding_line(finding) for finding in found.open),
        answers=answers(differences(before, after)),
        audits=found.audits,
        written=written.text,
        left=written.left,
    )


def _name(base: Loaded, found: Fixed, kind: str, id: str) -> str:
    from auditor.editing.edits import SetSetting

    if kind == "flow":
        return base.organisation.flows[int(id)].name
    return next(e.name for e in found.edits if isinstance(e, SetSetting) and (e.kind, e.id) == (kind, id))


def _code(found: Fixed, report: FixReport) -> int:
    audit = found.before
    if not audit.verdicts and not audit.coverage.flows and not audit.problems:
        return ExitCode.NOTHING
    return ExitCode.FINDINGS if report.open else ExitCode.CLEAN


def _print(report: FixReport, code: int, request: ChangeRequest, output: Path | None, around: Around) -> None:
    from auditor.report.fix import FORMATS, fix_instructions

    options = ReportOptions(code, __version__, around.width(request.width))
    if output is not None and report.parts:
        write_whole(output / INSTRUCTIONS, fix_instructions(report, options))
    around.emit(FORMATS[request.format](report, options))
    if code == ExitCode.NOTHING:
        around.say(f"auditor: nothing to audit in {', '.join(str(path) for path in request.paths)}")


def _write(base: Loaded, found: Fixed, output: Path, request: ChangeRequest, progress: Progress) -> _Written:
    """The overlay and the patch; what they hold is loaded and audited once more."""
    from auditor.loading.overlay import overlay

    if not found.edits:
        return _Written()
    made = overlay(base.organisation, found.edits)
    _files(made, output)
    if made.files and not made.left:
        _confirm(base, found, output, request, progress)
        return _Written(f"Written to {output}: {OVERLAY}/ (audited once more: the same), {INSTRUCTIONS}{_patch(made)}.")
    return _Written(f"Written to {output}: {OVERLAY}/ (in part), {INSTRUCTIONS}{_patch(made)}.", made.left)


def _patch(made: Overlay) -> str:
    return f", {PATCH}" if any(file.old is not None for file in made.files) else ""


def _files(made: Overlay, output: Path) -> None:
    differences: list[str] = []
    try:
        for file in made.files:
            path = output / OVERLAY / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, file.text)
            if file.old is not None:
                differences += _unified(file.old, file.text, file.path)
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{output} cannot be written: {error.strerror}.") from error
    if differences:
        write_whole(output / PATCH, "".join(differences))


def _unified(old: str, new: str, path: str) -> list[str]:
    # A tab ends a name in which there are spaces: else `patch` takes its first word for the whole.
    end = "\t" if " " in path else ""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}{end}", f"b/{path}{end}"
    )
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]


def _confirm(base: Loaded, found: Fixed, output: Path, request: ChangeRequest, progress: Progress) -> None:
    """The overlay must do what was verified."""
    from auditor.editing.apply import apply
    from auditor.policy.differences import differences

    expected = base.snapshot(apply(base.organisation, found.edits))
    found_again = base.snapshot(with_overlays(request, [output / OVERLAY], progress))
    if not differences(expected, found_again).same:
        raise AuditorError(
            f"The overlay in {output} does not do what was verified.",
            hint="Follow the instructions instead, and please report this fault of the tool.",
        )
