"""Files and folders given on the command line -> bytes and text, each file once, in a fixed order."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from auditor.errors import DocumentError
from auditor.loading.archives import archive_of, entries, is_archive, read_entry
from auditor.loading.limits import check_size, limits

HIDDEN = frozenset({".git", ".hg", ".svn", ".bzr", "_darcs", "CVS"})
"""Folders of version control systems: copies of what lies beside them."""

_BACKUP = re.compile(r"(.+\.tfstate)(?:\.\d+)?\.backup\Z", re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Found(Struct, frozen=True):
    """A file to look at. name: as given, with forward slashes; entry: its name inside the archive at the path.

    skipped: why it is left alone although nothing is wrong with it; error: why it cannot be read.
    """

    name: str
    path: Path
    skipped: str = ""
    error: str = ""
    entry: str = ""


class Content(Struct, frozen=True):
    """The bytes of a file and their SHA-256 in hexadecimal."""

    data: bytes
    sha256: str


def walk(paths: Sequence[Path]) -> tuple[Found, ...]:
    """Every file below the paths, each once, sorted by name; the same whatever the order of the paths."""
    found: dict[str, Found] = {}
    for path in paths:
        for file in _below(path):
            real = os.path.realpath(file.path) + (f"/{file.entry}" if file.entry else "")
            known = found.get(real)
            if known is None or _order(file.name) < _order(known.name):
                found[real] = file
    names = {file.name for file in found.values()}
    return tuple(sorted((_unless_older(file, names) for file in found.values()), key=lambda f: f.name))


def _unless_older(file: Found, names: Set[str]) -> Found:
    """The file, left alone when it is the state that Terraform put aside when it wrote the one beside it."""
    aside = _BACKUP.match(file.name)
    if aside is None or aside[1] not in names:
        return file
    return replace(file, skipped="the backup of an older Terraform state")


def read(file: Found) -> Content:
    """The content of a file. Raises DocumentError when it is too large or cannot be read."""
    most = limits().file_bytes
    if file.entry:
        return _content(read_entry(file.path, file.entry, most))
    try:
        with file.path.open("rb") as stream:
            check_size(os.fstat(stream.fileno()).st_size)
            data = stream.read(most + 1)
    except OSError as error:
        raise DocumentError(
            f"The file cannot be read: {error.strerror or error}.", None, "Check its permissions and whether it exists."
        ) from error
    return _content(data)


def _content(data: bytes) -> Content:
    check_size(len(data))
    return Content(data, hashlib.sha256(data).hexdigest())


def found(name: str) -> Found:
    """The file of a displayed name, also inside an archive."""
    inside = None if os.path.exists(name) else archive_of(name)  # Path raises for names that are too long
    return Found(name, Path(name)) if inside is None else Found(name, inside[0], entry=inside[1])


def unchanged(name: str, sha256: str) -> bytes:
    """The bytes of a file that was read before. Raises DocumentError when it is another one by now."""
    content = read(found(name))
    if content.sha256 != sha256:
        raise DocumentError("The file was changed while it was audited.", None, "Run the command again.")
    return content.data


def decode(data: bytes) -> str:
    """Text from UTF-8, or from UTF-16 with a byte order mark. Raises DocumentError for anything else."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 if encoding != "utf-16" else None
        raise DocumentError(
            f"The file is not UTF-8 text (byte {error.start}).", line, "Export or save the file as UTF-8."
        ) from error


def looks_binary(data: bytes) -> bool:
    """Whether this is no text at all: NUL bytes, and no byte order mark of UTF-16."""
    return b"\0" in data[:8192] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def display_name(path: Path) -> str:
    """The path as reports show it: forward slashes, and nothing that cannot be printed."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _order(name: str) -> tuple[int, str]:
    return len(name), name


def _below(root: Path) -> Iterator[Found]:
    try:
        mode = root.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Found(display_name(root), root, error=f"The path cannot be read: {reason}.")
        return
    if stat.S_ISDIR(mode):
        yield from _folder(root, os.path.realpath(root))
    else:
        yield from _or_inside(_regular(root, mode))


def _or_inside(file: Found) -> Iterator[Found]:
    """The file, or the files in it when it is an archive."""
    if file.skipped or file.error or not is_archive(file.path):
        yield file
        return
    try:
        for entry in entries(file.path):
            yield Found(f"{file.name}/{entry.name}", file.path, error=entry.error, entry=entry.name)
    except DocumentError as error:
        yield Found(file.name, file.path, error=error.message)


def _folder(root: Path, inside: str) -> Iterator[Found]:
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            name = display_name(folder)
            yield Found(name, folder, error=f"The folder cannot be read: {error.strerror}.")
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in HIDDEN:
                    pending.append(folder / entry.name)
            else:
                yield from _or_inside(_member(folder / entry.name, entry.is_symlink(), inside))


def _member(path: Path, link: bool, inside: str) -> Found:
    name = display_name(path)
    try:
        if link:
            target = os.path.realpath(path, strict=True)
            if os.path.commonpath((inside, target)) != inside:
                return Found(name, path, skipped="a link out of the folder")
            if os.path.isdir(target):
                return Found(name, path, skipped="a link to a folder that is looked at by itself")
        return _regular(path, path.stat().st_mode)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Found(name, path, error=f"The file cannot be read: {reason}.")


def _regular(path: Path, mode: int) -> Found:
    if stat.S_ISREG(mode):
        return Found(display_name(path), path)
    return Found(display_name(path), path, skipped="no regular file (a device, a pipe or a socket)")
