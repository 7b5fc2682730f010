from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from auditor.caching import store as stores
from auditor.caching.objects import frozen
from auditor.caching.parts import Parts
from auditor.caching.store import FILE, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "cache")
    assert made.trouble == ""
    return made


def keep(store: Store, **values: object) -> None:
    with Parts.of(store) as parts:
        for key, value in values.items():
            assert parts.put(key, value) == value


def kept(store: Store, *keys: str) -> dict[str, object]:
    with Parts.of(store) as parts:
        return parts.get(keys)


def test_parts_are_given_back_in_later_runs(store: Store) -> None:
    assert kept(store, "a") == {}
    keep(store, a=[1], b=["two"])
    assert kept(store, "b", "c", "a") == {"b": ["two"], "a": [1]}


def test_more_keys_than_one_question_may_hold(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_AT_ONCE", 2)
    values: dict[str, object] = {f"k{number}": [number] for number in range(7)}
    keep(store, **values)
    assert kept(store, *values) == values


def test_what_fails_keeps_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), Parts.of(store) as parts:
        parts.put("a", [1])
        raise ZeroDivisionError
    assert kept(store, "a") == {}


def test_what_was_not_used_for_longest_is_dropped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, a=["a"])
    keep(store, b=["b"])
    kept(store, "a")
    size = len(zlib.compress(frozen(["a"]) or b"", 1))
    monkeypatch.setattr(stores, "MOST_BYTES", 2 * size)
    keep(store, c=["c"])
    assert kept(store, "a", "b", "c") == {"a": ["a"], "c": ["c"]}


@pytest.mark.parametrize("word", ["SIP password", "client_secret", "access token", "Bearer abc"])
def test_what_looks_like_a_secret_is_not_kept(store: Store, word: str) -> None:
    keep(store, a=[word], b=["harmless"])
    assert kept(store, "a", "b") == {"b": ["harmless"]}


@pytest.mark.parametrize("column", ["sum", "value", "key"])
def test_a_row_that_was_changed_is_a_miss(store: Store, column: str) -> None:
    keep(store, one=[1])
    other = {"sum": "0" * 64, "value": zlib.compress(frozen([2]) or b""), "key": "two"}[column]
    with closing(sqlite3.connect(store.folder / FILE)) as connection, connection:
        connection.execute(f"UPDATE parts SET {column} = ?", (other,))
    assert kept(store, "one", "two") == {}


@pytest.mark.parametrize("damage", [b"", b"no database" * 500, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_replaced(store: Store, damage: bytes) -> None:
    (store.folder / FILE).write_bytes(damage)
    assert kept(store, "a") == {}
    keep(store, a=[1])
    assert kept(store, "a") == {"a": [1]}


def test_a_table_of_an_older_program_is_not_used(store: Store) -> None:
    with closing(sqlite3.connect(store.folder / FILE)) as connection, connection:
        connection.execute("CREATE TABLE parts (number INTEGER)")
    keep(store, a=[1])
    assert kept(store, "a") == {}
