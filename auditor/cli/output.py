"""Reports into files: whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from auditor.errors import EnvironmentFault, UsageError


def check_target(path: Path) -> None:
    """Refuse an --output that cannot work before any work is done."""
    if path.is_dir():
        raise UsageError(f"--output {path} is a folder.", hint="Name a file.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder of --output {path} does not exist.", hint="Create the folder first.")


def write_whole(path: Path, text: str) -> None:
    """Write the file so that it holds either the old or the whole new text, whatever happens meanwhile."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """The same for a file that is no text."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise EnvironmentFault(
            f"{path} cannot be written: {error.strerror}.", hint="The old file, if there was one, is unchanged."
        ) from error


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode(path))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, or the one a new file would get."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    return _new(0o666)


def _new(mode: int) -> int:
    """The mode that something new gets."""
    mask = os.umask(0)
    os.umask(mask)
    return mode & ~mask


def check_folder(path: Path, option: str) -> None:
    """Refuse to write a folder that holds something already."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{option} {path} is not empty.", hint="Name a new or an empty folder.")


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder, or an empty one, with all files in it or none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
        try:
            for name, data in files.items():
                (part / name).write_bytes(data)
            if path.exists():
                path.rmdir()
            part.chmod(_new(0o777))
            part.rename(path)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise EnvironmentFault(f"{path} cannot be written: {error.strerror}.", hint="Nothing was written.") from error
