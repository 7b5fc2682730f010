from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from auditor.cli.draw import draw
from auditor.cli.views import ViewRequest
from auditor.errors import UsageError
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
    assert draw(request("graphml"), "+49 351 5550110", None, None, desk.around) == 0
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
    assert draw(request("graphml"), "Geschäftskunden", None, None, desk.around) == 0
    bad = {data["title"] for data in graph(desk.out).nodes.values() if data["kind"] == "bad"}
    assert '"Geschäftsgespräch aufzeichnen" enables recording' in bad


def test_a_finding_is_drawn_with_its_twin(desk: Desk) -> None:
    assert draw(request("mermaid"), None, fingerprint("RC103"), None, desk.around) == 0
    assert re.search(r'w5 -->\|"caller enters something else', desk.out)
    assert re.search(r'w5 -->\|"caller enters 1', desk.out)


def test_the_beginning_of_a_fingerprint_is_enough(desk: Desk) -> None:
    short = fingerprint("RC103").removeprefix("v1:")[:10]
    assert draw(request("dot"), None, short, None, desk.around) == 0
    assert desk.out.startswith("digraph {")


def test_it_goes_into_a_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    assert draw(request("svg", path), None, fingerprint("RC103"), None, desk.around) == 0
    assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert path.stat().st_size < 30_000
    assert desk.out == ""


@pytest.mark.parametrize(
    ("entry", "finding", "words"),
    [
        (None, None, "Give either --entry or --finding"),
        ("Kundenservice", "v1:0", "Give either --entry or --finding"),
        (None, "v1:0123456789", "There is no finding with the fingerprint"),
        (None, "v1:", "findings with the fingerprint"),
        ("Kundendienst", None, "No call begins at"),
    ],
)
def test_mistakes_are_told(entry: str | None, finding: str | None, words: str, desk: Desk) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        draw(request("svg"), entry, finding, None, desk.around)
    assert desk.out == ""
