"""Actions with their place in the flow: the one numbering that graph, analysis and reports share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.flows import Action, Container, Flow, Menu, Task


@dataclass(frozen=True, slots=True)
class ActionSite:
    """An action of a flow. number: running number in the flow (containers in order, outer actions first).

    ordinal: 0 for the first action of this name in its container, 1 for the second, ...
    choice: id of the menu choice whose action this is, else None.
    """

    number: int
    container: Container
    action: Action
    ordinal: int
    choice: str | None = None


def action_sites(flow: Flow) -> Iterator[ActionSite]:
    """Every action of the flow in file order, choices of menus included."""
    number = 0
    for container in flow.containers:
        seen: Counter[str] = Counter()
        for action, choice in _actions(container):
            yield ActionSite(number, container, action, seen[action.name], choice)
            seen[action.name] += 1
            number += 1


def _actions(container: Container) -> Iterator[tuple[Action, str | None]]:
    match container:
        case Menu(choices=choices):
            for choice in choices:
                yield choice.action, choice.id
        case Task(block=block):
            stack = [iter(block)]
            while stack:
                action = next(stack[-1], None)
                if action is None:
                    stack.pop()
                    continue
                yield action, None
                stack.append(a for output in action.outputs for a in output.block)
