"""The real pipeline: load, read rules and policy, audit. Everything heavy is imported here, when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from auditor.cli.audit import AuditRequest, Outcome
from auditor.cli.policy import policy_for
from auditor.cli.progress import Progress
from auditor.findings import NO_RULES, Audit, Severity
from auditor.report.formats import DETAILED
from auditor.sharing import NOBODY, Hands

if TYPE_CHECKING:
    from auditor.cli.recalling import Place
    from auditor.cli.remembering import Memories
    from auditor.loading.many_files import Memory
    from auditor.model.baseline import Baseline
    from auditor.model.organisation import Organisation
    from auditor.model.policy import Policy
    from auditor.model.rules import RuleSet
    from auditor.policy.options import AuditOptions


class Prepared(Struct, frozen=True):
    """What an audit needs besides the organisation."""

    policy: Policy
    rules: RuleSet
    options: AuditOptions


def prepare(
    paths: Sequence[Path], given: Path | None, today: date, *, include_orphans: bool = False, own: Sequence[Path] = ()
) -> Prepared:  # fmt: skip
    """The policy given, or found above the paths, or the defaults, with the rules and tables that it changes."""
    return prepared_for(policy_for(paths, given, own), today, include_orphans=include_orphans, own=own)


def prepared_for(
    policy: Policy, today: date, *, include_orphans: bool = False, own: Sequence[Path] = ()
) -> Prepared:  # fmt: skip
    """The same for a policy that was read."""
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions, read_jurisdictions
    from auditor.loading.vocabulary import read_vocabulary
    from auditor.policy.effective import effective_rules
    from auditor.policy.options import AuditOptions

    options = AuditOptions(
        assumptions=read_assumptions(checked=False),
        vocabulary=read_vocabulary(additions=policy.vocabulary, checked=False),
        jurisdictions=read_jurisdictions(checked=False),
        today=today,
        include_orphans=include_orphans,
    )
    return Prepared(policy, effective_rules(read_rules(checked=False, own=own), policy), options)


def load_organisation(
    paths: Sequence[Path],
    progress: Progress,
    *,
    candidates: Sequence[Path] = (),
    substitutions: Path | None = None,
    hands: Hands = NOBODY,
    memory: Memory | None = None,
) -> Organisation:
    """What the paths hold. candidates: what replaces it; substitutions: file with texts for the templates of flows;

    hands: who helps; memory: what files gave before.
    """
    from auditor.loading.load import load
    from auditor.loading.substitutions import read_substitutions

    texts = read_substitutions(substitutions) if substitutions else {}
    return load(paths, candidates=candidates, substitutions=texts, progress=progress, hands=hands, memory=memory)


def run(request: AuditRequest, progress: Progress) -> Outcome:
    """Load the paths and judge them under the policy given, or found above them, or the defaults."""
    from auditor.loading.limits import limited

    with limited(request.limits):
        return _run(request, progress)


def _run(request: AuditRequest, progress: Progress) -> Outcome:
    from auditor.cli.gate import baseline_for
    from auditor.cli.recalling import place_of

    baseline = baseline_for(request)
    # Certificates are made of the organisation, which a cache does not give.
    cached = request.cache is not None and request.certificates is None
    place = place_of(request.cache, request) if cached and request.cache is not None else None
    audit = place.recall(request.today) if place is not None else None
    return _worked_out(request, place, baseline, progress) if audit is None else _recalled(request, audit, baseline)


def _recalled(request: AuditRequest, audit: Audit, baseline: Baseline | None) -> Outcome:
    """An audit from the cache. Rules and assumptions are read for reports that show them only."""
    from auditor.report.formats import RULED

    policy = policy_for(request.paths, request.policy, request.rules, checked=False)
    formats = {target.format for target in request.targets}
    if formats.isdisjoint((*RULED, *DETAILED)) and not policy.waivers:
        return _settled(request, Outcome(audit), policy, NO_RULES, baseline)
    prepared = prepared_for(policy, request.today, include_orphans=request.include_orphans, own=request.rules)
    assumed = prepared.options.assumptions if not formats.isdisjoint(DETAILED) else ()
    audit = replace(audit, rules=prepared.rules, assumed=assumed)
    return _settled(request, Outcome(audit), policy, prepared.rules, baseline)


def _worked_out(request: AuditRequest, place: Place | None, baseline: Baseline | None, progress: Progress) -> Outcome:
    from auditor.cli.remembering import Memories, remembered

    # Policy and shipped data come first: a mistake in them is told before minutes of loading.
    prepared = prepare(
        request.paths, request.policy, request.today, include_orphans=request.include_orphans, own=request.rules
    )
    details = any(target.format in DETAILED for target in request.targets)
    detailed = replace(prepared, options=replace(prepared.options, details=details, progress=progress))
    work = partial(_audited, request, detailed, progress)
    outcome = work(Memories()) if place is None else remembered(place, request, prepared.policy, work)
    return replace(_settled(request, outcome, prepared.policy, prepared.rules, baseline), prepared=prepared)


def _settled(
    request: AuditRequest, outcome: Outcome, policy: Policy, rules: RuleSet, baseline: Baseline | None
) -> Outcome:
    """The outcome with waivers, baseline and threshold."""
    from auditor.cli.gate import settled

    audit, remarks = settled(outcome.audit, request, policy, rules, baseline)
    threshold = Severity[policy.fail_on.upper()] if policy.fail_on else None
    return replace(outcome, audit=audit, fail_on=threshold, remarks=remarks)


def _audited(request: AuditRequest, prepared: Prepared, progress: Progress, memories: Memories) -> Outcome:
    """The audit before waivers and baseline."""
    from auditor.audit import run_audit
    from auditor.cli.jobs import hands
    from auditor.loading.positions import with_lines
    from auditor.policy.locating import locations_of, relocated

    helping = hands(request.jobs)
    organisation = load_organisation(
        request.paths,
        progress,
        candidates=request.candidates,
        substitutions=request.substitutions,
        hands=helping,
        memory=memories.readings,
    )
    options = replace(prepared.options, hands=helping, memory=memories.explorations, heard=memories.hearings)
    audit = run_audit(organisation, prepared.rules, prepared.policy, options)
    audit = relocated(audit, with_lines(locations_of(audit), {file.path: file.sha256 for file in audit.inputs}))
    return Outcome(audit, organisation=organisation)
