from __future__ import annotations

from msgspec.structs import replace

from auditor.policy.renaming import common_prefix, without_prefix
from tests.builders import FULL, PROBLEM


def test_the_common_folder_of_files() -> None:
    assert common_prefix(["a/b/c.json", "a/b/d/e.json"]) == "a/b/"
    assert common_prefix(["a/c.json", "b/c.json"]) == ""
    assert common_prefix(["/x/a.json", "/x/b.json"]) == "/x/"
    assert common_prefix(["a.json"]) == ""
    assert common_prefix([]) == ""


def test_files_are_named_without_it_in_places_and_texts() -> None:
    told = replace(PROBLEM, message='"export/a.yaml" and export/b.yaml, but not my-export/c.yaml')
    audit = without_prefix(replace(FULL, problems=(told,)), "export/")
    assert [file.path for file in audit.inputs] == ["broken.yaml", "main.yaml"]
    assert audit.problems[0].message == '"a.yaml" and b.yaml, but not my-export/c.yaml'
    assert {step.location.file for finding in audit.findings for step in finding.witness} == {"main.yaml"}
    assert without_prefix(FULL, "") is FULL
