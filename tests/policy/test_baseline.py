from __future__ import annotations

from msgspec.structs import replace

from auditor.findings import Severity
from auditor.policy.baseline import baseline_of, compared, pruned
from tests.builders import CLEAN, FINDING, POSSIBLE, WAIVED

AUDIT = replace(CLEAN, findings=(FINDING, POSSIBLE, WAIVED))


def test_known_findings_do_not_count_and_new_ones_do() -> None:
    found = compared(AUDIT, baseline_of((FINDING,)))
    assert [f.baselined for f in found.audit.findings] == [True, False, False]
    assert (found.fixed, found.worse, found.notes) == ((), (), ())


def test_places_messages_and_paths_are_no_part_of_the_identity() -> None:
    moved = replace(FINDING, location=replace(FINDING.location, file="moved/x.yaml", line=7), message="other words")
    assert compared(replace(AUDIT, findings=(moved,)), baseline_of((FINDING,))).audit.findings[0].baselined


def test_what_became_more_severe_counts() -> None:
    mild = replace(FINDING, severity=Severity.LOW, latent=True)
    found = compared(AUDIT, baseline_of((mild,)))
    assert not found.audit.findings[0].baselined
    assert found.worse == (FINDING,)
    assert "more severe (critical) than in the baseline" in found.notes[0]
    assert compared(replace(AUDIT, findings=(mild,)), baseline_of((FINDING,))).audit.findings[0].baselined


def test_what_is_fixed_is_said_and_can_be_pruned() -> None:
    baseline = baseline_of((FINDING, POSSIBLE))
    found = compared(replace(AUDIT, findings=(FINDING,)), baseline)
    assert [row.rule for row in found.fixed] == ["RN201"]
    assert found.audit.notes[-1] == 'RN201 of action "Transfer to ACD" in flow "Main" of the baseline is fixed'
    assert pruned(baseline, found.fixed) == baseline_of((FINDING,))


def test_a_baseline_does_not_depend_on_the_order() -> None:
    assert baseline_of((FINDING, POSSIBLE)) == baseline_of((POSSIBLE, FINDING))


def test_rows_stand_in_the_order_of_flows_and_names() -> None:
    subjects = (("A", "z"), ("A", "b"), ("B", "a"), (None, "x"))
    findings = [replace(FINDING, subject=replace(FINDING.subject, flow=f, name=n)) for f, n in subjects]
    rows = baseline_of(findings).rows
    assert [(row.flow, row.name) for row in rows] == [(None, "x"), ("A", "b"), ("A", "z"), ("B", "a")]
