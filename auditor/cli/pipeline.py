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
from auditor.findings import Severity
from auditor.report.formats import DETAILED
from auditor.sharing import NOBODY, Hands

if TYPE_CHECKING:
    from auditor.audit import AuditOptions
    from auditor.cli.remembering import Memories
    from auditor.loading.many_files import Memory
    from auditor.model.organisation import Organisation
    from auditor.model.policy import Policy
    from auditor.model.rules import RuleSet


class Prepared(Struct, frozen=True):
    """What an audit needs besides the organisation."""

    policy: Policy
    rules: RuleSet
    options: AuditOptions


def prepare(
    paths: Sequence[Path], given: Path | None, today: date, *, include_orphans: bool = False, own: Sequence[Path] = ()
) -> Prepared:  # fmt: skip
    """The policy given, or found above the paths, or the defaults, with the rules and tables that it changes."""
    from auditor.audit import AuditOptions
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions, read_jurisdictions
    from auditor.loading.vocabulary import read_vocabulary
    from auditor.policy.effective import effective_rules

    policy = policy_for(paths, given, own)
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
    from auditor.cli.gate import baseline_for, settled
    from auditor.cli.remembering import Memories, remembered

    # Policy and shipped data come first: a mistake in them is told before minutes of loading.
    prepared = prepare(
        request.paths, request.policy, request.today, include_orphans=request.include_orphans, own=request.rules
    )
    baseline = baseline_for(request)
    details = any(target.format in DETAILED for target in request.targets)
    detailed = replace(prepared, options=replace(prepared.options, details=details, progress=progress))
    if request.cache is None or request.certificates is not None:  # these are made of the organisation
        outcome = _audited(request, detailed, progress, Memories())
    else:
        outcome = remembered(request.cache, request, detailed, partial(_audited, request, detailed, progress))
    audit, remarks = settled(outcome.audit, request, prepared, baseline)
    threshold = Severity[prepared.policy.fail_on.upper()] if prepared.policy.fail_on else None
    return replace(outcome, audit=audit, fail_on=threshold, remarks=remarks, prepared=prepared)


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
