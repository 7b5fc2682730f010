"""`auditor matrix`, `auditor inventory`, `auditor paths`: what an export holds and where its calls can go."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor import __version__
from auditor.cli.around import WHAT_TO_GIVE, Around
from auditor.cli.output import check_target, write_whole
from auditor.cli.pipeline import Prepared, load_organisation, prepare
from auditor.cli.progress import Progress
from auditor.errors import ExitCode
from auditor.report.options import ReportOptions
from auditor.report.text import place, safe

if TYPE_CHECKING:
    from auditor.analysis.analysis import Analysis
    from auditor.audit import Questions
    from auditor.graph.program import Program
    from auditor.model.organisation import Organisation

T = TypeVar("T")


class ViewRequest(Struct, frozen=True):
    """The options that the views share, see AuditRequest. today: the day whose modes hold."""

    paths: tuple[Path, ...]
    policy: Path | None = None
    format: str = "table"
    output: Path | None = None
    width: int | None = None
    today: date = date.max
    substitutions: Path | None = None
    rules: tuple[Path, ...] = ()


class Loaded(Struct, frozen=True):
    """An organisation, ready to be looked at."""

    prepared: Prepared
    program: Program
    questions: Questions

    @property
    def organisation(self) -> Organisation:
        """What was loaded."""
        return self.program.organisation


def matrix(request: ViewRequest, around: Around) -> int:
    """Print what happens to the caller, by number and line."""
    from auditor.audit import judge
    from auditor.report.matrix import FORMATS
    from auditor.views.matrix import matrix as made

    if request.output is not None:
        check_target(request.output)
    loaded = load_for(request, around)
    prepared = loaded.prepared
    found = judge(loaded.program, loaded.questions, prepared.rules, prepared.policy, prepared.options)
    rows = made(found)
    _write(request, around, FORMATS[request.format](rows, _options(request, around)))
    return completeness(loaded.organisation, around, nothing=not rows.rows)


def inventory(request: ViewRequest, around: Around) -> int:
    """Print what there is that decides about recording."""
    from auditor.policy.assumptions import assumption_values
    from auditor.report.inventory import FORMATS
    from auditor.views.inventory import inventory as made

    if request.output is not None:
        check_target(request.output)
    loaded = load_for(request, around)
    prepared = loaded.prepared
    assumptions = dict(assumption_values(prepared.options.assumptions, prepared.policy))
    items = placed(made(loaded.program, loaded.questions.points, assumptions))
    _write(request, around, FORMATS[request.format](items, _options(request, around)))
    return completeness(loaded.organisation, around, nothing=items.empty)


def paths(request: ViewRequest, begin: str | None, goal: str, most: int, around: Around) -> int:
    """Print the shortest runs to an object. begin: an entry by name or number, None for any."""
    from auditor.report.runs import paths_text
    from auditor.views.finding import not_understood, usual_ways, ways_named
    from auditor.views.paths import Paths
    from auditor.views.targets import target_named

    if request.output is not None:
        check_target(request.output)
    loaded = load_for(request, around, include_orphans=True)
    analysis = explored(loaded, every_point=True)
    target = target_named(analysis, goal)
    ways = usual_ways(analysis) if begin is None else ways_named(analysis, begin)
    found = placed(Paths(analysis).find(ways, target, most))
    words = f'"{goal}" ({" or ".join(target.meant)})'
    text = paths_text(found, words, around.width(request.width), doubt=not_understood(analysis, ways))
    _write(request, around, text)
    return completeness(loaded.organisation, around, nothing=not analysis.cases)


def load_for(request: ViewRequest, around: Around, *, include_orphans: bool = False) -> Loaded:
    """Load the paths and find the questions about recording."""
    from auditor.audit import find_questions
    from auditor.graph.program import Program

    # Mistakes in policy and shipped data are told before minutes of loading.
    prepared = prepare(request.paths, request.policy, request.today, include_orphans=include_orphans, own=request.rules)
    progress = Progress(around)
    try:
        program = Program(load_organisation(request.paths, progress, substitutions=request.substitutions))
        questions = find_questions(program, prepared.policy, prepared.options.vocabulary)
    finally:
        progress.clear()
    return Loaded(prepared, program, questions)


def explored(loaded: Loaded, *, every_point: bool = False) -> Analysis:
    """The analysis, in which entries are explored when they are looked at. every_point: also where nothing happens."""
    from auditor.audit import explore

    prepared = loaded.prepared
    options = replace(prepared.options, passing=not every_point)
    return explore(loaded.program, loaded.questions, prepared.rules, prepared.policy, options)


def placed(value: T) -> T:
    """The value with lines for places in JSON files."""
    from auditor.loading.positions import with_lines
    from auditor.views.places import locations_in, with_places

    return with_places(value, with_lines(set(locations_in(value))))


def _options(request: ViewRequest, around: Around) -> ReportOptions:
    return ReportOptions(exit_code=0, version=__version__, width=around.width(request.width))


def _write(request: ViewRequest, around: Around, text: str) -> None:
    if request.output is None:
        around.emit(text)
    else:
        write_whole(request.output, text)
        around.say(f"auditor: written to {request.output}")


def completeness(organisation: Organisation, around: Around, *, nothing: bool) -> int:
    """5 when a file was not understood, 4 when there is nothing to show (both said in words), else 0."""
    unread = [problem for problem in organisation.problems if problem.unread]
    for problem in unread:
        around.say(f"auditor: {problem.code} {safe(problem.message)} ({place(problem.location)})")
    if unread:
        return ExitCode.INCOMPLETE
    if nothing:
        around.say("auditor: there is nothing to look at here.")
        around.say(WHAT_TO_GIVE)
        return ExitCode.NOTHING
    return ExitCode.CLEAN
