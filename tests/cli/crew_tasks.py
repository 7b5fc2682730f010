"""Tasks that worker processes of the tests find by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def twice(number: int) -> int:
    return 2 * number


def twice_unless_seven(number: int) -> int:
    """Seven takes its process with it, each time; the others leave it time to be among them."""
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return 2 * number


def once_killed(file: str) -> str:
    """The first time a file is named, the process dies in the middle of it."""
    mark = Path(file)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.name


def fails(number: int) -> int:
    raise ValueError(f"no {number}\nand more")
