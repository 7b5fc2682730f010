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
    number, linked = 1, False
    address: str | None = _address(path, listing, number)
    while address is not None:
        if address in seen:
            raise Denied(0, "the listing leads back to a page that was read already")
        seen.add(address)
        page = client.get(address)
        yield page
        number += 1
        said = page.get("nextUri")
        if isinstance(said, str) and said:
            address, linked = said, True
        else:
            address = _address(path, listing, number) if _more(page, number, linked) else None


def entities(page: Page) -> list[object]:
    """The objects of a page."""
    found = page.get("entities")
    return found if isinstance(found, list) else []


def _address(path: str, listing: Listing, number: int | None) -> str:
    query = list(listing.query)
    if number is not None:
        query += [("pageSize", str(PAGE_SIZE)), ("pageNumber", str(number))]
    return _ROOT + path + (f"?{urlencode(query, safe=',*')}" if query else "")


def _more(page: Page, number: int, linked: bool) -> bool:
    """Whether there is a page of this number: by the counts, else by links (linked: there were some), else by size."""
    count = page.get("pageCount")
    if isinstance(count, int):
        return number <= count
    size = page.get("pageSize")
    full = size if isinstance(size, int) and size > 0 else PAGE_SIZE
    return not linked and len(entities(page)) >= full
