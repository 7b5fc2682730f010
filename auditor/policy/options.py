"""What an audit needs besides organisation, rules and policy file. Light: a recalled audit needs no analysis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from auditor.model.assumptions import Assumption
from auditor.model.jurisdictions import Jurisdictions
from auditor.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from auditor.analysis.points_scene import HeardBefore
    from auditor.analysis.shown import Memory
    from auditor.sharing import Hands

Told = Callable[[str, int, int], None]


class AuditOptions(Struct, frozen=True):
    """What an audit needs besides organisation, rules and policy file; shipped data come from the caller.

    today: the day on which modes with a date are in effect; values: whether values of variables are tracked;
    passing: whether points at which nothing happens are passed over, or looked at one by one;
    details: also the matrix and the settings in effect, which only some reports show; progress: told a word for what
    is done, how much of it is done, and how much there is; hands: who helps exploring; memory: what earlier
    explorations showed; heard: which words and names said nothing.
    """

    assumptions: tuple[Assumption, ...]
    vocabulary: Vocabulary
    jurisdictions: Jurisdictions = field(default_factory=Jurisdictions)
    today: date = date.max
    include_orphans: bool = False
    values: bool = True
    passing: bool = True
    details: bool = False
    progress: Told | None = None
    hands: Hands | None = None
    memory: Memory | None = None
    heard: HeardBefore | None = None
