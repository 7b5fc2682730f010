"""References that lead nowhere (RX901), to several objects (RX907), or are computed at run time (RX904)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.loading.links import Link, links
from auditor.loading.merging import told
from auditor.model.directory import NAME_ID, Ambiguous, Directory, Missing
from auditor.model.expressions import Literal
from auditor.model.location import Location
from auditor.model.operations import Dynamic, Reference
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.secrets import shown

_FIELDS = {
    "user": "users",
    "group": "groups",
    "schedule": "schedules",
    "schedule_group": "schedule_groups",
    "emergency_group": "emergency_groups",
    "route": "routes",
    "site": "sites",
    "edge_group": "edge_groups",
    "response_set": "response_sets",
    "phone": "phones",
    "phone_base": "phone_bases",
    "trunk_base": "trunk_bases",
}
"""Kinds of which nothing is said when the export holds none at all: RX908 says it once."""
_FEW = 3


def unresolved(organisation: Organisation) -> list[Problem]:
    """Every reference that does not mean exactly one object of the export."""
    directory = Directory(organisation)
    problems = [problem for link in links(organisation) for problem in _judged(link, directory)]
    return problems + list(_absent_members(organisation))


def _judged(link: Link, directory: Directory) -> Iterator[Problem]:
    match link.target:
        case None:
            if link.needed:
                yield _problem("RX901", link, f"no {link.what} is named", "Name one in Architect, or export it again.")
        case Dynamic(expression=Literal()):
            return
        case Dynamic(expression=expression):
            yield _problem(
                "RX904",
                link,
                f"the {link.what} is chosen at run time by {shown(expression)}",
                "Every possible target is assumed; the policy file can say which ones are meant.",
            )
        case Reference():
            yield from _looked_up(link, link.target, directory)


def _looked_up(link: Link, ref: Reference, directory: Directory) -> Iterator[Problem]:
    found = (
        directory.flow(ref, link.types, link.division) if ref.kind == "flow" else directory.resolve(ref, link.division)
    )
    match found:
        case Missing():
            field = _FIELDS.get(ref.kind)
            if field is None or getattr(directory.organisation, field):
                what = f"the {link.what} {_name(ref)} is not in the export"
                yield _problem("RX901", link, what, "Export it as well; what happens there is not known.")
        case Ambiguous(candidates=candidates):
            places = ", ".join(told(place) for place in _places(candidates, directory.organisation))
            what = f"the {link.what} {_name(ref)} may be any of {len(candidates)} ({places})"
            yield _problem("RX907", link, what, "Export the object that refers as JSON: it then refers by id.")
        case _:
            return


def _places(candidates: Sequence[object], organisation: Organisation) -> Iterator[Location]:
    for candidate in candidates[:_FEW]:
        thing = organisation.flows[candidate] if isinstance(candidate, int) else candidate
        location = getattr(thing, "location", None)
        if isinstance(location, Location):
            yield location


def _problem(code: str, link: Link, what: str, hint: str) -> Problem:
    return Problem(code, f"{link.where}: {what}.", link.location, hint, link.subject)


def _name(ref: Reference) -> str:
    if ref.name:
        return f'"{ref.name}"'
    id = ref.id or ""
    return f'"{id.removeprefix(NAME_ID)}"' if id.startswith(NAME_ID) else f"with the id {id}"


def _absent_members(organisation: Organisation) -> Iterator[Problem]:
    """Members of queues and groups who are no exported users: one problem a queue or group."""
    users = {user.id for user in organisation.users}
    if not users:
        return
    for queue in organisation.queues:
        absent = [m.user for m in queue.members or () if m.user not in users]
        yield from _absent("queue", queue.name, queue.location, absent)
    for group in organisation.groups:
        absent = [user for user in group.members or () if user not in users]
        yield from _absent("group", group.name, group.location, absent)


def _absent(kind: str, name: str, location: Location, absent: Sequence[str]) -> Iterator[Problem]:
    if absent:
        some = ", ".join(absent[:_FEW]) + (", ..." if len(absent) > _FEW else "")
        yield Problem(
            "RX901",
            f'{kind.capitalize()} "{name}": {len(absent)} of its members are not among the exported users ({some}).',
            location,
            "Export all users, inactive ones too; the stations of these members are not known.",
            f"{kind}:{name}",
        )
