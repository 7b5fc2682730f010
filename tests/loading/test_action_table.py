from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.loading.action_table import action_table, output_key, output_label
from auditor.loading.operations import BUILDERS

CATALOGUE = Path(__file__).parents[3] / "shared" / "reference" / "action_catalogue.json"
FLUSHING_OPERATIONS = {
    "collect_input",
    "transfer_queue",
    "transfer_flow",
    "transfer_secure_flow",
    "transfer_user",
    "transfer_group",
    "transfer_number",
    "transfer_voicemail",
    "transfer_extension",
    "disconnect",
    "return_to_agent",
    "enable_recording",
}
ENDS = {None: "", "flow": "flow", "on_success": "success", "task": "task", "state": "state", "loop_body": "round"}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    if not CATALOGUE.exists():
        pytest.skip("the action catalogue is not here")
    loaded: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return loaded


def test_every_row_has_an_operation_that_is_built() -> None:
    table = action_table()
    rows = [*table.actions.values(), *table.choices.values()]
    assert {row.operation for row in rows} - {*BUILDERS} == set()
    assert {*BUILDERS} - {row.operation for row in rows} == set()
    assert all(row.title and row.json for row in rows)


def test_json_types_are_unique() -> None:
    table = action_table()
    assert len(table.json_actions) == len(table.actions)
    assert len(table.json_choices) == len(table.choices)


def test_every_action_of_the_catalogue_is_in_the_table(catalogue: dict[str, Any]) -> None:
    table = action_table()
    assert len(catalogue["actions"]) == 151
    for action in catalogue["actions"]:
        row = table.actions[action["yaml_key"]]
        assert row.json == action["json_type"]
        assert row.ends == ENDS[action["terminates"]]
        real = {(o["yaml"] or "default").split(".")[0] for o in action["outputs"] if o["kind"] == "real"}
        assert set(row.outputs) == real, row.key
        assert row.dynamic == any(o["kind"] == "dynamic" for o in action["outputs"])
        returns = action["hands_call_to"] is not None
        assert not returns or row.hands_to, row.key


def test_every_menu_choice_of_the_catalogue_is_in_the_table(catalogue: dict[str, Any]) -> None:
    table = action_table()
    assert len(catalogue["menu_choices"]) == len(table.choices) == 16
    for choice in catalogue["menu_choices"]:
        row = table.choices[choice["yaml_key"]]
        found = re.search(r"= (\w+)", choice["json"])
        assert found is not None and row.json == found.group(1)
        assert not row.outputs


def test_names_of_outputs_follow_from_their_json_ids(catalogue: dict[str, Any]) -> None:
    pairs = {
        (o["json"], (o["yaml"] or "default").split(".")[0])
        for action in catalogue["actions"]
        for o in action["outputs"]
        if o["kind"] == "real" and o["json"]
    }
    assert len(pairs) > 20
    for json_id, yaml_name in pairs:
        assert output_key(json_id) == yaml_name


def test_what_flushes_queued_audio() -> None:
    table = action_table()
    for row in (*table.actions.values(), *table.choices.values()):
        if row.operation in FLUSHING_OPERATIONS:
            assert row.flushes, row.key
    others = {row.key for row in table.actions.values() if row.flushes and row.operation not in FLUSHING_OPERATIONS}
    bots = {key for key in others if table.actions[key].operation == "call_bot"}
    assert others - bots == {
        "callData",
        "callDataSecure",
        "flushAudio",
        "detectSilence",
        "playAudioOnSilence",
        "holdMusic",
        "menu",
    }
    assert {"callBotFlow", "callLexV2Bot", "callDialogflowBot"} <= bots


def test_output_ids_of_their_own_have_no_name() -> None:
    assert output_key("8c5ef972-2a16-425e-a129-37117d40c235") is None
    assert output_key("__MAX_NO_INPUTS__") == "maxNoInputs"
    assert output_label("maxNoInputs") == "Max No Inputs"
