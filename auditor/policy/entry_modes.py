"""The mode of an entry on a leg: what rows of the policy file, jurisdictions and numbers ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from auditor.analysis.entries import EntryKind, Way
from auditor.analysis.legs import Leg
from auditor.model.jurisdictions import Jurisdictions
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.policy.modes import EntryFacts, ModeChoice, mode_for


def entry_mode(
    organisation: Organisation, way: Way, leg: Leg, flows: Iterable[int],
    policy: Policy, jurisdictions: Jurisdictions, today: date,
) -> ModeChoice:  # fmt: skip
    """The mode and why. flows: indexes of those that calls of the entry come through."""
    trunks = [organisation.trunk_bases[t] for t in leg.trunks]
    passed = [organisation.flows[f] for f in sorted(flows)]
    facts = EntryFacts(
        numbers=way.numbers,
        routes=_names(way.name, way.id) if way.kind is EntryKind.ROUTE else (),
        trunks=tuple(n for t in trunks for n in _names(t.name, t.id)),
        divisions=_names(way.division, None),
        flows=tuple(n for f in passed for n in _names(f.name, f.id)),
    )
    return mode_for(facts, policy, jurisdictions, today)


def _names(*names: str | None) -> tuple[str, ...]:
    return tuple(n for n in names if n is not None)
