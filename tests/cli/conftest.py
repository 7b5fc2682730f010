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
from auditor.cli.main import app

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
    """Runs the command in this process, which spares its start, as if in an empty folder and environment."""

    def run(*args: str | Path, cwd: Path = tmp_path, **environ: str) -> subprocess.CompletedProcess[str]:
        words = list(map(str, args))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
        code = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(cwd)
            for name in set(os.environ) - set(env):
                patch.delenv(name)
            for name, value in env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                app(words, prog_name="auditor")
            except SystemExit as done:
                code = done.code if isinstance(done.code, int) else int(done.code is not None)
        told = []
        for stream in (out, err):
            stream.flush()
            stream.seek(0)
            told.append(stream.read())
        return subprocess.CompletedProcess(words, code, *told)

    return run
