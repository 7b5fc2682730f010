"""Versions of flows, as the platform numbers them."""

from __future__ import annotations


def version_parts(version: str | None) -> tuple[int, ...]:
    """The numbers of a version, to compare: "57.0" is (57,); empty when it is not known."""
    parts = [int(part) for part in (version or "").split(".") if part.isdecimal() and len(part) < 10]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def later(version: str | None, other: str | None) -> bool:
    """Whether both versions are known and the first is the later one."""
    ours, theirs = version_parts(version), version_parts(other)
    return bool(ours and theirs) and ours > theirs
