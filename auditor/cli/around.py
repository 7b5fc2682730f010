"""What surrounds a run: streams, environment, clock; handed in, so that commands can be tried without a terminal."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from typing import TextIO

from msgspec import Struct

from auditor.errors import EnvironmentFault

DEFAULT_WIDTH = 100
WHAT_TO_GIVE = """\
  Give the files of an export: JSON of the platform API, Archy YAML, .i3* files, or Terraform (CX as Code)."""


class Around(Struct, frozen=True):
    """Streams, environment variables, a clock in seconds. debug: show stack traces; stdin: None when there is none."""

    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    clock: Callable[[], float]
    debug: bool = False
    stdin: TextIO | None = None

    def say(self, text: str) -> None:
        """A message for people, on standard error; a closed standard error is no reason to fail."""
        try:
            self.stderr.write(text + "\n")
            self.stderr.flush()
        except (OSError, ValueError):
            return

    def emit(self, text: str) -> None:
        """The report, on standard output: UTF-8, or what the terminal can show."""
        reconfigure = getattr(self.stdout, "reconfigure", None)
        if reconfigure is not None:
            encoding = self.stdout.encoding if self.stdout.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            _drop(self.stdout)
        except OSError as error:
            _drop(self.stdout)
            raise EnvironmentFault(
                f"The report cannot be written to standard output: {error.strerror}.", hint="Use --output FILE."
            ) from error

    @property
    def dialogue(self) -> bool:
        """Whether somebody can be asked: both sides are terminals."""
        return self.stdin is not None and self.stdin.isatty() and self.stderr.isatty()

    def ask(self, prompt: str) -> str | None:
        """A line typed by somebody, None when there is no more."""
        self.stderr.write(prompt)
        self.stderr.flush()
        line = self.stdin.readline() if self.stdin is not None else ""
        return line.strip() if line else None

    def width(self, asked: int | None) -> int:
        """Columns for tables: as asked, else COLUMNS, else the terminal's, else a fixed number."""
        if asked is not None:
            return asked
        columns = self.environ.get("COLUMNS", "")
        if columns.isdecimal() and int(columns) > 0:
            return int(columns)
        return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns if self.stdout.isatty() else DEFAULT_WIDTH

    def colour(self, no_color: bool) -> bool:
        """Whether to colour: a terminal that can, and neither --no-color nor NO_COLOR."""
        refused = no_color or self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb"
        return self.stdout.isatty() and not refused


def system(debug: bool) -> Around:
    """The real surroundings of this process; a stream that the caller closed leads nowhere."""
    debug = debug or bool(os.environ.get("AUDITOR_DEBUG"))
    return Around(sys.stdout or _nowhere(), sys.stderr or _nowhere(), os.environ, time.monotonic, debug, sys.stdin)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _drop(stream: TextIO) -> None:
    """Send what is still buffered to nowhere: at its end Python would complain about it again."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
