from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auditor.cli.main import app
from tests.hostile.making import AUDIT, Hostile
from tests.hostile.page import PAGE, named
from tests.hostile.table import ALL, faults, tried

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
LIGHT = tuple(hostile for hostile in ALL if not hostile.heavy)


@pytest.mark.parametrize("hostile", LIGHT, ids=lambda hostile: hostile.name)
def test_hostile_input_ends_as_it_must(hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = hostile.make(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(os.listdir(tmp_path))
    ran = CliRunner().invoke(app, [*(given or AUDIT)], env={"COLUMNS": "100"})
    assert faults(hostile, ran.exit_code, ran.stdout + ran.stderr) == []
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.properties
@pytest.mark.skipif(not FULL, reason="each in a process of its own, which takes minutes: make properties")
@pytest.mark.parametrize("hostile", ALL, ids=lambda hostile: hostile.name)
def test_hostile_input_takes_little_and_does_nothing(hostile: Hostile) -> None:
    ran = tried(hostile)
    assert faults(hostile, ran.code, ran.out + ran.err, ran) == []


def test_the_table_of_the_documentation_names_every_input() -> None:
    assert named(PAGE.read_text(encoding="utf-8")) == [hostile.name for hostile in ALL], "run `make hostile`"


def test_every_input_has_a_name_of_its_own() -> None:
    names = [hostile.name for hostile in ALL]
    assert len(names) == len(set(names)) > 80
    assert len(LIGHT) > 60
