"""Over which trunk bases the calls of an entry come, and so which legs it has (semantics, section 2; A16)."""

from __future__ import annotations

from auditor.analysis.entries import EntryKind, Way
from auditor.analysis.legs import Direction, Leg, Switch, external_trunks, legs
from auditor.analysis.worlds import Assumptions
from auditor.model.organisation import Organisation

PinTable = dict[tuple[EntryKind, str], tuple[int, ...]]
"""Entries that a policy file pins to trunk bases (A16), by kind and name."""


class Carriers:
    """The legs of every entry of an organisation."""

    def __init__(self, organisation: Organisation, assumptions: Assumptions, pins: PinTable) -> None:
        self._organisation, self._assumptions, self._pins = organisation, assumptions, pins

    def legs_of(self, way: Way) -> tuple[Leg, ...]:
        """The legs of an entry: every external trunk base in service, or those a policy pins it to."""
        if way.direction is Direction.INTERNAL:
            return (Leg(Direction.INTERNAL, Switch.OFF, Switch.OFF, Switch.OFF, Switch.OFF, Switch.OFF),)
        trunks = self._pins.get((way.kind, way.name)) or way.trunks
        if trunks is not None:
            return legs(self._organisation, way.direction, trunks)
        fitting, every = self._fitting(way), external_trunks(self._organisation)
        if self._assumptions["A16"] == "both" and fitting != every:
            others = legs(self._organisation, way.direction, (t for t in every if t not in fitting))
            return (*legs(self._organisation, way.direction, fitting), *others)
        return legs(self._organisation, way.direction, fitting)

    def doubted(self, way: Way, leg: Leg) -> bool:
        """Whether calls come over this leg only if A16, set to both, does not hold."""
        if self._assumptions["A16"] != "both" or way.trunks is not None or (way.kind, way.name) in self._pins:
            return False
        return bool(leg.trunks) and not set(leg.trunks) <= set(self._fitting(way))

    def _fitting(self, way: Way) -> tuple[int, ...]:
        """External trunk bases; unless A16 is no those that fit the pool of the numbers."""
        trunks = external_trunks(self._organisation)
        if not way.numbers or self._assumptions["A16"] == "no":
            return trunks
        providers = {d.number: d.pool_provider for d in self._organisation.dids}
        wanted = {providers.get(n) == "PURE_CLOUD_VOICE" for n in way.numbers if providers.get(n) is not None}
        bases = self._organisation.trunk_bases
        fitting = tuple(t for t in trunks if _of_the_platform(bases[t].meta_base or "") in wanted)
        return fitting or trunks


def _of_the_platform(meta_base: str) -> bool:
    """Whether lines of the platform itself come over a trunk base; own carriers have one with a name that begins alike.

    Source: `external_sip_pcv_aws.json` and `external_sip_pcv_byoc_carrier.json` in published Terraform.
    """
    return meta_base.startswith("external_sip_pcv_") and not meta_base.startswith("external_sip_pcv_byoc")
