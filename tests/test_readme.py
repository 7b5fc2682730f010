"""The README is executed: its commands, its help text, its tables."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from auditor.cli.main import app
from auditor.errors import ExitCode
from auditor.loading.tables import read_assumptions
from auditor.report.words import OUTSIDE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
EXPORT = ROOT / "fixtures" / "demo" / "organisation"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, cell by cell."""
    section = README.split(heading, 1)[1].split("\n#", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from auditor.cli.main import main; main()", *args]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120)


AUDITOR_COMMANDS = [line for line in commands() if line.startswith("auditor ")]


def test_there_are_commands_to_execute() -> None:
    assert len(AUDITOR_COMMANDS) >= 3


@pytest.mark.parametrize("line", AUDITOR_COMMANDS)
def test_the_commands_work(line: str, tmp_path: Path) -> None:
    """In a folder where `export` and `path/to/export` hold the demonstration organisation, which has findings."""
    for place in ("export", "path/to/export"):
        shutil.copytree(EXPORT, tmp_path / place)
    args = shlex.split(line)[1:]
    done = run(tmp_path, *args)
    expected = ExitCode.FINDINGS if args[0] == "audit" else ExitCode.CLEAN
    assert done.returncode == expected, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("make ")])
def test_the_make_targets_exist(line: str) -> None:
    assert re.search(rf"^{line.removeprefix('make ')}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("text", [README, CONTRIBUTING])
def test_every_target_that_is_named_exists(text: str) -> None:
    for target in set(re.findall(r"`make ([a-z-]+)`", text)):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_the_help_text_is_the_real_one(tmp_path: Path) -> None:
    assert [block.strip() for block in blocks("text")] == [run(tmp_path, "audit", "--help").stdout.strip()]


def test_every_command_has_help() -> None:
    runner = CliRunner()  # as a process each would take as long as an audit
    listing = runner.invoke(app, ["--help"], prog_name="auditor").stdout.split("Commands:\n", 1)[1].split("\n\n", 1)[0]
    names = re.findall(r"^  ([a-z-]+) ", listing, re.MULTILINE)
    assert {"audit", "rules", "explain", "schema"} <= set(names)
    for name in names:
        done = runner.invoke(app, [name, "-h"], prog_name="auditor")
        assert done.exit_code == 0
        assert f"Usage: auditor {name}" in done.stdout


def test_the_exit_codes_are_all_there() -> None:
    assert [int(row[0]) for row in table("### Exit codes")] == [int(code) for code in ExitCode]


def test_the_help_names_every_exit_code(tmp_path: Path) -> None:
    words = " ".join(run(tmp_path, "audit", "--help").stdout.split())
    listed = words.split("Exit codes: ", 1)[1]
    assert re.findall(r"(?:^|, )(\d+) ", listed) == [str(int(code)) for code in ExitCode]


def test_the_assumptions_are_the_shipped_ones() -> None:
    rows = [[a.id, a.text, a.default, a.no_means or "cannot be switched"] for a in read_assumptions()]
    assert table("## What the auditor assumes") == rows


def test_what_is_outside_the_model_is_said() -> None:
    words = " ".join(README.replace("`", "").split())
    for each in OUTSIDE:
        assert each in words


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
