"""In which line of a TOML text a key is written; tomllib keeps no positions."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_.-]+|"[^"]*"|'[^']*')\s*=""")


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """The 1-based line of the key, or of the nearest table around it that has a header; None when there is none."""
    wanted = [str(key) for key in path if isinstance(key, str)]
    index = next((key for key in path if isinstance(key, int)), None)
    best: tuple[int, int] = (0, 0)
    for number, keys in _keys(text, index if index is not None else 0, wanted[:1]):
        depth = len(keys)
        if depth <= len(wanted) and keys == wanted[:depth] and depth > best[0]:
            best = (depth, number)
    return best[1] or None


def _keys(text: str, index: int, first: list[str]) -> list[tuple[int, list[str]]]:
    """(line, key path) of every header and key; of the rows of the array named first, only that of the index."""
    found: list[tuple[int, list[str]]] = []
    table: list[str] = []
    row = -1
    skip = False
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header.group(2))
            if header.group(1) == "[[":
                row += table == first
                skip = table == first and row != index
            else:
                skip = False
            if not skip:
                found.append((number, table))
        elif (key := _KEY.match(line)) and not skip:
            found.append((number, [*table, *_parts(key.group(1))]))
    return found


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r""""[^"]*"|'[^']*'|[^.]+""", name)]
