"""The same object from several files is one object: filled up where they complete, reported where they contradict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from auditor.loading.values import GUID
from auditor.model.directory import NAME_ID
from auditor.model.location import Location
from auditor.model.problems import Problem
from auditor.model.routing import ObjectRef
from auditor.model.settings import UNSET, Expression, Known

_FEW = 3
_LONGEST = 40


class Loaded(Protocol):
    """What every loaded object has."""

    @property
    def id(self) -> str: ...
    @property
    def location(self) -> Location: ...


T = TypeVar("T", bound=Loaded)


def merged(kind: str, objects: Iterable[T], problems: list[Problem]) -> tuple[T, ...]:
    """Each object once, sorted by name and id; contradictions are added to the problems (RX909)."""
    found: dict[object, T] = {}
    for thing in sorted(objects, key=place):
        key = _key(thing)
        if key not in found:
            found[key] = thing
            continue
        found[key], differing = both(found[key], thing)
        if differing:
            problems.append(contradiction(kind, name_of(found[key]), found[key].location, thing.location, differing))
    return tuple(sorted(_without_shadows(found.values()), key=lambda o: (name_of(o), o.id, place(o))))


def both(first: Any, second: Any) -> tuple[Any, tuple[str, ...]]:
    """The first object completed from the second, and the fields on which they contradict each other."""
    changes: dict[str, object] = {}
    differing: list[str] = []
    for name in first.__struct_fields__:
        ours, theirs = getattr(first, name), getattr(second, name)
        if name == "location" or _blank(theirs):
            continue
        if bare(ours) == bare(theirs) or (name == "columns" and sorted(ours) == sorted(theirs)):
            if isinstance(ours, ObjectRef) and ours.name is None:
                changes[name] = theirs
            continue
        if _blank(ours) or (name == "name" and ours == first.id):
            changes[name] = theirs
        elif _same_parts(ours, theirs):
            changes[name], inner = _parts(ours, theirs)
            differing.extend(inner)
        elif _is_name(ours) != _is_name(theirs):
            changes[name] = ours if _is_name(ours) else theirs
        elif name == "division" and _same_division(ours, theirs):
            changes[name] = theirs if GUID.fullmatch(ours) else ours
        elif not (name == "name" and theirs == second.id):
            differing.append(f"{name.replace('_', ' ')} ({said(ours)} against {said(theirs)})")
    return (replace(first, **changes) if changes else first), tuple(differing)


def _is_name(value: object) -> bool:
    """Whether this refers by name, because the file has no ids: an id elsewhere may well mean the same object."""
    return isinstance(value, str) and value.startswith(NAME_ID)


def _same_division(ours: str, theirs: str) -> bool:
    """An id and a name may be of one division; nothing here tells."""
    return (GUID.fullmatch(ours) is None) != (GUID.fullmatch(theirs) is None)


def said(value: object) -> str:
    """A value of a loaded object, in few words."""
    match value:
        case Known(value=known):
            return said(known)
        case Expression(text=text):
            return _short(text)
        case ObjectRef(id=id, name=name):
            return f'"{_short(name)}"' if name else str(id)
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_short(value)}"'
        case tuple():
            shown = ", ".join(said(item) for item in value[:_FEW])
            return f"{shown}, ... ({len(value)} in all)" if len(value) > _FEW else shown
        case Struct():
            inner = (getattr(value, name) for name in value.__struct_fields__)
            return " ".join(said(part) for part in inner if not (_blank(part) or isinstance(part, Location)))
        case _:
            return str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def bare(value: object) -> object:
    """The value without the places at which it was read, to compare; a reference is its id if it has one."""
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if isinstance(value, ObjectRef) and value.id:
        return "ObjectRef", value.id.casefold()
    if isinstance(value, Struct):
        parts = (getattr(value, name) for name in value.__struct_fields__)
        return type(value).__name__, tuple(bare(part) for part in parts if not isinstance(part, Location))
    return value


def name_of(thing: object) -> str:
    """The name of an object; a number is its own."""
    return str(getattr(thing, "name", "") or getattr(thing, "number", ""))


def place(thing: Loaded) -> tuple[str, int, str]:
    """Sorts objects by where they were read."""
    return place_of(thing.location)


def place_of(location: Location) -> tuple[str, int, str]:
    """Sorts by file, line, pointer."""
    return location.file, location.line or 0, location.pointer


def contradiction(kind: str, name: str, first: Location, second: Location, what: Sequence[str]) -> Problem:
    """RX909: two descriptions of one object that cannot both be true."""
    what = list(dict.fromkeys(what))
    return Problem(
        "RX909",
        f'The {kind.replace("_", " ")} "{name}" is described differently in {told(first)} and in {told(second)}:'
        f" {', '.join(what)}. The first one counts.",
        first,
        "Remove the older export, or export both again.",
        subject_of(kind, name),
        doubtful=True,
    )


def ambiguous(kind: str, name: str, at: Location, message: str, hint: str) -> Problem:
    """RX907: an object is described in a file, and several of the organisation may be meant."""
    return Problem("RX907", message, at, hint, subject_of(kind, name), doubtful=True)


def subject_of(kind: str, name: str) -> str:
    """What a problem with an object concerns, as Problem spells it."""
    return f"{_SUBJECTS.get(kind, kind)}:{name}"


def told(location: Location) -> str:
    """A place in words."""
    if location.line is not None:
        return f"{location.file}, line {location.line}"
    return f"{location.file} ({location.pointer})" if location.pointer else location.file


_SUBJECTS = {"trunk_base": "trunk"}


def _key(thing: Loaded) -> object:
    if not thing.id.startswith(NAME_ID):
        return thing.id.casefold()
    return thing.id, getattr(thing, "division", None), getattr(thing, "phone", None)


def _without_shadows(objects: Iterable[T]) -> list[T]:
    """Drops objects without an id of which one with an id, the same name and division is there."""
    objects = list(objects)
    named = {(name_of(o), getattr(o, "division", None)) for o in objects if not o.id.startswith(NAME_ID)}
    return [
        o
        for o in objects
        if not o.id.startswith(NAME_ID)
        or hasattr(o, "phone")
        or (name_of(o), getattr(o, "division", None)) not in named
    ]


def _blank(value: object) -> bool:
    return value is None or value == UNSET or value in ((), "")


def _same_parts(ours: object, theirs: object) -> bool:
    """Whether both are tuples of objects with the same ids, such as the lines of a phone."""
    if not (isinstance(ours, tuple) and isinstance(theirs, tuple)):
        return False
    return all(hasattr(part, "id") for part in ours + theirs) and {p.id for p in ours} == {p.id for p in theirs}


def _parts(ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[str]]:
    others = {part.id: part for part in theirs}
    pairs = [both(part, others[part.id]) for part in ours]
    return tuple(part for part, _ in pairs), [name for _, names in pairs for name in names]
