"""Published flows against drafts, and the same object in several forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.versions import later, version_parts
from tests.loading.exports import addressed, write
from tests.loading.terraform_source import ARCHY


def flows(folder: Path, listed: dict[str, Any], *bodies: str) -> Organisation:
    write(folder, "flows.json", {"entities": [{**addressed("flows"), **listed}]})
    for version in bodies:
        write(folder, f"Main_v{version}-0.yaml", ARCHY.replace("Good bye", f"Good bye {version}"))
    return load([folder])


def told(organisation: Organisation) -> list[str]:
    return [p.code for p in organisation.problems if p.code in ("RX907", "RX909")]


def test_the_published_version_is_audited_and_a_newer_draft_is_said(tmp_path: Path) -> None:
    organisation = flows(tmp_path, {"publishedVersion": {"id": "3.0"}}, "2", "3", "4")
    (flow,) = organisation.flows
    assert (flow.version, flow.published) == ("3.0", True)
    assert told(organisation) == []
    (note,) = organisation.notes
    assert "version 3.0 was audited" in note and "newer draft 4.0" in note and "Main_v4-0.yaml" in note


def test_a_draft_that_only_the_listing_knows_is_said(tmp_path: Path) -> None:
    listed = {"publishedVersion": {"id": "3.0"}, "checkedInVersion": {"id": "3.0"}, "savedVersion": {"id": "7.0"}}
    organisation = flows(tmp_path, listed, "3")
    assert ["newer draft 7.0" in note for note in organisation.notes] == [True]
    assert told(organisation) == []


@pytest.mark.parametrize("version", ["2", "4"])
def test_a_body_of_another_version_than_the_published_one_is_a_contradiction(tmp_path: Path, version: str) -> None:
    organisation = flows(tmp_path, {"publishedVersion": {"id": "3.0"}}, version)
    assert told(organisation) == ["RX909"]
    (problem,) = [p for p in organisation.problems if p.code == "RX909"]
    assert "version 3.0" in problem.message and f"version {version}.0" in problem.message


def test_without_a_published_version_the_highest_counts(tmp_path: Path) -> None:
    organisation = flows(tmp_path, {"publishedVersion": None, "savedVersion": {"id": "9.0"}}, "2", "3")
    assert [flow.version for flow in organisation.flows] == ["3.0"]
    assert told(organisation) == ["RX909"]
    assert organisation.notes == ()


def test_versions_are_numbers(tmp_path: Path) -> None:
    assert version_parts("10.0") > version_parts("9.0")
    assert [version_parts(text) for text in ("57.0", "57", "", None, "latest")] == [(57,), (57,), (), (), ()]
    assert later("10.0", "9.1") and not later("9.0", "9") and not later(None, "1") and not later("1", None)


def test_the_id_and_the_name_of_a_division_are_no_contradiction(tmp_path: Path) -> None:
    guid = "d1000000-0000-0000-0000-000000000004"
    write(tmp_path, "a.json", {**addressed("queues"), "division": {"id": guid}})
    write(tmp_path, "b.json", {**addressed("queues"), "division": {"name": "Home"}})
    organisation = load([tmp_path])
    assert [queue.division for queue in organisation.queues] == ["Home"]
    assert told(organisation) == []


def test_a_division_known_anywhere_is_named_everywhere(tmp_path: Path) -> None:
    write(tmp_path, "a.json", {**addressed("queues"), "division": {"id": "D1"}})
    write(tmp_path, "b.json", {**addressed("routes"), "division": {"id": "d1", "name": "Home"}})
    assert [queue.division for queue in load([tmp_path]).queues] == ["Home"]
