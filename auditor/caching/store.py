"""An SQLite file of values by key. Whatever goes wrong with it is a value that is not there, never a failure."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = "auditor-cache.sqlite3"
MOST = 50
"""Values that are kept; the oldest are dropped."""

_WAIT = 5.0  # seconds for another process to finish its writing, which takes milliseconds
_TABLE = "CREATE TABLE IF NOT EXISTS audits (number INTEGER PRIMARY KEY, key TEXT UNIQUE, sum TEXT, value BLOB)"
_DROP = "DELETE FROM audits WHERE number NOT IN (SELECT number FROM audits ORDER BY number DESC LIMIT ?)"

_DAMAGES = (sqlite3.Error, OSError, ValueError, MemoryError)  # what a damaged file may lead to


@dataclass(frozen=True, slots=True)
class Store:
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
        if row is None or not isinstance(row[1], bytes) or row[0] != _sum(key, row[1]):
            return None
        return row[1]

    def put(self, key: str, value: bytes) -> bool:
        """Keeps a value, and says whether it did; a file that is no database any more is replaced."""
        try:
            try:
                self._write(key, value)
            except sqlite3.OperationalError:  # busy, full, read-only: another time
                return False
            except (sqlite3.DatabaseError, ValueError):
                self._remove()
                self._write(key, value)
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

    def _write(self, key: str, value: bytes) -> None:
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        with self._opened() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            row = (key, _sum(key, value), value)
            connection.execute("INSERT OR REPLACE INTO audits (key, sum, value) VALUES (?, ?, ?)", row)
            connection.execute(_DROP, (MOST,))
            connection.execute("COMMIT")

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(FILE + ending).unlink(missing_ok=True)


def _sum(key: str, value: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\0" + value).hexdigest()


def _ours(path: Path) -> bool:
    """Whether only its owner, who is us or root, may change it; elsewhere than on POSIX nothing tells."""
    if os.name != "posix":
        return True
    status = path.stat()
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
