"""Hashes of what an audit rests on besides the export: rule files and policy file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from auditor.errors import EnvironmentFault
from auditor.resources import data_folder


def rule_files(folders: Sequence[Path] = ()) -> tuple[tuple[str, Path], ...]:
    """Every file that decides a verdict: the shipped data, then rules of the user's own; (name, path)."""
    shipped = data_folder()
    found = [(f"rules/{path.relative_to(shipped).as_posix()}", path) for path in sorted(shipped.rglob("*.toml"))]
    for number, folder in enumerate(folders, 1):
        found += [(f"own-rules-{number}/{path.name}", path) for path in sorted(folder.glob("*.toml"))]
    return tuple(found)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EnvironmentFault(f"{path} cannot be read: {error.strerror}.") from error


def rules_digest(folders: Sequence[Path] = ()) -> str:
    """One hash of all rule files by name and content."""
    rows = "\n".join(f"{digest_of(path)} {name}" for name, path in rule_files(folders))
    return hashlib.sha256(rows.encode()).hexdigest()
