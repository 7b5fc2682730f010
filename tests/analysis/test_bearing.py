"""Which variables are followed while calls are explored, what is passed over, and that reports are the same without."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.analysis.basis import Basis
from auditor.audit import basis, find_questions, run_audit
from auditor.findings import Audit
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.model.expressions import Literal
from auditor.model.flows import FlowVariable
from auditor.model.operations import CallModule, CallTask
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from tests.analysis.flows_in_words import Yaml, act, call, decide, enable, flow, keep, say, task
from tests.views.looking import DEMO, exports, shipped

END = act("disconnect", "End")


def based(organisation: Organisation) -> Basis:
    program, options = Program(organisation), shipped().options
    questions = find_questions(program, Policy(), options.vocabulary)
    return basis(program, questions, shipped().rules, Policy(), options)


def followed(*actions: Yaml, others: tuple[Yaml, ...] = ()) -> set[str]:
    """The variables of a flow of these actions that are followed."""
    it = based(Organisation(flows=(flow(task("Main", *actions), *others),)))
    return {key for keys in it.explored.environment.keys.values() for key in keys}


def test_a_variable_is_followed_if_it_decides_what_is_observed() -> None:
    writes = (keep("Flow.B", "true"), keep("Flow.A", "Flow.B"), keep("Flow.C", "true"))
    assert followed(*writes, decide("Flow.A", [enable()]), END) == {"flow.a", "flow.b"}


def test_a_variable_that_only_decides_what_is_said_is_not() -> None:
    assert followed(keep("Flow.A", "true"), decide("Flow.A", [say("Yes.")], [say("No.")]), enable(), END) == set()


def test_nested_decisions_that_come_together_again_decide_nothing() -> None:
    inner = decide("Flow.B", [say("One."), say("Two.")], [say("Three.")])
    assert followed(keep("Flow.A", "true"), keep("Flow.B", "true"), decide("Flow.A", [inner]), enable(), END) == set()


def test_what_writes_a_variable_that_is_followed_decides_something() -> None:
    writes = decide("Flow.A", [keep("Flow.B", "true")])
    assert followed(keep("Flow.A", "true"), writes, decide("Flow.B", [enable()]), END) == {"flow.a", "flow.b"}


def test_whether_a_call_ends_is_decided() -> None:
    assert followed(keep("Flow.A", "true"), decide("Flow.A", [END]), enable(), END) == {"flow.a"}


def test_whether_an_answer_is_stored_is_looked_for_where_it_was_given() -> None:
    store = act(
        "setParticipantData", "Store", attributes=[{"attribute": {"name": {"lit": "X"}, "value": {"lit": "y"}}}]
    )
    assert followed(keep("Flow.A", "true"), decide("Flow.A", [store]), enable(), END) == set()


def test_what_must_be_set_to_go_on_is_followed_unless_it_always_may_be() -> None:
    actions = (keep("Flow.N", "Flow.M", "integer"), decide("Flow.N > 3", [say("Many.")]), enable(), END)
    assert "flow.n" in followed(*actions)
    plain = flow(task("Main", keep("Flow.N", "4", "integer"), *actions[1:]))
    declared = (FlowVariable("Flow.N", "integer", Literal(0, "int")),)
    it = based(Organisation(flows=(replace(plain, variables=declared),)))
    assert not any(it.explored.environment.keys.values())


def test_texts_that_differ_by_case_elsewhere_are_followed() -> None:
    actions = (keep("Flow.A", '"Yes"', "string"), decide('Flow.A == "Yes"', [say("Yes.")]), enable(), END)
    assert followed(*actions) == set()
    assert followed(keep("Flow.B", '"YES"', "string"), *actions) == {"flow.a"}


def visited(organisation: Organisation, kind: type) -> bool:
    """Whether an exploration of the flow stops at calls of this kind."""
    it = based(organisation)
    passages = it.passages(it.plain.behaviour, frozenset(range(len(organisation.flows))), whole=False)
    return any(point.id not in passages.passage for point, _ in it.program.acting(kind))


def test_a_call_in_which_nothing_happens_is_passed_over() -> None:
    quiet = task("Quiet", decide("Flow.A", [say("Yes.")], [say("No.")]), act("endTask", "Done"))
    assert not visited(Organisation(flows=(flow(task("Main", call("Quiet"), enable(), END), quiet),)), CallTask)
    loud = task("Quiet", decide("Flow.A", [enable()], [say("No.")]), act("endTask", "Done"))
    assert visited(Organisation(flows=(flow(task("Main", call("Quiet"), enable(), END), loud),)), CallTask)


def test_calls_of_calls_are_passed_over_and_calls_of_themselves_are_not() -> None:
    inner = task("Inner", say("Hello."))
    outer = task("Outer", call("Inner"), say("Again."))
    assert not visited(Organisation(flows=(flow(task("Main", call("Outer"), enable(), END), outer, inner),)), CallTask)
    turning = task("Outer", decide("Flow.A", [call("Outer")], []))
    assert visited(Organisation(flows=(flow(task("Main", call("Outer"), enable(), END), turning),)), CallTask)


def test_a_module_that_only_looks_up_is_passed_over() -> None:
    uses = act("callCommonModule", "Module", commonModule={"Module": {"ver_latestPublished": {}}})
    caller = flow(task("Main", uses, enable(), END))
    module = flow(task("Inner", say("One moment.")), name="Module", kind="commonModule")
    assert not visited(Organisation(flows=(caller, module)), CallModule)
    asking = flow(task("Inner", enable("Inner enable")), name="Module", kind="commonModule")
    assert visited(Organisation(flows=(caller, asking)), CallModule)


def told(export: Path, *, passing: bool) -> Audit:
    options = replace(shipped().options, passing=passing, include_orphans=True)
    return run_audit(load([export]), shipped().rules, Policy(), options)


@pytest.mark.properties
@pytest.mark.parametrize("export", [DEMO, *exports()[::7]], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_reports_are_the_same_with_all_variables_and_from_point_to_point(export: Path) -> None:
    short, whole = told(export, passing=True), told(export, passing=False)
    assert short.verdicts == whole.verdicts
    assert [replace(f, witness=()) for f in short.findings] == [replace(f, witness=()) for f in whole.findings]
    assert [len(f.witness) for f in short.findings] == [len(f.witness) for f in whole.findings]
