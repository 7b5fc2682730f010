"""All hostile inputs, in groups, and how each must end."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.hostile.making import AUDIT, Hostile
from tests.hostile.running import Ran, run
from tests.hostile.secrets import SECRETS
from tests.hostile.sizes import DEPTHS, SIZES
from tests.hostile.tricks import ALIASES, ARCHIVES, FILES
from tests.hostile.words import BAIT, NAMES, VALUES

GROUPS: Mapping[str, tuple[Hostile, ...]] = {
    "Too much": SIZES,
    "Too deep": DEPTHS,
    "Aliases and templates": ALIASES,
    "Archives": ARCHIVES,
    "Files that are none": FILES,
    "Values": VALUES,
    "Bait for patterns": BAIT,
    "Names": NAMES,
    "Secrets": SECRETS,
}
ALL = tuple(hostile for group in GROUPS.values() for hostile in group)


def tried(hostile: Hostile) -> Ran:
    """The input in a new folder, and the run over it."""
    with tempfile.TemporaryDirectory(prefix="auditor-hostile-") as name:
        folder = Path(name)
        given = hostile.make(folder)
        return run(tuple(given) if given else AUDIT, folder)


def faults(hostile: Hostile, code: int, shown: str, ran: Ran | None = None) -> list[str]:
    """In what a run was not as it must be. shown: both streams; ran: what is known of a process of its own."""
    wrong = []
    if code != hostile.code:
        wrong.append(f"exit code {code} instead of {hostile.code}: {shown[-600:]}")
    if hostile.says not in shown:
        wrong.append(f"does not say {hostile.says!r}: {shown[-600:]}")
    wrong += [f"shows {each!r}" for each in hostile.never if each in shown]
    if ran is not None:
        if ran.peak > hostile.most * 1024 * 1024:
            wrong.append(f"took {ran.peak // 1024**2} MiB, more than {hostile.most}")
        wrong += [f"did {what} {where}" for what, where in ran.seen]
    return wrong
