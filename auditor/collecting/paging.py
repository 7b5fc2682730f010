"""All pages of a listing, by whatever the listing says about its next page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from auditor.collecting.client import Client, Denied
from auditor.collecting.kinds import Listing

PAGE_SIZE = 100
"""The most that every listing of the API allows."""

_ROOT = "/api/v2/"
Page = Mapping[str, object]


def pages(client: Client, listing: Listing, path: str) -> Iterator[Page]:
    """The pages in order, or the one document. Raises Denied where the listing cannot be read on."""
    if not listing.paged:
        yield client.get(_address(path, listing, None))
        return
    seen: set[str] = set()
    number = 1
    address: str | None = _address(path, listing, number)
    while address is not None:
        if address in seen:
            raise Denied(0, "the listing leads back to a page that was read already")
        seen.add(address)
        page = client.get(address)
        yield page
        number += 1
        address = _next(page, number, _address(path, listing, number))


def entities(page: Page) -> list[object]:
    """The objects of a page."""
    found = page.get("entities")
    return found if isinstance(found, list) else []


def _address(path: str, listing: Listing, number: int | None) -> str:
    query = list(listing.query)
    if number is not None:
        query += [("pageSize", str(PAGE_SIZE)), ("pageNumber", str(number))]
    return _ROOT + path + (f"?{urlencode(query, safe=',*')}" if query else "")


def _next(page: Page, number: int, address: str) -> str | None:
    """The address of the next page: as the page says, else by its counts, else as long as pages are full."""
    said = page.get("nextUri")
    if isinstance(said, str) and said:
        return said
    count = page.get("pageCount")
    if isinstance(count, int):
        return address if number <= count else None
    size, held = page.get("pageSize"), len(entities(page))
    full = size if isinstance(size, int) and size > 0 else PAGE_SIZE
    return address if held >= full else None
