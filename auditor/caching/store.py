"""An SQLite file of values by key. Whatever goes wrong with it is a value that is not there, never a failure."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from msgspec import Struct

FILE = "auditor-cache.sqlite3"
MOST = 50
"""Values that are kept; the oldest are dropped."""

_WAIT = 5.0  # seconds for another process to finish its writing, which takes milliseconds
_TABLE = "CREATE TABLE IF NOT EXISTS audits (number INTEGER PRIMARY KEY, key TEXT UNIQUE, sum TEXT, value BLOB)"
_DROP = "DELETE FROM audits WHERE number NOT IN (SELECT number FROM audits ORDER BY number DESC LIMIT ?)"

MOST_BYTES = 1 << 30
"""Of the parts of audits; those that were not used for longest are dropped."""
_AT_ONCE = 500
_PARTS = "CREATE TABLE IF NOT EXISTS parts (key TEXT PRIMARY KEY, used INTEGER, size INTEGER, sum TEXT, value BLOB)"
_WANTED = "SELECT key, sum, value FROM parts WHERE key IN ({})"
_TIME = "SELECT coalesce(max(used), 0) + 1 FROM parts"
_SUMS = "SELECT key, sum(size) OVER (ORDER BY used DESC, key) AS total FROM parts"
_DROP_PARTS = f"DELETE FROM parts WHERE key IN (SELECT key FROM ({_SUMS}) WHERE total > ?)"  # nosec B608 # constants

_DAMAGES = (sqlite3.Error, OSError, ValueError, MemoryError)  # what a damaged file may lead to


class Store(Struct, frozen=True):
    """The file in a folder that nobody else may write to; several processes may use it at once."""

    folder: Path

    @property
    def trouble(self) -> str:
        """Why the folder is not used; empty when nothing speaks against it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (self.folder, self._file):
                if path.exists() and not _ours(path):
                    return f"{path} can be changed by others"
            if self._file.exists() and not self._file.is_file():
                return f"{self._file} is no file"
        except OSError as error:
            return f"{self.folder}: {error.strerror or error}"
        return "" if os.access(self.folder, os.W_OK) else f"{self.folder} cannot be written"

    def get(self, key: str) -> bytes | None:
        """The value of the key, None when there is none that is whole."""
        if not self._file.is_file():
            return None
        try:
            with self._opened() as connection:
                row = connection.execute("SELECT sum, value FROM audits WHERE key = ?", (key,)).fetchone()
        except _DAMAGES:
            return None
        return row[1] if row is not None and _is_whole(key, *row) else None

    def put(self, key: str, value: bytes) -> bool:
        """Keeps a value, and says whether it did; a file that is no database any more is replaced."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(_TABLE)
            row = (key, _sum(key, value), value)
            connection.execute("INSERT OR REPLACE INTO audits (key, sum, value) VALUES (?, ?, ?)", row)
            connection.execute(_DROP, (MOST,))

        return self._write_or_not(write)

    def parts(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The parts of audits with these keys, of those that are there and whole."""
        found: dict[str, bytes] = {}
        waiting = iter(keys)
        if not self._file.is_file():
            return found
        try:
            with self._opened() as connection:
                while some := tuple(islice(waiting, _AT_ONCE)):
                    wanted = _WANTED.format(",".join("?" * len(some)))
                    rows = connection.execute(wanted, some)
                    found.update({key: value for key, sum, value in rows if _is_whole(key, sum, value)})
        except _DAMAGES:
            return found
        return found

    def put_parts(self, new: Mapping[str, bytes], used: Iterable[str]) -> bool:
        """Keeps parts, and says whether it did. used: keys of those that were asked for again."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(_PARTS)
            (now,) = connection.execute(_TIME).fetchone()
            connection.executemany("UPDATE parts SET used = ? WHERE key = ?", [(now, key) for key in used])
            rows = [(key, now, len(value), _sum(key, value), value) for key, value in new.items()]
            connection.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute(_DROP_PARTS, (MOST_BYTES,))

        return self._write_or_not(write)

    def _write_or_not(self, write: Callable[[sqlite3.Connection], None]) -> bool:
        try:
            try:
                self._write(write)
            except sqlite3.OperationalError:  # busy, full, read-only: another time
                return False
            except (sqlite3.DatabaseError, ValueError):
                self._remove()
                self._write(write)
        except _DAMAGES:
            return False
        return True

    @property
    def _file(self) -> Path:
        return self.folder / FILE

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)) as connection:
            yield connection

    def _write(self, write: Callable[[sqlite3.Connection], None]) -> None:
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        with self._opened() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            write(connection)
            connection.execute("COMMIT")

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(FILE + ending).unlink(missing_ok=True)


def _is_whole(key: object, sum: object, value: object) -> bool:
    return isinstance(key, str) and isinstance(value, bytes) and sum == _sum(key, value)


def _sum(key: str, value: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\0" + value).hexdigest()


def _ours(path: Path) -> bool:
    """Whether only its owner, who is us or root, may change it; elsewhere than on POSIX nothing tells."""
    if os.name != "posix":
        return True
    status = path.stat()
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
