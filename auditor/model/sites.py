"""Actions with their place in the flow: the one numbering that graph, analysis and reports share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from msgspec import Struct

from auditor.model.flows import Action, Container, Flow, Menu, Task


class ActionSite(Struct, frozen=True, gc=False):
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
        seen: dict[str, int] = {}
        choices = [choice.id for choice in container.choices] if isinstance(container, Menu) else ()
        for action, choice in zip_longest(actions_of(container), choices):
            ordinal = seen.get(action.name, 0)
            seen[action.name] = ordinal + 1
            yield ActionSite(number, container, action, ordinal, choice)
            number += 1


def actions_of(container: Container) -> list[Action]:
    """The actions of a container, outer ones first, in file order."""
    match container:
        case Menu(choices=choices):
            return [choice.action for choice in choices]
        case Task(block=block):
            found: list[Action] = []
            pending = [*reversed(block)]
            while pending:
                action = pending.pop()
                found.append(action)
                for output in reversed(action.outputs):
                    if output.block:
                        pending.extend(reversed(output.block))
            return found
