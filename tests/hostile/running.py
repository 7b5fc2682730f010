"""Runs the auditor in a process of its own and tells what that took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

CHILD = Path(__file__).with_name("child.py")
ROOT = CHILD.parents[2]
PATIENCE = 900
"""Seconds after which a run has failed; generous, since machines differ and are busy."""


class Ran(Struct, frozen=True):
    """What a run gave. peak: resident memory in bytes; seen: what it wrote, changed, ran or fetched, in pairs."""

    code: int
    out: str
    err: str
    peak: int
    seconds: float
    seen: tuple[tuple[str, str], ...]


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """The run of these arguments from within a folder; fails when it takes longer than anybody waits."""
    with tempfile.TemporaryDirectory(prefix="auditor-hostile-") as place:
        said = Path(place) / "said.json"
        done = subprocess.run(
            [sys.executable, str(CHILD), str(said), *arguments],
            cwd=folder,
            env={**_environment(place), **(environment or {})},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        told: dict[str, Any] = (
            json.loads(said.read_text(encoding="utf-8")) if said.exists() else {"peak": 0, "seconds": 0, "seen": []}
        )
    return Ran(
        done.returncode,
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
        told["peak"],
        told["seconds"],
        tuple((what, where) for what, where in told["seen"] if where != os.devnull),
    )


def _environment(temporary: str) -> dict[str, str]:
    """This checkout, no files of compiled code (they would be seen as written), and no settings of the caller."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AUDITOR_", "COV_", "PYTEST_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": temporary, "COLUMNS": "100"}
