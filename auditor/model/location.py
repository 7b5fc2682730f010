"""Where a value was read."""

from __future__ import annotations

from msgspec import Struct


class Location(Struct, frozen=True, gc=False):
    """A place in an export.

    file: path as given on the command line, with forward slashes; line: 1-based, None when the
    form has no lines (a Base64 `.i3*` export); pointer: JSON pointer (RFC 6901) into the document.
    """

    file: str
    line: int | None = None
    pointer: str = ""


NOWHERE = Location("")
