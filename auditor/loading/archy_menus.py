"""Menus of Archy flows and their choices (reference of formats, section 1.7)."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.loading.action_table import action_table, unknown
from auditor.loading.archy_blocks import Blocks
from auditor.loading.archy_references import Found, inside
from auditor.loading.archy_values import as_list, as_map, as_text, only, to_audio, to_setting
from auditor.loading.pointers import escaped
from auditor.loading.yaml_reader import YamlMap, YamlValue
from auditor.model.flows import Choice, Menu
from auditor.model.location import Location
from auditor.model.settings import Setting, Unset

_KEYS = {"star": "*", "asterisk": "*", "pound": "#", "hash": "#"}
_PREFIX = "digit_"


def read_menu(found: Found, blocks: Blocks, inline: Mapping[str, str], listens: YamlValue | None) -> Menu:
    """The menu. inline: containers inside choices, by pointer of the choice; listens: the default of the flow."""
    body, pointer = found.body, f"{found.location.pointer}/choices"
    choices = tuple(
        _choice(found, index, item, f"{pointer}/{index}", blocks, inline)
        for index, item in enumerate(as_list(body.get("choices")))
        if isinstance(item, YamlMap) and item
    )
    return Menu(
        found.id,
        found.name,
        to_audio(body.get("audio")),
        choices,
        _default(body, choices, found, blocks),
        _listens(body, listens, found.location),
        found.location,
    )


def _choice(menu: Found, index: int, item: YamlMap, pointer: str, blocks: Blocks, inline: Mapping[str, str]) -> Choice:
    key, body = only(item)
    type = action_table().choices.get(key) or unknown(key)
    pointer = f"{pointer}/{escaped(key)}"
    location = Location(blocks.file, item.line, pointer)
    action = blocks.make(type, body, location, (), inline.get(pointer))
    _note_odd_keys(body, action.name, pointer, blocks)
    return Choice(
        as_text(body.get("refId")) or f"{menu.id}/{index}",
        action.name,
        _digit(as_text(body.get("dtmf"))),
        tuple(_speech(as_map(body.get("speechRecTerms")))),
        as_text(body.get("globalDtmf")) == "true",
        as_text(body.get("globalSpeechRecTerms")) == "true",
        action,
        location,
    )


def _note_odd_keys(body: YamlMap, name: str, pointer: str, blocks: Blocks) -> None:
    """Notes what a caller presses or says for a choice, where it is written in another way than it is read."""
    for key, read in (("dtmf", str), ("speechRecTerms", YamlMap)):
        given = body.get(key)
        if given and not isinstance(given, read) and as_text(given) is None and "noValue" not in given:
            what = f'how choice "{name}" is chosen ({key}) is not understood'
            blocks.notes.unreadable(what, Location(blocks.file, body.line_of(key), f"{pointer}/{key}"))


def _digit(dtmf: str | None) -> str | None:
    """digit_1 -> 1; digit_star and digit_pound are guesses at spellings, `digit_*` and `digit_#` are known."""
    key = (dtmf or "").removeprefix(_PREFIX)
    return _KEYS.get(key, key) or None


def _speech(terms: YamlMap) -> list[tuple[str, str]]:
    """(language, term): `en-us: {terms: [yes, sure]}`."""
    return [
        (language.lower(), term)
        for language, body in terms.items()
        for value in as_list(as_map(body).get("terms"))
        if (term := as_text(value))
    ]


def _default(body: YamlMap, choices: tuple[Choice, ...], menu: Found, blocks: Blocks) -> str | None:
    reference = as_text(body.get("defaultChildMenuRef"))
    if not reference:
        for key in body:
            if key.startswith("default") and key != "defaultChildMenuRef" and not key.endswith("Ref"):
                what = f'the key "{key}" of menu "{menu.name}" is not known; the menu is read without a default choice'
                location = Location(blocks.file, body.line_of(key), f"{menu.location.pointer}/{escaped(key)}")
                blocks.notes.unreadable(what, location)
        return None
    ref_id = inside(reference)
    for choice in choices:
        if ref_id in (choice.id, choice.name):
            return choice.id
    location = Location(
        blocks.file, body.line_of("defaultChildMenuRef"), f"{menu.location.pointer}/defaultChildMenuRef"
    )
    blocks.notes.dangling(f'menu "{menu.name}" has no choice "{reference}" for its default', location)
    return ref_id


def _listens(body: YamlMap, flow_default: YamlValue | None, location: Location) -> Setting[bool]:
    own = to_setting(as_map(body.get("settingsMenu")).get("listenForExtensionDialing"), location)
    return to_setting(flow_default, location) if isinstance(own, Unset) else own
