"""Steps run in turn, each in a process of its own, so that every round sees the same state of the machine."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct

from benchmarks.steps import Figures

NOTHING = "nothing"
"""The step that is the interpreter alone: python -c pass."""

Told = Callable[[str], None]


class Rounds(Struct, frozen=True):
    """What each step cost in each round."""

    figures: dict[str, list[Figures]]

    def values(self, step: str, key: str = "cpu") -> list[float]:
        """One figure of a step, round by round."""
        return [figures[key] for figures in self.figures[step]]

    def median(self, step: str, key: str = "cpu") -> float:
        """The median of one figure of a step."""
        return median(self.values(step, key))

    def ratio(self, step: str, other: str, key: str = "cpu") -> float:
        """The median of the ratios, each taken within one round. key: of the step; of the other it is always cpu."""
        pairs = zip(self.values(step, key), self.values(other), strict=True)
        return median(above / below for above, below in pairs)


def run(module: str, step: str, folder: Path) -> Figures:
    """Runs one step of a module. Raises CalledProcessError when it fails."""
    if step == NOTHING:
        return _nothing()
    figures: Figures = json.loads(_called("-m", module, step, str(folder)).splitlines()[-1])
    return figures


def _nothing() -> Figures:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _called("-c", "pass")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def _called(*words: str) -> str:
    """What Python prints. It may keep its bytecode, as where the program is installed: some environments forbid that,

    and each start would compile the whole program.
    """
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command, root = [sys.executable, *words], Path(__file__).parents[1]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=root, env=kept).stdout


def rounds(module: str, steps: Sequence[str], folder: Path, count: int, told: Told) -> Rounds:
    """Runs the steps one after the other, as often as wanted."""
    figures: dict[str, list[Figures]] = {step: [] for step in steps}
    for number in range(1, count + 1):
        for step in steps:
            told(f"{folder.name}, round {number} of {count}: {step}")
            figures[step].append(run(module, step, folder))
    return Rounds(figures)
