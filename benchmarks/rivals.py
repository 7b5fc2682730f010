"""What else could answer, on the same facts: python -m benchmarks.rivals --flows 100 1000

All tools must name the same sites; every site that the auditor finds without tracking values must be among them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from auditor.analysis.state import Consent, Kind
from benchmarks.engines import ENGINES
from benchmarks.facts import export
from benchmarks.measure import Rounds, rounds
from benchmarks.run import organisation
from benchmarks.steps import analysed

OURS = "analysis without values"


def own_sites(folder: Path) -> set[int]:
    """Points at which the auditor, without values, sees a wrong enable or a recorded call handed over, as numbered

    in the facts.
    """
    analysis = analysed(folder, values=False).analysis
    found: set[int] = set()
    for case in analysis.cases:
        for world in case.worlds:
            for seen in analysis.shown(case.way, world.regime).first:
                wrong = (seen.kind is Kind.ENABLED and not seen.enabled) or (seen.kind is Kind.REACHED and seen.enabled)
                if wrong and seen.consent is not Consent.GRANTED:
                    found.add(seen.subject)
    return {number for number, point in enumerate(analysis.program.points) if point in found}


def compare(facts: Path, organisation: Path) -> str:
    """Whether all agree. Raises ValueError when they do not."""
    answers = {name: json.loads((facts / f"sites-{name}.json").read_text(encoding="ascii")) for name in ENGINES}
    first = next(iter(answers.values()))
    different = [name for name, answer in answers.items() if answer != first]
    if different:
        raise ValueError(f"other sites than the rest: {', '.join(different)}")
    own, theirs = own_sites(organisation), {point for point, _ in first}
    if not own <= theirs:
        raise ValueError(f"{len(own - theirs)} sites that only the auditor finds")
    return f"{len(theirs)} sites in {len(first)} states; the auditor, which tells callers apart: {len(own)}"


def rows(ours: Rounds, theirs: Rounds) -> list[list[str]]:
    """What each tool cost. Ratios are those of medians: the tools run after the auditor."""
    own = ours.median(OURS, "analysis")
    found = [[f"auditor, {OURS}", f"{own:.2f}", "1", f"{ours.median(OURS, 'peak') / 1e6:.0f} MB"]]
    for name in ENGINES:
        seconds = theirs.median(name)
        found.append([name, f"{seconds:.2f}", f"{seconds / own:.2f}", f"{theirs.median(name, 'peak') / 1e6:.0f} MB"])
    return found


def measured(folder: Path, flows: int, count: int) -> str:
    """The table of one size."""
    source, facts = organisation(folder, "yaml", flows), folder / f"facts-{flows}"
    if not facts.exists():
        export(source, facts)
    ours = rounds("benchmarks.steps", (OURS,), source, count, tell)
    theirs = rounds("benchmarks.engines", tuple(ENGINES), facts, count, tell)
    table = tabulate(
        rows(ours, theirs), ["", "CPU s", "ratio", "peak memory"], tablefmt="github", disable_numparse=True
    )
    return f"{flows:,} flows: {compare(facts, source)}\n\n{table}\n"


def tell(words: str) -> None:
    """Progress."""
    sys.stderr.write(f"{words}\n")


def main(given: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=(__doc__ or "").strip())
    parser.add_argument("--flows", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where organisations are kept for the next run")
    options = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as name:
        for flows in options.flows:
            sys.stdout.write(measured(options.folder or Path(name), flows, options.rounds) + "\n")


if __name__ == "__main__":
    main()
