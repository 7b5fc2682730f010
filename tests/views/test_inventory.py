"""The inventory: what decides about recording, each with its place."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from auditor.graph.program import Program
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.routing import User
from auditor.model.settings import UNSET, Expression, Known, Setting
from auditor.model.telephony import Line, LineBase, Phone, PhoneBase, TrunkBase
from auditor.report.inventory import COLUMNS, FORMATS, inventory_csv, inventory_json, inventory_table
from auditor.report.options import ReportOptions
from auditor.report.text import UNSAFE
from auditor.resources import schema_text
from auditor.views.inventory import EnableItem, FlowItem, Inventory, PointItem, inventory
from auditor.views.places import locations_in, with_places
from tests.builders import HOSTILE_TEXT
from tests.views.looking import demo_inventory, shipped

OPTIONS = ReportOptions(exit_code=0, version="9.9")
ON, OFF = Known(True), Known(False)
AT = Location("export/phones.json", None, "/entities/0")
EMPTY = Inventory((), (), (), (), (), 0)
BAD = HOSTILE_TEXT


def made(organisation: Organisation, **changed: str) -> Inventory:
    assumptions = {a.id: a.default for a in shipped().options.assumptions}
    return inventory(Program(organisation), (), {**assumptions, **changed})


def test_trunks_of_the_demonstration_organisation() -> None:
    found = {t.name: (t.recording, t.gate, t.hold, t.consult) for t in demo_inventory().trunks}
    assert found["SIP Telko Sachsen"] == ("on", "on", "suppressed", "not recorded")
    assert found["SIP Altanschluss Chemnitz"] == ("on", "off", "recorded", "recorded")
    assert found["SIP Kampagnen"][:2] == ("off", "off")
    assert found["Telefone intern"][:2] == ("unset", "unset")


def test_phones_of_the_demonstration_organisation_with_users_and_origin() -> None:
    found = {p.name: (p.recording, p.origin, p.users) for p in demo_inventory().phones}
    assert found["Tischtelefon Hannes Roth"] == ("on", "line", ("Hannes Roth",))
    assert found["Tischtelefon Ines Walther"] == ("on", "line base", ("Ines Walther",))
    assert found["WebRTC Anna Blum"] == ("off", "line", ("Anna Blum",))


def test_queues_of_the_demonstration_organisation_with_what_is_kept() -> None:
    found = {q.name: q for q in demo_inventory().queues}
    assert found["Forderung"].retention == 'always deleted (policy "Forderung sofort löschen")'
    assert found["Kundenservice"].retention == 'kept 90 days (policy "Kundengespräche 90 Tage")'
    assert found["Geschäftskunden"].transcription == "on"
    assert (found["Störung"].waiting, found["Vertrag"].waiting) == ("recorded", "suppressed")
    assert (found["Vertrag"].in_queue_flow, found["Vertrag"].members) == ("Warteschleife Standard", 2)


def test_flows_of_the_demonstration_organisation_with_points_and_enable_actions() -> None:
    found = {f.name: f for f in demo_inventory().flows}
    flow = found["Kundenservice"]
    assert (flow.suppress, [p.name for p in flow.points]) == ("off", ["Einwilligung erfragen"])
    assert [(e.name, e.location.line) for e in flow.enables] == [("Aufzeichnung aktivieren", 110)]
    assert flow.points[0].location.line == 132
    assert found["Zahlung per Karte"].suppress == "on"
    assert found["Einwilligung abfragen"].suppress == "none"
    assert len(found) == 16


def trunk(line: Setting[bool]) -> TrunkBase:
    return TrunkBase("t", "T", "EXTERNAL", "inactive", None, False, None, None, UNSET, line, UNSET, UNSET, UNSET, UNSET,
                     UNSET, AT)  # fmt: skip


@pytest.mark.parametrize(("setting", "word"), [(ON, "on"), (OFF, "off"), (UNSET, "unset"), (Expression("a b"), "a b")])
def test_a_setting_that_is_not_known_is_never_shown_as_off(setting: Setting[bool], word: str) -> None:
    (found,) = made(Organisation(trunk_bases=(trunk(setting),))).trunks
    assert (found.recording, found.gate, found.state) == (word, "unset", "inactive")


def phone(own: Setting[bool], line: Setting[bool]) -> Phone:
    lines = (Line("l", "L", line, "b", "u", AT),)
    return Phone("p", "P", "active", "pb", None, None, None, own, lines, AT)


USER = User("u", "Uta", None, "active", None, None, None, (), (), AT)
BASES = (LineBase("b", "B", ON, replace(AT, file="export/bases.json")),)


def test_where_the_setting_of_a_phone_stands() -> None:
    whole = Organisation(users=(USER,), line_bases=BASES, phones=(phone(UNSET, OFF),))
    (found,) = made(whole).phones
    assert (found.recording, found.origin, found.users) == ("off", "line", ("Uta",))
    (found,) = made(replace(whole, phones=(phone(UNSET, UNSET),))).phones
    assert (found.recording, found.origin) == ("on", "line base")
    (found,) = made(replace(whole, phones=(phone(UNSET, UNSET),), line_bases=())).phones
    assert (found.recording, found.origin) == ("unset", "unset")


def test_the_phone_base_comes_first_when_the_policy_says_so() -> None:
    base = PhoneBase("pb", "PB", ON, (), AT)
    whole = Organisation(users=(USER,), phones=(phone(UNSET, OFF),), phone_bases=(base,))
    assert made(whole).phones[0].recording == "off"
    (found,) = made(whole, A6="no").phones
    assert (found.recording, found.origin) == ("on", "phone base")


def test_users_without_a_phone_may_sit_anywhere() -> None:
    gone = replace(USER, id="v", name="Vic", state="inactive")
    assert made(Organisation(users=(USER, gone))).roaming == ("Uta",)


def test_the_table_shows_every_object_and_its_place() -> None:
    text = inventory_table(demo_inventory(), OPTIONS)
    for heading in ("TRUNKS (4)", "PHONES (12)", "QUEUES (6)", "FLOWS (16)"):
        assert heading in text
    assert "organisation/" in text.splitlines()[-1]
    assert max(map(len, text.splitlines())) <= 100
    assert inventory_table(EMPTY, OPTIONS) == "There is nothing to list here.\n"


def test_csv_has_a_line_for_each_property() -> None:
    rows = list(csv.reader(io.StringIO(inventory_csv(demo_inventory(), OPTIONS), newline="")))
    assert tuple(rows[0]) == COLUMNS
    enables = [row for row in rows if row[2] == "enable_action" and row[1] == "Kundenservice"]
    assert [(row[3], row[5]) for row in enables] == [("Aufzeichnung aktivieren", "110")]
    gates = {row[1]: row[3] for row in rows if row[0] == "trunk" and row[2] == "gate"}
    assert gates["SIP Telko Sachsen"] == "on"


def hostile() -> Inventory:
    where = Location(BAD, 1, "/" + BAD)
    flow = FlowItem(BAD, BAD, BAD, (PointItem("=x" + BAD, "menu", "low", where),), (EnableItem(BAD, where),), where)
    return replace(EMPTY, roaming=("@" + BAD,), flows=(flow,), unread=1)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_hostile_reaches_a_terminal_or_spreadsheet(form: str) -> None:
    text = FORMATS[form](hostile(), OPTIONS)
    assert UNSAFE.search(text.replace("\r\n", "").replace("\n", "")) is None
    if form == "csv":
        assert not any(cell.startswith(("=", "@")) for row in csv.reader(io.StringIO(text, newline="")) for cell in row)


@pytest.mark.parametrize("found", [demo_inventory(), EMPTY, hostile()], ids=["demo", "empty", "hostile"])
def test_json_validates(found: Inventory) -> None:
    schema = json.loads(schema_text("inventory"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(json.loads(inventory_json(found, OPTIONS)))) == []


def test_places_are_found_and_replaced_wherever_they_stand() -> None:
    found = demo_inventory()
    moved = {location: replace(location, line=7) for location in locations_in(found)}
    assert len(moved) > 50
    assert {location.line for location in locations_in(with_places(found, moved))} == {7}
    assert with_places(found, {}) == found
