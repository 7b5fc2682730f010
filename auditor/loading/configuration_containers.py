"""Tasks, states, bot states and menus of configuration JSON (reference of formats, section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from auditor.loading.action_table import action_table, unknown
from auditor.loading.configuration_blocks import Blocks
from auditor.loading.configuration_values import as_list, as_map, as_text, to_audio, to_setting
from auditor.loading.configuration_variables import variables_of
from auditor.loading.notes import Notes
from auditor.loading.values import down
from auditor.model.flows import Choice, Container, ContainerKind, Menu, Task
from auditor.model.location import Location
from auditor.model.settings import Setting, Unset

_KINDS = {
    "Task": ContainerKind.TASK,
    "CommonModuleTask": ContainerKind.TASK,
    "LoopTask": ContainerKind.LOOP_TASK,
    "State": ContainerKind.STATE,
    "BotState": ContainerKind.BOT_STATE,
}
_DIGITS = {"10": "#", "11": "*"}


class Containers(Struct):
    """The containers of one flow. configuration: the document; pointer: to it."""

    configuration: Mapping[str, Any]
    pointer: str
    file: str
    notes: Notes
    _ids: set[str] = field(default_factory=set)
    _inline: dict[str, str] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)

    def read(self) -> tuple[Container, ...]:
        """Every container, in the order of the document."""
        items = [(index, item) for index, item in enumerate(self._items()) if isinstance(item, dict)]
        for _, item in items:
            self._register(item)
        blocks = Blocks(self.file, self.notes, self.resolve, self._paths)
        return tuple(self._read(item, f"{self.pointer}/flowSequenceItemList/{index}", blocks) for index, item in items)

    def resolve(self, kind: str, reference: str, location: Location) -> str | None:
        """The id of a container, None when the flow has none of this id. kind: for the message only."""
        if reference in self._ids:
            return reference
        self.notes.dangling(f'there is no {kind} "{reference}"' if reference else f"a {kind} is not named", location)
        return None

    def _items(self) -> list[Any]:
        return as_list(self.configuration.get("flowSequenceItemList"))

    def _register(self, item: dict[str, Any]) -> None:
        """Notes what others refer to: the id, the output paths of a task, the tasks that belong to a menu choice."""
        if id := as_text(item.get("id")):
            self._ids.add(id)
        for path in map(as_map, as_list(item.get("paths"))):
            output_id, label = as_text(path.get("outputId")), as_text(path.get("label"))
            if output_id and label and output_id != "__DEFAULT__":
                self._paths[output_id] = label
        for choice in map(as_map, as_list(item.get("menuChoiceList"))):
            action = as_map(choice.get("action"))
            if action.get("__type") == "TaskAction" and (id := as_text(action.get("taskReference"))):
                self._inline[id] = as_text(choice.get("name")) or as_text(action.get("name")) or ""

    def _read(self, item: dict[str, Any], pointer: str, blocks: Blocks) -> Container:
        location = Location(self.file, None, pointer)
        json_type = as_text(item.get("__type")) or ""
        id, name = as_text(item.get("id")) or pointer, as_text(item.get("name")) or ""
        if json_type == "Menu" or "menuChoiceList" in item:
            return self._menu(id, name, item, location, blocks)
        if json_type not in _KINDS:
            self.notes.unreadable(f"a container of type {json_type or '?'} is read as a task", location)
        return Task(
            id,
            self._inline.get(id) or name,
            _KINDS.get(json_type, ContainerKind.TASK),
            blocks.block(item, pointer),
            location,
            variables_of(item.get("variables")),
            tuple(
                label
                for path in map(as_map, as_list(item.get("paths")))
                if path.get("outputId") != "__DEFAULT__" and (label := as_text(path.get("label")))
            ),
            id in self._inline,
        )

    def _menu(self, id: str, name: str, item: dict[str, Any], location: Location, blocks: Blocks) -> Menu:
        choices = tuple(
            self._choice(choice, f"{location.pointer}/menuChoiceList/{index}", blocks)
            for index, choice in enumerate(self._listed(item, "menuChoiceList", location))
            if isinstance(choice, dict)
        )
        given = item.get("defaultMenuChoice")
        default = as_text(given.get("id") if isinstance(given, dict) else given)
        if isinstance(given, dict) and as_map(given.get("action")) and default not in {c.id for c in choices}:
            choices = (*choices, self._choice(given, f"{location.pointer}/defaultMenuChoice", blocks))
            default = choices[-1].id
        if default is not None and default not in {choice.id for choice in choices}:
            self.notes.dangling(f'menu "{name}" has no choice {default} for its default', location)
        elif default is None and given:
            what = f'the default choice of menu "{name}" is not understood'
            self.notes.unreadable(what, down(location, "defaultMenuChoice"))
        return Menu(id, name, to_audio(item.get("prompts")), choices, default, self._listens(item, location), location)

    def _choice(self, choice: dict[str, Any], pointer: str, blocks: Blocks) -> Choice:
        """A choice. Its action has no ways out in Architect; one that has leads where nobody looks."""
        for path in map(as_map, as_list(as_map(choice.get("action")).get("paths"))):
            if path.get("nextActionId") and path.get("disabled") is not True:
                what = f'the output "{as_text(path.get("label")) or "?"}" of a menu choice is not followed'
                self.notes.unreadable(what, Location(self.file, None, f"{pointer}/action"))
        return _choice(choice, pointer, blocks)

    def _listed(self, item: Mapping[str, Any], key: str, location: Location) -> list[Any]:
        """The list under the key; anything else there is noted."""
        if item.get(key) and not isinstance(item[key], list):
            self.notes.unreadable(f"{key} is no list; it is left out", down(location, key))
        return as_list(item.get(key))

    def _listens(self, item: Mapping[str, Any], location: Location) -> Setting[bool]:
        own = to_setting(item.get("useExtensionDialing"), location)
        if not isinstance(own, Unset):
            return own
        defaults = as_map(as_map(self.configuration.get("defaultSettings")).get("Menu"))
        return to_setting(defaults.get("useExtensionDialing"), location)


def _choice(choice: dict[str, Any], pointer: str, blocks: Blocks) -> Choice:
    body = as_map(choice.get("action"))
    json_type = as_text(body.get("__type")) or "?"
    type = action_table().json_choices.get(json_type) or unknown(json_type)
    location = Location(blocks.file, None, pointer)
    name = as_text(choice.get("name")) or as_text(body.get("name")) or type.title
    action = blocks.make(type, {**body, "name": name}, Location(blocks.file, None, f"{pointer}/action"), ())
    digit = as_text(choice.get("digit"))
    return Choice(
        as_text(choice.get("id")) or pointer,
        name,
        _DIGITS.get(digit, digit) if digit else None,
        tuple(_speech(as_map(choice.get("speechRecTerms")))),
        choice.get("globalDtmf") is True,
        choice.get("globalSpeech") is True,
        action,
        location,
    )


def _speech(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (language.lower(), term)
        for language, listed in terms.items()
        for value in as_list(listed)
        if (term := as_text(value))
    ]
