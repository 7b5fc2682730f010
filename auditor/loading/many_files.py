"""The files of an export, read by this process and whoever helps; the same whoever reads which."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from msgspec import Struct

from auditor.loading.files import Found
from auditor.loading.limits import Limits, limited, limits
from auditor.loading.sources import Reading, read_file
from auditor.sharing import Hands, Helpers

Progress = Callable[[str, int, int], None]

BATCHES = 24
"""Parts into which the files are divided, so that all who read are done at the same time."""
IN_ARCHIVE = 50_000
"""Bytes that a file in an archive is taken for."""


class _Batch(Struct, frozen=True):
    files: tuple[Found, ...]
    substitutions: Mapping[str, str]
    limits: Limits


class Memory(Protocol):
    """What files gave when they were read before."""

    def recall(self, files: Sequence[Found], substitutions: Mapping[str, str]) -> dict[Found, Reading]:
        """What files gave when they had the content that they have now, as far as it is known."""

    def keep(self, reading: Reading) -> Reading:
        """Has a reading kept; as it will be recalled."""


def read_files(
    found: Sequence[Found],
    substitutions: Mapping[str, str],
    progress: Progress | None,
    hands: Hands,
    memory: Memory | None = None,
) -> list[Reading]:
    """What each file gives, in their order."""
    if memory is None:
        return _read_all(found, substitutions, progress, hands)
    known = memory.recall(found, substitutions)
    for reading in _read_all([file for file in found if file not in known], substitutions, progress, hands):
        known[reading.found] = memory.keep(reading)
    return [known[file] for file in found]


def _read_all(
    found: Sequence[Found], substitutions: Mapping[str, str], progress: Progress | None, hands: Hands
) -> list[Reading]:  # fmt: skip
    sizes = [_size(file) for file in found]
    if len(found) < 2 or sum(sizes) < hands.worth:
        return list(_one_by_one(found, substitutions, progress))
    batches = [_Batch(tuple(each), substitutions, limits()) for each in _divided(found, sizes)]
    ends = [sum(len(batch.files) for batch in batches[: number + 1]) for number in range(len(batches))]
    with hands.hired() as executors:
        if not executors:
            return list(_one_by_one(found, substitutions, progress))

        def told(done: int) -> None:
            if progress is not None:
                progress("reading", ends[done - 1], len(found))

        parts = Helpers(executors).share(_read, batches, told=told)
    return [reading for part, _ in parts for reading in part]


def _one_by_one(
    found: Sequence[Found], substitutions: Mapping[str, str], progress: Progress | None
) -> Iterator[Reading]:  # fmt: skip
    for number, file in enumerate(found):
        if progress is not None:
            progress("reading", number, len(found))
        yield read_file(file, substitutions)
    if progress is not None:
        progress("reading", len(found), len(found))


def _read(batch: _Batch) -> list[Reading]:
    """The work of whoever reads."""
    with limited(batch.limits), without_collections():
        return [read_file(file, batch.substitutions) for file in batch.files]


def _divided(found: Sequence[Found], sizes: Sequence[int]) -> Iterator[list[Found]]:
    """Parts of about the same size."""
    most, part, size = sum(sizes) / BATCHES, list[Found](), 0
    for file, each in zip(found, sizes, strict=True):
        part.append(file)
        size += each
        if size >= most:
            yield part
            part, size = [], 0
    if part:
        yield part


def _size(file: Found) -> int:
    if file.entry:
        return IN_ARCHIVE
    try:
        return file.path.stat().st_size
    except (OSError, ValueError):
        return 0


@contextmanager
def without_collections() -> Iterator[None]:
    """Pauses the cyclic collector: parsed documents hold no cycles, and walking them again and again costs half."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
