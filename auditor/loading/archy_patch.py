"""Changes to a flow as changes to the text of its Archy YAML: everything else keeps its form, to the last blank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from auditor.editing.edits import After, Anchor, Before, Change, Copy, Delete, Guard, Insert, Inside, Item, SetDefault
from auditor.loading.archy_places import Span, Text, Unpatchable
from auditor.loading.yaml_reader import YamlMap, read_yaml
from auditor.model.flows import Action, Choice, Flow, Menu
from auditor.model.sites import action_sites

_BODY = 4  # how far the fields of an action stand behind its dash
_WORDS = ("yes", "no", "on", "off", "true", "false", "null")
_PLAIN = re.compile(r"[^\W\d_][\w ]*")


def patched(text: str, flow: Flow, changes: Sequence[Change]) -> str:
    """The text of the flow after the changes; raises Unpatchable where the text is not laid out as exports are."""
    patch = _Patch(Text(text), flow, read_yaml(text))
    for change in changes:
        patch.add(change)
    return patch.result()


@dataclass(slots=True)
class _Patch:
    text: Text
    flow: Flow
    tree: YamlMap
    _actions: dict[int, Action] = field(init=False)
    _deleted: set[int] = field(default_factory=set)
    _inserted: dict[int, list[str]] = field(default_factory=dict)
    _replaced: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Numbers the actions."""
        self._actions = {site.number: site.action for site in action_sites(self.flow)}

    def add(self, change: Change) -> None:
        """Note what a change does to the lines."""
        match change:
            case Delete(number=number):
                self._delete(number)
            case Insert(anchor=anchor, items=items):
                self._insert(anchor, items)
            case SetDefault(container=container, choice=choice):
                self._default(container, choice)

    def result(self) -> str:
        """The text with all changes."""
        self._emptied()
        lines: list[str] = []
        for index, line in enumerate(self.text.lines):
            lines.extend(self._inserted.get(index, ()))
            if index not in self._deleted:
                lines.append(self._replaced.get(index, line))
        lines.extend(self._inserted.get(len(self.text.lines), ()))
        return self.text.joined(lines)

    def _span(self, number: int) -> Span:
        return self.text.item(self._actions[number].location.line)

    def _delete(self, number: int) -> None:
        span = self._span(number)
        self._deleted.update(range(span.start, span.end))

    def _insert(self, anchor: Anchor, items: Sequence[Item]) -> None:
        match anchor:
            case Before(number=number):
                span = self._span(number)
                self._put(span.start, items, span.indent)
            case After(number=number):
                span = self._span(number)
                self._put(span.end, items, span.indent)
            case Inside(number=number, output=output):
                self._inside(number, output, items)

    def _put(self, line: int, items: Sequence[Item], indent: int) -> None:
        self._inserted.setdefault(line, []).extend(text for item in items for text in self._lines(item, indent))

    def _lines(self, item: Item, indent: int) -> Iterator[str]:
        match item:
            case Copy(number=number):
                yield from self.text.moved(self._span(number), indent)
            case Guard():
                yield from self._guard(item, indent)

    def _guard(self, guard: Guard, indent: int) -> Iterator[str]:
        body, outputs = " " * (indent + _BODY), " " * (indent + _BODY + 2)
        yield f"{' ' * indent}- decision:"
        yield f"{body}name: {_scalar(guard.name)}"
        yield f"{body}condition:"
        yield f"{body}  exp: {json.dumps(guard.text, ensure_ascii=False)}"
        yield f"{body}outputs:"
        yield f'{outputs}"yes":'
        yield f"{outputs}  actions:"
        for copy in guard.then:
            yield from self._lines(copy, len(outputs) + 2 + self.text.dash)
        yield f'{outputs}"no":'
        yield f"{outputs}  actions: []"

    def _inside(self, number: int, key: str, items: Sequence[Item]) -> None:
        action = self._actions[number]
        block = next((o.block for o in action.outputs if o.key == key), ())
        if block:
            span = self.text.item(block[-1].location.line)
            self._put(span.end, items, span.indent)
        else:
            self._fill(action, key, items)

    def _fill(self, action: Action, key: str, items: Sequence[Item]) -> None:
        """Actions for an output that has none: after `actions: []`, or with lines that were not there."""
        span = self.text.item(action.location.line)
        body = self._at(action.location.pointer)
        outputs = body.get("outputs")
        if outputs is None or outputs == "":
            self._keys(span.end, span.indent + _BODY, ("outputs", key), items)
        elif not isinstance(outputs, YamlMap):
            raise Unpatchable(f'the outputs of "{action.name}" are a list')
        elif key not in outputs:
            line = body.line_of("outputs") - 1
            indent = self.text.block_key(line, "outputs")
            self._keys(self.text.end(line, indent), indent + 2, (key,), items)
        else:
            self._in_output(outputs, key, items)

    def _in_output(self, outputs: YamlMap, key: str, items: Sequence[Item]) -> None:
        held, line = outputs[key], outputs.line_of(key) - 1
        if isinstance(held, YamlMap) and "actions" in held:
            at = held.line_of("actions") - 1
            indent = self.text.only_key(at, "actions")
            self._replaced[at] = f"{' ' * indent}actions:"
            self._put(at + 1, items, indent + self.text.dash)
        else:
            indent = self.text.only_key(line, key)
            self._replaced[line] = f"{' ' * indent}{_scalar(key)}:"
            self._keys(line + 1, indent + 2, (), items)

    def _keys(self, line: int, indent: int, keys: Sequence[str], items: Sequence[Item]) -> None:
        for key in (*keys, "actions"):
            self._inserted.setdefault(line, []).append(f"{' ' * indent}{_scalar(key)}:")
            indent += 2
        self._put(line, items, indent - 2 + self.text.dash)

    def _default(self, container: str, wanted: str) -> None:
        menu = next(c for c in self.flow.containers if c.id == container)
        assert isinstance(menu, Menu)
        choice = next(c for c in menu.choices if c.id == wanted)
        line = self._at(menu.location.pointer).line_of("defaultChildMenuRef") - 1
        indent = self.text.block_key(line, "defaultChildMenuRef")
        reference = f"./choices/{choice.location.pointer.rpartition('/')[2]}[{self._ref(choice)}]"
        self._replaced[line] = f"{' ' * indent}defaultChildMenuRef: {json.dumps(reference, ensure_ascii=False)}"

    def _ref(self, choice: Choice) -> str:
        found = self._at(choice.location.pointer).get("refId")
        return found if isinstance(found, str) and found else choice.name

    def _at(self, pointer: str) -> YamlMap:
        """The mapping at a place of the document."""
        value: object = self.tree
        for token in pointer.split("/")[1:]:
            if isinstance(value, YamlMap):
                value = value.get(token.replace("~1", "/").replace("~0", "~"))
            elif isinstance(value, list) and token.isdecimal():
                value = value[int(token)]
        if not isinstance(value, YamlMap):
            raise Unpatchable(f"{pointer} is no mapping")
        return value

    def _emptied(self) -> None:
        """A list that lost its last action is written as an empty one."""
        for index, line in enumerate(self.text.lines):
            if index in self._deleted or index in self._replaced or line.strip() != "actions:":
                continue
            indent = len(line) - len(line.lstrip())
            inside = [i for i in range(index + 1, self.text.end_of_list(index, indent)) if self.text.lines[i].strip()]
            kept = [i for i in inside if i not in self._deleted]
            held = any(i in self._inserted for i in range(index + 1, (inside[-1] if inside else index) + 2))
            if inside and not kept and not held:
                self._replaced[index] = f"{line} []"


def _scalar(text: str) -> str:
    """A word as YAML: quoted when it could be read as something else."""
    plain = (
        _PLAIN.fullmatch(text) and text.strip() == text and text.lower() not in ("yes", "no", "true", "false", "null")
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
