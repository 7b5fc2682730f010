"""Grounds and certificates for tests: of the demonstration organisation, and of random organisations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from auditor.analysis.consent import ConsentPoint
from auditor.audit import Questions, inputs_of
from auditor.certificates.certify import Certified, certify
from auditor.certificates.form import Basis, Certificate, sum_of
from auditor.certificates.ground import Ground
from auditor.cli.audit import AuditRequest
from auditor.cli.certificates import ground_of, sources
from auditor.cli.pipeline import prepare
from auditor.findings import EntryVerdict, VerdictWord
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.assumptions import Assumption
from auditor.model.jurisdictions import Jurisdictions
from auditor.model.organisation import Organisation
from auditor.model.policy import Mode, Policy
from auditor.model.rules import RuleSet
from auditor.policy.assumptions import assumption_values
from auditor.policy.options import AuditOptions
from tests.cases import ROOT
from tests.oracle.generate import Sample
from tests.oracle.interpret import Options
from tests.oracle.search import announcements, audit

DAY = date(2031, 5, 5)
DEMO = ROOT / "fixtures" / "demo" / "organisation"


class Demo(Struct, frozen=True):
    """The demonstration organisation: what its certificates rest on, and the certificates."""

    ground: Ground
    certificates: tuple[Certificate, ...]


@cache
def demo() -> Demo:
    from auditor.audit import run_audit

    organisation = load((DEMO,))
    prepared = prepare((DEMO,), None, DAY)
    found = run_audit(organisation, prepared.rules, prepared.policy, prepared.options)
    ground = ground_of(organisation, prepared, sources(AuditRequest((DEMO,), today=DAY)))
    made = list(certify(ground, found.verdicts))
    assert not [each.fault for each in made if each.fault]
    return Demo(ground, tuple(each.certificate for each in made if each.certificate is not None))


@cache
def _shipped() -> tuple[RuleSet, tuple[Assumption, ...]]:
    return read_rules(), read_assumptions()


class Audited(Struct, frozen=True):
    """A random organisation as it was judged."""

    ground: Ground
    verdicts: Sequence[EntryVerdict]

    @property
    def certified(self) -> Iterator[Certified]:
        """What the writer makes of the proved verdicts."""
        return certify(self.ground, self.verdicts)

    @property
    def claimed(self) -> Iterator[Certified]:
        """What it makes of all the others if they are said to be proved."""
        others = [v for v in self.verdicts if v.verdict is not VerdictWord.PROVED]
        return certify(self.ground, [replace(v, verdict=VerdictWord.PROVED) for v in others])


def audited(sample: Sample, organisation: Organisation | None = None) -> Audited:
    """The audit of a sample, or of what became of it; consent points stay where they are."""
    return _audited(organisation or sample.organisation, sample.points, sample.mode, sample.orphans)


def _audited(
    organisation: Organisation, points: tuple[ConsentPoint, ...], mode: str, orphans: bool
) -> Audited:  # fmt: skip
    found = audit(organisation, points, Options(mode=mode, orphans=orphans))
    rules, assumptions = _shipped()
    policy = replace(Policy(), default_mode=Mode(mode), default_mode_set=True)
    options = AuditOptions(assumptions, cast(Any, None), include_orphans=orphans)
    inputs = inputs_of(Questions(points, announcements(organisation)), policy, options)
    values = dict(assumption_values(assumptions, policy))
    basis = Basis("0", DAY, sum_of([("export", "0")]), ("RC102",), sum_of([("rules", "0")]), None, None, values)
    ground = Ground(Program(organisation), inputs, rules, policy, Jurisdictions(), basis)
    return Audited(ground, found.verdicts)
