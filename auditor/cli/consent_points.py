"""`auditor consent-points` and `auditor init`: which questions were recognised, and a policy file that pins them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from auditor.cli.around import Around
from auditor.cli.output import check_target, write_whole
from auditor.cli.pipeline import load_organisation
from auditor.cli.policy import policy_for, shown
from auditor.cli.progress import Progress
from auditor.cli.views import ViewRequest
from auditor.errors import ExitCode, UsageError
from auditor.report.text import counted, place, safe, safe_toml

if TYPE_CHECKING:
    from auditor.analysis.consent import ConsentPoint
    from auditor.model.organisation import Organisation
    from auditor.model.policy import Policy


class Recognised(Struct, frozen=True):
    """The consent points of an organisation."""

    organisation: Organisation
    points: tuple[ConsentPoint, ...]


def consent_points(request: ViewRequest, around: Around) -> int:
    """Print every consent point, as a table or as entries for the policy file."""
    from auditor.report.consent_points import to_table, to_toml

    policy = policy_for(request.paths, request.policy, request.rules)
    found = _recognised(request.paths, policy, request.substitutions, around)
    if request.format == "toml":
        around.emit(safe_toml(to_toml(found.points, found.organisation)))
    else:
        around.emit(to_table(found.points, found.organisation, around.width(request.width)))
    return _completeness(found.organisation, around)


def init(paths: Sequence[Path], given: Path | None, around: Around, substitutions: Path | None = None) -> int:
    """Write a commented policy file made from an export; a file that exists is left alone. given: where to."""
    from auditor.loading.policy_file import find_policy, place_for_policy
    from auditor.model.policy import Policy
    from auditor.policy.init import FoundRoute, init_policy
    from auditor.report.consent_points import found_points

    output = (given or place_for_policy(paths)).absolute()
    if output.exists():
        raise UsageError(f"{shown(output)} exists already.", hint="Move it away, or name another file with --output.")
    check_target(output)
    found = _recognised(paths, Policy(), substitutions, around)
    organisation = found.organisation
    code = _completeness(organisation, around)
    if code == ExitCode.NOTHING:
        return code
    trunks = [trunk.name for trunk in organisation.trunk_bases if trunk.type == "EXTERNAL"]
    routes = [FoundRoute(route.name, route.dnis) for route in organisation.routes]
    text = init_policy(found_points(found.points, organisation), trunks, routes)
    write_whole(output, safe_toml(text))
    around.say(f"auditor: {shown(output)} written with {counted(len(found.points), 'consent point')}.")
    same = find_policy(paths) == output
    use = "Audits of the same paths use it." if same else f"Use it with --policy {shown(output)}."
    around.say(f"Check what grants. {use}")
    return code


def _recognised(paths: Sequence[Path], policy: Policy, substitutions: Path | None, around: Around) -> Recognised:
    from auditor.audit import find_questions
    from auditor.graph.program import Program
    from auditor.loading.vocabulary import read_vocabulary

    vocabulary = read_vocabulary(additions=policy.vocabulary, checked=False)
    progress = Progress(around)
    try:
        organisation = load_organisation(paths, progress, substitutions=substitutions)
        questions = find_questions(Program(organisation), policy, vocabulary)
    finally:
        progress.clear()
    return Recognised(organisation, questions.points)


def _completeness(organisation: Organisation, around: Around) -> int:
    """4 without any flow, 5 when a file was not understood (both said in words), else 0."""
    from auditor.report.shapes import unreadable

    unread = unreadable(organisation)
    for problem in unread:
        around.say(f"auditor: {problem.code} {safe(problem.message)} ({place(problem.location)})")
    if unread:
        return ExitCode.INCOMPLETE
    if not organisation.flows:
        around.say("auditor: there are no flows here, so nothing can ask for consent.")
        return ExitCode.NOTHING
    return ExitCode.CLEAN
