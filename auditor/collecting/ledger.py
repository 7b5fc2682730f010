"""What was collected so far, and its manifest: the state from which a run goes on."""

from __future__ import annotations

from collections.abc import Container

from msgspec import Struct, field

from auditor.collecting.kinds import KINDS
from auditor.model.collection import FORMAT, VERSION, CollectedFile, CollectedListing, Collection, Gap

Key = tuple[str, str | None]


class Ledger(Struct):
    """Listings and gaps by listing and owner, in the order in which they were read."""

    region: str
    started: str
    asked: tuple[str, ...] = ()
    organisation_id: str | None = None
    organisation: str | None = None
    finished: str | None = None
    listings: dict[Key, CollectedListing] = field(default_factory=dict)
    gaps: dict[Key, Gap] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Collection) -> Ledger:
        """The state that a manifest tells."""
        return cls(
            region=known.region,
            started=known.started,
            asked=known.asked,
            organisation_id=known.organisation_id,
            organisation=known.organisation,
            listings={(listing.listing, listing.owner): listing for listing in known.listings},
            gaps={(gap.listing, gap.owner): gap for gap in known.gaps},
        )

    def read(self, listing: CollectedListing) -> None:
        """A listing is complete."""
        key = (listing.listing, listing.owner)
        self.gaps.pop(key, None)
        self.listings[key] = listing

    def missed(self, gap: Gap) -> None:
        """A listing could not be read to its end."""
        key = (gap.listing, gap.owner)
        self.listings.pop(key, None)
        self.gaps[key] = gap

    def files_of(self, listing: str, owner: str | None) -> tuple[CollectedFile, ...]:
        """The files of a listing, complete or not."""
        found = self.listings.get((listing, owner)) or self.gaps.get((listing, owner))
        return found.files if found else ()

    def forget(self, listing: str, owners: Container[str]) -> list[CollectedFile]:
        """Drop the listings of this name that belong to none of the owners; their files."""
        gone = [key for key in (*self.listings, *self.gaps) if key[0] == listing and key[1] not in owners]
        files = [file for key in gone for file in self.files_of(*key)]
        for key in gone:
            self.listings.pop(key, None)
            self.gaps.pop(key, None)
        return files

    @property
    def files(self) -> tuple[CollectedFile, ...]:
        """Every file that belongs to the collection."""
        parts: tuple[CollectedListing | Gap, ...] = (*self.listings.values(), *self.gaps.values())
        return tuple(file for part in parts for file in part.files)

    @property
    def counts(self) -> dict[str, int]:
        """How many objects of each listing there are."""
        counts: dict[str, int] = {}
        for listing in self.listings.values():
            counts[listing.listing] = counts.get(listing.listing, 0) + listing.objects
        return counts

    def manifest(self, version: str) -> dict[str, object]:
        """The manifest as JSON. version: of the tool."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "tool": {"name": "recording-consent-auditor", "version": version},
            "region": self.region,
            "organisation": {"id": self.organisation_id, "name": self.organisation},
            "started": self.started,
            "finished": self.finished,
            "asked": list(self.asked),
            "left_out": [kind.name for kind in KINDS if kind.name not in self.asked],
            "counts": self.counts,
            "gaps": [{**_part(gap), "status": gap.status, "reason": gap.reason} for gap in self.gaps.values()],
            "listings": [{**_part(listing), "objects": listing.objects} for listing in self.listings.values()],
        }


def _part(part: CollectedListing | Gap) -> dict[str, object]:
    files = [{"path": file.path, "sha256": file.sha256, "objects": file.objects} for file in part.files]
    return {"kind": part.kind, "listing": part.listing, "owner": part.owner, "files": files}
