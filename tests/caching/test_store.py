from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from auditor.caching import store as stores
from auditor.caching.store import FILE, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "cache")
    assert made.trouble == ""
    return made


def test_a_value_is_given_back_to_its_key_alone(store: Store) -> None:
    assert store.get("one") is None
    assert store.put("one", b"first")
    assert store.put("one", b"second")
    assert store.get("one") == b"second"
    assert store.get("two") is None


def test_the_oldest_values_are_dropped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MOST", 2)
    for key in ("a", "b", "c"):
        store.put(key, key.encode())
    assert [store.get(key) for key in ("a", "b", "c")] == [None, b"b", b"c"]


@pytest.mark.parametrize("column", ["sum", "value", "key"])
def test_a_row_that_was_changed_is_a_miss(store: Store, column: str) -> None:
    store.put("one", b"first")
    other = {"sum": "0" * 64, "value": b"other", "key": "two"}[column]
    with closing(sqlite3.connect(store.folder / FILE)) as connection, connection:
        connection.execute(f"UPDATE audits SET {column} = ?", (other,))
    assert store.get("one") is None
    assert store.get("two") is None


@pytest.mark.parametrize("damage", [b"", b"no database" * 500, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_replaced(store: Store, damage: bytes) -> None:
    (store.folder / FILE).write_bytes(damage)
    assert store.get("one") is None
    assert store.put("one", b"first")
    assert store.get("one") == b"first"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_yields_whole_values_or_none(store: Store, share: float) -> None:
    file = store.folder / FILE
    values = {str(number): os.urandom(20_000) for number in range(10)}
    for key, value in values.items():
        store.put(key, value)
    os.truncate(file, int(file.stat().st_size * share))
    for key, value in values.items():
        assert store.get(key) in (None, value)
    while not store.put("new", b"value"):
        file.unlink()
    assert store.get("new") == b"value"


def test_every_damaged_byte_yields_the_value_or_none(store: Store) -> None:
    store.put("one", b"first")
    file = store.folder / FILE
    whole = file.read_bytes()
    for place in range(0, len(whole), 97):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert store.get("one") in (None, b"first")


def test_a_database_of_somebody_else_is_left_alone(store: Store) -> None:
    file = store.folder / FILE
    file.touch(0o600)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE audits (name TEXT)")
        connection.execute("INSERT INTO audits VALUES ('theirs')")
    assert not store.put("one", b"first")
    assert store.get("one") is None
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM audits").fetchall() == [("theirs",)]


def test_a_file_that_is_busy_is_not_waited_for_long(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_WAIT", 0.01)
    store.put("one", b"first")
    with closing(sqlite3.connect(store.folder / FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert not store.put("two", b"second")
        assert store.get("one") == b"first"
    assert store.put("two", b"second")


WRITER = """
import sys
from pathlib import Path
from auditor.caching.store import Store
store = Store(Path(sys.argv[1]))
for number in range(20):
    store.put(f"{sys.argv[2]}-{number}", sys.argv[2].encode() * 5000)
    value = store.get(f"{sys.argv[2]}-{number}")
    assert value in (None, sys.argv[2].encode() * 5000), value
"""


def test_two_processes_at_once(store: Store) -> None:
    def write(name: str) -> int:
        return subprocess.run([sys.executable, "-c", WRITER, str(store.folder), name], timeout=60).returncode

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(write, ("a", "b"))) == [0, 0]
    for name in ("a", "b"):
        assert store.get(f"{name}-19") == name.encode() * 5000


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "exists" in Store(tmp_path / "file").trouble
    assert Store(tmp_path / "file" / "below").trouble != ""


def test_a_folder_that_cannot_be_written_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written" in store.trouble


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_what_others_may_change_is_not_believed(store: Store, mode: int) -> None:
    store.folder.chmod(mode)
    assert "changed by others" in store.trouble


def test_folder_and_file_are_private(store: Store) -> None:
    store.put("one", b"first")
    assert [path.stat().st_mode & 0o777 for path in (store.folder, store.folder / FILE)] == [0o700, 0o600]
    (store.folder / FILE).chmod(0o666)
    assert "changed by others" in store.trouble


def test_something_else_in_the_place_of_the_file(store: Store) -> None:
    (store.folder / FILE).mkdir()
    (store.folder / FILE).chmod(0o700)
    assert "is no file" in store.trouble
    assert store.get("one") is None
    assert not store.put("one", b"first")
