from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.joining import FIELDS
from auditor.loading.load import load
from auditor.loading.merging import bare
from auditor.model.flows import FlowType
from auditor.model.organisation import Organisation
from auditor.model.routing import Member, ObjectRef
from auditor.model.settings import UNSET, Expression, Known
from tests.loading.exports import OBJECTS, addressed, instance, loaded, write

WRAPPINGS: dict[str, tuple[str, Callable[[str], object]]] = {
    "single": ("x.json", addressed),
    "array": ("x.json", lambda f: [addressed(f)]),
    "page": ("x.json", lambda f: {"entities": [addressed(f)], "pageSize": 25, "total": 1}),
    "page without addresses": (
        "x.json",
        lambda f: {"entities": [OBJECTS[f][1]], "selfUri": OBJECTS[f][0] + "?pageSize=1"},
    ),
    "named list": ("x.json", lambda f: {f: [OBJECTS[f][1]], "other": {"entities": [], "selfUri": "/api/v2/users"}}),
    "named page": ("x.json", lambda f: {"export": {f: {"entities": [OBJECTS[f][1]]}}}),
    "json lines": ("x.jsonl", lambda f: json.dumps(addressed(f)) + "\n\n" + json.dumps(addressed(f)) + "\n"),
    "json lines by another name": ("x.json", lambda f: json.dumps(addressed(f)) + "\n" + json.dumps(addressed(f))),
    "by shape": ("x.json", lambda f: OBJECTS[f][1]),
    "by file name": ("my-{}-2.json", lambda f: [OBJECTS[f][1]]),
    "deep": ("x.txt", lambda f: {"a": {"b": [addressed(f)]}}),
}


def only(organisation: Organisation, field: str) -> Any:
    """The one object of the field, after a check that nothing went wrong on the way."""
    assert [p for p in organisation.problems if p.code in ("RX905", "RX906", "RX909")] == []
    assert [file.status for file in organisation.inputs] == ["understood"], organisation.inputs
    (thing,) = getattr(organisation, field)
    return thing


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("field", OBJECTS)
def test_every_kind_is_read_in_every_wrapping(tmp_path: Path, field: str, wrapping: str) -> None:
    name, wrap = WRAPPINGS[wrapping]
    expected = only(loaded(tmp_path, "expected.json", addressed(field)), field)
    found = only(loaded(tmp_path, name.format(field.replace("_", "")), wrap(field)), field)
    assert bare(found) == bare(expected)
    assert found.id == OBJECTS[field][1]["id"]
    for other in (*FIELDS.values(), "flows"):
        nested = {"phones": {"lines"}, "phone_bases": {"line_bases"}}.get(field, set())
        if other != field and other not in nested:
            assert getattr(load([tmp_path / "expected.json"]), other) == (), other


def test_every_kind_of_the_organisation_has_an_example() -> None:
    assert set(OBJECTS) == {*FIELDS.values(), "flows"}


def test_trunk_base_settings_keep_true_false_and_absent_apart(tmp_path: Path) -> None:
    trunk = only(loaded(tmp_path, "x.json", addressed("trunk_bases")), "trunk_bases")
    assert (trunk.line.value, trunk.gate.value, trunk.hold_suppressed.value) == (True, False, True)
    assert (trunk.consult.value, trunk.external_transfers.value) == (False, False)
    assert (trunk.enabled, trunk.takeback) == (UNSET, UNSET)
    assert (trunk.type, trunk.state, trunk.inbound_site) == ("EXTERNAL", "active", "s1")
    assert trunk.line.location.pointer == "/properties/trunk_recording_enabled/value/instance"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, UNSET),
        ({"trunk_recording_enabled": {"value": {"default": True}}}, UNSET),
        ({"trunk_recording_enabled": {"value": {"instance": None}}}, UNSET),
        ({"trunk_recording_enabled": {"value": {"instance": "TRUE"}}}, True),
        ({"trunk_diagnostic_kws_recording_enabled": instance(True)}, UNSET),
        (json.dumps({"trunk_recording_enabled": {"value": {"instance": True}}}), True),
        (None, UNSET),
    ],
)
def test_line_recording_is_read_from_its_own_key_only(tmp_path: Path, properties: object, expected: object) -> None:
    trunk = {**OBJECTS["trunk_bases"][1], "properties": properties}
    setting = only(loaded(tmp_path, "x.json", {"trunkBases": [trunk]}), "trunk_bases").line
    assert (setting.value if isinstance(setting, Known) else setting) == expected


def test_a_text_that_is_no_truth_may_be_either(tmp_path: Path) -> None:
    trunk = {**OBJECTS["trunk_bases"][1], "properties": {"trunk_recording_enabled": instance("maybe")}}
    setting = only(loaded(tmp_path, "x.json", trunk), "trunk_bases").line
    assert isinstance(setting, Expression)
    assert setting.text == "maybe"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), ("false", False), ("False", False), ("", False), ("true", True), ("always", True)],
)
def test_station_recording_is_a_truth_or_a_text(tmp_path: Path, value: object, expected: bool) -> None:
    line = {**OBJECTS["lines"][1], "properties": {"station_recording_enabled": {"value": {"instance": value}}}}
    assert bare(only(loaded(tmp_path, "x.json", line), "lines").recording) == bare(Known(expected))


def test_a_phone_has_its_lines_and_a_base_its_line_bases(tmp_path: Path) -> None:
    everything = {"phones": [OBJECTS["phones"][1]], "phoneBaseSettings": [OBJECTS["phone_bases"][1]]}
    organisation = loaded(tmp_path, "x.json", everything)
    (phone,) = organisation.phones
    assert [(line.id, line.user, line.phone) for line in phone.lines] == [("l1", "u1", "p1")]
    assert bare(phone.lines[0].recording) == bare(Known(True))
    assert organisation.lines == phone.lines
    assert [base.id for base in organisation.line_bases] == ["lb1"]
    assert organisation.phone_bases[0].lines == organisation.line_bases


def test_a_listing_of_lines_completes_the_lines_of_phones(tmp_path: Path) -> None:
    phone = {**OBJECTS["phones"][1], "lines": [{"id": "l1", "name": "Line 1"}]}
    line = OBJECTS["phones"][1]["lines"][0]
    (found,) = loaded(tmp_path, "x.json", {"phones": [phone], "lines": [line]}).phones
    assert bare(found.lines[0].recording) == bare(Known(True))


def test_queue_fields(tmp_path: Path) -> None:
    queue = only(loaded(tmp_path, "x.json", addressed("queues")), "queues")
    assert (queue.in_queue_flow, queue.in_queue_flow_name) == ("f2", "Waiting")
    assert (queue.division, queue.groups, queue.backup_queue, queue.members) == ("Home", ("g1",), "q2", None)
    assert (queue.suppress.value, queue.transcription.value, queue.monitoring.value) == (True, False, False)
    assert (queue.callback.mode, queue.callback.live_voice_flow) == ("AgentFirst", ObjectRef("f3"))


ADA = {"id": "u1", "name": "Ada", "user": {"id": "u1", "name": "Ada"}, "ringNumber": 1, "joined": True}
BOB = {"id": "u2", "name": "Bob", "joined": False, "selfUri": "/api/v2/routing/queues/q1/members/u2"}
MEMBERS = (Member("u1", True, 1), Member("u2", False, None))
ID = "0f0e0d0c-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    "extra",
    [
        {"x.json": {"entities": [ADA, BOB], "selfUri": "/api/v2/routing/queues/q1/members?pageSize=2"}},
        {"x.json": {"queueMembers": {"q1": [ADA, BOB]}}},
        {"x.json": {"members": {"q1": {"entities": [ADA, BOB]}}}},
        {"x.json": {"queueId": "q1", "members": [ADA, BOB]}},
        {"x.json": [{"queue": {"id": "q1"}, "entities": [ADA, BOB]}]},
        {"a.json": {"queueId": "q1", "members": [ADA]}, "b.json": [BOB]},
        {"q.json": {**addressed("queues"), "members": [ADA, BOB]}},
        {"q.json": {**addressed("queues"), "members": {"entities": [ADA, BOB]}}},
        {
            "x.jsonl": "\n".join(
                json.dumps({**m, "selfUri": f"/api/v2/routing/queues/q1/members/{m['id']}"}) for m in (ADA, BOB)
            )
        },
    ],
)
def test_members_come_with_the_queue_or_apart_from_it(tmp_path: Path, extra: dict[str, object]) -> None:
    for name, value in ({"q.json": addressed("queues")} | extra).items():
        write(tmp_path, name, value)
    organisation = load([tmp_path])
    assert organisation.queues[0].members == MEMBERS
    assert {file.status for file in organisation.inputs} == {"understood"}


def test_members_are_tied_to_their_queue_by_a_guid_in_the_file_name(tmp_path: Path) -> None:
    write(tmp_path, "queues.json", [{**OBJECTS["queues"][1], "id": ID}])
    write(tmp_path, f"queue-members-{ID}.json", {"entities": [ADA]})
    assert load([tmp_path]).queues[0].members == (Member("u1", True, 1),)


def test_an_empty_listing_of_members_is_known_to_be_empty(tmp_path: Path) -> None:
    write(tmp_path, "q.json", addressed("queues"))
    assert load([tmp_path]).queues[0].members is None
    write(tmp_path, "m.json", {"entities": [], "selfUri": "/api/v2/routing/queues/q1/members"})
    assert load([tmp_path]).queues[0].members == ()


def test_members_of_nobody_are_a_problem(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, "x.json", {"entities": [ADA]})
    assert [(p.code, p.location.pointer) for p in organisation.problems if p.code < "RX908"] == [
        ("RX906", "/entities/0")
    ]


def test_members_of_a_queue_that_is_not_there(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, "x.json", {"entities": [ADA], "selfUri": "/api/v2/routing/queues/q7/members"})
    assert [(p.code, p.subject) for p in organisation.problems if p.code < "RX908"] == [("RX901", "queue:q7")]


@pytest.mark.parametrize(
    "members", [["u1", "u2"], [{"id": "u1", "name": "Ada"}, {"id": "u2"}], {"entities": [{"id": "u2"}, {"id": "u1"}]}]
)
def test_members_of_groups(tmp_path: Path, members: object) -> None:
    group = only(loaded(tmp_path, "x.json", {**addressed("groups"), "members": members}), "groups")
    assert group.members == ("u1", "u2")
    assert (group.numbers, group.extensions, group.calls_enabled) == (("+4930888",), ("888",), True)


def test_members_of_groups_in_their_own_listing(tmp_path: Path) -> None:
    write(tmp_path, "g.json", addressed("groups"))
    page = {"entities": [addressed("users")], "selfUri": "/api/v2/groups/g1/members?pageSize=25"}
    write(tmp_path, "m.json", page)
    organisation = load([tmp_path])
    assert organisation.groups[0].members == ("u1",)
    assert organisation.users == ()


@pytest.mark.parametrize(
    "rows",
    [
        {"rows": {"dt1": [{"key": "a", "Consent": True}, {"key": "b", "Consent": None}]}},
        {
            "entities": [{"key": "a", "Consent": True}, {"key": "b", "Consent": None}],
            "selfUri": "/api/v2/flows/datatables/dt1/rows",
        },
    ],
)
def test_rows_of_data_tables(tmp_path: Path, rows: object) -> None:
    write(tmp_path, "t.json", addressed("data_tables"))
    write(tmp_path, "r.json", rows)
    (table,) = load([tmp_path]).data_tables
    assert table.columns == ("key", "Consent")
    assert table.rows == ((("key", "a"), ("Consent", "true")), (("key", "b"), ("Consent", "")))


def test_people_numbers_and_stations(tmp_path: Path) -> None:
    user = only(loaded(tmp_path, "x.json", addressed("users")), "users")
    assert (user.numbers, user.extensions, user.default_station) == (("+4930777",), ("777",), "st1")
    assert (user.email, user.state) == ("ada@example.org", "active")
    station = only(loaded(tmp_path, "x.json", addressed("stations")), "stations")
    assert (station.user, station.web_rtc_user) == ("u1", "u1")


def test_numbers_know_their_owner_and_the_provider_of_their_pool(tmp_path: Path) -> None:
    pool = {"id": "dp1", "startPhoneNumber": "+49300", "endPhoneNumber": "+49309", "provider": "PURE_CLOUD_VOICE"}
    (did,) = loaded(tmp_path, "x.json", {"dids": [OBJECTS["dids"][1]], "didPools": [pool]}).dids
    assert (did.number, did.owner, did.owner_type, did.pool) == ("+4930123", "u1", "USER", "dp1")
    assert did.pool_provider == "PURE_CLOUD_VOICE"


def test_routes_schedules_and_emergencies(tmp_path: Path) -> None:
    route = only(loaded(tmp_path, "x.json", addressed("routes")), "routes")
    assert (route.dnis, route.open_flow.name, route.holiday_flow) == (("+4930555",), "Main", None)
    assert route.schedule_group.id == "sg1"
    emergency = only(loaded(tmp_path, "x.json", addressed("emergency_groups")), "emergency_groups")
    assert [(row.flow.id, row.routes) for row in emergency.flows] == [("f1", ("r1",))]
    assert emergency.enabled.value is False
    assert only(loaded(tmp_path, "x.json", addressed("schedule_groups")), "schedule_groups").open == ("sc1",)


def test_outbound_routes_know_their_site(tmp_path: Path) -> None:
    route = {k: v for k, v in OBJECTS["outbound_routes"][1].items() if k != "site"}
    held = {**addressed("sites"), "outboundRoutes": [route]}
    listed = {"entities": [route], "selfUri": "/api/v2/telephony/providers/edges/sites/s1/outboundroutes"}
    nameless = {**held, "outboundRoutes": [{k: v for k, v in route.items() if k not in ("id", "selfUri")}]}
    for value in (held, listed, nameless):
        (found,) = loaded(tmp_path, "x.json", value).outbound_routes
        assert (found.site, found.trunk_bases, bare(found.enabled)) == ("s1", ("tb1",), bare(Known(True)))


def test_the_default_site_is_named_by_the_organisation(tmp_path: Path) -> None:
    write(tmp_path, "s.json", addressed("sites"))
    assert load([tmp_path]).sites[0].default is False
    write(tmp_path, "o.json", {"id": "org", "name": "Example", "defaultSiteId": "s1"})
    assert load([tmp_path]).sites[0].default is True


def test_policies_speak_of_calls(tmp_path: Path) -> None:
    policy = only(loaded(tmp_path, "x.json", addressed("policies")), "policies")
    assert (policy.queues, policy.users, policy.directions, policy.media) == (("q1",), None, ("INBOUND",), ("CALL",))
    assert policy.conditions == ("wrap-up codes: Private",)
    assert (policy.retain.value, policy.delete.value, policy.always_delete.value) == (False, True, True)
    plain = {
        "id": "rp2",
        "name": "Keep",
        "order": 2,
        "enabled": True,
        "conditions": {"forQueues": ["*"], "mediaTypes": ["CALL"], "teams": [], "duration": {"durationTarget": "X"}},
        "actions": {"retainRecording": True},
    }
    policy = only(loaded(tmp_path, "x.json", plain), "policies")
    assert (policy.queues, policy.media, policy.conditions) == (None, ("CALL",), ("duration",))
    assert (policy.retain.value, policy.delete, policy.always_delete) == (True, UNSET, UNSET)


def test_campaigns_and_response_sets(tmp_path: Path) -> None:
    campaign = only(loaded(tmp_path, "x.json", addressed("campaigns")), "campaigns")
    assert (campaign.mode, campaign.queue, campaign.response_set, campaign.status) == ("power", "q1", "rs1", "on")
    responses = only(loaded(tmp_path, "x.json", addressed("response_sets")), "response_sets")
    assert [(r.event, r.type, r.data) for r in responses.reactions] == [
        ("callable_lineconnected", "transfer_flow", "f4")
    ]


def test_prompts_by_language(tmp_path: Path) -> None:
    prompt = only(loaded(tmp_path, "x.json", addressed("prompts")), "prompts")
    assert prompt.texts == (("de-de", "Hallo"), ("en-us", "Hello"))


def test_a_listed_flow_is_known_without_its_body(tmp_path: Path) -> None:
    flow = only(loaded(tmp_path, "x.json", addressed("flows")), "flows")
    assert (flow.id, flow.name, flow.type, flow.division) == ("f1", "Main", FlowType.INBOUND_CALL, "Home")
    assert (flow.version, flow.published, flow.body, flow.containers) == ("3.0", True, False, ())


def test_places_are_pointers_into_the_document(tmp_path: Path) -> None:
    organisation = loaded(tmp_path, "x.json", {"a/b~": [addressed("queues")]})
    assert organisation.queues[0].location.pointer == "/a~1b~0/0"
    assert organisation.queues[0].suppress.location.pointer == "/a~1b~0/0/suppressInQueueCallRecording"  # type: ignore[union-attr]
    lines = loaded(tmp_path, "x.jsonl", "\n" + json.dumps(addressed("queues")))
    assert (lines.queues[0].location.line, lines.queues[0].location.pointer) == (2, "")


def test_an_object_without_an_id_goes_by_its_name(tmp_path: Path) -> None:
    queue = {k: v for k, v in OBJECTS["queues"][1].items() if k != "id"}
    assert loaded(tmp_path, "x.json", {"queues": [queue]}).queues[0].id == "name:Sales"
