"""What following values costs: python -m benchmarks.tracking PATH...

Prints medians of interleaved audits with and without value tracking (CPU time of this process, loading included), and
the ratio.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from auditor.audit import run_audit
from auditor.loading.load import load
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.policy import Policy
from auditor.policy.options import AuditOptions
from benchmarks.reading import timed

ROUNDS = 5


def measure(path: Path) -> str:
    """The medians for one export, in words."""
    rules = read_rules()
    options = AuditOptions(read_assumptions(), read_vocabulary())
    plain = replace(options, values=False)
    run_audit(load([path]), rules, Policy(), options)
    rounds = [
        (
            timed(lambda: run_audit(load([path]), rules, Policy(), options)),
            timed(lambda: run_audit(load([path]), rules, Policy(), plain)),
        )
        for _ in range(ROUNDS)
    ]
    ratio = median(tracked / untracked for tracked, untracked in rounds)
    tracked, untracked = (median(column) for column in zip(*rounds, strict=True))
    return f"{path.name}: with values {tracked:.2f} s, without {untracked:.2f} s, ratio {ratio:.2f}"


def main(args: Sequence[str]) -> int:
    """Measures each export in turn."""
    for arg in args:
        sys.stdout.write(measure(Path(arg)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
