from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from auditor.errors import PolicyError
from auditor.findings import Audit
from auditor.loading.toml_shape import did_you_mean
from auditor.model.policy import WaiverRow
from auditor.model.rules import Example, Rule, RuleSet
from auditor.policy.waivers import Waived, waive
from tests.builders import CLEAN, FINDING, POSSIBLE

TODAY = date(2030, 5, 1)
ELSEWHERE = replace(FINDING, subject=replace(FINDING.subject, flow="Night"))
AUDIT = replace(CLEAN, findings=(FINDING, POSSIBLE))
ROW = WaiverRow("agreed", "Compliance", date(2031, 1, 1), rule="RC103", object=FINDING.subject.name, place="p:1")

NO_RULES = RuleSet(())


def rule(code: str) -> Rule:
    return Rule(code, "x", "high", (), (), (), "", "", (), Example("", ""), (), (), mandatory=True)


def waived(*rows: WaiverRow, audit: Audit = AUDIT, rules: RuleSet = NO_RULES, today: date = TODAY) -> Waived:
    return waive(audit, rows, rules, today, did_you_mean)


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        replace(ROW, object=FINDING.subject.id),
        replace(ROW, flow="Main"),
        replace(ROW, rule=None, object=None, fingerprint=FINDING.fingerprint),
    ],
)
def test_a_waiver_names_its_finding_in_several_ways_and_no_other(row: WaiverRow) -> None:
    findings = waived(row).audit.findings
    assert [f.counts for f in findings] == [False, True]
    accepted = findings[0].waived
    assert accepted is not None
    assert (accepted.reason, accepted.owner, accepted.expires) == ("agreed", "Compliance", "2031-01-01")


@pytest.mark.parametrize(
    ("expires", "counts", "note"),
    [
        (date(2030, 4, 30), True, "expired on 2030-04-30: the finding counts again"),
        (date(2030, 5, 1), False, "expires today (2030-05-01)"),
        (date(2030, 5, 2), False, "expires tomorrow"),
        (date(2030, 5, 31), False, "expires in 30 days"),
        (date(2030, 6, 1), False, ""),
    ],
)
def test_a_waiver_ends_and_is_mentioned_before(expires: date, counts: bool, note: str) -> None:
    found = waived(replace(ROW, expires=expires))
    assert found.audit.findings[0].counts is counts
    assert len(found.notes) == bool(note)
    assert all(note in text for text in found.notes)
    assert found.audit.notes == (*AUDIT.notes, *found.notes)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (replace(ROW, object="Enable Participant Recordin"), 'did you mean "Enable Participant Recording"?'),
        (replace(ROW, rule="RC102"), "it has findings of RC103"),
        (replace(ROW, flow="Mian"), 'did you mean "Main"?'),
        (replace(ROW, rule=None, object=None, fingerprint=FINDING.fingerprint[:-1] + "x"), FINDING.fingerprint),
        (replace(ROW, object="nothing like it"), "fits no finding; if it is fixed, take the waiver out"),
        (replace(ROW, object="nothing like it", expires=date(2020, 1, 1)), "fits no finding"),
    ],
)
def test_a_waiver_that_fits_nothing_is_a_mistake(row: WaiverRow, told: str) -> None:
    with pytest.raises(PolicyError) as caught:
        waived(row, replace(row, place="p:9"))
    first, second = caught.value.details
    assert first.startswith("p:1: ")
    assert told in first
    assert second.startswith("p:9: ")


def test_one_name_in_two_flows_needs_the_flow() -> None:
    both = replace(AUDIT, findings=(FINDING, ELSEWHERE))
    with pytest.raises(PolicyError) as caught:
        waived(ROW, audit=both)
    assert "say in which flow (Main, Night)" in caught.value.details[0]
    assert [f.counts for f in waived(replace(ROW, flow="Night"), audit=both).audit.findings] == [True, False]


def test_a_mandatory_rule_is_not_waived_by_fingerprint_either() -> None:
    row = replace(ROW, rule=None, object=None, fingerprint=FINDING.fingerprint)
    with pytest.raises(PolicyError) as caught:
        waived(row, rules=RuleSet((rule("RC103"),)))
    assert caught.value.details == ("p:1: RC103 is mandatory and cannot be waived",)
