from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from auditor.cli.around import Around

ROOT = Path(__file__).resolve().parents[2]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Desk:
    """Surroundings of a run in a test: what was written, and a clock that tests move."""

    stdout: io.StringIO = field(default_factory=io.StringIO)
    stderr: io.StringIO = field(default_factory=io.StringIO)
    environ: dict[str, str] = field(default_factory=dict)
    now: float = 0.0
    debug: bool = False
    stdin: io.StringIO | None = None

    @property
    def around(self) -> Around:
        return Around(self.stdout, self.stderr, self.environ, lambda: self.now, self.debug, self.stdin)

    @property
    def out(self) -> str:
        return self.stdout.getvalue()

    @property
    def err(self) -> str:
        return self.stderr.getvalue()


@pytest.fixture
def desk() -> Desk:
    return Desk()


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def auditor(tmp_path: Path) -> Run:
    """Runs the command as a process in an empty folder."""

    def run(*args: str | Path, cwd: Path = tmp_path, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from auditor.cli.main import main; main()", *map(str, args)]
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120)

    return run
