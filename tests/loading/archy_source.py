"""Small Archy flows for tests, written as people read them."""

from __future__ import annotations

from textwrap import dedent, indent

from auditor.loading.archy import flow_from_archy
from auditor.loading.yaml_reader import read_yaml
from auditor.model.flows import Action, Choice, Flow, Menu, Task
from auditor.model.operations import (
    Operation,
)
from auditor.model.problems import Problem


def load(source: str, path: str = "main.yaml") -> tuple[Flow, tuple[Problem, ...]]:
    return flow_from_archy(read_yaml(dedent(source)), path)


def flow_of(source: str) -> Flow:
    flow, problems = load(source)
    assert problems == ()
    return flow


def actions_of(actions: str) -> tuple[Action, ...]:
    head = "inboundCall:\n  name: Main\n  startUpRef: ./tasks/task[T]\n  tasks:\n    - task:\n        name: T\n"
    flow = flow_of(head + "        actions:\n" + indent(dedent(actions).strip("\n"), " " * 10))
    (task,) = flow.containers
    assert isinstance(task, Task)
    return task.block


def operation_of(action: str) -> Operation:
    (found,) = actions_of(action)
    return found.operation


def choices_of(choices: str) -> tuple[Flow, tuple[Choice, ...]]:
    head = "inboundCall:\n  name: Main\n  startUpRef: ./menus/menu[M]\n  menus:\n    - menu:\n        name: M\n"
    flow = flow_of(head + "        choices:\n" + indent(dedent(choices).strip("\n"), " " * 10))
    menu = flow.containers[0]
    assert isinstance(menu, Menu)
    return flow, menu.choices
