"""The benchmark table: python -m benchmarks.run --flows 100 1000

Organisations are written to a folder (kept with --folder), then every step runs in turn, round after round; the table
shows medians, and ratios taken within a round. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct
from tabulate import tabulate

from benchmarks.measure import NOTHING, Rounds, rounds
from benchmarks.organisation import write

STEPS = "benchmarks.steps"
YAML_STEPS = (
    NOTHING, "plain", "parse", "load", "analysis without values", "analysis", "audit", "audit by two", "cached",
    "warm", "one flow changed",
)  # fmt: skip
JSON_STEPS = ("parse", "load", "analysis")


class Size(Struct, frozen=True):
    """The rounds at one size."""

    flows: int
    yaml: Rounds
    json: Rounds

    @property
    def actions(self) -> float:
        """Actions of the organisation."""
        return self.yaml.median("load", "actions")


Row = tuple[str, str, Callable[[Size], str]]


def _ratio(step: str, other: str, key: str = "cpu") -> Callable[[Size], str]:
    return lambda size: f"{size.yaml.ratio(step, other, key):.2f}"


def _visits(size: Size) -> str:
    return f"{size.yaml.median('analysis', 'visits') / size.actions:.2f}"


def _retained(size: Size) -> str:
    return f"{size.yaml.median('load', 'retained') / size.actions:.0f} B"


def _peak(size: Size) -> str:
    return f"{size.yaml.median('audit', 'peak') / 1e6:.0f} MB"


def _peak_allowed(size: Size) -> str:
    return f"{60 + 0.15e-3 * size.actions:.0f} MB"


def _of_json(size: Size) -> str:
    """Compile and analysis, microseconds an action: all of loading but parsing counts as compile."""
    json = size.json
    per_round = zip(
        json.values("load", "load"),
        json.values("load", "program"),
        json.values("analysis", "analysis"),
        json.values("parse", "parse"),
        strict=True,
    )
    costs = sorted(load + program + analysis - parse for load, program, analysis, parse in per_round)
    return f"{costs[len(costs) // 2] / size.actions * 1e6:.1f} µs"


def _faster(size: Size) -> str:
    """How many times faster two processes are, both measured in each round."""
    pairs = zip(size.yaml.values("audit", "wall"), size.yaml.values("audit by two", "wall"), strict=True)
    return f"{median(one / two for one, two in pairs):.2f}"


def _used(size: Size) -> str:
    """CPU of two processes together, in that of one."""
    both = zip(size.yaml.values("audit by two"), size.yaml.values("audit by two", "helpers"), strict=True)
    ratios = ((main + other) / one for (main, other), one in zip(both, size.yaml.values("audit"), strict=True))
    return f"{median(ratios):.2f}"


ROWS: tuple[Row, ...] = (
    ("full cold audit / parsing with the same front end", "≤ 1.25", _ratio("audit", "parse")),
    ("full cold audit / yaml.load(CSafeLoader)", "≤ 0.50", _ratio("audit", "plain")),
    ("loading / parsing", "", _ratio("load", "parse", "load")),
    ("program points / parsing", "", _ratio("load", "parse", "program")),
    (
        "analysis without values / parsing",
        "≤ 0.10",
        _ratio("analysis without values", "parse", "analysis"),
    ),
    ("analysis with values / parsing", "≤ 0.20", _ratio("analysis", "parse", "analysis")),
    ("visits an action", "constant within 5 %", _visits),
    ("JSON: compile and analysis an action", "≤ 6 µs", _of_json),
    ("warm audit, nothing changed, every file hashed / cold", "≤ 0.05", _ratio("warm", "audit")),
    ("one flow changed, warm cache / `python -c pass`", "≤ 16", _ratio("one flow changed", NOTHING)),
    ("one flow changed, warm cache / cold", "", _ratio("one flow changed", "audit")),
    ("two processes against one, times as fast", "≥ 1.70 from 50,000 actions", _faster),
    ("CPU of two processes / of one", "", _used),
    ("memory retained an action, settings included", "≤ 150 B", _retained),
    ("peak memory of the audit", "next row", _peak),
    ("60 MB + 0.15 kB an action", "", _peak_allowed),
)


def table(sizes: Sequence[Size]) -> str:
    """The table in Markdown."""
    head = ["what", "bar", *(f"{size.flows:,} flows" for size in sizes)]
    rows: list[list[str]] = [["actions", "", *(f"{size.actions:,.0f}" for size in sizes)]]
    rows += [
        [f"{words}, s", "", *(f"{size.yaml.median(step):.2f}" for size in sizes)]
        for words, step in (("yaml.load(CSafeLoader)", "plain"), ("parsing", "parse"), ("full cold audit", "audit"))
    ]
    rows += [[what, bar, *(cell(size) for size in sizes)] for what, bar, cell in ROWS]
    return tabulate(rows, head, tablefmt="github", disable_numparse=True)


def measure(folder: Path, flows: int, count: int) -> Size:
    """Both forms at one size."""
    return Size(
        flows,
        rounds(STEPS, YAML_STEPS, organisation(folder, "yaml", flows), count, _tell),
        rounds(STEPS, JSON_STEPS, organisation(folder, "json", flows), count, _tell),
    )


def organisation(folder: Path, form: str, flows: int) -> Path:
    """The organisation of that size below the folder, written unless it is there."""
    path = folder / f"{form}-{flows}"
    if not path.exists():
        _tell(f"writing {flows} flows as {form}")
        write(path, flows, form)
    return path


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").strip())
    parser.add_argument("--flows", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where organisations are kept for the next run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        sizes = [measure(folder, flows, given.rounds) for flows in given.flows]
    sys.stdout.write(table(sizes) + "\n")


if __name__ == "__main__":
    main()
