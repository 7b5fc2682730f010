"""Which reports a run writes, and where: `--format sarif --output a.sarif --format html --output b.html`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from auditor.errors import UsageError

STANDARD_OUTPUT = Path("-")


class Target(Struct, frozen=True):
    """One report. output: None for standard output."""

    format: str
    output: Path | None = None


def paired(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[Target, ...]:
    """The first format goes to the first output, and so on; a usage error where they do not match.

    One report alone may do without an output; `-` is standard output.
    """
    if len(formats) <= 1 and len(outputs) <= 1:
        words, files = (*formats, "table")[:1], outputs or (STANDARD_OUTPUT,)
    else:
        words, files = tuple(formats), outputs
    if len(words) != len(files):
        raise UsageError(
            f"--format is given {_times(len(words))}, --output {_times(len(files))}: they do not match.",
            hint="Give each format its own file: --format sarif --output a.sarif --format html --output b.html."
            " One of the files may be -, standard output.",
        )
    known = [os.path.abspath(file) for file in files]
    for file, place in zip(files, known, strict=True):
        if known.count(place) > 1:
            raise UsageError(f"--output {file} is given for two reports.", hint="Give each its own file.")
    pairs = zip(words, files, strict=True)
    return tuple(Target(word, None if file == STANDARD_OUTPUT else file) for word, file in pairs)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
