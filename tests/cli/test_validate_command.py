from __future__ import annotations

import json
from pathlib import Path

from auditor.cli.validate import validate
from auditor.errors import ExitCode
from tests.cli.conftest import ROOT, Desk


def run(path: Path, desk: Desk) -> int:
    return validate([path], desk.around, substitutions=None, quiet=True, width=100)


def test_a_whole_export_is_valid(desk: Desk) -> None:
    assert run(ROOT / "fixtures" / "demo" / "organisation", desk) == ExitCode.CLEAN
    assert "Trunk base settings             4          0" in desk.out
    assert "NOT UNDERSTOOD" not in desk.out


def test_what_is_not_valid_is_counted_and_placed(tmp_path: Path, desk: Desk) -> None:
    queue = {"id": "q", "name": "Service", "selfUri": "/api/v2/routing/queues/q"}
    fine = {"id": "r", "name": "Other", "selfUri": "/api/v2/routing/queues/r"}
    (tmp_path / "queues.json").write_text(json.dumps([queue | {"memberGroups": [7]}, fine]))
    assert run(tmp_path, desk) == ExitCode.INCOMPLETE
    words = desk.out.split()
    assert words[words.index("Queue") + 1 :][:2] == ["2", "1"]
    assert "is a number, not" in " ".join(words)


def test_a_folder_of_something_else(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    assert run(tmp_path, desk) == ExitCode.NOTHING
