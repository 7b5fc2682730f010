"""Legs: what a call brings along, with every value that an unset setting may have."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.organisation import Organisation
from auditor.model.settings import Known, Setting, values_of
from auditor.model.telephony import TrunkBase


class Leg(Struct, frozen=True):
    """line, gate, external: values they may have; trunks: names of the trunk bases that share the leg."""

    direction: str
    line: tuple[bool, ...]
    gate: tuple[bool, ...]
    external: tuple[bool, ...]
    consult: tuple[bool, ...]
    hold: tuple[bool, ...]
    trunks: tuple[str, ...]

    @property
    def gated(self) -> int:
        """Recording, gated leg: 2 for certain, 1 if an unset setting is so, 0 not."""
        if True not in self.line or True not in self.gate:
            return 0
        return 2 if self.line == self.gate == (True,) else 1

    @property
    def unset(self) -> bool:
        """Whether line and gate are both unset."""
        return len(self.line) == len(self.gate) == 2

    @property
    def key(self) -> tuple[str, str, str, tuple[str, ...]]:
        """As reports name a leg."""
        return self.direction, _word(self.line), _word(self.gate), self.trunks


def _word(values: tuple[bool, ...]) -> str:
    return "unset" if len(values) == 2 else "on" if values[0] else "off"


def legs_of(organisation: Organisation, direction: str, over: frozenset[str] | None = None) -> list[Leg]:
    """One leg for equal settings of in-service external trunk bases; without any, one with all unset.

    over: ids of the trunk bases over which calls go; None: any.
    """
    both = (False, True)
    found: dict[Leg, list[str]] = {}
    for base in organisation.trunk_bases:
        if _in_service(base) and (over is None or base.id in over):
            leg = Leg(
                direction, values_of(base.line), values_of(base.gate), values_of(base.external_transfers),
                values_of(base.consult), values_of(base.hold_suppressed), (),
            )  # fmt: skip
            found.setdefault(leg, []).append(base.name)
    legs = [replace(leg, trunks=tuple(sorted(names))) for leg, names in found.items()]
    return legs or [Leg(direction, both, both, both, both, both, ())]


def _in_service(base: TrunkBase) -> bool:
    off: Setting[bool] = base.enabled
    return base.type == "EXTERNAL" and base.state == "active" and not (isinstance(off, Known) and not off.value)
