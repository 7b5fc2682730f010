"""The assumptions in effect: the shipped defaults with what the policy file switches."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from auditor.model.assumptions import Assumption
from auditor.model.policy import Policy


class EffectiveAssumption(Struct, frozen=True):
    """An assumption and its value: yes, no or both. chosen: whether the policy file sets it."""

    assumption: Assumption
    value: str
    chosen: bool


def effective_assumptions(shipped: Sequence[Assumption], policy: Policy) -> tuple[EffectiveAssumption, ...]:
    """Every assumption with its value in effect, in their order."""
    switched = dict(policy.assumptions)
    return tuple(
        EffectiveAssumption(each, switched.get(each.id, each.default), each.id in switched)
        if each.switchable
        else EffectiveAssumption(each, each.default, False)
        for each in shipped
    )


def assumption_values(shipped: Sequence[Assumption], policy: Policy) -> tuple[tuple[str, str], ...]:
    """("A1", "yes"), ... as reports print them."""
    return tuple((each.assumption.id, each.value) for each in effective_assumptions(shipped, policy))
