"""Tasks, states, bots and menus of an Archy flow, found first and read second, so that references resolve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from auditor.loading.archy_blocks import Blocks
from auditor.loading.archy_menus import read_menu
from auditor.loading.archy_references import Found, References, inside
from auditor.loading.archy_values import as_list, as_map, as_text, items_of, only
from auditor.loading.archy_variables import variables_of
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlMap, YamlValue
from auditor.model.flows import Container, ContainerKind, FlowType, Task
from auditor.model.location import Location

START_UP = "startUpTask"
IN_QUEUE_TASK = "In-Queue Task"
"""The name that Architect gives the task of in-queue flows, which has none in YAML."""

_SECTIONS = {"menus": "menu", "tasks": "task", "states": "state", "bots": "bot", "digitalBots": "digitalBot"}
_KINDS = {
    "task": ContainerKind.TASK,
    "state": ContainerKind.STATE,
    "bot": ContainerKind.BOT_STATE,
    "digitalBot": ContainerKind.BOT_STATE,
}
_INLINE = {"menuTask": "task", "menuSubMenu": "menu"}


class _Member(NamedTuple):
    """A container as exported. name, ref_id: "" when the body says them."""

    kind: str
    body: YamlMap
    pointer: str
    line: int
    name: str = ""
    ref_id: str = ""


class Containers(Struct):
    """The containers of one flow. root: the body below the root key; pointer: to it."""

    root: YamlMap
    pointer: str
    type: FlowType
    file: str
    references: References
    _found: list[Found] = field(default_factory=list)
    _inline: dict[str, str] = field(default_factory=dict)

    def read(self, blocks: Blocks) -> tuple[Container, ...]:
        """Every container, in the order of the file; what stands inside a menu follows it."""
        for section, kind in _SECTIONS.items():
            for member in _members(self.root.get(section), kind, f"{self.pointer}/{section}"):
                self._find(member)
        start_up = tuple(self._start_up(blocks))
        listens = as_map(self.root.get("settingsMenu")).get("listenForExtensionDialing")
        return (*start_up, *(self._read(found, blocks, listens) for found in self._found))

    def _find(self, member: _Member, choice: str = "") -> str:
        """Registers a container and those inside it; returns its id. choice: key of the menu choice it stands in."""
        kind, body = member.kind, member.body
        name = member.name or as_text(body.get("name")) or f"{kind} {len(self._found) + 1}"
        ref_id = member.ref_id or as_text(body.get("refId")) or name
        location = Location(self.file, member.line, member.pointer)
        id = self.references.register((choice or kind).lower(), ref_id, location)
        self._found.append(Found(id, name, kind, body, location, bool(choice)))
        if kind == "menu":
            self._find_inside(body, f"{member.pointer}/choices")
        return id

    def _find_inside(self, menu: YamlMap, pointer: str) -> None:
        """Inline tasks and sub menus of a menu; nesting is bounded by that of the YAML."""
        for index, item in enumerate(as_list(menu.get("choices"))):
            key, choice = only(item)
            if key not in _INLINE:
                continue
            kind, at = _INLINE[key], f"{pointer}/{index}/{key}"
            nested = isinstance(choice.get(kind), YamlMap)
            body = as_map(choice.get(kind)) if nested else choice
            name = as_text(choice.get("name")) or as_text(body.get("name")) or ""
            ref_id = as_text(choice.get("refId")) or at
            inner = _Member(kind, body, f"{at}/{kind}" if nested else at, as_map(item).line, name, ref_id)
            self._inline[at] = self._find(inner, key)

    def _read(self, found: Found, blocks: Blocks, listens: YamlValue | None) -> Container:
        if found.kind == "menu":
            return read_menu(found, blocks, self._inline, listens)
        return Task(
            found.id,
            found.name,
            _KINDS[found.kind],
            blocks.block(found.body.get("actions"), f"{found.location.pointer}/actions"),
            found.location,
            variables_of(found.body.get("variables")),
            tuple(name for _, path in items_of(found.body.get("outputPaths")) if (name := _path_name(path))),
            found.inline,
        )

    def _start_up(self, blocks: Blocks) -> Iterator[Task]:
        """The task of flows that have one only: in-queue flows, in which it is a loop, and common modules."""
        if "startUpTaskActions" not in self.root:
            return
        looping = self.type is FlowType.IN_QUEUE_CALL
        pointer = f"{self.pointer}/startUpTaskActions"
        location = Location(self.file, self.root.line_of("startUpTaskActions"), pointer)
        yield Task(
            self.references.register("task", START_UP, location),
            IN_QUEUE_TASK if looping else START_UP,
            ContainerKind.LOOP_TASK if looping else ContainerKind.TASK,
            blocks.block(self.root.get("startUpTaskActions"), pointer),
            location,
            variables_of(self.root.get("startUpTaskVariables")),
        )


def _members(section: YamlValue | None, kind: str, pointer: str) -> Iterator[_Member]:
    """Containers of a section: `- task: {...}`, or as written by hand `task[Name_12]: {...}`."""
    for index, item in enumerate(as_list(section)):
        key, body = only(item)
        if key:
            yield _Member(kind, body, f"{pointer}/{index}/{escaped(key)}", as_map(item).line)
    if isinstance(section, YamlMap):
        for key, value in section.items():
            body = as_map(value)
            ref_id = as_text(body.get("refId")) or inside(key)
            yield _Member(kind, body, f"{pointer}/{escaped(key)}", section.line_of(key), "", ref_id)


def _path_name(path: YamlMap) -> str | None:
    name = as_text(path.get("name"))
    return None if name and name.lower() == "default" else name
