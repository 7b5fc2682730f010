"""`--cache`: what has not changed since an earlier audit is not worked out again; it never decides otherwise."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from auditor.caching.explorations import Explorations
from auditor.caching.hearings import Hearings
from auditor.caching.parts import Parts
from auditor.caching.readings import Readings
from auditor.cli.audit import AuditRequest, Outcome
from auditor.cli.recalling import Place, days_around
from auditor.model.policy import Policy


class Memories(Struct, frozen=True):
    """What earlier audits know of files, of groups of entries, and of words; None: nothing is asked or kept."""

    readings: Readings | None = None
    explorations: Explorations | None = None
    hearings: Hearings | None = None


def remembered(
    place: Place, request: AuditRequest, policy: Policy, made: Callable[[Memories], Outcome]
) -> Outcome:  # fmt: skip
    """The audit made of what is in the cache, and kept there if nothing changed meanwhile.

    Without the organisation, so that nothing can depend on whether it was recalled.
    """
    if place.trouble:
        return replace(made(Memories()), organisation=None, unused=place.trouble)
    with Parts.of(place.store) as parts:
        readings = Readings(parts, place.inputs)
        hearings = None if request.substitutions else Hearings(parts)  # texts for templates may be secrets
        memories = Memories(readings, Explorations(parts, readings.mark), hearings)
        outcome = replace(made(memories), organisation=None)
    if place.inputs.are(outcome.audit.inputs) and place.still(request):
        begins = [row.since for row in policy.modes if row.since is not None]
        place.keep(outcome.audit, days_around(request.today, begins))
    return outcome
