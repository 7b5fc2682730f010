"""What is told of the exploration of an entry, and what is remembered of that of a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from auditor.analysis.basis import Basis
from auditor.analysis.explored import Steps
from auditor.analysis.exploring import Wanted
from auditor.analysis.grouping import Group
from auditor.analysis.state import Regime, Seen

Asked = tuple[int, Regime]
"""An entry in a regime."""


class Shown(Struct, frozen=True):
    """What an entry shows in a regime. first: observation -> its shortest distance; points: every one that a run comes

    to; entered: points at which something is entered.
    """

    first: dict[Seen, int]
    points: frozenset[int]
    entered: frozenset[int]


class Record(Struct):
    """What was asked of a group, in this order, and answered. visits, widened: see Rounds; flows: those that were

    looked at, with any into which calls came although no reference leads there.
    """

    shown: dict[Asked, Shown] = field(default_factory=dict)
    runs: dict[Wanted, Steps] = field(default_factory=dict)
    visits: int = 0
    widened: frozenset[str] = frozenset()
    flows: frozenset[int] = frozenset()


class Memory(Protocol):
    """What groups showed in earlier audits, if all is as it was for them."""

    def recall(self, basis: Basis, groups: Mapping[int, Group]) -> dict[int, Record]:
        """Records of groups, by their numbers, as far as there are any."""

    def keep(self, basis: Basis, group: Group, record: Record) -> None:
        """Has a record kept."""
