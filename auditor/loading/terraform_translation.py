"""Attributes of a Terraform resource -> the object as the platform API would give it, and where each part stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from auditor.loading.pointers import escaped
from auditor.loading.terraform_templates import has_template
from auditor.loading.terraform_types import ResourceType
from auditor.loading.values import GUID, JsonObject, child, children, decoded, listed, text
from auditor.model.location import Location

_REFERENCES = re.compile(r"(\w+?)(s?)_(id|ids)")
_MICROSECONDS = re.compile(r"(\.\d{3})000$")
_ALWAYS_LISTS = re.compile(r"\w+_ids|\w+_schedules_id")

DEEPEST = 12
"""Resources nest eight deep; values that hold each other again and again could be endless."""


class Ref(dict[str, object]):
    """A reference that was resolved: id, name or both."""


class Translated(Struct):
    """value: the object; places: pointer in it -> pointer of the attribute it was made from."""

    value: dict[str, object]
    places: dict[str, str] = field(default_factory=dict)


def translated(values: JsonObject, type: ResourceType) -> Translated:
    """The object of resolved attributes."""
    result = Translated({})
    result.value = _Translation(type, result.places).whole(values, "", "")
    shape = _SHAPES.get(type.kind)
    if shape is not None:
        shape(values, result)
    return result


class _Translation(Struct):
    type: ResourceType
    places: dict[str, str]

    def whole(self, values: JsonObject, source: str, target: str) -> dict[str, object]:
        """Every attribute under the name it has in the API."""
        result: dict[str, object] = {}
        if source.count("/") > DEEPEST:
            return result
        for key, value in values.items():
            if value is None:
                continue
            steps = self._name(key, value).split(".")
            holder, place = result, target
            for step in steps[:-1]:
                inner = holder.setdefault(step, {})
                holder = inner if isinstance(inner, dict) else {}
                place = f"{place}/{step}"
            place = f"{place}/{escaped(steps[-1])}"
            self.places[place] = f"{source}/{escaped(key)}"
            holder[steps[-1]] = self._value(key, value, self.places[place], place)
        return result

    def _name(self, key: str, value: object) -> str:
        renamed = self.type.renamed.get(key)
        if renamed is not None:
            return renamed
        match = _REFERENCES.fullmatch(key)
        if match is not None and (match[3] == "ids" or match[2]):
            return _camel(f"{match[1]}s")
        return _camel(match[1] if match else key)

    def _value(self, key: str, value: object, source: str, target: str) -> object:
        if isinstance(value, Ref) and self.type.renamed.get(key) == "id":
            return value.get("id")
        if key in self.type.kept or isinstance(value, Ref):
            return [value] if isinstance(value, Ref) and _ALWAYS_LISTS.fullmatch(key) else value
        if key in self.type.single and isinstance(value, list):
            blocks = [item for item in value if isinstance(item, dict)]
            self.places[target] = source = f"{source}/0"
            return self.whole(blocks[0], source, target) if blocks else None
        if isinstance(value, dict):
            return self.whole(value, source, target)
        if isinstance(value, list):
            return [self._item(item, f"{source}/{i}", f"{target}/{i}") for i, item in enumerate(value)]
        return value

    def _item(self, item: object, source: str, target: str) -> object:
        if isinstance(item, dict) and not isinstance(item, Ref):
            self.places[target] = source
            return self.whole(item, source, target)
        return item


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


def blocks(values: JsonObject, key: str) -> Iterator[tuple[int, JsonObject]]:
    """The blocks of one type; a single one may stand without a list."""
    held = values.get(key)
    if isinstance(held, dict) and not isinstance(held, Ref):
        yield 0, held
    else:
        yield from children(values, key)


def _queue(values: JsonObject, made: Translated) -> None:
    groups = [item for key in ("groups", "skill_groups", "teams") for item in listed(values, key)]
    if groups:
        made.value["memberGroups"] = groups
    callback = child(made.value, "mediaSettings").get("callback")
    for key in ("liveVoiceFlow", "answeringMachineFlow"):
        if isinstance(callback, dict) and _is_name(callback.get(key)):
            callback[key] = {"name": callback[key]}
    if values.get("ignore_members") is True:
        made.value.pop("members", None)
    elif (members := made.value.get("members")) is not None and not isinstance(members, list):
        made.value["members"] = [members]


def _user(values: JsonObject, made: Translated) -> None:
    """Phone numbers stand below `addresses` in a list of their own."""
    phones: list[dict[str, object]] = []
    for outer, address in blocks(values, "addresses"):
        for inner, phone in blocks(address, "phone_numbers"):
            number = {"address": phone.get("number"), "extension": phone.get("extension")}
            made.places[f"/addresses/{len(phones)}"] = f"/addresses/{outer}/phone_numbers/{inner}"
            phones.append({"mediaType": text(phone, "media_type") or "PHONE", **{k: v for k, v in number.items() if v}})
    made.value["addresses"] = phones


def _table(values: JsonObject, made: Translated) -> None:
    columns = [text(column, "name") for _, column in blocks(values, "properties")]
    made.value.pop("properties", None)
    made.places["/schema"] = "/properties"
    made.value["schema"] = {"properties": {name: {"displayOrder": i} for i, name in enumerate(columns) if name}}


def _row(values: JsonObject, made: Translated) -> None:
    held = values.get("properties_json")
    cells = decoded(held) if isinstance(held, str) else held if isinstance(held, dict) else {}
    made.value.clear()
    made.value.update({"key": values.get("key_value"), **cells})


def _schedule(values: JsonObject, made: Translated) -> None:
    """The provider writes microseconds, the API milliseconds."""
    for key in ("start", "end"):
        found = text(values, key)
        if found is not None:
            made.value[key] = _MICROSECONDS.sub(r"\1", found)


def _responses(values: JsonObject, made: Translated) -> None:
    """The flow of a reaction is an id, or a name, in a text; the name beside it is that of the flow."""
    for reaction in child(made.value, "responses").values():
        if not isinstance(reaction, dict):
            continue
        target, name = reaction.get("data"), text(reaction, "name")
        if isinstance(target, Ref):
            reaction.update(data=target.get("id"), name=target.get("name") or name)
        elif _is_name(target):
            reaction.update(data=None, name=name or target)
        elif isinstance(target, str) and has_template(target) and name and not has_template(name):
            reaction["data"] = None


def _is_name(value: object) -> bool:
    """Whether a text that should be an id is none, so that it can only be a name."""
    return isinstance(value, str) and bool(value) and not has_template(value) and GUID.fullmatch(value) is None


def _policy(values: JsonObject, made: Translated) -> None:
    """An empty part for calls is none."""
    media = made.value.get("mediaPolicies")
    if isinstance(media, dict):
        made.value["mediaPolicies"] = {key: part for key, part in media.items() if part}


_SHAPES: Mapping[str, Callable[[JsonObject, Translated], None]] = {
    "queue": _queue,
    "user": _user,
    "data_table": _table,
    "row": _row,
    "schedule": _schedule,
    "response_set": _responses,
    "policy": _policy,
}


def placed(location: Location, at: Location, places: Mapping[str, str], lines: Mapping[str, int]) -> Location:
    """A place in the translated object as a place in the file: the longest part of its pointer that was translated."""
    if location.file != at.file or not location.pointer.startswith(at.pointer):
        return location
    below = location.pointer[len(at.pointer) :]
    source, rest = "", ""
    for cut in _cuts(below):
        if cut in places:
            source, rest = places[cut], below[len(cut) :]
            break
    pointer = source + rest
    known = next((lines[cut] for cut in _cuts(pointer) if cut in lines), at.line)
    return Location(at.file, known, at.pointer + pointer)


def _cuts(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
