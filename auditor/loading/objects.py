"""A JSON document -> the platform API objects in it, however they are wrapped: alone, in lists, pages, or together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from auditor.errors import DocumentError
from auditor.loading.answers import around_answers, carries_answers, inside_text, refused
from auditor.loading.configuration import is_configuration
from auditor.loading.harvest import FlowDocument, Harvest, Page
from auditor.loading.json_reader import read_json
from auditor.loading.kinds import BY_NAME, Kind, by_address, by_file_name, by_shape, by_word
from auditor.loading.limits import MOST_TOLD, too_many
from auditor.loading.shapes import shape_problems, whole_object_wrong
from auditor.loading.values import GUID, JsonObject, child, down, identity, number, reference_id, text
from auditor.model.location import Location
from auditor.model.problems import Problem

_LISTED_BY_ID = (BY_NAME["member"], BY_NAME["group_member"])
_LISTINGS_OF_OWNERS = {
    ("queues", "members"),
    ("queues", "users"),
    ("groups", "members"),
    ("groups", "individuals"),
    ("datatables", "rows"),
    ("sites", "outboundroutes"),
}
SIZES = frozenset({25, 100, 200, 500})
"""Sizes of pages that the platform gives: as many rows and no word about more may be the first page only."""
_DEEPEST = 12
"""How many levels of wrapping are looked through: folders in folders of recorded answers have many."""


class _Around(Struct, frozen=True):
    """What is known of a value from what it stands in: its kind, and the object it belongs to."""

    kind: Kind | None = None
    owner: str | None = None
    depth: int = 0


class Objects:
    """Collects the objects of one file into a harvest."""

    def __init__(self, harvest: Harvest, file_stem: str) -> None:
        self._harvest = harvest
        self._by_name = by_file_name(file_stem)
        guid = GUID.search(file_stem)
        self._id_in_name = guid[0] if guid else None

    def collect(self, document: object, at: Location) -> None:
        """Everything in a document; places are below `at`."""
        self._look(document, at, _Around(self._by_name, self._id_in_name))

    def known(self, kind: str, value: JsonObject, at: Location, owner: str | None = None) -> None:
        """One object of which the kind is known already. owner: id of the object it belongs to."""
        self._read(BY_NAME[kind], value, at, _Around(owner=owner))

    def _look(self, value: object, at: Location, around: _Around) -> None:
        if isinstance(value, list):
            counted = (around.kind or _held_kind(value, around)) if len(value) in SIZES else None
            if counted is not None:
                self._harvest.pages.append(Page(counted.name, around.owner, len(value), at))
            self._each(value, at, around)
        elif isinstance(value, dict):
            self._object(value, at, around)
        elif isinstance(value, str) and around.depth and around.kind in _LISTED_BY_ID:
            self._read(around.kind, {"id": value}, at, around)
        elif around.depth == 0 or around.kind is not None:
            self._unknown(at)

    def _unknown(self, at: Location) -> None:
        self._harvest.unknown.append(at)
        if len(self._harvest.unknown) > MOST_TOLD:
            raise too_many("objects of no known kind")

    def _each(self, values: Sequence[object], at: Location, around: _Around) -> None:
        for index, item in enumerate(values):
            self._look(item, down(at, index), around)

    def _object(self, value: JsonObject, at: Location, around: _Around) -> None:
        if is_configuration(value):
            id = around.owner if around.owner and GUID.fullmatch(around.owner) else None
            self._harvest.documents.append(FlowDocument(value, at, text(value, "id") or id))
            return
        addressed = by_address(value.get("selfUri"))
        if isinstance(value.get("entities"), list):
            self._page(value, at, addressed[0] if addressed else None, around)
        elif (kind := _kind(value, addressed, around)) is not None:
            self._read(kind, value, at, around)
        elif "defaultSiteId" in value:
            self._harvest.default_site = text(value, "defaultSiteId")
        elif (refusal := refused(value, at)) is not None:
            self._told(refusal)
        else:
            self._wrapping(value, at, around)

    def _page(self, value: JsonObject, at: Location, kind: Kind | None, around: _Around) -> None:
        owner = _owner(value) or around.owner
        kind = kind or around.kind
        entities = value["entities"]
        assert isinstance(entities, list)
        counted = kind or _held_kind(entities, around)
        if counted is not None:
            page = Page(
                counted.name,
                owner,
                len(entities),
                at,
                number(value, "total"),
                number(value, "pageCount"),
                number(value, "pageSize"),
                more=text(value, "nextUri") is not None,
            )
            self._harvest.pages.append(page)
        self._each(entities, down(at, "entities"), _Around(kind, owner, around.depth + 1))

    def _wrapping(self, value: JsonObject, at: Location, around: _Around) -> None:
        """An object that is none itself: what it holds may be, under names of kinds or of owners."""
        before, unknown = self._harvest.size, len(self._harvest.unknown)
        if around.depth < _DEEPEST:
            owner = _owner(value) or text(value, "id") or around.owner
            about = around_answers(value)
            for key, item in value.items():
                if key in about:
                    continue
                if isinstance(item, str):
                    item = inside_text(item, value)
                if isinstance(item, dict | list):
                    self._look(item, down(at, key), _under(key, owner, around))
        if before == self._harvest.size and not (around.depth and carries_answers(value)):
            del self._harvest.unknown[unknown:]
            self._unknown(at)

    def _read(self, kind: Kind, value: JsonObject, at: Location, around: _Around) -> None:
        division = child(value, "division")
        if division:
            self._note_division(division)
        problems = list(shape_problems(kind.name, _for_shape(value), at))
        if isinstance(value.get("properties"), str) and not isinstance(_for_shape(value)["properties"], dict):
            problems.append(_broken_properties(at))
        self._told(*problems)
        if whole_object_wrong(tuple(problems), at):
            return
        made = kind.read(value, at) if kind.read else None
        if kind.read_owned:
            made = kind.read_owned(value, at, around.owner)
        if made is not None:
            self._harvest.objects[kind.name].append(made)
        for key, inner in kind.inside:
            self._inside(BY_NAME[inner], value, key, at)

    def _told(self, *problems: Problem) -> None:
        self._harvest.problems.extend(problems)
        if len(self._harvest.problems) > MOST_TOLD:
            raise too_many("mistakes")

    def _note_division(self, division: JsonObject) -> None:
        id, name = text(division, "id"), text(division, "name")
        if id and name:
            self._harvest.divisions[id.casefold()] = name

    def _inside(self, kind: Kind, value: JsonObject, key: str, at: Location) -> None:
        held = value.get(key)
        owner = identity(value)[0]
        if isinstance(held, list):
            self._harvest.pages.append(Page(kind.name, owner, len(held), down(at, key), complete=True))
            self._each(held, down(at, key), _Around(kind, owner, 1))
        elif isinstance(held, dict):
            self._look(held, down(at, key), _Around(kind, owner, 1))


def _under(key: str, owner: str | None, around: _Around) -> _Around:
    """What is known below a key: it names a kind of object or the owner of a listing, or nothing."""
    depth = around.depth + 1
    owned = around.kind is not None and around.kind.read_owned is not None
    if GUID.fullmatch(key) or (owned and around.depth):
        return _Around(around.kind, key, depth)
    named = by_word(key)
    return _Around(named or (around.kind if around.depth else None), owner, depth)


def _kind(value: JsonObject, addressed: tuple[Kind, str | None] | None, around: _Around) -> Kind | None:
    """Address before shape before surroundings; members and rows are what their listing says they are."""
    if around.kind is not None and around.kind.read_owned and around.depth:
        return around.kind if _is_leaf(value, around.kind) else None
    if value.keys() & {"joined", "ringNumber"}:
        return BY_NAME["member"]
    if addressed is not None and addressed[1] is not None:
        return addressed[0]
    shaped = by_shape(value)
    if shaped is not None:
        return shaped
    named = around.kind
    if named is None or named.read_owned or not isinstance(value.get("name"), str):
        return None
    return named if text(value, "id") and not any(by_word(key) for key in value) else None


def _held_kind(entities: Sequence[object], around: _Around) -> Kind | None:
    """The kind of a listing that does not say it itself, by the first object in it that does."""
    kinds = (_kind(item, by_address(item.get("selfUri")), around) for item in entities if isinstance(item, dict))
    return next((kind for kind in kinds if kind is not None and kind.read_owned is None), None)


def _is_leaf(value: JsonObject, kind: Kind) -> bool:
    """Whether this is an item of a listing, not a map from owners to listings."""
    if kind.name == "row":
        return not any(isinstance(item, dict | list) for item in value.values())
    shaped = by_shape(value)
    named = any(isinstance(value.get(key), str) for key in ("id", "userId")) or "user" in value
    return named or (shaped is not None and shaped.name == kind.name)


def _owner(value: JsonObject) -> str | None:
    """The object a listing belongs to, by what stands in the listing or in its address."""
    address = value.get("selfUri")
    if isinstance(address, str):
        parts = address.partition("?")[0].split("/")
        if len(parts) > 2 and (parts[-3], parts[-1]) in _LISTINGS_OF_OWNERS:
            return parts[-2]
    return reference_id(value, "queueId", "queue", "groupId", "group", "tableId", "datatableId", "datatable")


def _for_shape(value: JsonObject) -> Mapping[str, object]:
    """The object with its properties parsed, when they are JSON inside a text."""
    found = value.get("properties")
    if not isinstance(found, str):
        return value
    try:
        return {**value, "properties": read_json(found)}
    except DocumentError:
        return value


def _broken_properties(at: Location) -> Problem:
    return Problem(
        "RX906",
        "The properties are a text that holds no JSON object.",
        down(at, "properties"),
        "Export the object again; its recording settings are unknown.",
        f"file:{at.file}",
    )
