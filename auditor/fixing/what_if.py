"""`--set trunk:"Berlin".trunk_recording_consent_required=true`: which setting of which object is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from auditor.editing.edits import SetSetting
from auditor.editing.settings import KINDS, Settable
from auditor.errors import UsageError
from auditor.model.organisation import Organisation

_FORM = re.compile(r"(?P<kind>[^:]+):(?P<name>.+)\.(?P<key>\w+)\s*=\s*(?P<value>[^=]*)")
_VALUES = {"true": True, "false": False, "on": True, "off": False, "yes": True, "no": False}
_EXAMPLE = 'trunk:"Berlin".trunk_recording_consent_required=true'
Suggest = Callable[[str, Sequence[str]], str]


class _Named(Struct, frozen=True):
    """An object that may be meant. id: for flows the index; words: what tells it from others of its name."""

    id: str
    name: str
    aliases: tuple[str, ...]
    words: str


def setting_of(text: str, organisation: Organisation, suggest: Suggest) -> SetSetting:
    """The edit that the text means; raises UsageError with the nearest name for what does not exist."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(f'--set "{text}" is not understood.', hint=f"For example --set '{_EXAMPLE}'.")
    settable = _kind(found["kind"].strip().casefold(), suggest)
    key = next((k for k in settable.fields if k.casefold() == found["key"].casefold()), None)
    if key is None:
        known = list(settable.fields)
        raise UsageError(
            f'A {settable.kind} has no setting "{found["key"]}"{suggest(found["key"], known)}.',
            hint=f"Settings: {', '.join(known)}.",
        )
    value = _VALUES.get(found["value"].strip().casefold())
    if value is None:
        raise UsageError(f'"{found["value"]}" is neither true nor false (--set {text}).')
    thing = _object(settable, found["name"].strip().strip("\"'"), organisation, suggest)
    return SetSetting(settable.kind, thing.id, thing.name, key, value)


def _kind(word: str, suggest: Suggest) -> Settable:
    settable = KINDS.get(word.replace(" ", "-").replace("_", "-"))
    if settable is None:
        raise UsageError(
            f'There is no kind "{word}" to set{suggest(word, list(KINDS))}.', hint=f"Kinds: {', '.join(KINDS)}."
        )
    return settable


def _object(settable: Settable, name: str, organisation: Organisation, suggest: Suggest) -> _Named:
    things = list(_things(settable, organisation))
    wanted = name.casefold()
    meant = [t for t in things if wanted in (alias.casefold() for alias in t.aliases)] or [
        t for t in things if t.name.casefold() == wanted
    ]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        near = suggest(name, [t.name for t in things])
        raise UsageError(f'The export holds no {settable.kind} "{name}"{near}.')
    raise UsageError(
        f'"{name}" is the name of {len(meant)} objects.', details=tuple(t.words for t in meant), hint="Give the id."
    )


def _things(settable: Settable, organisation: Organisation) -> Iterator[_Named]:
    if settable.kind == "flow":
        for index, flow in enumerate(organisation.flows):
            yield _Named(
                str(index), flow.name, (flow.id,) if flow.id else (), f"{flow.type_name} ({flow.location.file})"
            )
        return
    for thing in getattr(organisation, settable.plural):
        yield _Named(thing.id, thing.name, (thing.id,), f"{thing.id} ({thing.location.file})")
