"""Which program worked something out: its code, its data, and what reads files for it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import auditor
from auditor.resources import data_folder

_READERS = ("PyYAML", "jsonschema", "msgspec", "networkx", "tree-sitter", "tree-sitter-hcl")


@cache
def program_digest() -> str:
    """One hash of version, code, rules and tables; the version alone would not tell a checkout from yesterday's."""
    digest = hashlib.sha256(f"{auditor.__version__}\n{sys.version}\n".encode())
    for name in _READERS:
        digest.update(f"{name} {_version(name)}\n".encode())
    for path in _files():
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _files() -> Iterator[Path]:
    for folder in (Path(auditor.__file__).parent, data_folder()):
        yield from (each for each in sorted(folder.rglob("*")) if each.suffix in (".py", ".toml", ".json"))
