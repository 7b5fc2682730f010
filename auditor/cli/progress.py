"""Progress on standard error: only on a terminal, and only when the work takes longer than a second."""

from __future__ import annotations

from auditor.cli.around import Around
from auditor.report.text import safe

PATIENCE = 1.0
PAUSE = 0.1
BAR = 24


class Progress:
    """Called with a stage, how much of it is done, and how much there is (0: not known). bar: also as a bar."""

    def __init__(self, around: Around, *, quiet: bool = False, bar: bool = False) -> None:
        self._around = around
        self._bar = bar
        self._shown = not quiet and around.stderr.isatty()
        self._due = around.clock() + PATIENCE
        self._length = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show the line, at most every tenth of a second."""
        if not self._shown or self._around.clock() < self._due:
            return
        self._due = self._around.clock() + PAUSE
        text = f"{stage}: {done} of {total}" if total else f"{stage}: {done}"
        self._write((_bar(done, total) if self._bar else "") + safe(text)[: 50 if self._bar else 79])

    def clear(self) -> None:
        """Take the line away, so that what is printed next begins on an empty one."""
        if self._length:
            self._write("")
            self._around.stderr.write("\r")
            self._around.stderr.flush()

    def _write(self, text: str) -> None:
        self._around.stderr.write("\r" + text.ljust(self._length))
        self._around.stderr.flush()
        self._length = len(text)


def _bar(done: int, total: int) -> str:
    full = min(BAR * done // total, BAR) if total else 0
    return f"[{'#' * full}{'.' * (BAR - full)}] "
