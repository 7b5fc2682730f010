"""The use case: an organisation, rules and a policy in; verdicts and findings out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from auditor.analysis.analysis import Analysis, Case
from auditor.analysis.basis import MOST_KEPT, Basis, Given
from auditor.analysis.consent import ConsentPoint, PlaceKey
from auditor.analysis.facts import Inputs
from auditor.analysis.observations import Observer
from auditor.analysis.points import announcements, consent_points
from auditor.analysis.points_scene import HeardBefore, Scene
from auditor.analysis.points_structure import structural_points
from auditor.analysis.rounds import Rounds
from auditor.analysis.state import Kind, Seen
from auditor.analysis.worlds import World
from auditor.errors import PolicyError
from auditor.findings import Audit, Coverage, EntryVerdict, VerdictWord
from auditor.graph.program import Program
from auditor.model.operations import Unmodelled
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.model.rules import RuleSet
from auditor.model.vocabulary import Vocabulary
from auditor.policy.assemble import Assembly
from auditor.policy.assumptions import assumption_values
from auditor.policy.entry_modes import entry_mode
from auditor.policy.judge import Judge, Judged
from auditor.policy.judgement import Judgement
from auditor.policy.modes import ModeChoice
from auditor.policy.naming import organisation_name
from auditor.policy.options import AuditOptions
from auditor.policy.pins import pins_of
from auditor.policy.quality import Quality
from auditor.policy.queues import Deletions
from auditor.policy.reading import Readings
from auditor.policy.show import show_policy
from auditor.policy.subjects import Subjects
from auditor.policy.summaries import Summaries
from auditor.policy.verdicts import Verdicts
from auditor.policy.wholes import Wholes
from auditor.sharing import NOBODY
from auditor.views.matrix import matrix


class Questions(Struct, frozen=True):
    """The consent points and announcements of an organisation."""

    points: tuple[ConsentPoint, ...]
    announcements: frozenset[PlaceKey]


def find_questions(
    program: Program, policy: Policy, vocabulary: Vocabulary, heard: HeardBefore | None = None
) -> Questions:  # fmt: skip
    """Consent points by policy file, words and structure; a declaration that fits nothing is a usage error.

    heard: what earlier audits know of words and names.
    """
    before = heard.recall(vocabulary) if heard is not None else None
    scene = Scene(program, vocabulary, before)
    found = consent_points(scene, policy.declarations)
    if found.mistakes:
        raise PolicyError(
            "the policy file names consent points that the export does not hold", details=tuple(found.mistakes)
        )
    structural = structural_points(program, found.candidates, found.points)
    questions = Questions((*found.points, *structural), announcements(scene))
    if heard is not None and (now := scene.heard) != before:
        heard.keep(vocabulary, now)
    return questions


def run_audit(organisation: Organisation, rules: RuleSet, policy: Policy, options: AuditOptions) -> Audit:
    """Audits an organisation: explores every entry, judges, and says what was not understood."""
    program = Program(organisation)
    questions = find_questions(program, policy, options.vocabulary, options.heard)
    return audit_with(program, questions, rules, policy, options)


def audit_with(
    program: Program, questions: Questions, rules: RuleSet, policy: Policy, options: AuditOptions
) -> Audit:  # fmt: skip
    """The audit with given consent points."""
    found = judge(program, questions, rules, policy, options, kept=MOST_KEPT if options.details else 0)
    organisation = program.organisation
    return Audit(
        inputs=organisation.inputs,
        coverage=_coverage(found.analysis),
        assumptions=assumption_values(options.assumptions, policy),
        verdicts=found.verdicts,
        findings=found.findings,
        problems=organisation.problems,
        incomplete=_incomplete(found.analysis, Readings(found.analysis, found.observer), found.verdicts),
        notes=_notes(found.analysis, found.judged),
        organisation=organisation_name(organisation),
        rules=rules,
        policy=_settings(rules, policy, options) if options.details else "",
        matrix=matrix(found) if options.details else None,
        assumed=options.assumptions if options.details else (),
    )


def _settings(rules: RuleSet, policy: Policy, options: AuditOptions) -> str:
    return show_policy(policy, rules, options.assumptions, options.jurisdictions, options.today)


def judge(
    program: Program,
    questions: Questions,
    rules: RuleSet,
    policy: Policy,
    options: AuditOptions,
    *,
    kept: int = MOST_KEPT,
) -> Judgement:
    """Explores every entry and judges; what it yields can be looked at from all sides. kept: see Given."""
    explored = basis(program, questions, rules, policy, options, kept=kept)
    with Rounds(explored, options.hands or NOBODY, options.memory).open() as rounds:
        return _judged(Analysis(rounds, whole=True, told=options.progress), rules, policy, options)


def _judged(analysis: Analysis, rules: RuleSet, policy: Policy, options: AuditOptions) -> Judgement:
    observer = Observer(analysis, analysis.stations)
    modes = tuple(_mode(analysis, case, policy, options) for case in analysis.cases)
    if options.progress is not None:
        options.progress("judging calls", len(analysis.cases), len(analysis.cases))
    judging = Judge(analysis, observer, rules, modes)
    judged = judging.run()
    summaries = Summaries(analysis, observer, rules, judged)
    summaries.run()
    quality, deletions = Quality(analysis, summaries), Deletions(analysis, observer, summaries)
    quality.run()
    deletions.run()
    Wholes(summaries, quality, deletions, rules).run()
    subjects = Subjects(analysis)
    findings = Assembly(analysis, judging, rules, subjects).findings()
    if options.progress is not None:
        options.progress("findings", len(findings), 0)
    verdicts = Verdicts(analysis, observer, judged, subjects, findings).all()
    return Judgement(analysis, observer, judged, subjects, tuple(findings.values()), verdicts)


def inputs_of(questions: Questions, policy: Policy, options: AuditOptions) -> Inputs:
    """What the exploration starts from, besides the organisation."""
    keeps = dict(assumption_values(options.assumptions, policy))["A11"] != "yes"
    return Inputs(questions.points, questions.announcements, options.values, keeps=keeps, passing=options.passing)


def explore(
    program: Program, questions: Questions, rules: RuleSet, policy: Policy, options: AuditOptions
) -> Analysis:  # fmt: skip
    """The analysis under a policy; what an entry shows is explored when it is asked for."""
    return Analysis(Rounds(basis(program, questions, rules, policy, options)))


def basis(
    program: Program,
    questions: Questions,
    rules: RuleSet,
    policy: Policy,
    options: AuditOptions,
    *,
    kept: int = MOST_KEPT,
) -> Basis:
    """What explorations start from. kept: see Given."""
    given = Given(
        program.organisation,
        inputs_of(questions, policy, options),
        dict(assumption_values(options.assumptions, policy)),
        include_orphans=options.include_orphans,
        include_internal=any(r.code == "RC114" and r.on for r in rules.rules),
        pins=pins_of(program.organisation, policy),
        kept=kept,
    )
    return Basis(given, program)


def _mode(analysis: Analysis, case: Case, policy: Policy, options: AuditOptions) -> ModeChoice:
    way, flows = analysis.ways[case.way], analysis.flows_of(case.way)
    return entry_mode(analysis.organisation, way, case.leg, flows, policy, options.jurisdictions, options.today)


def _coverage(analysis: Analysis) -> Coverage:
    organisation = analysis.organisation
    reached = set().union(*(analysis.points_of(w) for w in analysis.audited_ways))
    points = [analysis.program.points[p] for p in reached]
    acted = {(p.flow, p.site.number) for p in points if p.site is not None}
    unmodelled: Counter[str] = Counter()
    actions = 0
    for code in analysis.program.codes:
        actions += len(code.sites)
        for site in code.sites:
            if isinstance(site.action.operation, Unmodelled):
                unmodelled[site.action.operation.type] += 1
    return Coverage(
        objects=_objects(organisation),
        entries=len(analysis.audited_ways),
        flows=len(organisation.flows),
        flows_reached=len({p.flow for p in points}),
        actions=actions,
        actions_reached=len(acted),
        unmodelled=tuple(sorted(unmodelled.items())),
    )


def _objects(organisation: Organisation) -> tuple[tuple[str, int], ...]:
    """How many objects of each kind the export holds."""
    kinds = [name for name in organisation.__struct_fields__ if name not in ("inputs", "problems", "notes", "name")]
    return tuple((kind, len(getattr(organisation, kind))) for kind in kinds)


def _incomplete(analysis: Analysis, readings: Readings, verdicts: Sequence[EntryVerdict]) -> bool:
    """Whether exit code 5 applies (design, contracts): unknown verdicts, unread files, doubts where runs pass."""
    if any(v.verdict is VerdictWord.UNKNOWN for v in verdicts):
        return True
    problems = analysis.organisation.problems
    if any(p.unread for p in problems):
        return True
    if any(s.kind is Kind.TAINTED for c in analysis.cases for w in c.worlds for s in _first(analysis, c, w)):
        return True
    doubts = [p for p in problems if p.doubtful or p.code in ("RX902", "RX909")]
    return any(p.subject in readings.all for p in doubts)


def _first(analysis: Analysis, case: Case, world: World) -> Iterable[Seen]:
    return analysis.shown(case.way, world.regime).first


def _notes(analysis: Analysis, judged: Judged) -> tuple[str, ...]:
    """Modes other than the default with their reasons, values that were given up, emergencies that are active."""
    notes = [*analysis.organisation.notes, *sorted(analysis.widened)]
    for case, choice in zip(analysis.cases, judged.modes, strict=True):
        way = analysis.ways[case.way]
        if not choice.reason.startswith("default mode"):
            notes.append(f'{way.kind.value} "{way.name}": mode {choice.mode.value} ({choice.reason})')
        notes.extend(way.notes)
    return tuple(dict.fromkeys(notes))
