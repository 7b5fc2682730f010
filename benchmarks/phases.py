"""Where the time of an audit goes: python -m benchmarks.phases FOLDER prints the share of each phase, in Markdown.

Seconds of CPU in one process, the report left out. A phase is what a few functions take; what is in none of them is
"the rest".
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tabulate import tabulate

PHASES: tuple[tuple[str, str, str], ...] = (
    ("parsing", "auditor.loading.yaml_reader", "read_yaml"),
    ("parsing", "auditor.loading.sources", "read_json"),
    ("loading: objects, flows, references", "auditor.loading.load", "load"),
    ("program points", "auditor.graph.program", "Program.__init__"),
    ("questions: words and structure", "auditor.audit", "find_questions"),
    ("what matters of values, and where it is read", "auditor.analysis.facts", "Facts.__init__"),
    ("variables that have a bearing", "auditor.analysis.bearing", "Bearing.__init__"),
    ("points that are passed over", "auditor.analysis.passages", "Passages.cover"),
    ("exploration", "auditor.analysis.explore", "Explorer.root"),
    ("rules over single moments", "auditor.policy.judge", "Judge.run"),
    ("rules over whole entries", "auditor.policy.summaries", "Summaries.run"),
    ("rules over whole entries", "auditor.policy.quality", "Quality.run"),
    ("rules over whole entries", "auditor.policy.queues", "Deletions.run"),
    ("rules over whole entries", "auditor.policy.wholes", "Wholes.run"),
    ("findings and their paths", "auditor.policy.assemble", "Assembly.findings"),
    ("verdicts", "auditor.policy.verdicts", "Verdicts.all"),
)


class Clock:
    """Seconds by phase; those of a phase inside another one count for the inner one."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._open: list[tuple[str, float]] = []

    def enter(self, phase: str) -> None:
        """A phase begins; the one around it stands still."""
        now = time.process_time()
        if self._open:
            self._add(*self._open[-1], now)
        self._open.append((phase, now))

    def leave(self) -> None:
        """The phase that began last ends."""
        now = time.process_time()
        self._add(*self._open.pop(), now)
        if self._open:
            self._open[-1] = (self._open[-1][0], now)

    def _add(self, phase: str, since: float, now: float) -> None:
        self.spent[phase] = self.spent.get(phase, 0.0) + now - since

    def around(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            self.enter(phase)
            try:
                return function(*given, **named)
            finally:
                self.leave()

        return timed


def watch(clock: Clock) -> None:
    """Puts the clock around the functions of all phases."""
    for phase, module, path in PHASES:
        __import__(module)
        holder: Any = sys.modules[module]
        *outer, name = path.split(".")
        for part in outer:
            holder = getattr(holder, part)
        setattr(holder, name, clock.around(phase, getattr(holder, name)))


def phases(folder: Path) -> dict[str, float]:
    """Seconds of CPU by phase."""
    clock = Clock()
    watch(clock)
    from benchmarks.steps import analysed

    clock.enter("the rest")
    analysed(folder, values=True)
    clock.leave()
    return clock.spent


def table(spent: dict[str, float]) -> str:
    """Shares, in the order of the phases."""
    order = dict.fromkeys([*(phase for phase, _, _ in PHASES), "the rest"])
    total = sum(spent.values())
    rows = [[phase, f"{spent[phase] / total:.1%}"] for phase in order if phase in spent]
    return tabulate(rows, ["phase", "share"], tablefmt="github", disable_numparse=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phases", description=(__doc__ or "").strip())
    parser.add_argument("folder", type=Path, help="an export")
    sys.stdout.write(table(phases(parser.parse_args().folder)) + "\n")


if __name__ == "__main__":
    main()
