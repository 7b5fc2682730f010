"""Progress on standard error: only on a terminal, and only when the work takes longer than a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.cli.around import Around
from auditor.report.text import safe

if TYPE_CHECKING:
    from rich.progress import Progress as Display

PATIENCE = 1.0
PAUSE = 0.1
BAR = 24
LONGEST = 60


class Progress:
    """Called with a stage, how much of it is done, and how much there is (0: not known).

    It is drawn when it is called and at no other time: no thread, and rich is loaded when the first second is over.
    """

    def __init__(self, around: Around, *, quiet: bool = False) -> None:
        self._around = around
        self._shown = not quiet and around.stderr.isatty()
        self._due = around.clock() + PATIENCE
        self._display: Display | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show the line, at most every tenth of a second."""
        if not self._shown or self._around.clock() < self._due:
            return
        self._due = self._around.clock() + PAUSE
        if self._display is None:
            self._display = _display(self._around)
            self._display.start()
        text = f"{stage}: {done} of {total}" if total else f"{stage}: {done}"
        [task] = self._display.tasks
        task.total = total or None
        self._display.update(task.id, description=safe(text)[:LONGEST], completed=done)
        self._display.refresh()

    def clear(self) -> None:
        """Take the line away, so that what is printed next begins on an empty one."""
        if self._display is not None:
            self._display.stop()
            self._display = None


def _display(around: Around) -> Display:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Display

    console = Console(
        file=around.stderr,
        force_terminal=True,
        no_color=bool(around.environ.get("NO_COLOR")),
        width=around.width(None),
        legacy_windows=False,
    )
    bar, text = BarColumn(bar_width=BAR), TextColumn("{task.description}", markup=False)
    display = Display(bar, text, console=console, transient=True, auto_refresh=False)
    display.add_task("", total=1)
    return display
