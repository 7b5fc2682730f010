"""The demonstration organisation says the same in every form, up to places and what a form cannot hold."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from tests.cases import Case, run
from tests.demo_resources import DEMO, SOURCE
from tests.loading.normalised import differences
from tests.loading.normalised import normalised as program
from tests.make_demo_forms import forms

Report = dict[str, Any]
TERRAFORM = ("terraform-json", "hcl")
API = "api-json"
HINT = "run `python -m tests.make_demo_forms` and read the difference"

NO_RESOURCE = ("dids.json", "stations.json", "lines.json", "linebasesettings.json")
"""Listings of which CX as Code has no resource: owners of numbers, stations, lines of phones, their base settings."""

NO_ATTRIBUTE: Mapping[str, tuple[str, ...]] = {
    "users.json": ("station",),
    "phones.json": ("lines", "lineBaseSettings"),
    "phonebasesettings.json": ("lines",),
}
"""What resources have no attribute for: the station of a user, and what lines record."""

THE_REST = (*NO_RESOURCE, *NO_ATTRIBUTE)


def audited(*paths: str | Path) -> Report:
    done = run(Case(DEMO, "organisation"), [str(path) for path in paths])
    assert done.text, done.errors
    report: Report = json.loads(done.text)
    return report


@cache
def full() -> Report:
    return audited("organisation")


@cache
def of(form: str) -> Report:
    return audited(form)


@pytest.fixture(scope="module")
def reduced(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on the organisation without what Terraform cannot hold."""
    folder = tmp_path_factory.mktemp("organisation")
    for path in (p for p in SOURCE.rglob("*") if p.is_file() and p.name not in NO_RESOURCE):
        copy = folder / path.relative_to(SOURCE)
        copy.parent.mkdir(exist_ok=True)
        if path.name not in NO_ATTRIBUTE:
            copy.write_bytes(path.read_bytes())
            continue
        page = json.loads(path.read_text(encoding="utf-8"))
        for entity in page["entities"]:
            for key in NO_ATTRIBUTE[path.name]:
                entity.pop(key, None)
        copy.write_text(json.dumps(page), encoding="utf-8")
    return audited("--policy", "auditor.toml", folder)


def findings(report: Report) -> list[tuple[object, ...]]:
    keys = ("rule", "fingerprint", "severity", "confidence", "latent", "mode", "message", "waived")
    named = [
        (*(f[key] for key in keys), f["object"]["kind"], f["object"]["name"], _entries(f)) for f in report["findings"]
    ]
    return sorted(named, key=str)


def _entries(finding: Report) -> str:
    return json.dumps(finding["entries"], sort_keys=True)


def witnesses(report: Report) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {
        (f["rule"], f["fingerprint"]): [(step["text"], json.dumps(step["state"])) for step in f["witness"]]
        for f in report["findings"]
    }


def verdicts(report: Report) -> list[str]:
    told = []
    for verdict in report["verdicts"]:
        entry = {key: value for key, value in verdict["entry"].items() if key != "id"}
        told.append(json.dumps({**verdict, "entry": entry}, sort_keys=True))
    return sorted(told)


@pytest.mark.parametrize("form", (API, *TERRAFORM))
def test_the_files_are_what_the_script_writes(form: str) -> None:
    written = {name: content for name, content in forms().items() if name.startswith(f"{form}/")}
    there = {p.relative_to(DEMO).as_posix(): p.read_bytes() for p in (DEMO / form).rglob("*") if p.is_file()}
    assert there.keys() == written.keys(), HINT
    assert [name for name, content in written.items() if there[name] != content] == [], HINT


def test_the_platform_api_alone_says_what_archy_and_the_api_say() -> None:
    assert findings(of(API)) == findings(full())
    assert verdicts(of(API)) == verdicts(full())
    assert witnesses(of(API)) == witnesses(full())
    assert of(API)["coverage"] == full()["coverage"]
    assert of(API)["problems"] == full()["problems"] == []


def test_configurations_are_the_programs_of_the_archy_flows() -> None:
    """What no entry reaches is compared here too."""
    ours, theirs = load([DEMO / API]).flows, load([SOURCE]).flows
    assert [flow.name for flow in ours] == [flow.name for flow in theirs]
    assert [d for one, other in zip(ours, theirs, strict=True) for d in differences(program(one), program(other))] == []


@pytest.mark.parametrize("form", TERRAFORM)
def test_a_form_says_what_the_api_says_without_what_it_cannot_hold(form: str, reduced: Report) -> None:
    assert findings(of(form)) == findings(reduced)
    assert verdicts(of(form)) == verdicts(reduced)
    assert witnesses(of(form)) == witnesses(reduced)
    assert len(findings(reduced)) > 50


@pytest.mark.parametrize("form", TERRAFORM)
def test_a_form_and_the_rest_from_the_api_say_what_the_api_says(form: str) -> None:
    joined = audited(form, *(f"organisation/{name}" for name in THE_REST))
    assert findings(joined) == findings(full())
    assert verdicts(joined) == verdicts(full())
    assert [p["code"] for p in joined["problems"]] == []


def test_what_terraform_cannot_hold_matters(reduced: Report) -> None:
    """Else the two tests above would compare less than they claim."""
    assert findings(reduced) != findings(full())
    assert {f["rule"] for f in full()["findings"]} - {f["rule"] for f in reduced["findings"]} == set()
    assert len(verdicts(full())) != len(verdicts(reduced))


@pytest.mark.parametrize("form", (API, *TERRAFORM))
def test_places_are_lines_of_the_files_of_the_form(form: str) -> None:
    found = of(form)["findings"]
    shown = [place for f in found for place in (f["location"], *(step["location"] for step in f["witness"]))]
    shown = [place for place in shown if place["file"]]
    assert {place["file"].split("/")[0] for place in shown} == {form}
    assert [place for place in shown if place["line"] is None] == []


def test_an_archive_is_read_in_place(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in forms().items():
            if name.startswith("terraform-json/"):
                archive.writestr(name.removeprefix("terraform-json/"), content)
    report = audited("--policy", "auditor.toml", path)
    assert findings(report) == findings(of("terraform-json"))
    assert verdicts(report) == verdicts(of("terraform-json"))
    assert [f["location"]["line"] for f in report["findings"]] == [
        f["location"]["line"] for f in of("terraform-json")["findings"]
    ]
