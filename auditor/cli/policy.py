"""`auditor policy show`: the policy in effect for some paths, and where each setting comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from auditor.cli.around import Around
from auditor.errors import ExitCode
from auditor.model.policy import Policy


def shown(path: Path) -> str:
    """The path relative to the working directory where it lies below it, so that reports do not name the machine."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def policy_for(
    paths: Sequence[Path], given: Path | None, own: Sequence[Path] = (), *, checked: bool = True
) -> Policy:  # fmt: skip
    """The policy given, or found in or above the common folder of the paths, or the defaults; raises PolicyError.

    checked: False for a file that was checked before.
    """
    from auditor.loading.policy_file import find_policy, read_policy

    file = given or find_policy(paths)
    return read_policy(file, name=shown(file) if file else None, own=own, checked=checked)


def show(
    paths: Sequence[Path], given: Path | None, today: date, around: Around, own: Sequence[Path] = ()
) -> int:  # fmt: skip
    """Print each setting in effect on a day and where it comes from."""
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions, read_jurisdictions
    from auditor.policy.show import show_policy
    from auditor.report.text import safe

    policy = policy_for(paths, given, own)
    text = show_policy(
        policy,
        read_rules(checked=False, own=own),
        read_assumptions(checked=False),
        read_jurisdictions(checked=False),
        today,
    )
    around.emit("\n".join(safe(line) for line in text.split("\n")))
    return ExitCode.CLEAN
