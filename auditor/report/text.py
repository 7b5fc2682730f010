"""Text from exports, neutralised for terminals, and small phrases."""

from __future__ import annotations

import re

from auditor.model.location import Location

# Control characters, soft hyphen, zero-width and bidi marks, line separators, tags, lone surrogates.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def safe(text: str) -> str:
    """Text from an export in which nothing can move the cursor, colour or reorder what is shown."""
    return UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT.get(character) or repr(character)[1:-1]


def safe_toml(text: str) -> str:
    """A TOML document in which such characters stand as escapes; its strings keep their values."""
    return UNSAFE.sub(lambda match: "\n" if match.group() == "\n" else f"\\U{ord(match.group()):08x}", text)


def place(location: Location) -> str:
    """`file:line`, or file and pointer where the form has no lines; empty for nowhere."""
    if not location.file:
        return ""
    if location.line is not None:
        return f"{safe(location.file)}:{location.line}"
    return safe(f"{location.file} {location.pointer}".rstrip())


def listed(names: tuple[str, ...], most: int = 3) -> str:
    """`a, b, c and 4 more`."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
