from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.declared import FIXTURES, KEYS, Declared, declared, declared_cases, differences, expected, read, report

CASES = declared_cases()
DESIGN = FIXTURES / "consent-design"
MUTANTS: list[dict[str, Any]] = tomllib.loads((DESIGN / "mutants.toml").read_text(encoding="utf-8"))["mutant"]
ASKED = (
    *(f"RC{number}" for number in (*range(101, 108), 113)),
    *(f"RN{number}" for number in (*range(201, 205), *range(206, 213))),
    *(f"RQ{number}" for number in range(301, 305)),
    *(f"RX{number}" for number in (901, 902, 903, 904, 906, 907)),
)


def mutated(text: str, edit: Mapping[str, str]) -> str:
    start = text.index(edit["after"]) if "after" in edit else 0
    place = text.index(edit["find"], start)
    return text[:place] + edit["replace"] + text[place + len(edit["find"]) :]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_shows_what_it_says(folder: Path) -> None:
    """Its expected report, which test_fixtures holds against the program."""
    found = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert differences(declared(read(folder)), found) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["name"])
def test_a_mutant_of_the_design_is_caught_where_it_is_wrong(mutant: dict[str, Any], tmp_path: Path) -> None:
    shutil.copytree(DESIGN / "opt-in", tmp_path / "opt-in")
    for edit in mutant["edit"]:
        file = tmp_path / "opt-in" / "export" / edit["file"]
        file.write_text(mutated(file.read_text(encoding="utf-8"), edit), encoding="utf-8")
    assert differences(declared(mutant), report(tmp_path / "opt-in")) == []


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_is_declared_in_full(folder: Path) -> None:
    table = read(folder)
    assert set(table) <= KEYS
    assert table["title"] and table["why"]
    if folder.parent.name == "cases":
        code, kind, _ = folder.name.split("-", 2)
        named = [text.split()[0] for text in table["expect"]] + table.get("problems", [])
        assert (code in named) == (kind == "bad")


def test_every_code_has_a_bad_and_an_ok_case() -> None:
    present = {tuple(folder.name.split("-")[:2]) for folder in CASES}
    assert {(code, kind) for code in ASKED for kind in ("bad", "ok")} <= present


def test_there_are_twelve_mutants_and_each_is_wrong_somewhere() -> None:
    assert len({mutant["name"] for mutant in MUTANTS}) == 12
    assert all(mutant["expect"] and mutant["why"] for mutant in MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["name"])
def test_the_edits_of_a_mutant_leave_flows_that_can_be_read(mutant: dict[str, Any]) -> None:
    texts: dict[str, str] = {}
    for edit in mutant["edit"]:
        before = texts.get(edit["file"]) or (DESIGN / "opt-in/export" / edit["file"]).read_text(encoding="utf-8")
        texts[edit["file"]] = mutated(before, edit)
        assert texts[edit["file"]] != before
    assert all(len(yaml.load(text, Loader=yaml.CBaseLoader)) == 1 for text in texts.values())


def test_differences_are_told() -> None:
    finding = {"rule": "RC102", "object": {"name": "Enable"}, "latent": False, "confidence": "low"}
    found = {"findings": [finding], "problems": [], "verdicts": [{"entry": {"name": "Hotline"}, "verdict": "unknown"}]}
    wanted = Declared((expected("RC103 Enable"),), ("RC102",), (), ("RX901",), (("Hotline", ("proved",)),))
    assert differences(wanted, found) == [
        "missing: RC103 Enable (certain)",
        "not expected: RC102 Enable possible",
        "must not be found: RC102",
        "missing problem: RX901",
        "Hotline is unknown, not proved",
    ]
    assert differences(Declared((expected("RC102 Enable (possible)"),)), found) == []
    assert differences(Declared((expected("RC102 * (any)"),)), found) == []
