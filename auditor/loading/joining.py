"""What all files gave -> objects, each once, with what belongs to them from other listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from auditor.loading.architect_objects import RowOf
from auditor.loading.harvest import Harvest, Page
from auditor.loading.limits import limits
from auditor.loading.merging import both, merged, place, place_of
from auditor.loading.named import by_id
from auditor.loading.people_objects import GroupMember
from auditor.loading.routing_objects import DidPool, GroupsOf, MemberOf
from auditor.model.directory import NAME_ID
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.routing import DataTable, Did, Group, Member, Queue
from auditor.model.telephony import Line, LineBase, Phone, PhoneBase, Site

FIELDS = {
    "trunk_base": "trunk_bases",
    "trunk": "trunks",
    "phone": "phones",
    "phone_base": "phone_bases",
    "line_base": "line_bases",
    "line": "lines",
    "station": "stations",
    "site": "sites",
    "outbound_route": "outbound_routes",
    "edge_group": "edge_groups",
    "queue": "queues",
    "user": "users",
    "group": "groups",
    "did": "dids",
    "route": "routes",
    "schedule": "schedules",
    "schedule_group": "schedule_groups",
    "emergency_group": "emergency_groups",
    "policy": "policies",
    "campaign": "campaigns",
    "response_set": "response_sets",
    "prompt": "prompts",
    "data_table": "data_tables",
}
"""Kinds of objects and the field of the organisation that holds them."""

T = TypeVar("T")


def join(harvests: Sequence[Harvest], problems: list[Problem]) -> Organisation:
    """Everything but flows; contradictions are added to the problems."""
    pages = [page for harvest in harvests for page in harvest.pages]
    found = {kind: _all(harvests, kind) for kind in FIELDS}
    found["line"] += [line for phone in found["phone"] for line in phone.lines]
    found["line_base"] += [base for settings in found["phone_base"] for base in settings.lines if _has_id(base)]
    divisions = {id: name for harvest in harvests for id, name in harvest.divisions.items()}
    objects = {
        kind: _so_many(kind, merged(kind, _in_divisions(things, divisions), problems), problems)
        for kind, things in found.items()
    }
    objects = by_id(objects)
    pools: list[DidPool] = _all(harvests, "did_pool")
    objects["queue"] = _with_members(objects["queue"], _all(harvests, "member"), _owners(pages, "member"), problems)
    objects["queue"] = _with_groups(objects["queue"], _all(harvests, "queue_groups"), problems)
    objects["group"] = _with_group_members(
        objects["group"], _all(harvests, "group_member"), _owners(pages, "group_member"), problems
    )
    objects["data_table"] = _with_rows(objects["data_table"], _all(harvests, "row"), _owners(pages, "row"))
    objects["did"] = _with_pools(objects["did"], pools)
    objects["phone"] = _with_lines(objects["phone"], objects["line"])
    objects["phone_base"] = _with_line_bases(objects["phone_base"], objects["line_base"])
    objects["site"] = _with_default(objects["site"], {h.default_site for h in harvests})
    held: dict[str, Any] = {FIELDS[kind]: things for kind, things in objects.items()}
    return Organisation(**held)


def _so_many(kind: str, things: tuple[T, ...], problems: list[Problem]) -> tuple[T, ...]:
    """The objects of a kind as far as the limit goes; the problem says that others were left out."""
    most = limits().objects
    if len(things) <= most:
        return things
    first: Any = things[most]
    what = FIELDS[kind].replace("_", " ")
    message = f"The export holds {len(things)} {what}; those after the first {most} were left out."
    hint = "Raise the limit: auditor --max-objects NUMBER ..."
    problems.append(Problem("RX906", message, first.location, hint, f"file:{first.location.file}"))
    return things[:most]


def _all(harvests: Iterable[Harvest], kind: str) -> list[Any]:
    return [thing for harvest in harvests for thing in harvest.objects.get(kind, ())]


def _in_divisions(things: list[Any], divisions: Mapping[str, str]) -> list[Any]:
    """Divisions by name wherever any file tells the name of an id."""
    if not divisions:
        return things
    return [_in_division(thing, divisions) for thing in things]


def _in_division(thing: Any, divisions: Mapping[str, str]) -> Any:
    known = divisions.get((getattr(thing, "division", None) or "").casefold())
    return replace(thing, division=known) if known is not None else thing


def _has_id(base: LineBase) -> bool:
    return not base.id.startswith(NAME_ID)


def _owners(pages: Iterable[Page], kind: str) -> set[str]:
    return {page.owner for page in pages if page.kind == kind and page.owner}


def _by_owner(things: Iterable[T], owner: Callable[[T], str | None], listed: set[str]) -> dict[str | None, list[T]]:
    result: dict[str | None, list[T]] = defaultdict(list)
    for key in listed:
        result[key] = []
    for thing in things:
        result[owner(thing)].append(thing)
    return result


def _with_members(
    queues: Sequence[Queue], members: list[MemberOf], listed: set[str], problems: list[Problem]
) -> tuple[Queue, ...]:
    found = _by_owner(members, lambda m: m.queue, listed)
    result = tuple(
        replace(queue, members=_distinct_members(found.pop(queue.id))) if queue.id in found else queue
        for queue in queues
    )
    problems.extend(_homeless("members", "queue", [(m.queue, m.location) for rest in found.values() for m in rest]))
    return result


def _with_groups(queues: Sequence[Queue], told: list[GroupsOf], problems: list[Problem]) -> tuple[Queue, ...]:
    found = _by_owner(told, lambda g: g.queue, set())
    result = []
    for queue in queues:
        further = (id for groups in found.pop(queue.id, []) for id in groups.groups)
        result.append(replace(queue, groups=tuple(dict.fromkeys((*queue.groups, *further)))))
    problems.extend(_homeless("groups", "queue", [(g.queue, g.location) for rest in found.values() for g in rest]))
    return tuple(result)


def _distinct_members(found: list[MemberOf]) -> tuple[Member, ...]:
    by_user: dict[str, Member] = {}
    for one in sorted(found, key=lambda m: place_of(m.location)):
        known = by_user.get(one.member.user)
        by_user[one.member.user] = one.member if known is None else both(known, one.member)[0]
    return tuple(sorted(by_user.values(), key=lambda m: m.user))


def _with_group_members(
    groups: Sequence[Group], members: list[GroupMember], listed: set[str], problems: list[Problem]
) -> tuple[Group, ...]:
    found = _by_owner(members, lambda m: m.group, listed)
    result = tuple(
        replace(g, members=tuple(sorted({m.user for m in found.pop(g.id)}))) if g.id in found else g for g in groups
    )
    problems.extend(_homeless("members", "group", [(m.group, m.location) for rest in found.values() for m in rest]))
    return result


def _homeless(what: str, kind: str, members: list[tuple[str | None, Location]]) -> Iterable[Problem]:
    """What belongs to something that is not in the export; one problem for each such thing."""
    first: dict[str | None, Location] = {}
    for owner, location in sorted(members, key=lambda m: place_of(m[1])):
        first.setdefault(owner, location)
    for owner, location in first.items():
        if owner is None:
            message = f"Nothing says of which {kind} these are the {what}."
            hint = f'Keep the listing as it was exported: with its "selfUri", or below the id of the {kind}.'
            yield Problem("RX906", message, location, hint, f"file:{location.file}")
        else:
            message = f"These are {what} of the {kind} {owner}, which is not in the export."
            yield Problem("RX901", message, location, f"Export the {kind}s as well.", f"{kind}:{owner}")


def _with_rows(tables: Sequence[DataTable], rows: list[RowOf], listed: set[str]) -> tuple[DataTable, ...]:
    found = _by_owner(rows, lambda r: r.table, listed)
    return tuple(
        replace(table, rows=tuple(dict.fromkeys(r.cells for r in found[table.id]))) if table.id in found else table
        for table in tables
    )


def _with_pools(dids: Sequence[Did], pools: Sequence[DidPool]) -> tuple[Did, ...]:
    providers = {pool.id: pool.provider for pool in sorted(pools, key=place)}
    return tuple(replace(did, pool_provider=providers.get(did.pool)) if did.pool in providers else did for did in dids)


def _with_lines(phones: Sequence[Phone], lines: Sequence[Line]) -> tuple[Phone, ...]:
    """Phones with the lines that say they belong to them, in the order of the phone where it has one."""
    by_phone: dict[str | None, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        by_phone[line.phone][line.id] = line
    result = []
    for phone in phones:
        ours = by_phone.get(phone.id, {})
        order = [line.id for line in phone.lines] + sorted(ours)
        result.append(replace(phone, lines=tuple(ours[id] for id in dict.fromkeys(order) if id in ours)))
    return tuple(result)


def _with_line_bases(settings: Sequence[PhoneBase], bases: Sequence[LineBase]) -> tuple[PhoneBase, ...]:
    by_id = {base.id: base for base in bases}
    return tuple(replace(s, lines=tuple(by_id.get(line.id, line) for line in s.lines)) for s in settings)


def _with_default(sites: Sequence[Site], defaults: set[str | None]) -> tuple[Site, ...]:
    return tuple(replace(site, default=True) if site.id in defaults else site for site in sites)
