"""Which entries a policy file pins to which trunk bases (A16)."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.analysis.carriers import PinTable
from auditor.analysis.entries import EntryKind
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy, Scope


def pins_of(organisation: Organisation, policy: Policy) -> PinTable:
    """The trunk bases of every entry that is pinned."""
    pins: PinTable = {}
    for pin in policy.pins:
        wanted = {t.casefold() for t in pin.trunks}
        trunks = tuple(
            i for i, t in enumerate(organisation.trunk_bases) if wanted & {t.name.casefold(), t.id.casefold()}
        )
        values = {v.casefold() for v in pin.values}
        for route in organisation.routes:
            named = pin.scope is Scope.ROUTE and values & {route.name.casefold(), route.id.casefold()}
            if named or _numbered(pin.scope, pin.values, route.dnis):
                pins[EntryKind.ROUTE, route.name] = trunks
        for did in organisation.dids:
            if _numbered(pin.scope, pin.values, (did.number,)):
                pins[EntryKind.NUMBER, did.number] = trunks
    return pins


def _numbered(scope: Scope, values: Sequence[str], numbers: Sequence[str]) -> bool:
    match scope:
        case Scope.NUMBER:
            return any(n in values for n in numbers)
        case Scope.NUMBER_PREFIX:
            return any(n.removeprefix("tel:").startswith(tuple(values)) for n in numbers)
        case _:
            return False
