from __future__ import annotations

from msgspec.structs import replace

from auditor.findings import Asked, Audit, Matrix, Recorded, Row, Severity, VerdictWord
from auditor.model.flows import Flow, FlowType
from auditor.model.location import NOWHERE
from auditor.model.organisation import Organisation
from auditor.model.settings import UNSET
from auditor.policy.differences import Differences, differences
from auditor.policy.snapshots import snapshot
from tests.builders import CLEAN, ENTRY, FINDING, FULL, LEG, POSSIBLE, PROBLEM, PROVED, VIOLATED

NOBODY = Organisation()


def flow(id: str, name: str) -> Flow:
    return Flow(id, name, None, FlowType.INBOUND_CALL, "inboundCall", NOWHERE, None, (), UNSET)


def compare(old: Audit, new: Audit, before: Organisation = NOBODY, after: Organisation = NOBODY) -> Differences:
    return differences(snapshot(old, before), snapshot(new, after))


def test_nothing_changed() -> None:
    found = compare(FULL, FULL)
    assert found.same
    assert [pair.old == pair.new for pair in found.still] == [True] * len(FULL.findings)


def test_verdicts_are_compared_by_entry_and_trunk() -> None:
    found = compare(replace(CLEAN, verdicts=(PROVED,)), replace(CLEAN, verdicts=(VIOLATED,)))
    (change,) = found.verdicts
    assert change.old is not None and change.new is not None
    assert (change.old.verdict, change.new.verdict) == ("proved", "violated")
    assert change.trunks == ("Trunk Berlin", "Trunk Hamburg")


def test_another_order_of_trunks_or_another_leg_for_one_of_them() -> None:
    turned = replace(PROVED, leg=replace(LEG, trunks=LEG.trunks[::-1]))
    assert compare(replace(CLEAN, verdicts=(PROVED,)), replace(CLEAN, verdicts=(turned,))).same
    berlin, hamburg = (replace(LEG, trunks=(name,)) for name in LEG.trunks)
    parted = (replace(PROVED, leg=berlin), replace(PROVED, leg=replace(hamburg, gate="off")))
    (change,) = compare(replace(CLEAN, verdicts=(PROVED,)), replace(CLEAN, verdicts=parted)).verdicts
    assert change.trunks == ("Trunk Hamburg",)


def test_an_entry_that_is_new_or_gone() -> None:
    other = replace(PROVED, entry=replace(ENTRY, name="Night", id="2"))
    found = compare(replace(CLEAN, verdicts=(PROVED,)), replace(CLEAN, verdicts=(other,)))
    assert {(p.old and p.old.entry.name, p.new and p.new.entry.name) for p in found.verdicts} == {
        ("Support", None),
        (None, "Night"),
    }


def test_a_renamed_entry_is_followed_by_its_id() -> None:
    renamed = replace(PROVED, entry=replace(ENTRY, name="Helpdesk"))
    found = compare(replace(CLEAN, verdicts=(PROVED,)), replace(CLEAN, verdicts=(renamed,)))
    assert found.verdicts == ()
    assert [(r.kind, r.old, r.new) for r in found.renames] == [("route", "Support", "Helpdesk")]


def test_a_finding_is_followed_into_a_renamed_flow() -> None:
    moved = replace(FINDING, subject=replace(FINDING.subject, flow="Principal", id=None))
    assert moved.fingerprint != FINDING.fingerprint
    old, new = (
        replace(CLEAN, findings=(each,))
        for each in (replace(FINDING, subject=replace(FINDING.subject, id=None)), moved)
    )
    before, after = (Organisation(flows=(flow("f1", name),)) for name in ("Main", "Principal"))
    found = compare(old, new, before, after)
    assert (found.new, found.fixed, len(found.still)) == ((), (), 1)
    assert compare(old, new).new and compare(old, new).fixed


def test_a_renamed_object_is_followed_by_its_id() -> None:
    old = replace(CLEAN, findings=(FINDING,))
    new = replace(CLEAN, findings=(replace(FINDING, subject=replace(FINDING.subject, name="Record")),))
    found = compare(old, new)
    assert (found.new, found.fixed) == ((), ())


def test_new_fixed_still_and_worse() -> None:
    mild = replace(POSSIBLE, severity=Severity.LOW)
    old = replace(CLEAN, findings=(FINDING, mild))
    new = replace(CLEAN, findings=(POSSIBLE, replace(FINDING, rule="RC102")))
    found = compare(old, new)
    assert [f.rule for f in found.new] == ["RC102"]
    assert [f.rule for f in found.fixed] == ["RC103"]
    assert [f.rule for f in found.worse] == ["RN201"]


def test_new_unknowns_problems_and_lost_coverage() -> None:
    unknown = replace(PROVED, verdict=VerdictWord.UNKNOWN)
    smaller = replace(CLEAN.coverage, flows_reached=0, unmodelled=(*CLEAN.coverage.unmodelled, ("newAction", 2)))
    new = replace(CLEAN, verdicts=(unknown,), problems=(PROBLEM,), coverage=smaller)
    found = compare(CLEAN, new)
    assert len(found.unknowns) == 1
    assert [p.code for p in found.problems] == ["RX906"]
    assert {(s.what, s.old, s.new) for s in found.lost} == {
        ("flows reached", 1, 0),
        ("actions without a model: newAction", 0, 2),
        ("files not understood", 0, 1),
    }
    assert compare(new, CLEAN).solved == found.problems
    assert compare(new, CLEAN).lost == ()


def test_cells_of_the_matrix() -> None:
    yes, no = Recorded.RECORDED, Recorded.NOT_RECORDED
    row = Row("+49 30 1", ENTRY, LEG, Asked.ALWAYS, yes, no, no, no, "opt_in", VerdictWord.PROVED, ())
    old = replace(CLEAN, matrix=Matrix((row,), 0))
    new = replace(CLEAN, matrix=Matrix((replace(row, refused=yes),), 0))
    found = compare(old, new)
    assert found.cells is not None
    assert [(c.cell, c.old, c.new, c.trunks) for c in found.cells] == [
        ("recorded when refused", "not_recorded", "recorded", LEG.trunks)
    ]
    assert compare(old, CLEAN).cells is None


def test_equal_names_are_paired_one_to_one() -> None:
    twice = replace(CLEAN, verdicts=(PROVED, replace(PROVED, entry=replace(ENTRY, id=None))))
    assert compare(twice, twice).verdicts == ()
    (gone,) = compare(twice, CLEAN).verdicts
    assert gone.new is None
