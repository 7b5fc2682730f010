"""Platform API JSON -> listings of flows, user prompts, data tables and their rows."""

from __future__ import annotations

import re

from msgspec import Struct

from auditor.loading.flow_types import flow_type
from auditor.loading.values import JsonObject, child, children, division, identity, instant, number, text
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.routing import DataTable, Prompt
from auditor.model.settings import UNSET
from auditor.model.versions import later

_TABLE_IN_ADDRESS = re.compile(r"/datatables/([^/]+)/rows")
_NOT_COLUMNS = ("selfUri",)


class RowOf(Struct, frozen=True):
    """A row of a data table from a listing apart from it; table: id, None when nothing names it."""

    table: str | None
    cells: tuple[tuple[str, str], ...]
    location: Location


def flow(value: JsonObject, at: Location) -> Flow:
    """A flow of which only the existence is known: an entry of a listing of flows."""
    id, name = identity(value)
    version = child(value, "publishedVersion") or child(value, "checkedInVersion") or child(value, "savedVersion")
    type_name = text(value, "type") or ""
    versions = (text(child(value, key), "id", "name", "commitVersion") for key in ("savedVersion", "checkedInVersion"))
    audited = text(version, "id", "name", "commitVersion")
    return Flow(
        id=text(value, "id"),
        name=name or id,
        division=division(value),
        type=flow_type(type_name),
        type_name=type_name,
        location=at,
        start=None,
        containers=(),
        suppress_recording=UNSET,
        version=audited,
        published=bool(child(value, "publishedVersion")) if "publishedVersion" in value else None,
        body=False,
        draft=next((draft for draft in versions if later(draft, audited)), None),
        published_at=instant(text(child(value, "publishedVersion"), "datePublished")),
    )


def prompt(value: JsonObject, at: Location) -> Prompt:
    """A user prompt: the words of its resources by language."""
    id, name = identity(value)
    texts = []
    for _, resource in children(value, "resources"):
        spoken = text(resource, "ttsString", "text")
        language = text(resource, "language", "id")
        if spoken and language:
            texts.append((language.lower(), spoken))
    return Prompt(id, name, tuple(sorted(texts)), at)


def data_table(value: JsonObject, at: Location) -> DataTable:
    """A data table: its columns in display order. Its rows are read from their own listings."""
    id, name = identity(value)
    columns = child(value, "schema", "properties")
    order = {key: number(child(columns, key), "displayOrder") or 0 for key in columns}
    return DataTable(id, name, tuple(sorted(columns, key=lambda key: (order[key], key))), None, at)


def row(value: JsonObject, at: Location, owner: str | None = None) -> RowOf:
    """A row of a data table; the table from its address, or from the listing it stands in."""
    address = _TABLE_IN_ADDRESS.search(text(value, "selfUri") or "")
    cells = tuple((key, _cell(cell)) for key, cell in value.items() if key not in _NOT_COLUMNS)
    return RowOf((address[1] if address else None) or owner, cells, at)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
