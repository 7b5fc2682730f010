"""What a manifest of `auditor collect` says: what was read from a live organisation, when, and what was not."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.location import NOWHERE, Location

FORMAT = "recording-consent-auditor collection"
VERSION = 1


class CollectedFile(Struct, frozen=True, gc=False):
    """A file that was written. path: below the folder of the manifest, with forward slashes."""

    path: str
    sha256: str
    objects: int
    location: Location = NOWHERE


class CollectedListing(Struct, frozen=True, gc=False):
    """A listing that was read to its end. kind: the word of --only; owner: id of the object it belongs to."""

    kind: str
    listing: str
    owner: str | None
    files: tuple[CollectedFile, ...]

    @property
    def objects(self) -> int:
        """How many objects its pages hold."""
        return sum(file.objects for file in self.files)


class Gap(Struct, frozen=True, gc=False):
    """What could not be read. status: of HTTP, 0 without one; files: the pages before it broke off."""

    kind: str
    listing: str
    owner: str | None
    status: int
    reason: str
    files: tuple[CollectedFile, ...] = ()
    location: Location = NOWHERE


class Collection(Struct, frozen=True, gc=False):
    """A whole manifest. asked, left_out: kinds to collect, and the others; started, finished: ISO 8601 in UTC."""

    region: str
    organisation_id: str | None
    organisation: str | None
    started: str
    finished: str | None
    asked: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    listings: tuple[CollectedListing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    location: Location = NOWHERE

    @property
    def files(self) -> tuple[CollectedFile, ...]:
        """Every file that the manifest names."""
        parts: tuple[CollectedListing | Gap, ...] = (*self.listings, *self.gaps)
        return tuple(file for part in parts for file in part.files)
