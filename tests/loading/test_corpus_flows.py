"""Real exports, beside the checkout: nothing crashes, nothing is lost, both forms agree."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import DocumentError
from auditor.loading.archy import flow_from_archy
from auditor.loading.configuration import flow_from_configuration
from auditor.loading.i3 import decode_i3
from auditor.loading.yaml_reader import read_yaml
from auditor.model.flows import VOICE_TYPES, Flow
from auditor.model.operations import Unmodelled
from auditor.model.problems import Problem
from auditor.model.sites import action_sites
from tests.loading.normalised import differences, normalised

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
INDEX = CORPUS / "INDEX.tsv"
CALLS = {"inboundcall", "inqueuecall", "outboundcall", "securecall", "commonmodule", "voicesurvey"}
NO_YAML = "GiLLBaTesx__deploy-ai-guides-terraform-blueprint/history/ad64e9f3/blueprint/terraform/modules/bot_flow/"
LISTS = {"actions", "startUpTaskActions", "choices"}

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")


def rows() -> list[dict[str, str]]:
    if not INDEX.exists():
        return []
    with INDEX.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["format"] in ("archy-yaml", "i3")]


def load(path: str) -> tuple[Flow, tuple[Problem, ...]]:
    data = (CORPUS / path).read_bytes()
    text = decode_i3(data)
    return flow_from_archy(read_yaml(data), path) if text is None else flow_from_configuration(json.loads(text), path)


def counted_in_yaml(text: str) -> int:
    """Actions by indentation alone: items with a bare key in a list that is called actions, choices, ..."""
    count = 0
    keys: list[tuple[int, str]] = []
    for line in text.split("\n"):
        found = re.match(r"( *)(- +)?([^\s#][^:]*?):(?:\s|$)", line)
        if found is None:
            continue
        indent, dash, key = len(found[1]), found[2] or "", found[3]
        while keys and keys[-1][0] >= indent + bool(dash):
            keys.pop()
        if dash and keys and keys[-1][1] in LISTS and line.rstrip().endswith(":"):
            count += 1
        keys.append((indent + len(dash), key))
    return count


def counted_in_json(text: str) -> int:
    """Actions anywhere in the document, by their type names."""
    types: list[object] = []

    def note(entry: dict[str, Any]) -> dict[str, Any]:
        types.append(entry.get("__type"))
        return entry

    json.loads(text, object_hook=note)
    return sum(isinstance(type, str) and type.endswith("Action") for type in types)


def counted(path: str) -> int:
    data = (CORPUS / path).read_bytes()
    text = decode_i3(data)
    return counted_in_yaml(data.decode("utf-8-sig")) if text is None else counted_in_json(text)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_every_flow_loads_or_is_refused_with_a_reason(row: dict[str, str]) -> None:
    path = row["path"]
    if path.startswith(NO_YAML):
        with pytest.raises(DocumentError) as refused:
            load(path)
        assert refused.value.line == 39 and refused.value.hint
        return
    flow, problems = load(path)
    sites = list(action_sites(flow))
    assert len(sites) == counted(path) == int(row["actions"])
    assert problems == ()
    assert flow.name and flow.start is not None
    assert not [s.action.type for s in sites if isinstance(s.action.operation, Unmodelled)]
    assert all((s.action.location.line is None) == (row["format"] == "i3") for s in sites)


def test_there_are_35_call_flows() -> None:
    calls = [row for row in rows() if row["flow_type"].lower() in CALLS]
    assert len(calls) == 35
    loaded = [load(row["path"])[0] for row in calls if not row["path"].startswith(NO_YAML)]
    assert len(loaded) == 34
    assert {flow.type for flow in loaded} <= VOICE_TYPES


def test_lines_of_actions_are_the_lines_of_their_keys() -> None:
    checked = 0
    for row in rows():
        if row["format"] == "archy-yaml" and not row["path"].startswith(NO_YAML):
            lines = (CORPUS / row["path"]).read_text(encoding="utf-8-sig").split("\n")
            for site in action_sites(load(row["path"])[0]):
                assert site.action.location.line is not None
                assert lines[site.action.location.line - 1].strip(" -").startswith(site.action.type + ":")
                checked += 1
    assert checked > 400


OTHER_VERSION = r"/variables: .*"
HAND_WRITTEN = r"/(company_directory: None \| 'none'|error_handling: None \| .*Handling.DISCONNECT.*)"
"""Written by hand, the YAML leaves settings to Architect, which the export spells out."""

WORDS_FOR_PROMPT = r".*/audio/0: .*'text': 'Please hold as your call .* \| .*'PleaseHoldAsYourCallIsRetrieved'.*"
"""The author replaced a recorded prompt by words, so that nobody has to upload it."""

CAST = r".*/key/\d/value: (\{.*\}) \| .*'tostring', 'operands': \(\1,\).*"
"""A cast that Architect adds to the tree of an expression."""

FILLED_IN = r".*/value: \{'': 'Variable', 'name': '\{\{\w+\}\}'\} \| \{'': 'Literal', 'value': '[-0-9a-f]{36}'\}"
"""The YAML has a template for an id, which the export holds."""

RENAMED = r"/name: 'Conversation_Summary' \| 'Mickelsen_Conversation_Summary'"

PARK = "genesys-cloud-call-park"
PAIRS = [
    ("ani-blacklist/history/87e44580/exports/*", "ani-blacklist/history/04caf54e/**/*.yaml", [OTHER_VERSION]),
    ("ani-blacklist/history/c06dbefa/exports/*", "ani-blacklist/history/75848d79/**/*.yaml", [OTHER_VERSION]),
    ("ani-blacklist/exports/Blacklist*", "ani-blacklist/terraform/modules/flow/blacklist.yaml", []),
    ("automatic-offer*/exports/SMS*", "automatic-offer*/terraform/modules/flow/SMS*.yaml", [FILLED_IN]),
    ("callback-prioritization/exports/*", "callback-prioritization/terraform/Callback*.yaml", []),
    ("design-arch*/blueprint/src/CacheExample.i3*", "design-arch*/blueprint/src/Cache*.yaml", [HAND_WRITTEN]),
    (f"{PARK}/blueprint/exports/Call*", f"{PARK}/terraform/**/call-park*.yaml", []),
    (f"{PARK}/blueprint/exports/Default*", f"{PARK}/terraform/**/default*flow.yaml", []),
    (f"{PARK}/blueprint/exports/Default*", f"{PARK}/history/bc7e80ef/**/*.yaml", []),
    (f"{PARK}/blueprint/exports/InQueue*", f"{PARK}/terraform/**/in-queue-orbit*.yaml", [WORDS_FOR_PROMPT]),
    (f"{PARK}/blueprint/exports/Orbit*", f"{PARK}/terraform/**/orbit*.yaml", [FILLED_IN]),
    ("merge-ephemeral*/exports/*", "merge-ephemeral*/modules/bot-flow/*.yaml", []),
    ("process-automation-trigger*/exports/*.i3*", "process-automation-trigger*/exports/*.yaml", [CAST]),
    ("process-automation-trigger*/exports/*.i3*", "process-automation-trigger*/terraform/**/*.yaml", [CAST, RENAMED]),
    ("process-automation-workitem*/exports/*", "process-automation-workitem*/modules/workitem-flow/*.yaml", []),
    ("scheduling-bot*/exports/SchedulingBot.i3*", "scheduling-bot*/modules/schedulingbot-flow/*.yaml", [CAST]),
    ("scheduling-bot*/exports/SchedulingBotIn*", "scheduling-bot*/modules/inbound-message-flow/*.yaml", []),
]
"""The same flow as `.i3` export and as YAML, and what is known to differ in the files themselves."""


def flow_at(pattern: str) -> Flow:
    (found,) = CORPUS.glob(f"GenesysCloudBlueprints__{pattern}")
    return load(str(found.relative_to(CORPUS)))[0]


def found_differences(export: str, yaml: str) -> list[str]:
    return list(differences(normalised(flow_at(yaml)), normalised(flow_at(export))))


@pytest.mark.parametrize(("export", "yaml", "known"), PAIRS)
def test_both_forms_of_a_flow_give_one_program(export: str, yaml: str, known: list[str]) -> None:
    found = found_differences(export, yaml)
    assert [d for d in found if not any(re.fullmatch(pattern, d, re.DOTALL) for pattern in known)] == []
    assert all(any(re.fullmatch(pattern, d, re.DOTALL) for d in found) for pattern in known)


def test_two_programs_differ() -> None:
    found = found_differences(f"{PARK}/blueprint/exports/Orbit*", f"{PARK}/terraform/**/call-park*.yaml")
    assert [d for d in found if d.startswith("/containers")]
