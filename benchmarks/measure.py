"""Steps run in turn, each in a process of its own, so that every round sees the same state of the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct

from benchmarks.steps import Figures

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
    command = [sys.executable, "-m", module, step, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def rounds(module: str, steps: Sequence[str], folder: Path, count: int, told: Told) -> Rounds:
    """Runs the steps one after the other, as often as wanted."""
    figures: dict[str, list[Figures]] = {step: [] for step in steps}
    for number in range(1, count + 1):
        for step in steps:
            told(f"{folder.name}, round {number} of {count}: {step}")
            figures[step].append(run(module, step, folder))
    return Rounds(figures)
