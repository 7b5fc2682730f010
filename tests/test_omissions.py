"""Nothing that is left out of an export turns violated or unknown into proved."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from auditor.audit import run_audit
from auditor.errors import PolicyError
from auditor.findings import Audit
from auditor.loading.load import load
from auditor.loading.policy_file import read_policy
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions, read_jurisdictions
from auditor.loading.vocabulary import read_vocabulary
from auditor.policy.effective import effective_rules
from auditor.policy.options import AuditOptions
from tests.omissions import Omission, leave_out, omissions

DEMO = Path(__file__).parent.parent / "fixtures" / "demo"
EXPORT = DEMO / "organisation"
SAMPLE = 60

Verdicts = dict[tuple[str, str, str], str]


@cache
def options() -> AuditOptions:
    return AuditOptions(read_assumptions(), read_vocabulary(), read_jurisdictions())


def audited(export: Path) -> Audit:
    policy = read_policy(DEMO / "auditor.toml")
    rules = effective_rules(read_rules(), policy)
    organisation = load([export])
    try:
        return run_audit(organisation, rules, policy, options())
    except PolicyError:  # a declaration or pin names what was left out
        return run_audit(organisation, rules, replace(policy, declarations=(), pins=()), options())


def verdicts(audit: Audit) -> Verdicts:
    """Verdict by entry and trunk; a leg without trunks counts for every trunk."""
    return {
        (v.entry.kind, v.entry.name, trunk): v.verdict.value
        for v in audit.verdicts
        for trunk in (v.leg.trunks or ("",))
    }


@cache
def whole() -> Verdicts:
    return verdicts(audited(EXPORT))


NAMED_BY_NOTHING = frozenset({"emergencygroups.json"})
"""Files that no reference, manifest or total names: that they are missing cannot be noticed (semantics, section 1)."""


def chosen() -> list[Omission]:
    every = [o for o in omissions(EXPORT) if o.pointer or o.file not in NAMED_BY_NOTHING]
    if os.environ.get("AUDITOR_OMISSIONS") == "all":
        return every
    return Random(20261122).sample(every, min(SAMPLE, len(every)))


@pytest.mark.parametrize("omission", chosen(), ids=str)
def test_leaving_out_proves_nothing(omission: Omission, tmp_path: Path) -> None:
    leave_out(EXPORT, omission, tmp_path / "export")
    after = verdicts(audited(tmp_path / "export"))
    wrong = {
        key: (before, found)
        for key, before in whole().items()
        for found in (after.get(key, after.get((key[0], key[1], ""))),)
        if before != "proved" and found == "proved"
    }
    assert wrong == {}
