"""Two ways to a database: the SQLite that comes with Python, and any other through SQLAlchemy. One SQL for both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditor.errors import EnvironmentFault, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

Value = str | int | None
Row = Sequence[Value]


class Busy(Exception):
    """Somebody else wrote the same row first; the transaction can be tried again."""


class Session(Protocol):
    """A transaction. Parameters stand as :name in the SQL."""

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[Row]:
        """The rows that a query yields."""

    def write(self, sql: str, values: Sequence[Mapping[str, Value]]) -> None:
        """Execute the statement once for each set of values."""


class Lite:
    """A transaction on an SQLite file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[Row]:
        """The rows that a query yields."""
        return self._connection.execute(sql, dict(values or {})).fetchall()

    def write(self, sql: str, values: Sequence[Mapping[str, Value]]) -> None:
        """Execute the statement once for each set of values."""
        self._connection.executemany(sql, values)


class Alchemy:
    """A transaction on a database that SQLAlchemy reaches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[Row]:
        """The rows that a query yields."""
        from sqlalchemy import text

        result = self._connection.execute(text(sql), dict(values or {}))
        return [tuple(row) for row in result] if result.returns_rows else []

    def write(self, sql: str, values: Sequence[Mapping[str, Value]]) -> None:
        """Execute the statement once for each set of values."""
        from sqlalchemy import text

        if values:
            self._connection.execute(text(sql), [dict(each) for each in values])


@contextmanager
def session(place: str, *, create: bool = False) -> Iterator[Session]:
    """A transaction on the database at a place: the path of a file, or a URL with "://".

    It is committed at the end, or rolled back when anything goes wrong; create: make a file that is not there.
    """
    if "://" in place:
        yield from _alchemy(place)
    else:
        yield from _lite(Path(place), create)


def _lite(path: Path, create: bool) -> Iterator[Session]:
    if not create and not (path.is_file() and path.stat().st_size):
        raise UsageError(f"There is no history at {path}.", hint="`auditor history add PATH...` begins one.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist.", hint="Create the folder first.")
    try:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE" if create else "BEGIN")
            yield Lite(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()
    except sqlite3.IntegrityError as error:
        raise Busy(str(error)) from error
    except sqlite3.Error as error:
        raise EnvironmentFault(f"The history {path} cannot be used: {error}.", hint="Is it an SQLite file?") from error


def _alchemy(url: str) -> Iterator[Session]:
    try:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
    except ImportError as error:
        hint = "pip install 'recording-consent-auditor[history]', and the driver of the database."
        raise UsageError("A database URL needs SQLAlchemy, which is not installed.", hint=hint) from error
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise UsageError(f"The database URL cannot be used: {_first(error)}.") from error
    try:
        with engine.begin() as connection:
            yield Alchemy(connection)
    except IntegrityError as error:
        raise Busy(_first(error)) from error
    except SQLAlchemyError as error:
        if "already exists" in _first(error):  # PostgreSQL, when two create a table of the history at the same time
            raise Busy(_first(error)) from error
        raise EnvironmentFault(
            f"The database cannot be used: {_first(getattr(error, 'orig', None) or error)}.",
            hint="Is the server up, and are user, password and database name right?",
        ) from error
    finally:
        engine.dispose()


def _first(error: BaseException) -> str:
    """The first line; a driver's message may hold the statement, and a URL's password is never in it."""
    lines = str(error).splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
