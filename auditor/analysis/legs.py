"""Legs: what a call brings along (semantics, section 2)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from auditor.model.organisation import Organisation
from auditor.model.settings import Known, Setting
from auditor.model.telephony import TrunkBase


class Direction(StrEnum):
    """Who called."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Switch(StrEnum):
    """A setting of a leg; expressions count as unset."""

    ON = "on"
    OFF = "off"
    UNSET = "unset"

    @property
    def values(self) -> tuple[bool, ...]:
        """The values it may have."""
        return {Switch.ON: (True,), Switch.OFF: (False,), Switch.UNSET: (False, True)}[self]


def switch(setting: Setting[bool]) -> Switch:
    """The setting as part of a leg."""
    if isinstance(setting, Known):
        return Switch.ON if setting.value else Switch.OFF
    return Switch.UNSET


class Leg(Struct, frozen=True):
    """What a call carries unchanged. trunks: indexes of the trunk bases that make this leg; none: no trunk exported."""

    direction: Direction
    line: Switch
    gate: Switch
    consult: Switch = Switch.UNSET
    external: Switch = Switch.UNSET
    hold: Switch = Switch.UNSET
    trunks: tuple[int, ...] = ()


def in_service(trunk: TrunkBase) -> bool:
    """External or of a type that is not told, active, and not known to be switched off."""
    enabled = not (isinstance(trunk.enabled, Known) and not trunk.enabled.value)
    state = trunk.state is None or trunk.state.casefold() == "active"
    return trunk.type.casefold() in ("external", "") and state and enabled


def external_trunks(organisation: Organisation) -> tuple[int, ...]:
    """Every external trunk base in service."""
    return tuple(i for i, t in enumerate(organisation.trunk_bases) if in_service(t))


def legs(organisation: Organisation, direction: Direction, trunks: Iterable[int]) -> tuple[Leg, ...]:
    """The legs over these trunk bases, equal ones once, in the order of their trunk bases."""
    groups: dict[tuple[Switch, ...], list[int]] = {}
    for index in trunks:
        trunk = organisation.trunk_bases[index]
        key = tuple(
            switch(s) for s in (trunk.line, trunk.gate, trunk.consult, trunk.external_transfers, trunk.hold_suppressed)
        )
        groups.setdefault(key, []).append(index)
    if not groups:
        return (Leg(direction, Switch.UNSET, Switch.UNSET),)
    return tuple(
        Leg(direction, line, gate, consult, external, hold, tuple(members))
        for (line, gate, consult, external, hold), members in groups.items()
    )
