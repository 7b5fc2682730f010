"""An evidence pack: what its manifest says, and the files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
POLICY = "policy/auditor.toml"
SUBSTITUTIONS = "policy/substitutions.yaml"
ATTACHED = "attached/"
CERTIFICATES = "certificates/"
MOST_BYTES = 1024 * 1024 * 1024


class Hashed(Struct, frozen=True, gc=False):
    """A file by name and content."""

    name: str
    sha256: str


class Manifest(Struct, frozen=True, gc=False):
    """What was audited with what. as_of: the day whose modes and waivers hold; exit_code: of `auditor audit`.

    policy: the hash of the policy file, None for the defaults; rules: shipped and own rule files, with all tables that
    decide a verdict; inputs: files of the export, named from their common folder; files: of the pack itself.
    """

    version: str
    as_of: date
    exit_code: int
    include_orphans: bool
    policy: str | None
    rules: tuple[Hashed, ...]
    inputs: tuple[Hashed, ...]
    files: tuple[Hashed, ...] = ()


class Pack(Struct, frozen=True, gc=False):
    """A pack as read. faults: what in it does not fit together; manifest: None when it cannot be read."""

    manifest: Manifest | None
    files: Mapping[str, bytes]
    faults: tuple[str, ...]
