"""The folder of a collection: every file whole or not at all, and no secret in any of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows
    flock = None  # type: ignore[assignment]

from auditor.errors import DocumentError, EnvironmentFault, UsageError
from auditor.loading.json_reader import read_json
from auditor.loading.manifest import is_manifest, read_manifest
from auditor.model.collection import CollectedFile, Collection
from auditor.model.location import Location
from auditor.model.secrets import SECRET

MANIFEST = "manifest.json"
_OURS = re.compile(r"[a-z]+/[A-Za-z0-9_-]+\.json")
_REMOVED = "(removed by auditor collect)"


class Store:
    """Files below a folder. Raises EnvironmentFault when they cannot be written or read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder; what it will hold concerns people, so it is the owner's alone."""
        with _telling(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Make the folder and keep other runs out of it for a while. Raises UsageError when one is in it.

        The lock is on the folder itself and ends with the process, however that ends; systems without such locks go
        without.
        """
        self.prepare()
        if flock is None:
            yield
            return
        with _telling(self.folder):
            descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                hint = "Wait for it to end, or use another --out folder."
                raise UsageError(f"Another run is collecting into {self.folder}.", hint=hint) from error
            except OSError:  # a file system without locks
                pass
            yield
        finally:
            os.close(descriptor)

    @property
    def empty(self) -> bool:
        """Whether nothing is there yet, but for a first manifest that was being written when a run was killed."""
        with _telling(self.folder):
            found = self.folder.iterdir() if self.folder.exists() else ()
            return all(path.match(f"{MANIFEST}.*.part") for path in found)

    def known(self) -> Collection | None:
        """The manifest of an earlier run; None when there is none. Raises UsageError when it is damaged."""
        path = self.folder / MANIFEST
        if not path.exists():
            return None
        try:
            with _telling(path):
                document = read_json(path.read_text(encoding="utf-8"))
            if not is_manifest(document) or not isinstance(document, dict):
                raise ValueError
            return read_manifest(document, Location(MANIFEST))
        except (ValueError, DocumentError) as error:
            raise UsageError(f"{path} is no manifest of `auditor collect`.", hint="Use another folder.") from error

    def write(self, path: str, document: Mapping[str, object], objects: int) -> CollectedFile:
        """Write a document without secrets."""
        data = _encoded(without_secrets(document))
        target = self.folder / path
        with _telling(target):
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _replace(target, data)
        return CollectedFile(path, hashlib.sha256(data).hexdigest(), objects)

    def intact(self, files: Iterable[CollectedFile]) -> bool:
        """Whether the files are there as they were written."""
        return all(self._hash(file.path) == file.sha256 for file in files)

    def read(self, file: CollectedFile) -> Mapping[str, object]:
        """A document that was written."""
        with _telling(self.folder / file.path):
            document = read_json((self.folder / file.path).read_text(encoding="utf-8"))
        return document if isinstance(document, dict) else {}

    def remove(self, paths: Iterable[str]) -> None:
        """Take files away that belong to the collection no longer."""
        for path in paths:
            if _OURS.fullmatch(path):
                with _telling(self.folder / path):
                    (self.folder / path).unlink(missing_ok=True)

    def sweep(self, folders: Iterable[str], files: Iterable[CollectedFile]) -> None:
        """Remove what an interrupted run left behind: files in our folders that no manifest names."""
        named = {self.folder / file.path for file in files}
        found = [path for folder in folders for path in (self.folder / folder).glob(f"{folder}-*.json*")]
        for path in [*found, *self.folder.glob(f"{MANIFEST}.*.part")]:
            if path not in named:
                with _telling(path):
                    path.unlink(missing_ok=True)

    def _hash(self, path: str) -> str | None:
        try:
            return hashlib.sha256((self.folder / path).read_bytes()).hexdigest()
        except OSError:
            return None


def without_secrets(value: object) -> object:
    """The document with passwords and the like in settings of telephony objects taken out."""
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _settings(item) if key == "properties" and isinstance(item, dict) else without_secrets(item)
        for key, item in value.items()
    }


def _settings(properties: Mapping[str, object]) -> dict[str, object]:
    return {key: _setting(item) if SECRET.search(key) else without_secrets(item) for key, item in properties.items()}


def _setting(setting: object) -> object:
    """A setting `{value: {instance, ...}}` whose texts are gone; schemas of data tables have no such value."""
    if not isinstance(setting, dict) or not isinstance(held := setting.get("value"), dict):
        return setting
    hidden = {key: _REMOVED if isinstance(item, str) and item else item for key, item in held.items()}
    return {**setting, "value": hidden}


def _encoded(document: object) -> bytes:
    """JSON with a line for each value, so that places in reports can be opened."""
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _replace(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """What the file system refuses is told in words."""
    try:
        yield
    except OSError as error:
        hint = "Check the folder and its disk, or use another --out folder."
        raise EnvironmentFault(f"{path} cannot be used: {error.strerror or error}.", hint=hint) from error
