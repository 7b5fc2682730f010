"""Where consent is given, does it lead to a recording? (semantics, section 1)

Read here: G are the runs in which consent was granted at some time before they connect, even if it was refused
again; a capture counts from the first grant on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tests.oracle.entries import Run
from tests.oracle.state import Config


class Connection(NamedTuple):
    """Somebody, or a voicemail, is reached with consent granted. captured: by the line, at or after the grant."""

    phone: int | None
    captured: bool
    enabled: bool
    taint: bool


def granted_connections(run: Run, holds: Callable[[Config], bool]) -> set[Connection]:
    """Every connection after a grant."""
    found: set[Connection] = set()
    starts = [(i, False, False) for i in range(len(dict.fromkeys(run.starts)))]
    todo = deque(starts)
    seen = set(starts)
    while todo:
        here, granted, captured = todo.popleft()
        config = run.configs[here]
        granted = granted or config.consent == "granted"
        captured = granted and (captured or holds(config))
        if config.place in ("internal", "voicemail") and granted:
            found.add(Connection(config.phone, captured, config.enabled, config.taint))
        for _, _, target in run.edges[here]:
            step = (target, granted, captured)
            if step not in seen:
                seen.add(step)
                todo.append(step)
    return found


def word(captures: set[bool], *, never_enabled: bool) -> str:
    """The word for the runs of G, of which captures says whether each led to a capture."""
    if not captures:
        return "never" if never_enabled else "not_applicable"
    if captures == {True}:
        return "always"
    return "sometimes" if True in captures else "never"
