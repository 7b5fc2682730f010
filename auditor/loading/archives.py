"""Zip archives of exports: their entries are files like any other, read in place, never unpacked.

Everything about them is bounded, and what tries to leave the archive (`../`, absolute paths, links) is refused.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from msgspec import Struct

from auditor.errors import DocumentError
from auditor.loading.limits import MIB

MOST_ENTRIES = 50_000
MOST_BYTES = 1024 * MIB
MOST_RATIO = 200
MOST_DIRECTORY = 16 * MIB
"""Bytes of the list of files, of which one takes about a hundred here and a thousand in memory."""
SMALL = MIB
"""Entries below this size may be packed as well as they like: repeated text shrinks to almost nothing."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others may ask for any amount of memory before the first byte."""
_ENCRYPTED = 0x1
_DAMAGES = (OSError, ValueError, RuntimeError, EOFError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error)
_HINT = "Unpack the archive by hand, look at what it holds, and give the folder."


class Entry(Struct, frozen=True):
    """A file in an archive. error: why it is not read."""

    name: str
    error: str = ""


def is_archive(path: Path) -> bool:
    """Whether the file is named like a zip archive and begins like one."""
    if path.suffix.lower() != ".zip":
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def entries(path: Path, most_ratio: int = MOST_RATIO) -> Iterator[Entry]:
    """The files in an archive by name, as their bounds allow. Raises DocumentError when it cannot be opened."""
    infos = _opened(path).archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise DocumentError(f"The archive holds more than {MOST_ENTRIES} files.", None, _HINT)
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise DocumentError(f"The archive unpacks to more than {MOST_BYTES // 2**30} GiB.", None, _HINT)
    seen: set[str] = set()
    for info in sorted(infos, key=lambda info: info.filename):
        name = _printable(info.filename)
        if not info.filename.endswith("/"):  # is_dir() of Python 3.11 fails on an empty name
            if name in seen:
                yield Entry(f"{name} (again)", "The archive holds two files of this name; only the last one counts.")
            else:
                yield Entry(name, _refused(info, most_ratio))
            seen.add(name)


def read_entry(path: Path, name: str, limit: int, most_ratio: int = MOST_RATIO) -> bytes:
    """The bytes of one file in an archive; one more than the limit when it is larger. Raises DocumentError."""
    opened = _opened(path)
    info = opened.infos.get(name)
    if info is None:
        raise DocumentError("The archive changed while it was read.", None, "Try again.")
    if refusal := _refused(info, most_ratio):
        raise DocumentError(refusal, None, _HINT)
    try:
        with opened.archive.open(info) as stream:
            return stream.read(min(limit, info.file_size) + 1)
    except _DAMAGES as error:
        raise DocumentError(f"The file cannot be unpacked: {error}.", None, "Make the archive again.") from error


def archive_of(name: str) -> tuple[Path, str] | None:
    """The archive and the entry that a displayed name means; None when it lies in no archive."""
    path = PurePosixPath(name)
    for folder in path.parents:
        if folder.suffix.lower() == ".zip" and os.path.isfile(folder):
            return Path(folder), path.relative_to(folder).as_posix()
    return None


class _Opened(Struct, frozen=True):
    archive: zipfile.ZipFile
    infos: Mapping[str, zipfile.ZipInfo]


class _Careful(io.FileIO):
    """A file that is not read by more than some megabytes at once while the list of files is read. opened: it is."""

    opened = False

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file; raises ValueError for a list of files that is too long."""
        if not self.opened and size is not None and size > MOST_DIRECTORY:
            raise ValueError(f"its list of files takes more than {MOST_DIRECTORY // MIB} MiB")
        return super().read(size) or b""


def _opened(path: Path) -> _Opened:
    try:
        stated = path.stat()
        return _directory(path, stated.st_mtime_ns, stated.st_size, os.getpid())
    except _DAMAGES as error:
        raise DocumentError(f"The archive cannot be read: {error}.", None, "Make the archive again.") from error


@lru_cache(maxsize=4)
def _directory(path: Path, changed: int, size: int, process: int) -> _Opened:
    """An archive with its directory, kept open: reading the directory anew for each entry would take forever.

    process: its number; where one reads in an open file, another one that shares it would read on.
    """
    stream = _Careful(path)
    try:
        archive = zipfile.ZipFile(stream)
    except BaseException:
        stream.close()
        raise
    stream.opened = True
    return _Opened(archive, {_printable(info.filename): info for info in archive.infolist()})


def _refused(info: zipfile.ZipInfo, most_ratio: int) -> str:
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
        return "The name of this file leads out of the archive."
    if not name:
        return "The file has no name."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "This is a link; links in archives are not followed."
    if info.flag_bits & _ENCRYPTED:
        return "The file is encrypted."
    if info.compress_type not in _METHODS:
        return "The file is packed in an unusual way."
    if info.file_size > SMALL and info.file_size > most_ratio * max(info.compress_size, 1):
        return f"The file is packed more than {most_ratio} to 1."
    return ""


def _printable(name: str) -> str:
    return name.replace("\\", "/").encode("utf-8", "backslashreplace").decode("utf-8")
