"""Flows with anything in any place: they load with problems or are refused, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.loading.archy import flow_from_archy
from auditor.loading.configuration import flow_from_configuration
from auditor.loading.yaml_reader import Quoted, YamlList, YamlMap, YamlValue, read_yaml
from auditor.model.sites import action_sites
from tests.loading.both_forms_source import SETTINGS, YAML, items
from tests.loading.configuration_source import Json, document

CONFIGURATION = document(*items(), **SETTINGS)
WRONG_JSON: list[object] = [
    *(None, True, 1, -1, 10**400, 1.5, "", "x", "__1__", "1", "4", [], {}, [[]], [{}], ["a"], [None], {"a": 1}),
    *({"config": []}, {"config": {"lit": []}}, {"config": {"emp": {}}, "text": 1}, {"config": {"ref": {"text": 1}}}),
]
WRONG_YAML: list[object] = [
    *("", "x", Quoted(""), [], {}, [[]], [{}], ["a"], {"a": "1"}, {"lit": []}, {"lit": {}}, {"exp": {}}, {"exp": "(("}),
    *({"name": []}, {"var": {}}, {"tts": []}, {"actions": "x"}, {"actions": [[]]}, {"cases": []}, {"cases": ["a"]}),
    *({"default": "x", "cases": [{}]}, {"enabled": "false"}, {"ver_1": "x"}),
]


def places(tree: object) -> list[tuple[Any, Any]]:
    """Every (container, key) below, in a fixed order."""
    found: list[tuple[Any, Any]] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
        for key in keys:
            found.append((node, key))
            stack.append(node[key])  # type: ignore[index]
    return found


def damaged(tree: Any, damages: list[tuple[int, object]]) -> Any:
    """A copy with some values replaced (or taken out: ...)."""
    tree = copy.deepcopy(tree)
    all_places = places(tree)
    for where, value in damages:
        node, key = all_places[where % len(all_places)]
        if value is ... and isinstance(node, dict):
            node.pop(key, None)
        elif isinstance(node, dict) or key < len(node):
            node[key] = copy.deepcopy(value) if value is not ... else None
    return tree


def as_yaml(value: Any) -> YamlValue:
    if isinstance(value, dict):
        tree = YamlMap()
        tree.line, tree.lines = 1, [1] * len(value)
        tree.update({key: as_yaml(inner) for key, inner in value.items()})
        return tree
    if isinstance(value, list):
        items = YamlList(as_yaml(inner) for inner in value)
        items.line = 1
        return items
    return value if isinstance(value, str) else ""


def plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def damages(wrong: list[object]) -> st.SearchStrategy[list[tuple[int, object]]]:
    one = st.tuples(st.integers(0, 5_000), st.sampled_from([*wrong, ...]))
    return st.lists(one, min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(damages(WRONG_JSON))
def test_damaged_configurations(wrong: list[tuple[int, object]]) -> None:
    broken: Json = damaged(CONFIGURATION, wrong)
    try:
        flow, _ = flow_from_configuration(broken, "x.json")
    except DocumentError:
        return
    assert len(list(action_sites(flow))) <= len(places(broken))


@settings(max_examples=150, deadline=None)
@given(damages(WRONG_YAML))
def test_damaged_archy_flows(wrong: list[tuple[int, object]]) -> None:
    broken = as_yaml(damaged(plain(read_yaml(YAML)), wrong))
    assert isinstance(broken, YamlMap)
    try:
        flow, _ = flow_from_archy(broken, "x.yaml")
    except DocumentError:
        return
    assert len(list(action_sites(flow))) <= len(places(broken))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(YAML)), st.text("{}[]:-'\"\n &*|>%@`xX#,?!$ ", max_size=6))
def test_damaged_text(where: int, inserted: str) -> None:
    try:
        flow_from_archy(read_yaml(YAML[:where] + inserted + YAML[where:]), "x.yaml")
    except DocumentError as error:
        assert error.message and error.hint
