"""JSON files that are no export: reports, baselines. They are bounded like one."""

from __future__ import annotations

from pathlib import Path

from auditor.loading.files import Found, decode, display_name, read
from auditor.loading.json_reader import read_json


def read_document(path: Path) -> object:
    """The value in a JSON file. Raises DocumentError."""
    return read_json(decode(read(Found(display_name(path), path)).data).removeprefix("\ufeff"))
