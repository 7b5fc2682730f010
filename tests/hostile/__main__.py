"""`make hostile`: every hostile input in a process of its own, and the page of the documentation about them."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.hostile.page import PAGE, page
from tests.hostile.running import Ran
from tests.hostile.table import ALL, faults, tried


def main() -> int:
    """Exit code 1 when an input did not end as it must; the page is written all the same, to be looked at."""
    runs: dict[str, Ran] = {}
    wrong = 0
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        for hostile, ran in zip(ALL, pool.map(tried, ALL), strict=True):
            runs[hostile.name] = ran
            found = faults(hostile, ran.code, ran.out + ran.err, ran)
            wrong += bool(found)
            line = f"{hostile.name}: exit code {ran.code}, {ran.peak // 1024**2} MiB, {ran.seconds:.1f} s"
            sys.stdout.write("\n  ".join([line, *found]) + "\n")
            sys.stdout.flush()
    PAGE.write_text(page(runs), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
