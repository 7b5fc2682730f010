"""How long an audit takes against merely reading the same files: python benchmarks/reading.py

Prints medians of interleaved runs (CPU time of this process) and the ratio, for flows with very many paths and for a
module with very many callers.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from auditor.audit import audit_with, find_questions
from auditor.graph.program import Program
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from tests.large_flows import callers, diamonds, module

ROUNDS = 7


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure(name: str, folder: Path) -> None:
    """Prints the medians for one export."""
    rules, policy, options = read_rules(), Policy(), AuditOptions(read_assumptions(), read_vocabulary())
    organisation = load([folder])

    def audit() -> object:
        program = Program(organisation)
        return audit_with(program, find_questions(program, policy, options.vocabulary), rules, policy, options)

    audit()
    reading, auditing = [], []
    for _ in range(ROUNDS):
        reading.append(timed(lambda: load([folder])))
        auditing.append(timed(audit))
    ratio = median(a / r for a, r in zip(auditing, reading, strict=True))
    sys.stdout.write(f"{name}: reading {median(reading):.3f} s, auditing {median(auditing):.3f} s, ratio {ratio:.2f}\n")


def main() -> None:
    """Measures each export in turn."""
    with tempfile.TemporaryDirectory() as name:
        for title, flows in (
            ("60 diamonds", {"flow": diamonds(60)}),
            ("600 diamonds", {"flow": diamonds(600)}),
            ("400 callers of one module", {"flow": callers(400), "module": module(100)}),
        ):
            folder = Path(name) / title
            folder.mkdir()
            for file, text in flows.items():
                (folder / f"{file}.yaml").write_text(text, "utf-8")
            measure(title, folder)


if __name__ == "__main__":
    main()
