"""How much of an export is read: exports come from elsewhere, and a small file must not take the whole machine.

What may be raised on the command line is in `Limits`; the rest are depths and shares that no export comes near.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct

from auditor.errors import DocumentError

MIB = 1024 * 1024
MOST_TOLD = 100_000
"""Mistakes told of one file, and places in it that are of no known kind; after them the rest of it is not read."""


class Limits(Struct, frozen=True):
    """file_bytes: size of one file; values: texts, numbers, lists and objects in one file; objects: of one kind.

    A value takes up to 150 bytes of memory (in HCL up to 350), and an object from which calls begin (a user) 25,000,
    so that the defaults stay below three gigabytes.
    """

    file_bytes: int = 128 * MIB
    values: int = 5_000_000
    objects: int = 100_000


_USUAL = Limits()
_IN_EFFECT: ContextVar[Limits] = ContextVar("limits", default=_USUAL)


def limits() -> Limits:
    """The limits in effect."""
    return _IN_EFFECT.get()


@contextmanager
def limited(to: Limits) -> Iterator[None]:
    """Sets the limits for what is done inside."""
    token = _IN_EFFECT.set(to)
    try:
        yield
    finally:
        _IN_EFFECT.reset(token)


def check_size(size: int) -> None:
    """Raises DocumentError for a file of more bytes than may be read."""
    most = limits().file_bytes
    if size > most:
        raise DocumentError(
            f"The file is larger than {most // MIB} MiB.",
            None,
            "Split the export into several files, or raise the limit: auditor --max-file-size MIB ...",
        )


def check_values(count: int) -> None:
    """Raises DocumentError for a file that holds more values than may be read."""
    most = limits().values
    if count > most:
        raise DocumentError(
            f"The file holds more than {most} values.",
            None,
            "Split the export into several files, or raise the limit: auditor --max-values NUMBER ...",
        )


def too_many(what: str) -> DocumentError:
    """For a file in which so much is wrong that there is no point in going on."""
    return DocumentError(
        f"The file holds more than {MOST_TOLD} {what}; the rest of it was not read.",
        None,
        "Is this an export of Genesys Cloud? Leave other files out of the paths.",
    )
