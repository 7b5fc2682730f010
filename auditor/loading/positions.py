"""Line numbers for places in JSON files, looked up only for what is reported.

One pass per file: along the wanted pointers value by value, over everything else at the speed of the C scanner.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from msgspec import Struct, field
from msgspec.structs import replace

from auditor.errors import DocumentError
from auditor.loading.files import decode, found, read
from auditor.loading.json_reader import whole_characters
from auditor.model.location import Location

NO_HASHES: Mapping[str, str] = {}
_SPACE = re.compile(r"[ \t\n\r]*")
_scan = json.JSONDecoder().raw_decode
_ENCODED = re.compile(rb"\s*JTd[Ci]")  # Base64 of "%7B" or "%7b", an encoded "{"


class _Wanted(Struct):
    """A node of the tree of wanted pointers; offset: where the value starts, once seen."""

    below: dict[str, _Wanted] = field(default_factory=dict)
    offset: int | None = None

    def at(self, pointer: str) -> _Wanted:
        node = self
        for token in pointer.split("/")[1:]:
            node = node.below.setdefault(token.replace("~1", "/").replace("~0", "~"), _Wanted())
        return node


def with_lines(locations: Iterable[Location], hashes: Mapping[str, str] = NO_HASHES) -> dict[Location, Location]:
    """Each location with its line filled in, if the file tells; a file that is gone or changed leaves it as it is.

    hashes: SHA-256 by file, as the files were when they were audited.
    """
    files: dict[str, list[Location]] = defaultdict(list)
    result: dict[Location, Location] = {}
    for location in locations:
        result[location] = location
        if location.line is None and location.file:
            files[location.file].append(location)
    for name, wanted in files.items():
        result.update(_lines_in(name, wanted, hashes.get(name)))
    return result


def _lines_in(name: str, wanted: list[Location], sha256: str | None) -> dict[Location, Location]:
    try:
        content = read(found(name))
        if sha256 not in (None, content.sha256):
            return {}
        data = content.data
        if _ENCODED.match(data):
            return {location: replace(location, line=1) for location in wanted}
        text = whole_characters(decode(data))
    except (DocumentError, ValueError):
        return {}
    tree = _Wanted()
    nodes = {location: tree.at(location.pointer) for location in wanted}
    with contextlib.suppress(ValueError, IndexError, RecursionError):  # what was found before still holds
        _value(text, _space(text, 0), tree)
    lines = _lines_at(text, {node.offset for node in nodes.values() if node.offset is not None})
    return {
        location: replace(location, line=lines[node.offset])
        for location, node in nodes.items()
        if node.offset is not None
    }


def _lines_at(text: str, offsets: Set[int]) -> dict[int, int]:
    """The line of each offset, counted from one to the next: from the start each time would take their square."""
    line, before = 1, 0
    lines: dict[int, int] = {}
    for offset in sorted(offsets):
        line += text.count("\n", before, offset)
        lines[offset], before = line, offset
    return lines


def _value(text: str, start: int, node: _Wanted) -> int:
    """Notes where the value starts and gives the offset behind it."""
    node.offset = start
    if node.below and text[start] == "{":
        return _object(text, start + 1, node)
    if node.below and text[start] == "[":
        return _array(text, start + 1, node)
    return _skip(text, start)


def _object(text: str, start: int, node: _Wanted) -> int:
    index = _space(text, start)
    while text[index] == '"':
        key, index = _scan(text, index)
        index = _space(text, _space(text, index) + 1)
        index = _member(text, index, node.below.get(key))
    return index + 1


def _array(text: str, start: int, node: _Wanted) -> int:
    index = _space(text, start)
    number = 0
    while text[index] != "]":
        index = _member(text, index, node.below.get(str(number)))
        number += 1
    return index + 1


def _member(text: str, start: int, node: _Wanted | None) -> int:
    """Reads one value and the comma behind it; gives where the next member or the bracket stands."""
    index = _skip(text, start) if node is None else _value(text, start, node)
    index = _space(text, index)
    return _space(text, index + 1) if text[index] == "," else index


def _skip(text: str, start: int) -> int:
    return _scan(text, start)[1]


def _space(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return index if match is None else match.end()
