"""The use case: an organisation behind a client, and a folder; kind by kind, going on where an earlier run ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from auditor.collecting.client import Client, Denied, Pace
from auditor.collecting.kinds import KINDS, Kind, Listing
from auditor.collecting.ledger import Ledger
from auditor.collecting.paging import entities, pages
from auditor.collecting.store import MANIFEST, Store
from auditor.errors import UsageError
from auditor.model.collection import CollectedFile, CollectedListing, Gap

SAVE_EVERY = 5.0
"""Seconds after which the manifest is written again: it grows with the organisation."""

Progress = Callable[[str, int, int], None]
Entity = Mapping[str, object]
_HOLE = re.compile(r"\{([^}]*)\}")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_IDENTITY = KINDS[0]


class Collector:
    """Collects kinds into a store, and keeps the ledger of what is there."""

    def __init__(self, client: Client, store: Store, ledger: Ledger, pace: Pace, version: str, progress: Progress):
        self._client = client
        self._store = store
        self._ledger = ledger
        self._pace = pace
        self._version = version
        self._progress = progress
        self._saved = pace.clock()

    def run(self, kinds: Sequence[Kind]) -> None:
        """Collect the kinds, and those of an earlier run; whatever ends this, the manifest tells how far it got."""
        self._progress(_IDENTITY.name, 0, 0)
        document = self._identity()
        asked = {*self._ledger.asked, _IDENTITY.name, *(kind.name for kind in kinds)}
        self._ledger.asked = tuple(kind.name for kind in KINDS if kind.name in asked)
        try:
            self._save()  # first of all: without a manifest the folder would be that of somebody else
            self._identified(document)
            self._save()
            for kind in KINDS:
                if kind.name in asked and kind is not _IDENTITY:
                    self._collect(kind)
            self._ledger.finished = _stamp(self._pace)
        finally:
            self._save()

    def _identity(self) -> Entity | Denied:
        """Which organisation this is: the first request shows whether the credentials work at all."""
        try:
            (document,) = pages(self._client, _IDENTITY.listing, _IDENTITY.listing.path)
        except Denied as error:
            return error
        known, found = self._ledger.organisation_id, _text(document, "id")
        if known and found and known != found:
            raise UsageError(
                f"{self._store.folder} holds the organisation {self._ledger.organisation or known},"
                f" and these credentials belong to {_text(document, 'name') or found}.",
                hint="Use another --out folder.",
            )
        return document

    def _identified(self, document: Entity | Denied) -> None:
        listing = _IDENTITY.listing
        if isinstance(document, Denied):
            self._ledger.missed(Gap(_IDENTITY.name, listing.name, None, document.status, document.reason))
            return
        self._ledger.organisation_id = _text(document, "id") or self._ledger.organisation_id
        self._ledger.organisation = _text(document, "name") or self._ledger.organisation
        file = self._store.write(_file(listing, None, 1), document, 1)
        self._ledger.read(CollectedListing(_IDENTITY.name, listing.name, None, (file,)))

    def _collect(self, kind: Kind) -> None:
        self._progress(kind.name, 0, 0)
        owners: dict[str, str] = {}
        part = kind.part
        if part is None:
            self._listed(kind, kind.listing, None, kind.listing.path)
            return
        for entity in self._listed(kind, kind.listing, None, kind.listing.path):
            id, path = _text(entity, "id"), _filled(part.path, entity)
            if id and path:
                owners[id] = path
        self._forget(part, owners)
        for number, (id, path) in enumerate(owners.items(), 1):
            self._progress(part.name, number, len(owners))
            self._listed(kind, part, id, path)

    def _listed(self, kind: Kind, listing: Listing, owner: str | None, path: str) -> list[Entity]:
        """Collects a listing that is not complete in the folder; its objects if something is asked for each of them."""
        known = self._ledger.listings.get((listing.name, owner))
        if known is not None and self._store.intact(known.files):
            read = [self._store.read(file) for file in known.files] if kind.part and owner is None else []
            return [entity for page in read for entity in _objects(page, listing)]
        before = self._ledger.files_of(listing.name, owner)
        files: list[CollectedFile] = []
        kept: list[Entity] = []
        try:
            for page in pages(self._client, listing, path):
                objects = _objects(page, listing)
                files.append(self._store.write(_file(listing, owner, len(files) + 1), page, len(objects)))
                kept += objects if kind.part and owner is None else ()
                if owner is None:
                    self._progress(listing.name, sum(file.objects for file in files), _total(page))
        except Denied as error:
            gap = Gap(kind.name, listing.name, owner, error.status, error.reason, tuple(files))
            self._ledger.missed(gap)
        else:
            self._ledger.read(CollectedListing(kind.name, listing.name, owner, tuple(files)))
        self._store.remove({file.path for file in before} - {file.path for file in files})
        if self._pace.clock() - self._saved >= SAVE_EVERY:
            self._save()
        return kept

    def _forget(self, part: Listing, owners: Mapping[str, str]) -> None:
        """Drops what belongs to objects that are gone."""
        gone = self._ledger.forget(part.name, owners)
        self._store.remove(file.path for file in gone)

    def _save(self) -> None:
        self._store.write(MANIFEST, self._ledger.manifest(self._version), 0)
        self._saved = self._pace.clock()


def begin(store: Store, region: str, pace: Pace, *, resume: bool) -> Ledger:
    """The state to start from: an empty one in an empty folder, or where the earlier run ended. store: held alone."""
    known = store.known()
    if known is None and not store.empty:
        raise UsageError(f"{store.folder} is not empty.", hint="Name a folder that does not exist yet.")
    if known is not None and not resume:
        raise UsageError(f"{store.folder} holds a collection.", hint="Go on with --resume, or use another folder.")
    if known is not None and known.region != region:
        raise UsageError(f"{store.folder} was collected from {known.region}.", hint="Use another --out folder.")
    if known is None:
        return Ledger(region, _stamp(pace))
    ledger = Ledger.of(known)
    store.sweep(_folders(), ledger.files)
    return ledger


def _stamp(pace: Pace) -> str:
    return pace.now().astimezone(UTC).isoformat(timespec="seconds")


def _file(listing: Listing, owner: str | None, number: int) -> str:
    """Where a page is written: the name tells the loader its kind and the object it belongs to."""
    name = f"{listing.name}-{_UNSAFE.sub('_', owner)}" if owner else listing.name
    return f"{listing.name}/{name}-{number}.json" if listing.paged else f"{listing.name}/{name}.json"


def _folders() -> list[str]:
    parts = [kind.part.name for kind in KINDS if kind.part]
    return [*(kind.name for kind in KINDS), *parts]


def _objects(page: Entity, listing: Listing) -> list[Entity]:
    """The objects on a page; a document is one itself."""
    return [entity for entity in entities(page) if isinstance(entity, dict)] if listing.paged else [page]


def _total(page: Entity) -> int:
    total = page.get("total")
    return total if isinstance(total, int) else 0


def _text(entity: Entity, key: str) -> str | None:
    value = entity.get(key)
    return value if isinstance(value, str) and value else None


def _filled(path: str, entity: Entity) -> str | None:
    """The path with the values of an object in its holes; None when it has not all of them."""
    values = {hole: _deep(entity, hole.split(".")) for hole in _HOLE.findall(path)}
    if not all(values.values()):
        return None
    return _HOLE.sub(lambda match: str(values[match[1]]), path)


def _deep(entity: object, keys: Sequence[str]) -> str | None:
    for key in keys:
        entity = entity.get(key) if isinstance(entity, dict) else None
    return entity if isinstance(entity, str) and re.fullmatch(r"[A-Za-z0-9._-]+", entity) else None
