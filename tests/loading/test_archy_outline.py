"""The outline of an Archy flow: all keys, all lists, and the mappings below which a variable may be named."""

from __future__ import annotations

import gc
import sys

from auditor.loading.archy import flow_from_archy
from auditor.loading.archy_outline import outline_of
from auditor.loading.yaml_reader import YamlList, YamlMap, read_yaml

FLOW = read_yaml(
    """
inboundCall:
  tasks:
    - task:
        actions:
          - playAudio:
              audio: {tts: Hello}
          - callData:
              category: {found: {Result: {var: Task.Result}}}
          - updateData:
              statements: [[{string: {variable: Flow.x, value: {lit: "1"}}}]]
"""
)


def test_keys_and_lists_are_those_of_the_whole_flow() -> None:
    outline = outline_of(FLOW)
    assert {"inboundCall", "tasks", "playAudio", "tts", "Result", "var", "variable", "lit"} <= outline.keys
    assert not {"Hello", "Flow.x"} & outline.keys
    assert len(outline.lists) == 4


def test_variables_are_named_below_every_mapping_around_them() -> None:
    naming = outline_of(FLOW).naming
    actions = mapping(FLOW, "inboundCall", "tasks", 0, "task")["actions"]
    assert isinstance(actions, YamlList)
    plays, calls, updates = (id(action) in naming for action in actions)
    assert (plays, calls, updates) == (False, True, True)
    assert id(mapping(FLOW, "inboundCall", "tasks", 0, "task", "actions", 1, "callData", "category")) in naming
    assert id(mapping(FLOW, "inboundCall", "tasks", 0, "task", "actions", 0, "playAudio", "audio")) not in naming
    assert id(FLOW) in naming


def mapping(node: object, *steps: str | int) -> YamlMap:
    for step in steps:
        if isinstance(step, int):
            assert isinstance(node, YamlList)
            node = node[step]
        else:
            assert isinstance(node, YamlMap)
            node = node[step]
    assert isinstance(node, YamlMap)
    return node


def test_nothing_of_what_was_parsed_stays_behind() -> None:
    """Garbage is collected late where many files are read: a cycle would keep every tree."""
    actions = mapping(FLOW, "inboundCall", "tasks", 0, "task")["actions"]
    gc.collect()
    gc.disable()
    try:
        before = sys.getrefcount(actions)
        flow, _ = flow_from_archy(FLOW, "main.yaml")
        after = sys.getrefcount(actions)
    finally:
        gc.enable()
    assert flow.containers
    assert after == before
