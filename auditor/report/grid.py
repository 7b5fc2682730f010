"""Tables that fit a width: the widest columns are wrapped first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tabulate import tabulate

from auditor.report.wrap import columns, wrapped

GAP = 2
HEADER_PADDING = 2  # tabulate keeps a column this much wider than its header


def grid(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, firm: int = 1) -> str:
    """A table of at most width columns. The first `firm` columns are wrapped only when nothing else helps."""
    return "\n".join(_lines(headers, rows, width, firm)[0])


def grid_in_parts(headers: Sequence[str], parts: Mapping[str, Sequence[Sequence[str]]], width: int) -> str:
    """A table with a title above the rows of each part; its columns are as wide in every part."""
    rows = [row for part in parts.values() for row in part]
    lines, heights = _lines(headers, rows, width, 1)
    whole = len(lines) - sum(heights)
    text, done = lines[:whole], 0
    for title, part in parts.items():
        size = sum(heights[done : done + len(part)])
        text += ["", *wrapped(title, width, rest="  "), *lines[whole : whole + size]]
        whole, done = whole + size, done + len(part)
    return "\n".join(text)


def _lines(
    headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, firm: int
) -> tuple[list[str], list[int]]:  # fmt: skip
    """The lines of a table, and how many of them each row takes."""
    natural = [max(columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    natural = [max(n, _widest(h) + HEADER_PADDING) for n, h in zip(natural, headers, strict=True)]
    room = width - GAP * (len(headers) - 1)
    widths = _shrunk(natural, [min(n, 10) if i >= firm else n for i, n in enumerate(natural)], room)
    widths = _shrunk(widths, [min(n, 4) for n in natural], room)
    head = _cells(headers, [size - HEADER_PADDING for size in widths])
    body = [_cells(row, widths) for row in rows]
    text = tabulate(body, head, tablefmt="simple", disable_numparse=True)
    heights = [max(cell.count("\n") + 1 for cell in row) for row in body]
    return [line.rstrip() for line in text.splitlines()], heights


def _widest(header: str) -> int:
    return max(columns(line) for line in header.split("\n"))


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    pairs = zip(row, widths, strict=True)
    return ["\n".join(line for part in cell.split("\n") for line in wrapped(part, size)) for cell, size in pairs]


def _shrunk(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that fit into room, taken from the widest column again and again, none below its least."""
    shrunk = [min(width, max(room, floor)) for width, floor in zip(widths, least, strict=True)]
    while sum(shrunk) > room:
        spare, index = max((w if w > least[i] else -1, i) for i, w in enumerate(shrunk))
        if spare < 0:
            break
        shrunk[index] -= 1
    return shrunk
