"""Files and folders that go into an evidence pack as they are: approvals, minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.errors import EnvironmentFault, UsageError
from auditor.model.pack import ATTACHED


def attachments(paths: Sequence[Path]) -> dict[str, bytes]:
    """Name in the pack -> content. A folder keeps its own name and all below it; links are not followed.

    Raises UsageError for what has no place in a pack: two of one name, nothing, names that cannot be written in a list.
    """
    files: dict[str, bytes] = {}
    for path in paths:
        before = len(files)
        for file in _files(path):
            name = ATTACHED + file.relative_to(path.parent).as_posix()
            if name in files:
                raise UsageError(f"--attach: there are two files {name}.", hint="Rename one of the folders.")
            if not name.isprintable() or "\\" in name:
                raise UsageError(f"--attach {path}: {name!r} is no name for a file in a pack.", hint="Rename the file.")
            files[name] = _content(file)
        if len(files) == before:
            raise UsageError(f"--attach {path}: there is no file in it.")
    return files


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{path} cannot be read: {error.strerror}.") from error
