"""Changes to the actions of a flow, all at once, by the numbers that the actions have in the flow as loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.editing.edits import After, Anchor, Before, Change, Copy, Delete, Guard, Insert, Inside, Item, SetDefault
from auditor.model.flows import Action, Container, Flow, Menu, Output, Task
from auditor.model.operations import Decide
from auditor.model.sites import action_sites

DECISION = "decision"


class _Surgery(Struct):
    """What is to be done in a flow, by the number of the action at which it is done."""

    actions: dict[int, Action]
    numbers: dict[int, int]
    deleted: set[int] = field(default_factory=set)
    before: dict[int, list[Item]] = field(default_factory=dict)
    after: dict[int, list[Item]] = field(default_factory=dict)
    inside: dict[tuple[int, str], list[Item]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)

    def note(self, change: Change) -> None:
        match change:
            case Delete(number=number):
                self.deleted.add(number)
            case Insert(anchor=anchor, items=items):
                self._list(anchor).extend(items)
            case SetDefault(container=container, choice=choice):
                self.defaults[container] = choice

    def _list(self, anchor: Anchor) -> list[Item]:
        match anchor:
            case Before(number=number):
                return self.before.setdefault(number, [])
            case After(number=number):
                return self.after.setdefault(number, [])
            case Inside(number=number, output=output):
                return self.inside.setdefault((number, output), [])

    def block(self, block: Sequence[Action]) -> tuple[Action, ...]:
        """The list of actions after the changes in it and below it."""
        return tuple(self._block(block))

    def _block(self, block: Sequence[Action]) -> Iterator[Action]:
        for action in block:
            number = self.numbers[id(action)]
            yield from self._made(self.before.get(number, ()))
            if number not in self.deleted:
                yield self.action(action, number)
            yield from self._made(self.after.get(number, ()))

    def action(self, action: Action, number: int) -> Action:
        """The action with the changes inside it."""
        outputs = tuple(self._output(output, number) for output in action.outputs)
        return action if outputs == action.outputs else replace(action, outputs=outputs)

    def _output(self, output: Output, number: int) -> Output:
        added = tuple(self._made(self.inside.get((number, output.key), ())))
        block = self.block(output.block) + added
        return output if block == output.block else replace(output, block=block)

    def _made(self, items: Sequence[Item]) -> Iterator[Action]:
        for item in items:
            match item:
                case Copy(number=number):
                    yield _copied(self.actions[number])
                case Guard():
                    yield self._guard(item)

    def _guard(self, guard: Guard) -> Action:
        held = tuple(_copied(self.actions[copy.number]) for copy in guard.then)
        outputs = (Output("yes", "Yes", held), Output("no", "No"))
        return Action("", None, guard.name, DECISION, Decide(guard.condition), outputs, held[0].location)


def with_changes(flow: Flow, changes: Sequence[Change]) -> Flow:
    """The flow after the changes."""
    sites = list(action_sites(flow))
    surgery = _Surgery({s.number: s.action for s in sites}, {id(s.action): s.number for s in sites})
    for change in changes:
        surgery.note(change)
    return replace(flow, containers=tuple(_container(container, surgery) for container in flow.containers))


def _container(container: Container, surgery: _Surgery) -> Container:
    match container:
        case Task():
            return replace(container, block=surgery.block(container.block))
        case Menu():
            return replace(container, default=surgery.defaults.get(container.id, container.default))


def _copied(action: Action) -> Action:
    """An action of its own, down to the last: who reads a flow tells actions apart by identity."""
    outputs = (replace(output, block=tuple(_copied(inner) for inner in output.block)) for output in action.outputs)
    return replace(action, outputs=tuple(outputs))
