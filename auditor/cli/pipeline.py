"""The real pipeline: load, read rules and policy, audit. Everything heavy is imported here, when it is needed."""

from __future__ import annotations

from auditor.cli.audit import AuditRequest, Outcome
from auditor.cli.policy import policy_for
from auditor.cli.progress import Progress
from auditor.findings import Severity


def run(request: AuditRequest, progress: Progress) -> Outcome:
    """Load the paths and judge them under the policy given, or found above them, or the defaults."""
    from auditor.audit import AuditOptions, run_audit
    from auditor.loading.load import load
    from auditor.loading.positions import with_lines
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions, read_jurisdictions
    from auditor.loading.vocabulary import read_vocabulary
    from auditor.policy.effective import effective_rules
    from auditor.policy.locating import locations_of, relocated

    # Policy and shipped data come first: a mistake in them is told before minutes of loading.
    policy = policy_for(request.paths, request.policy)
    rules = effective_rules(read_rules(), policy)
    options = AuditOptions(
        assumptions=read_assumptions(checked=False),
        vocabulary=read_vocabulary(additions=policy.vocabulary, checked=False),
        jurisdictions=read_jurisdictions(checked=False),
        today=request.today,
        include_orphans=request.include_orphans,
    )
    organisation = load(request.paths, progress=progress)
    audit = run_audit(organisation, rules, policy, options)
    audit = relocated(audit, with_lines(locations_of(audit)))
    return Outcome(audit, Severity[policy.fail_on.upper()] if policy.fail_on else None)
