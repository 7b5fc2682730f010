"""JSON pointers (RFC 6901), which name places in YAML and JSON documents alike."""

from __future__ import annotations


def escaped(key: str) -> str:
    """A key as one step of a pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key
