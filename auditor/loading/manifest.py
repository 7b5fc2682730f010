"""The manifest of `auditor collect`: what it names must be there, and what it could not read is a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from auditor.errors import DocumentError
from auditor.loading.values import JsonObject, child, children, down, listed, number, text, words
from auditor.model.collection import FORMAT, VERSION, CollectedFile, CollectedListing, Collection, Gap
from auditor.model.location import Location
from auditor.model.problems import Problem


def is_manifest(document: object) -> bool:
    """Whether a JSON document is a manifest of `auditor collect`, of whatever version."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def read_manifest(document: JsonObject, at: Location) -> Collection:
    """The manifest. Raises DocumentError when a newer version of the tool wrote it."""
    if number(document, "version") != VERSION:
        raise DocumentError(
            "The manifest has a form that this version does not know.", None, "Audit it with the version that wrote it."
        )
    organisation = child(document, "organisation")
    return Collection(
        region=text(document, "region") or "",
        organisation_id=text(organisation, "id"),
        organisation=text(organisation, "name"),
        started=text(document, "started") or "",
        finished=text(document, "finished"),
        asked=words(document, "asked"),
        left_out=words(document, "left_out"),
        listings=tuple(_listing(item, down(at, "listings", i)) for i, item in children(document, "listings")),
        gaps=tuple(_gap(item, down(at, "gaps", i)) for i, item in children(document, "gaps")),
        location=at,
    )


def _listing(value: JsonObject, at: Location) -> CollectedListing:
    return CollectedListing(*_what(value), files=_files(value, at))


def _gap(value: JsonObject, at: Location) -> Gap:
    return Gap(*_what(value), number(value, "status") or 0, text(value, "reason") or "", _files(value, at), at)


def _what(value: JsonObject) -> tuple[str, str, str | None]:
    return text(value, "kind") or "", text(value, "listing") or "", text(value, "owner")


def _files(value: JsonObject, at: Location) -> tuple[CollectedFile, ...]:
    return tuple(
        CollectedFile(
            text(item, "path") or "",
            text(item, "sha256") or "",
            number(item, "objects") or 0,
            down(at, "files", i),
        )
        for i, item in enumerate(listed(value, "files"))
        if isinstance(item, dict)
    )


def manifest_problems(manifests: Sequence[Collection], hashes: Mapping[str, str]) -> Iterator[Problem]:
    """RX905 for all that a manifest misses, RX908 for kinds left out. hashes: of the files that were read, by name."""
    asked = {word for manifest in manifests for word in manifest.asked}
    for manifest in manifests:
        left_out = [word for word in manifest.left_out if word not in asked]
        if left_out:
            message = f"The collection was told to leave out {', '.join(left_out)}."
            yield _problem(message, manifest.location, "Run `auditor collect --resume` without --only.", "RX908")
        if manifest.finished is None:
            message = f"The collection from {manifest.region} was not finished."
            yield _problem(message, manifest.location, "Run `auditor collect --resume` with the same folder.")
        for gap in manifest.gaps:
            yield _problem(_told(gap), gap.location, _hint(gap))
        for file in manifest.files:
            yield from _of_file(file, hashes)


def _of_file(file: CollectedFile, hashes: Mapping[str, str]) -> Iterator[Problem]:
    name = (PurePosixPath(file.location.file).parent / file.path).as_posix()
    found = hashes.get(name)
    if found is None:
        message = f"The manifest names {file.path}, which is not there."
        yield _problem(message, file.location, "Audit the whole folder, or run `auditor collect --resume`.")
    elif found != file.sha256:
        message = f"The file {file.path} is not the one that was collected: its SHA-256 differs."
        yield _problem(message, file.location, "Run `auditor collect --resume`; it reads changed files again.")


def _told(gap: Gap) -> str:
    of = f" of {gap.owner}" if gap.owner else ""
    status = f"status {gap.status}: " if gap.status else ""
    part = f" after {len(gap.files)} pages" if gap.files else ""
    return f"{gap.listing}{of} could not be collected{part} ({status}{gap.reason})."


def _hint(gap: Gap) -> str:
    if gap.status == 403:
        return f"Give the OAuth client the permission to view {gap.kind}, then run `auditor collect --resume`."
    return "Run `auditor collect --resume`."


def _problem(message: str, at: Location, hint: str, code: str = "RX905") -> Problem:
    return Problem(code, message, at, hint, f"file:{at.file}")
