"""The cases in fixtures/: where they are, how each is run, and the report it must yield."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from typer.testing import CliRunner

from auditor.cli.main import app

ROOT = Path(__file__).resolve().parents[1]


class Case(Struct, frozen=True):
    """A folder with an export, the options in its file `args`, and expected.json."""

    folder: Path
    export: str

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def expected(self) -> Path:
        return self.folder / "expected.json"

    @property
    def args(self) -> list[str]:
        file = self.folder / "args"
        return shlex.split(file.read_text(encoding="utf-8"), comments=True) if file.exists() else []

    @property
    def files(self) -> list[str]:
        """The files of the export by name, as arguments."""
        paths = (path for path in (self.folder / self.export).rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in paths)


class Run(Struct, frozen=True):
    """What a run of `auditor audit --format json` gave."""

    exit_code: int
    text: str
    errors: str


def cases() -> list[Case]:
    """Every case, the demonstration organisation first."""
    fixtures = ROOT / "fixtures"
    exports = sorted(path for group in ("cases", "consent-design") for path in (fixtures / group).glob("*/export"))
    return [Case(fixtures / "demo", "organisation"), *(Case(path.parent, "export") for path in exports)]


def run(case: Case, paths: list[str] | None = None) -> Run:
    """Audit a case from within its folder, so that its report names files as they are given."""
    with _inside(case.folder):
        result = CliRunner().invoke(app, ["audit", *(paths or [case.export]), "--format", "json", *case.args])
    return Run(result.exit_code, result.stdout, result.stderr)


def reviewable(text: str) -> str:
    """A report as it is kept in expected.json: all of it but the version of the tool."""
    report = json.loads(text)
    del report["tool"]
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
