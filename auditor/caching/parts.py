"""Parts of audits in the cache: what files give, and what groups of entries show."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from auditor.caching.objects import frozen, thawed
from auditor.caching.store import Store
from auditor.model.secrets import SECRET

_QUICK = 1
_SECRET = re.compile(SECRET.pattern.encode("ascii"), re.IGNORECASE)


class Parts:
    """Values by key during one audit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._new: dict[str, bytes] = {}
        self._used: set[str] = set()

    @classmethod
    @contextmanager
    def of(cls, store: Store) -> Iterator[Parts]:
        """The parts in a store. What is new is kept there if all goes well, and what was used stays longest."""
        parts = cls(store)
        yield parts
        store.put_parts(parts._new, parts._used)

    def get(self, keys: Iterable[str]) -> dict[str, object]:
        """The values of these keys, of those that have one that is whole."""
        found = {}
        for key, data in self._store.parts(keys).items():
            value = _inflated(data)
            if value is not None:
                found[key] = value
        self._used.update(found)
        return found

    def put(self, key: str, value: object) -> object:
        """Has a value kept, unless something in it looks like a secret; as it will be read again, if it can be."""
        data = frozen(value)
        again = None if data is None else thawed(data)
        if data is None or again is None:
            return value
        if not _SECRET.search(data):
            self._new[key] = zlib.compress(data, _QUICK)
        return again


def _inflated(data: bytes) -> object | None:
    try:
        return thawed(zlib.decompress(data))
    except (zlib.error, MemoryError):
        return None
