"""Objects of the auditor to bytes and back, for values that only this program keeps and reads.

Pickles, because the parts of a flow refer to each other in more ways than a format of plain data can tell apart. They
are read only when their sum is right, from a file that nobody else may write to, and nothing but the structures,
named tuples, enumerations and containers of a few packages is ever made of them: no function is called.
"""

from __future__ import annotations

import io
import pickle  # nosec B403 # read by _Reader alone, which knows no functions
from enum import Enum
from typing import Any, ClassVar

from msgspec import Struct

_PACKAGES = ("auditor.model.", "auditor.loading.", "auditor.analysis.", "auditor.graph.", "auditor.caching.")
_PLAIN = frozenset(
    {
        ("collections", "defaultdict"),
        ("auditor.model.settings", "UNSET"),
        *(("builtins", name) for name in ("list", "set", "frozenset")),
    }
)
_PROTOCOL = 5

_DAMAGES = (
    pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, KeyError, MemoryError, OverflowError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip


def frozen(value: object) -> bytes | None:
    """The bytes of a value; None when it cannot be kept, since it is nested too deeply or holds something foreign."""
    try:
        return pickle.dumps(value, _PROTOCOL)
    except _DAMAGES:
        return None


def thawed(data: bytes) -> object | None:
    """The value of these bytes; None when they hold anything that was not written by `frozen`."""
    try:
        value: object = _Reader(io.BytesIO(data)).load()
    except _DAMAGES:
        return None
    return value


class _Reader(pickle.Unpickler):
    _known: ClassVar[dict[tuple[str, str], Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        found = self._known.get((module, name))
        if found is None:
            found = self._known[module, name] = self._found(module, name)
        return found

    def _found(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_PACKAGES):
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, Struct | Enum | tuple | dict | list | str):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that is kept")
