"""An organisation as things with settings in words: what can be compared from run to run.

Ids and places in files are left out: they differ between two exports of the same configuration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from auditor.history.records import Thing
from auditor.model.expressions import Apply, Empty, Literal, NotSet, Unparsed, Variable
from auditor.model.flows import Action, Flow
from auditor.model.organisation import Organisation
from auditor.model.secrets import HIDDEN, SECRET, shown, without_texts
from auditor.model.settings import Expression, Known, Unset
from auditor.model.sites import action_sites

_EXPRESSIONS = (Literal, NotSet, Empty, Variable, Apply, Unparsed)
_SKIPPED = frozenset({"id", "name", "location"})
_KINDS = {
    "trunk_bases": "trunk",
    "phone_bases": "phone base",
    "line_bases": "line base",
    "routes": "route",
    "dids": "number",
    "policies": "retention policy",
}
_KEYS = {
    ("trunk", "line"): "trunk_recording_enabled",
    ("trunk", "gate"): "trunk_recording_consent_required",
    ("trunk", "hold_suppressed"): "trunk_disallow_recording_during_hold",
    ("trunk", "consult"): "trunk_consult_recording_enabled",
    ("trunk", "external_transfers"): "trunk_recording_externalTransfersEnabled",
    ("trunk", "enabled"): "trunk_enabled",
    ("phone", "recording"): "station_recording_enabled",
    ("phone base", "recording"): "station_recording_enabled",
    ("line base", "recording"): "station_recording_enabled",
    ("queue", "suppress"): "suppressInQueueCallRecording",
    ("flow", "suppress_recording"): "suppressRecording",
}
"""The names of settings as administrators know them, where ours are shorter."""


def things_of(organisation: Organisation) -> tuple[Thing, ...]:
    """Every object of the organisation, in an order that depends on their names alone."""
    names = _names(organisation)
    found: list[Thing] = []
    for each in organisation.__struct_fields__:
        if each in ("inputs", "problems", "notes"):
            continue
        kind = _KINDS.get(each, each.removesuffix("s").replace("_", " "))
        for thing in getattr(organisation, each):
            rows = _flow(thing, names) if isinstance(thing, Flow) else _rows("", thing, names, _SKIPPED)
            described = sorted({(_key(kind, path), text) for path, text in rows})
            found.append(Thing(kind, _name(thing), tuple(described)))
    return tuple(sorted(_told_apart(found), key=lambda thing: thing.key))


def _told_apart(things: list[Thing]) -> Iterator[Thing]:
    """Things of the same kind and name get a number, in the order of their settings."""
    seen: Counter[str] = Counter()
    for thing in sorted(things, key=lambda thing: (thing.key, thing.fields)):
        seen[thing.key] += 1
        number = seen[thing.key]
        yield thing if number == 1 else Thing(thing.kind, f"{thing.name} ({number})", thing.fields)


def _key(kind: str, path: str) -> str:
    return _KEYS.get((kind, path), path)


def _name(thing: object) -> str:
    return str(getattr(thing, "name", None) or getattr(thing, "number", None) or "")


def _names(organisation: Organisation) -> dict[str, str]:
    """Names by id, so that a reference reads as words and survives another export with other ids."""
    names: dict[str, str] = {}
    for each in organisation.__struct_fields__:
        for thing in getattr(organisation, each):
            id, name = getattr(thing, "id", None), getattr(thing, "name", None)
            if isinstance(id, str) and name:
                names.setdefault(id, str(name))
    return names


def _flow(flow: Flow, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The settings of a flow, and each of its actions with what it does and what follows on its outputs."""
    yield from _rows("", flow, names, _SKIPPED | {"containers", "version", "published", "draft", "start"})
    inner = {container.id: container.name for container in flow.containers}
    known = {**names, **inner}
    if flow.start is not None:
        yield "start", known.get(flow.start, flow.start)
    for container in flow.containers:
        block = getattr(container, "block", ())
        yield f"{container.name}: actions", _block(block)
    for site in action_sites(flow):
        ordinal = f" ({site.ordinal + 1})" if site.ordinal else ""
        yield from _action(f"{site.container.name}: {site.action.name}{ordinal}", site.action, known)


def _action(place: str, action: Action, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield f"{place}: type", action.type
    rows = list(_rows("", action.operation, names, frozenset({"location"})))
    secret = any(SECRET.search(text) for row in rows for text in row)
    for path, text in rows:
        yield f"{place}: {path}", HIDDEN if secret and '"' in text else text
    for output in action.outputs:
        yield f"{place}: on {output.label or output.key}", _block(output.block)


def _block(block: tuple[Action, ...]) -> str:
    return ", then ".join(action.name or action.type for action in block) or "goes on"


def _rows(
    path: str, value: object, names: Mapping[str, str], skipped: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(path, text) of a value and all that it holds."""
    match value:
        case Known(value=inner):
            yield from _rows(path, inner, names)
        case Expression(text=text):
            yield path, f"the expression {without_texts(text)}"
        case Unset():
            yield path, "not in the export"
        case tuple() | frozenset():
            yield from _several(path, tuple(value), names)
        case _ if isinstance(value, _EXPRESSIONS):
            yield path, shown(value)
        case Struct():
            for name in value.__struct_fields__:
                if name not in skipped and name != "location":
                    inner_path = f"{path}.{name}" if path else name
                    yield from _rows(inner_path, getattr(value, name), names)
        case _:
            yield path, _text(value, names)


def _several(path: str, values: tuple[object, ...], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Plain values as one list; others by name or number."""
    if all(value is None or isinstance(value, str | bool | int | float | Enum) for value in values):
        yield path, ", ".join(_text(value, names) for value in values) or "none"
        return
    for number, value in enumerate(values, 1):
        label = getattr(value, "name", None) or number
        yield from _rows(f"{path}[{label}]", value, names, frozenset({"id", "name"}))


def _text(value: object, names: Mapping[str, str]) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case Enum():
            return str(value.value)
        case str():
            return names.get(value, value)
        case _:
            return str(value)
