from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.load import load
from auditor.model.collection import FORMAT
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem

QUEUES = json.dumps({"entities": [], "total": 0, "pageCount": 0}).encode()


def manifest(**changes: Any) -> dict[str, Any]:
    """A manifest of a folder that holds one page of queues."""
    file = {"path": "queues/queues-1.json", "sha256": hashlib.sha256(QUEUES).hexdigest(), "objects": 0}
    return {
        "format": FORMAT,
        "version": 1,
        "region": "mypurecloud.de",
        "organisation": {"id": "o", "name": "O"},
        "started": "2026-03-01T12:00:00+00:00",
        "finished": "2026-03-01T12:01:00+00:00",
        "asked": ["queues"],
        "left_out": [],
        "listings": [{"kind": "queues", "listing": "queues", "owner": None, "files": [file], "objects": 0}],
        "gaps": [],
    } | changes


def written(folder: Path, document: dict[str, Any]) -> Path:
    (folder / "queues").mkdir(parents=True)
    (folder / "queues" / "queues-1.json").write_bytes(QUEUES)
    (folder / "manifest.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return folder


def missing(organisation: Organisation) -> list[Problem]:
    return [p for p in organisation.problems if p.location.file.endswith("manifest.json")]


def test_a_whole_collection_has_nothing_missing(tmp_path: Path) -> None:
    found = load([written(tmp_path / "org", manifest())])
    assert missing(found) == []
    (listed,) = [file for file in found.inputs if file.path.endswith("manifest.json")]
    assert (listed.kind, listed.status) == ("collection manifest", "understood")


@pytest.mark.parametrize("folder", [".", "..", "queues"])
def test_files_are_found_wherever_the_folder_is_named_from(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path / "org", manifest())
    monkeypatch.chdir(root / folder)
    paths = {".": [Path()], "..": [Path("org")], "queues": [Path("../manifest.json"), Path("../queues")]}[folder]
    assert missing(load(paths)) == []


@pytest.mark.parametrize(
    ("changes", "code", "message", "pointer"),
    [
        ({"finished": None}, "RX905", "The collection from mypurecloud.de was not finished.", ""),
        (
            {"gaps": [{"kind": "users", "listing": "users", "owner": None, "status": 403, "reason": "no"}]},
            "RX905",
            "users could not be collected (status 403: no).",
            "/gaps/0",
        ),
        (
            {"gaps": [{"kind": "queues", "listing": "queuemembers", "owner": "q", "status": 0, "reason": "circle"}]},
            "RX905",
            "queuemembers of q could not be collected (circle).",
            "/gaps/0",
        ),
        (
            {"listings": [{"files": [{"path": "users/users-1.json", "sha256": "x"}]}]},
            "RX905",
            "The manifest names users/users-1.json, which is not there.",
            "/listings/0/files/0",
        ),
        (
            {"listings": [{"files": [{"path": "queues/queues-1.json", "sha256": "x"}]}]},
            "RX905",
            "The file queues/queues-1.json is not the one that was collected: its SHA-256 differs.",
            "/listings/0/files/0",
        ),
        (
            {"left_out": ["users", "flows"]},
            "RX908",
            "The collection was told to leave out users, flows.",
            "",
        ),
        ({"version": 2}, "RX906", "The manifest has a form that this version does not know.", ""),
    ],
)
def test_what_a_manifest_misses_is_a_problem_at_its_place(
    tmp_path: Path, changes: dict[str, Any], code: str, message: str, pointer: str
) -> None:
    (found,) = missing(load([written(tmp_path / "org", manifest(**changes))]))
    assert (found.code, found.location.pointer) == (code, pointer)
    assert found.message.endswith(message)
    assert found.hint


def test_what_one_collection_left_out_another_may_hold(tmp_path: Path) -> None:
    one = written(tmp_path / "one", manifest(left_out=["users"]))
    other = written(tmp_path / "other", manifest(asked=["users"], left_out=["queues"]))
    assert len(missing(load([one]))) == len(missing(load([other]))) == 1
    assert missing(load([one, other])) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"listings": None, "gaps": "x", "asked": 1, "left_out": {}, "organisation": []},
        {"listings": [None, {"files": [1, {}]}], "gaps": [{}, []]},
        {"listings": [{"files": [{"path": "../../manifest.json", "sha256": 1}]}]},
    ],
)
def test_a_damaged_manifest_stops_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert load([written(tmp_path / "org", manifest(**changes))]).inputs
