"""Stored consent: lookups recognised by the names of tables, columns, data actions, attributes and variables."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.analysis.consent import Answer, PointKind
from auditor.model.confidence import Confidence
from auditor.model.flows import Task
from auditor.model.operations import Lookup
from tests.analysis.flows_in_words import (
    Actions,
    Yaml,
    act,
    actions_flow,
    ask,
    call,
    decide,
    flow,
    found,
    keep,
    only,
    outcomes,
    task,
    terms,
)


def table(
    column: str = "RecordingConsent", variable: str = "Flow.A", name: str = "Read", source: str = "Callers",
    key: str = "Call.Ani", after: Actions | None = None, **more: str,
) -> Yaml:  # fmt: skip
    """A data table lookup. more: further columns and their variables; after: what runs when a row is found."""
    columns = {column: {"var": variable}, **{c: {"var": v} for c, v in more.items()}}
    return act(
        "dataTableLookup", name, {"found": after or [], "notFound": [], "failure": []},
        lookupValue={"exp": key}, dataTable={source: {"foundOutputs": columns}},
    )  # fmt: skip


def data_action(source: str, output: str = "x", variable: str = "Flow.A", name: str = "Call") -> Yaml:
    body = {"successOutputs": {output: {"var": variable}}}
    outputs: dict[str, Actions] = {"success": [], "failure": [], "timeout": []}
    return act("callData", name, outputs, category={"CRM": {"dataAction": {source: body}}})


def attribute(name: str, variable: str) -> Yaml:
    return act("getParticipantData", "Read data",
               attributes=[{"attribute": {"name": {"lit": name}, "variable": variable}}])  # fmt: skip


def test_column_whose_value_is_tested() -> None:
    point = only(actions_flow(table(after=[decide("Flow.A")])))
    assert (point.kind, point.confidence, terms(point)) == (
        PointKind.STORED,
        Confidence.MEDIUM,
        (("Flow.A=true",), None),
    )
    assert outcomes(point) == {
        "found and Flow.A is true": Answer.GRANTED,
        "found and Flow.A is anything else": Answer.REFUSED,
        "found and Flow.A is not set": Answer.UNANSWERED,
        "notFound": Answer.UNANSWERED,
        "failure": Answer.UNANSWERED,
    }


@pytest.mark.parametrize(
    ("condition", "granting", "refusing"),
    [
        ('Flow.A == "yes"', ("Flow.A=yes",), None),
        ('Lower(Flow.A) == "ja"', ("Flow.A=ja",), None),
        ('Flow.A != "granted"', ("Flow.A=granted",), None),
        ("Flow.A == 1", ("Flow.A=1",), None),
        ('Flow.A == "opt-in" or Flow.A == "opt-out"', ("Flow.A=opt-in",), None),
        ("Flow.A == false", None, ("Flow.A=false",)),
        ('!(Flow.A == "no")', None, ("Flow.A=no",)),
        ("Flow.A and Flow.B", ("Flow.A=true",), None),
        ("If(Flow.B, Flow.A, false)", ("Flow.A=true",), None),
    ],
)
def test_tested_value_decides(
    condition: str, granting: tuple[str, ...] | None, refusing: tuple[str, ...] | None
) -> None:
    assert terms(only(actions_flow(table(), decide(condition)))) == (granting, refusing)


def test_each_value_has_its_reason() -> None:
    for condition, told in (('Flow.A == "yes"', "yes agrees"), ("Flow.A == false", "false refuses")):
        reasons = {o.reason for o in only(actions_flow(table(), decide(condition))).outcomes}
        assert f"Flow.A is tested, and {told}" in reasons


@pytest.mark.parametrize(
    "verb", ["Write", "Update", "Put", "Post", "Create", "Add", "Insert", "Delete", "Remove", "Log"]
)
def test_what_writes_consent_asks_nobody(verb: str) -> None:
    assert found(actions_flow(data_action(f"{verb}RecordingConsent"))).points == ()


def test_value_is_tested_anywhere_in_the_flow_also_as_a_copy() -> None:
    elsewhere = flow(task("Main", table(), keep("Flow.B", "Flow.A"), call("Later")), task("Later", decide("Flow.B")))
    assert terms(only(elsewhere)) == (("Flow.A=true",), None)
    switch = act("switch", "S", evaluate={"firstTrue": {"cases": [
        {"case": {"value": {"exp": 'Flow.A == "yes"'}, "actions": []}}]}})  # fmt: skip
    assert terms(only(actions_flow(table(), switch))) == (("Flow.A=yes",), None)


def test_objection_refuses() -> None:
    assert terms(only(actions_flow(table("Recording_OptOut"), decide("Flow.A")))) == (None, ("Flow.A=true",))
    both = table("Recording_OptOut", "Flow.Out", RecordingConsent="Flow.In")
    assert terms(only(actions_flow(both, decide("Flow.Out"), decide("Flow.In")))) == (("Flow.In=true",), None)
    assert terms(only(actions_flow(table("Since", source="Recording opt-out")))) == (None, ("found",))


@pytest.mark.parametrize("column", ["Denied", "DoNotRecord", "OptOut", "RecordingConsentRevoked", "keine Aufzeichnung"])
def test_column_that_denies_refuses_in_a_lookup_of_consents(column: str) -> None:
    read = table(column, source="Recording consents")
    assert terms(only(actions_flow(read, decide("Flow.A")))) == (None, ("Flow.A=true",))


def test_column_that_speaks_counts_before_one_that_does_not() -> None:
    read = table("Active", "Flow.B", source="Recording consents", Consent="Flow.A")
    assert terms(only(actions_flow(read, decide("Flow.B"), decide("Flow.A")))) == (("Flow.A=true",), None)
    assert terms(only(actions_flow(table("NotOptedOut", source="Recording opt-out"), decide("Flow.A")))) == (
        ("Flow.A=true",),
        None,
    )


@pytest.mark.parametrize(
    ("column", "variable", "source"),
    [
        ("OptOut", "Flow.Consent", "Recording consents"),
        ("OptInOptOut", "Flow.A", "Recording consents"),
        ("Denied", "Flow.A", "Recording opt-out"),
        ("Value", "Flow.A", "Recording consents denied"),
    ],
)
def test_names_that_contradict_each_other_tell_nothing(column: str, variable: str, source: str) -> None:
    read = table(column, variable, source=source)
    assert found(actions_flow(read, decide(variable))).points == ()


def test_found_grants_when_no_value_is_tested() -> None:
    point = only(actions_flow(table("Since", source="Recording consents")))
    assert terms(point) == (("found",), None)
    assert outcomes(point)["found"] is Answer.GRANTED
    assert "that something is stored decides" in point.reason
    assert "Recording consents" in point.reason
    assert terms(only(actions_flow(data_action("GetRecordingConsent")))) == (("success",), None)
    assert terms(only(actions_flow(data_action("eRecordingConsent")))) == (("success",), None)


def test_name_of_a_table_counts_also_beside_the_id_of_one_that_is_not_exported() -> None:
    written = actions_flow(table("Since", source="Recording consents"))
    (main,) = written.containers
    assert isinstance(main, Task)
    (read,) = main.block
    assert isinstance(read.operation, Lookup)
    both = replace(read, operation=replace(read.operation, source_id="11111111-1111-4111-8111-111111111111"))
    point = only(replace(written, containers=(replace(main, block=(both,)),)))
    assert terms(point) == (("found",), None)
    assert "Recording consents" in point.reason


@pytest.mark.parametrize("column", ["Recording", "RecordingActive", "Consent", "MarketingConsent", "Aufzeichnung"])
def test_settings_and_other_consents_are_none(column: str) -> None:
    result = found(actions_flow(table(column), decide("Flow.A")))
    assert (result.points, result.candidates) == ((), ())


def test_names_in_german() -> None:
    assert terms(only(actions_flow(table("Aufzeichnung_Einwilligung"), decide('Flow.A == "ja"')))) == (
        ("Flow.A=ja",),
        None,
    )


def test_what_is_looked_up_by_the_called_number_is_a_setting_of_the_line() -> None:
    assert found(actions_flow(table(key="Call.CalledAddress"), decide("Flow.A"))).points == ()
    copied = actions_flow(keep("Flow.Dnis", "Call.CalledAddress"), table(key="Flow.Dnis"), decide("Flow.A"))
    assert found(copied).points == ()


CONSENT = ask("Do you agree that this call is recorded? Press 1 for yes, press 2 for no.")


@pytest.mark.parametrize("condition", ["Flow.A", "Flow.A == true and Flow.B"])
def test_value_that_says_whether_to_ask_is_a_setting(condition: str) -> None:
    line = flow(task("Main", table(), decide(condition, [call("Question")])), task("Question", CONSENT))
    assert [p.name for p in found(line).points] == ["Ask"]


@pytest.mark.parametrize("others", [(), ("no", "later")])
def test_setting_that_a_switch_matches(others: tuple[str, ...]) -> None:
    actions: dict[str, Actions] = {"yes": [call("Question")], **{other: [] for other in others}}
    cases = [{"case": {"value": {"lit": value}, "actions": asking}} for value, asking in actions.items()]
    switch = act("switch", "S", evaluate={"matchExpression": {"expression": {"exp": "Flow.A"}, "cases": cases}})
    line = flow(task("Main", table(), switch), task("Question", CONSENT))
    assert [p.name for p in found(line).points] == ["Ask"]


@pytest.mark.parametrize("condition", ["Flow.A", "Flow.A and Flow.B"])
def test_asking_who_has_not_agreed_is_no_setting(condition: str) -> None:
    both = found(actions_flow(table(), decide(condition, [], [CONSENT])))
    assert [p.name for p in both.points] == ["Read", "Ask"]


def test_value_in_words_we_cannot_read_is_left_to_structure() -> None:
    result = found(actions_flow(table(), decide('Flow.A == "Q7"')))
    assert (result.points, len(result.candidates)) == ((), 1)


@pytest.mark.parametrize(
    ("source", "points"), [("SaveRecordingConsent", 0), ("update recording consent", 0), ("Recording consent", 1)]
)
def test_data_actions_that_write_are_none(source: str, points: int) -> None:
    assert len(found(actions_flow(data_action(source))).points) == points


@pytest.mark.parametrize(
    "read",
    [
        data_action("Customer", "recording_consent"),
        attribute("RecordingConsent", "Flow.A"),
        attribute("x", "Flow.RecordingConsent"),
        act("getExternalContact", "Contact", {"found": [], "notFound": []},
            contact={"customFields": {"RecordingConsent": {"var": "Flow.A"}}}),
    ],
    ids=["data action", "attribute", "variable", "external contact"],
)  # fmt: skip
def test_kinds_of_lookups(read: Yaml) -> None:
    variable = "Flow.RecordingConsent" if "Flow.RecordingConsent" in str(read) else "Flow.A"
    point = only(actions_flow(read, decide(f'{variable} == "yes"')))
    assert (point.kind, terms(point)) == (PointKind.STORED, ((f"{variable}=yes",), None))


def test_participant_data_in_words() -> None:
    tested = only(actions_flow(attribute("RecordingConsent", "Flow.A"), decide('Flow.A == "yes"')))
    assert outcomes(tested) == {
        "Flow.A is yes": Answer.GRANTED,
        "Flow.A is anything else": Answer.REFUSED,
        "Flow.A is not set": Answer.UNANSWERED,
    }
    untested = only(actions_flow(attribute("RecordingConsent", "Flow.A")))
    assert (terms(untested), outcomes(untested)["the attribute is not set"]) == (
        (("found",), None),
        Answer.UNANSWERED,
    )
