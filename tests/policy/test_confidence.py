"""How sure a finding is, and which of the other runs is fine."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from auditor.audit import run_audit
from auditor.findings import Confidence, Finding
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.policy.locating import locations_of, relocated
from auditor.policy.options import AuditOptions
from tests.analysis.flows_in_words import VOCABULARY, act, actions_flow, ask, decide, enable, flow, say, task

CASES = Path(__file__).resolve().parents[2] / "fixtures" / "cases"
END = act("disconnect", "End")
OPTIONS = AuditOptions(assumptions=read_assumptions(checked=False), vocabulary=VOCABULARY)


def audited(organisation: Organisation) -> dict[str, Finding]:
    """The findings by rule."""
    return {f.rule: f for f in run_audit(organisation, read_rules(checked=False), Policy(), OPTIONS).findings}


CONSENT = "Do you agree that this call is recorded? Press 1 for yes, press 2 for no."


def test_a_run_behind_a_question_known_by_structure_alone_is_no_witness_while_there_is_another() -> None:
    """Also where it is shorter."""
    export = load([CASES / "RN202-bad-nothing-records" / "export"])
    go = act("jumpToTask", "Go", targetTaskRef="/inboundCall/tasks/task[On]")
    short = [ask("{Flow.Question}"), decide('Flow.Digit == "1"', [go])]
    long = [say("Welcome."), say("Please listen."), ask(CONSENT), decide('Flow.Digit == "1"', [go])]
    asked = flow(task("Main", decide("Flow.Short", short, long), END), task("On", enable(), END))
    (old,) = export.flows
    found = audited(replace(export, flows=(replace(asked, id=old.id, name=old.name),)))["RN202"]
    assert [step.text for step in found.witness if "Flow.Short" in step.text] == ['"Check": Flow.Short is false']
    assert found.confidence is Confidence.MEDIUM


OBJECTION = "This call is recorded. Press 9 if you do not agree."


def test_the_nearest_run_that_is_fine_breaks_no_other_rule_either() -> None:
    """Key 9 comes first, but there recording is enabled too, which breaks another rule."""
    always = actions_flow(ask(OBJECTION), enable(), END)
    twin = audited(Organisation(flows=(always,)))["RC104"].twin
    assert twin is not None
    assert (twin.taken, twin.instead) == ("no input or a wrong key", "caller enters something else")


def test_the_run_that_is_fine_is_shown_at_its_lines() -> None:
    made = Organisation(flows=(actions_flow(ask(OBJECTION), enable(), END),))
    audit = run_audit(made, read_rules(checked=False), Policy(), OPTIONS)
    lines = {each: replace(each, line=7) for each in locations_of(audit)}
    (twin,) = [f.twin for f in relocated(audit, lines).findings if f.rule == "RC104"]
    assert twin is not None
    assert {step.location.line for step in twin.steps} == {7}
