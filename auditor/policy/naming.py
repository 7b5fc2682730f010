"""What an organisation is called in reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from auditor.model.organisation import Organisation

_UNNAMED = "organisation"


def organisation_name(organisation: Organisation) -> str:
    """The name in the export, else of the folder in which all files lie, else of the only file."""
    if organisation.name:
        return organisation.name
    paths = [PurePosixPath(file.path) for file in organisation.inputs]
    if len(paths) == 1:
        return paths[0].stem
    common = list(_common([path.parent.parts for path in paths]))
    return next((part for part in reversed(common) if part.strip("./")), _UNNAMED)


def _common(folders: list[tuple[str, ...]]) -> Iterator[str]:
    """The parts of a path that all folders begin with."""
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            return
        yield parts[0]
