"""The files below the paths by name and hash, read but not looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from auditor.errors import DocumentError
from auditor.loading.files import Found, display_name, read, walk
from auditor.model.problems import InputFile


class Seen(Struct, frozen=True):
    """A file as it was found. sha256: empty when it was not read, trouble then says why."""

    name: str
    sha256: str
    trouble: str = ""


class Inputs(Struct, frozen=True):
    """Every file that an audit reads. planned: names of those that replace others; texts: for templates of flows."""

    files: tuple[Seen, ...]
    planned: tuple[str, ...]
    texts: Seen | None

    def are(self, read: Iterable[InputFile]) -> bool:
        """Whether these are the files that were read, with the same content."""
        told = [(file.path, file.sha256, "" if file.sha256 else file.reason) for file in read]
        return told == [(file.name, file.sha256, file.trouble) for file in self.files]


def look(paths: Sequence[Path], candidates: Sequence[Path], texts: Path | None) -> Inputs:
    """Hashes every file that an audit of the paths would read."""
    return Inputs(
        tuple(_seen(file) for file in walk([*paths, *candidates])),
        tuple(file.name for file in walk(candidates)),
        None if texts is None else _seen(Found(display_name(texts), texts)),
    )


def _seen(file: Found) -> Seen:
    if file.skipped or file.error:
        return Seen(file.name, "", file.skipped or file.error)
    try:
        return Seen(file.name, read(file).sha256)
    except DocumentError as error:
        return Seen(file.name, "", error.message)
