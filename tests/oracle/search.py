"""The search engine of auditor, asked the same question as the oracle."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint, PlaceKey
from auditor.audit import Questions, audit_with
from auditor.findings import Audit
from auditor.graph.program import Program
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.assumptions import Assumption
from auditor.model.flows import Menu
from auditor.model.operations import CollectInput, Play
from auditor.model.organisation import Organisation
from auditor.model.policy import Mode, Policy
from auditor.model.rules import RuleSet
from auditor.model.sites import action_sites
from auditor.policy.options import AuditOptions
from tests.oracle.interpret import Found, Options, OracleResult, Verdict
from tests.oracle.program import speaks_of_recording


@cache
def _shipped() -> tuple[RuleSet, tuple[Assumption, ...]]:
    return read_rules(), read_assumptions()


def audit(
    organisation: Organisation,
    points: tuple[ConsentPoint, ...],
    options: Options,
    *,
    values: bool = True,
    passing: bool = True,
) -> Audit:
    """The audit of the search engine, with the same consent points, mode and entries."""
    rules, assumptions = _shipped()
    # No words are read here: consent points and announcements are given.
    words = cast(Any, None)
    wanted = AuditOptions(assumptions, words, include_orphans=options.orphans, values=values, passing=passing)
    policy = replace(Policy(), default_mode=Mode(options.mode), default_mode_set=True)
    questions = Questions(points, announcements(organisation))
    return audit_with(Program(organisation), questions, rules, policy, wanted)


def announcements(organisation: Organisation) -> frozenset[PlaceKey]:
    """Audio and questions that speak of recording."""
    found: set[PlaceKey] = set()
    for index, flow in enumerate(organisation.flows):
        for container in flow.containers:
            if isinstance(container, Menu) and speaks_of_recording(container.audio):
                found.add(PlaceKey(index, container.id, None))
        for site in action_sites(flow):
            operation = site.action.operation
            if isinstance(operation, Play | CollectInput) and speaks_of_recording(operation.audio):
                found.add(PlaceKey(index, site.container.id, site.number))
    return frozenset(found)


def result_of(report: Audit) -> OracleResult:
    """The audit in the words of the oracle."""
    findings = frozenset(
        Found(f.rule, f.subject.kind, f.subject.name, not f.possible, f.latent)
        for f in report.findings
        if f.rule.startswith(("RC", "RN"))
    )
    verdicts = {
        (v.entry.kind, v.entry.name, v.leg.direction, v.leg.line, v.leg.gate, tuple(sorted(v.leg.trunks))): Verdict(
            v.verdict.value, v.effect.value
        )
        for v in report.verdicts
    }
    return OracleResult(findings, verdicts)
