"""Text measured in terminal columns and wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterator


def columns(text: str) -> int:
    """How many terminal columns a text takes; wide East Asian characters take two."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # importing it takes longer than a short command should

    width = wcswidth(text)
    return width if width >= 0 else len(text)


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> Iterator[str]:
    """The text in lines of at most width columns; the first begins with `first`, the others with `rest`."""
    line, empty = first, True
    for word in text.split(" "):
        if not empty and columns(line) + 1 + columns(word) > width:
            yield line
            line, empty = rest, True
        while empty and columns(line) + columns(word) > width:
            part, word = _cut(word, max(width - columns(line), 2))
            yield line + part
            line = rest
        line = line + word if empty else f"{line} {word}"
        empty = False
    yield line


def _cut(word: str, room: int) -> tuple[str, str]:
    """The longest beginning of a word that fits into room columns, and what is left.

    Words with slashes, hyphens or underscores are cut after one, if that wastes less than half; a line number behind
    a colon stays whole.
    """
    used = 0
    for index, character in enumerate(word):
        used += columns(character)
        if used > room:
            mark = max(word.rfind(sign, 0, index) for sign in "/-_") + 1
            cut = mark if mark > index // 2 else index
            colon = word.rfind(":", 0, index)
            if 0 < colon < cut and word[colon + 1 :].isdigit():
                cut = colon
            return word[:cut], word[cut:]
    return word, ""
