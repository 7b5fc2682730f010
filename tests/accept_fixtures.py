"""Writes expected.json of every case anew, or of the cases named: `python -m tests.accept_fixtures [NAME...]`.

Read the difference before you commit it: nobody else checks that the new report is right.
"""

from __future__ import annotations

import sys

from tests.cases import Case, cases, reviewable, run


def accept(case: Case) -> str:
    """Write the report of a case; returns what happened in a word."""
    done = run(case)
    if not done.text:
        return f"no report: {done.errors.strip()}"
    old = case.expected.read_text(encoding="utf-8") if case.expected.exists() else ""
    new = reviewable(done.text)
    if new == old:
        return ""
    case.expected.write_text(new, encoding="utf-8", newline="\n")
    return "changed" if old else "new"


def main(names: list[str]) -> int:
    """Accept the named cases, or all; returns 1 when one has no report."""
    failed = False
    for case in cases():
        if names and case.name not in names:
            continue
        word = accept(case)
        failed = failed or word.startswith("no report")
        if word:
            sys.stdout.write(f"{case.name}: {word}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
