"""Listings that end before they should (RX905): by their own total or number of pages, else by their size."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from auditor.loading.harvest import Page
from auditor.loading.joining import FIELDS
from auditor.loading.merging import place_of
from auditor.loading.objects import SIZES
from auditor.model.directory import NAME_ID
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem

_Key = TypeVar("_Key", int, str)
_PARTS = {
    "member": ("queues", "members"),
    "group_member": ("groups", "members"),
    "row": ("data_tables", "rows"),
}
"""Kinds listed for each object that they belong to, and the fields that hold them."""
_FIELDS = {"flow": "flows", **FIELDS}


def cut_off(organisation: Organisation, pages: Sequence[Page]) -> Iterator[Problem]:
    """A problem for each listing that has more than was loaded, or may have. organisation: all that was loaded."""
    listings: dict[tuple[str, str | None], list[Page]] = defaultdict(list)
    sites = {site.id for site in organisation.sites}
    for page in sorted(pages, key=lambda p: place_of(p.location)):
        apart = page.kind in _PARTS or (page.kind == "outbound_route" and page.owner in sites)
        if not page.complete:
            listings[page.kind, page.owner if apart else None].append(page)
    for (kind, owner), found in listings.items():
        held = _held(kind, owner, organisation, found)
        told = None if held is None else _told(found, held)
        if told is not None:
            page, what = told
            message = f"The listing of {kind.replace('_', ' ')} objects {what}."
            hint = "Export all pages of the listing."
            yield Problem("RX905", message, page.location, hint, f"file:{page.location.file}")


def _told(pages: Sequence[Page], held: int) -> tuple[Page, str] | None:
    """What is wrong with a listing, and the page that says so. held: how many of its objects were loaded."""
    totals = [page for page in pages if page.total is not None]
    counts = [page for page in pages if page.count is not None]
    if totals:
        most = max(totals, key=lambda page: page.total or 0)
        if held < (most.total or 0):
            return most, f"ends after {held} of {most.total}"
        return _short(totals, held)
    if counts:
        most, seen = max(counts, key=lambda page: page.count or 0), sum(page.covered for page in pages)
        return (most, f"ends after page {seen} of {most.count}") if seen < (most.count or 0) else None
    if all(page.more for page in pages):
        return pages[-1], "ends with a page that names a next one"
    if all(page.entities in SIZES for page in pages):
        rows = sum(page.entities for page in pages)
        return pages[-1], f"has exactly {rows} rows and does not say how many there are; it may be cut off"
    return None


def _short(pages: Sequence[Page], held: int) -> tuple[Page, str] | None:
    """A listing that is short although other listings of its kind, of other divisions or searches, make up for it.

    Pages of one total are one listing, or one a folder where a folder has all of it. A whole listing of all that was
    loaded covers the others. Objects on no page may be what a listing lacks.
    """
    loose = max(0, held - sum(page.entities for page in pages))
    short: list[tuple[Page, str]] = []
    for total, same in _grouped(pages, lambda page: page.total or 0):
        folders = [found for _, found in _grouped(same, lambda page: posixpath.dirname(page.location.file))]
        apart = folders if any(_entities(found) >= total for found in folders) else [same]
        missed = [found for found in apart if _entities(found) + loose < total]
        if total == held and len(missed) < len(apart):
            return None
        short += [(found[0], f"ends after {_entities(found) + loose} of {total}") for found in missed]
    return short[0] if short else None


def _entities(pages: Sequence[Page]) -> int:
    return sum(page.entities for page in pages)


def _grouped(pages: Sequence[Page], key: Callable[[Page], _Key]) -> Iterable[tuple[_Key, list[Page]]]:
    groups: dict[_Key, list[Page]] = defaultdict(list)
    for page in pages:
        groups[key(page)].append(page)
    return groups.items()


def _held(kind: str, owner: str | None, organisation: Organisation, pages: Sequence[Page]) -> int | None:
    """How many objects of a listing were loaded; None when what they belong to was not.

    Listings have ids: an object that another form knows by name only may be none of the listing.
    """
    if kind == "outbound_route" and owner is not None:
        return sum(route.site == owner for route in organisation.outbound_routes)
    if kind in _PARTS:
        holders, field = _PARTS[kind]
        owners = (thing for thing in getattr(organisation, holders) if thing.id == owner)
        return next((len(getattr(thing, field) or ()) for thing in owners), None)
    if kind not in _FIELDS:
        return sum(page.entities for page in pages)
    return sum(not (thing.id or NAME_ID).startswith(NAME_ID) for thing in getattr(organisation, _FIELDS[kind]))
