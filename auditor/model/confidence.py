"""How sure a consent point or a finding is."""

from __future__ import annotations

from enum import StrEnum


class Confidence(StrEnum):
    """How sure a finding is (semantics, sections 1 and 5). Possible findings are low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
