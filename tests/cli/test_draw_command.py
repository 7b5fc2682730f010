from __future__ import annotations

import io
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from auditor.cli.draw import Motif, draw
from auditor.cli.views import ViewRequest
from auditor.errors import UsageError
from auditor.loading.load import load
from auditor.views.entry_picture import MOST_PLACES
from tests.cli.conftest import ROOT, Desk

DEMO = ROOT / "fixtures" / "demo" / "organisation"
EXPECTED = ROOT / "fixtures" / "demo" / "expected.json"


def request(form: str, output: Path | None = None) -> ViewRequest:
    return ViewRequest((DEMO,), None, form, output)


@cache
def fingerprint(rule: str) -> str:
    findings = json.loads(EXPECTED.read_text(encoding="utf-8"))["findings"]
    return next(str(finding["fingerprint"]) for finding in findings if finding["rule"] == rule)


def graph(text: str) -> nx.DiGraph[str]:
    return nx.DiGraph(nx.read_graphml(io.BytesIO(text.encode())))


def test_an_entry_is_drawn_from_its_number_on(desk: Desk) -> None:
    assert draw(request("graphml"), Motif(entry="+49 351 5550110"), desk.around) == 0
    found = graph(desk.out)
    (start,) = [node for node, data in found.nodes.items() if data["kind"] == "start"]
    assert found.nodes[start]["title"] == 'a call comes in on route "Kundenservice"'
    assert set(nx.descendants(found, start)) == set(found) - {start}
    titles = {data["title"] for data in found.nodes.values()}
    assert {'"Einwilligung erfragen"', 'waiting in queue "Kundenservice"'} <= titles
    assert {data["title"] for data in found.nodes.values() if data["kind"] == "branch"} == {'"Einwilligung erfragen"'}
    assert "caller enters 1" in {why for data in found.edges.values() for why in data["why"].split("; ")}
    assert 10 < len(found) <= MOST_PLACES + 1


def test_objects_of_findings_are_marked(desk: Desk) -> None:
    assert draw(request("graphml"), Motif(entry="Geschäftskunden"), desk.around) == 0
    bad = {data["title"] for data in graph(desk.out).nodes.values() if data["kind"] == "bad"}
    assert '"Geschäftsgespräch aufzeichnen" enables recording' in bad


def test_a_finding_is_drawn_with_its_twin(desk: Desk) -> None:
    assert draw(request("mermaid"), Motif(finding=fingerprint("RC103")), desk.around) == 0
    assert re.search(r'w5 -->\|"caller enters something else', desk.out)
    assert re.search(r'w5 -->\|"caller enters 1', desk.out)


def test_the_beginning_of_a_fingerprint_is_enough(desk: Desk) -> None:
    short = fingerprint("RC103").removeprefix("v1:")[:10]
    assert draw(request("dot"), Motif(finding=short), desk.around) == 0
    assert desk.out.startswith("digraph {")


def test_it_goes_into_a_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    assert draw(request("svg", path), Motif(finding=fingerprint("RC103")), desk.around) == 0
    assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert path.stat().st_size < 30_000
    assert desk.out == ""


def test_the_whole_organisation_has_every_object_once_in_graphml(desk: Desk) -> None:
    assert draw(request("graphml"), Motif(whole=True), desk.around) == 0
    found = graph(desk.out)
    held = load([DEMO])
    kinds = Counter(data["caption"].partition(" ")[0] for data in found.nodes.values())
    assert kinds["flow"] == len(held.flows)
    assert (kinds["queue"], kinds["phone"]) == (len(held.queues), len({phone.name for phone in held.phones}))
    dialling = sum(data["caption"] == "user who dials out" for data in found.nodes.values())
    assert kinds["user"] == len(held.users) + dialling
    by_title = {(data["caption"], data["title"]): node for node, data in found.nodes.items()}
    trunk, phone = by_title["trunk", "SIP Altanschluss Chemnitz"], by_title["phone", "Tischtelefon Hannes Roth"]
    assert nx.has_path(found, trunk, phone)
    assert not nx.has_path(found, by_title["trunk", "SIP Kampagnen"], phone)
    assert found.edges[by_title["user", "Hannes Roth"], phone]["why"] == "sits at"


def test_the_whole_organisation_says_which_calls_are_safe(desk: Desk) -> None:
    assert draw(request("graphml"), Motif(whole=True), desk.around) == 0
    report = json.loads(EXPECTED.read_text(encoding="utf-8"))
    order = ("proved", "unknown", "violated")
    worst: dict[str, str] = {}
    for verdict in report["verdicts"]:
        name = f"{verdict['entry']['kind']}:{verdict['entry']['name']}"
        worst[name] = max(worst.get(name, "proved"), verdict["verdict"], key=order.index)
    said = Counter(data["notes"] for data in graph(desk.out).nodes.values())
    counts = Counter(worst.values())
    assert (said["not safe"], said["safe"], said["not decided"]) == (
        counts["violated"], counts["proved"], counts["unknown"],
    )  # fmt: skip
    bad = {data["title"] for data in graph(desk.out).nodes.values() if data["kind"] == "bad"}
    assert {"SIP Altanschluss Chemnitz", "Geschäftskunden", "Tischtelefon Ines Walther"} <= bad


def test_for_people_users_of_whom_the_same_is_to_be_said_are_one(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "whole.svg"
    assert draw(request("svg", path), Motif(whole=True), desk.around) == 0
    text = path.read_text(encoding="utf-8")
    assert "9 users who dial out" in text and "Pforte Dresden" in text
    assert "Anna Blum dials" not in text and ">answers<" not in text and ">while waiting<" in text
    assert path.stat().st_size < 60_000
    for form in ("dot", "mermaid"):
        assert draw(request(form), Motif(whole=True), desk.around) == 0
        assert "9 users who dial out" in desk.out


@pytest.mark.parametrize(
    ("motif", "words"),
    [
        (Motif(), "Give one of --entry, --finding and --whole"),
        (Motif(entry="Kundenservice", finding="v1:0"), "Give one of --entry, --finding and --whole"),
        (Motif(entry="Kundenservice", whole=True), "Give one of --entry, --finding and --whole"),
        (Motif(whole=True, trunk="SIP Telko Sachsen"), "--trunk belongs to --entry"),
        (Motif(finding="v1:0123456789"), "There is no finding with the fingerprint"),
        (Motif(finding="v1:"), "findings with the fingerprint"),
        (Motif(entry="Kundendienst"), "No call begins at"),
    ],
)
def test_mistakes_are_told(motif: Motif, words: str, desk: Desk) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        draw(request("svg"), motif, desk.around)
    assert desk.out == ""
