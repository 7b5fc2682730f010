"""Console blocks of a document, executed in a folder of their own; what they print is put in its place.

A block is ```console; a line with `$ ` in front is a command, `> ` goes on with it, the rest is what it prints. Blocks
of one document run one after the other in one shell. `<!-- setup: export=fixtures/demo/organisation -->` copies a file
or folder of the repository into the folder first; `<!-- keep: trend.svg=docs/trend.svg -->` takes a file that commands
wrote.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEEP = re.compile(r"<!-- keep: ([^= ]+)=([^ ]+) -->")
SETUP = re.compile(r"<!-- setup: (.*?) -->")
_MARK = "====end-of-a-command===="


def executed(text: str, folder: Path) -> str:
    """The document with what its commands print now."""
    commands = [command for block in BLOCK.finditer(text) for command in commands_of(block[1])]
    if not commands:
        return text
    for name, source in setups(text):
        _copy(ROOT / source, folder / "work" / name)
    outputs = iter(_outputs(commands, folder))

    def refreshed(block: re.Match[str]) -> str:
        lines = ["```console"]
        for command in commands_of(block[1]):
            first, *more = command.split("\n")
            lines += [f"$ {first}", *(f"> {line}" for line in more), *next(outputs)]
        return "\n".join([*lines, "```"])

    return BLOCK.sub(refreshed, text)


def kept(text: str, folder: Path) -> Iterator[tuple[Path, str]]:
    """Files that the commands of a document wrote in the folder, and where they belong in the repository."""
    for name, target in KEEP.findall(text):
        yield ROOT / target, (folder / "work" / name).read_text(encoding="utf-8")


def setups(text: str) -> Iterator[tuple[str, str]]:
    """(name in the folder, path in the repository) of everything a document needs."""
    for setup in SETUP.findall(text):
        for pair in setup.split():
            name, _, source = pair.partition("=")
            yield name, source


def commands_of(block: str) -> list[str]:
    """The commands of a console block, those of several lines with line breaks in them."""
    commands: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append(line[2:])
        elif line.startswith("> ") and commands:
            commands[-1] += "\n" + line[2:]
    return commands


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _outputs(commands: list[str], folder: Path) -> list[list[str]]:
    """What each command prints, on both streams, in lines."""
    work, programs = folder / "work", folder / "bin"
    work.mkdir(parents=True, exist_ok=True)
    programs.mkdir()
    _program(programs / "auditor")
    script = "status=0\n" + "".join(f"(exit $status)\n{each}\nstatus=$?\necho {_MARK}\n" for each in commands)
    env = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "COLUMNS": "96",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
    done = subprocess.run(
        ["bash"], input=script, cwd=work, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    parts = done.stdout.split(f"{_MARK}\n")
    assert len(parts) == len(commands) + 1, done.stdout
    return [[line.rstrip() for line in part.splitlines()] for part in parts[:-1]]


def _program(path: Path) -> None:
    start = "from auditor.cli.main import main; main()"
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{start}" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
