"""`--candidate`: what is about to be deployed takes the place of what the organisation has, without a contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from auditor.loading.harvest import Harvest
from auditor.loading.merging import ambiguous, name_of, told
from auditor.model.directory import NAME_ID
from auditor.model.flows import Flow
from auditor.model.location import Location
from auditor.model.problems import Problem

_OWNED = {"member": "queue", "queue_groups": "queue", "group_member": "group", "row": "table"}
"""Kinds that belong to an object, and the field that names it: a listing of candidates replaces the whole listing."""
_FLOW = "flow"


def replace_by_candidates(
    organisation: Sequence[Harvest], candidates: Sequence[Harvest], problems: list[Problem]
) -> None:
    """Takes out of the organisation what candidates replace: the same id, else kind, name and division.

    A candidate that fits several objects replaces none of them (RX907).
    """
    for candidate in candidates:
        for kind, things in candidate.objects.items():
            if kind not in _OWNED and kind != _FLOW:
                things[:] = [_in_place(kind, thing, organisation, problems) for thing in things]
        candidate.flows[:] = [_flow_in_place(flow, organisation, problems) for flow in candidate.flows]
        for page in candidate.pages:
            if page.owner is not None and page.kind in _OWNED:
                _drop_listing(page.kind, page.owner, organisation)


def _in_place(kind: str, thing: Any, organisation: Sequence[Harvest], problems: list[Problem]) -> Any:
    known = [other for harvest in organisation for other in harvest.objects.get(kind, ())]
    same = [other for other in known if _same(thing, other)]
    if len({_id(other).casefold() for other in same}) > 1:
        problems.append(_ambiguous(kind, name_of(thing), thing.location, same))
        return thing
    for harvest in organisation:
        held = harvest.objects.get(kind)
        if held is not None:
            held[:] = [other for other in held if not any(other is one for one in same)]
    id = next((_id(other) for other in same if not _id(other).startswith(NAME_ID)), None)
    return replace(thing, id=id) if id is not None and _id(thing).startswith(NAME_ID) else thing


def _id(thing: Any) -> str:
    return str(getattr(thing, "id", ""))


def _same(thing: Any, other: Any) -> bool:
    ours, theirs = _id(thing), _id(other)
    if not ours.startswith(NAME_ID) and not theirs.startswith(NAME_ID):
        return ours.casefold() == theirs.casefold()
    if name_of(thing) != name_of(other) or getattr(thing, "site", None) != getattr(other, "site", None):
        return False
    return _alike(getattr(thing, "division", None), getattr(other, "division", None))


def _alike(ours: str | None, theirs: str | None) -> bool:
    return None in (ours, theirs) or ours == theirs


def _flow_in_place(flow: Flow, organisation: Sequence[Harvest], problems: list[Problem]) -> Flow:
    known = [other for harvest in organisation for other in (*harvest.flows, *harvest.listed_flows)]
    same = [other for other in known if _same_flow(flow, other)]
    ids = {other.id.lower(): other.id for other in same if other.id is not None}
    if len(ids) > 1:
        problems.append(_ambiguous("flow", flow.name, flow.location, same))
        return flow
    for harvest in organisation:
        harvest.flows[:] = [other for other in harvest.flows if not any(other is one for one in same)]
    return replace(flow, id=flow.id or next(iter(ids.values()), None))


def _same_flow(flow: Flow, other: Flow) -> bool:
    if flow.id is not None and other.id is not None:
        return flow.id.lower() == other.id.lower()
    return (flow.type, flow.name) == (other.type, other.name) and _alike(flow.division, other.division)


def _drop_listing(kind: str, owner: str, organisation: Sequence[Harvest]) -> None:
    for harvest in organisation:
        held = harvest.objects.get(kind)
        if held is not None:
            held[:] = [thing for thing in held if getattr(thing, _OWNED[kind]) != owner]
        harvest.pages[:] = [page for page in harvest.pages if (page.kind, page.owner) != (kind, owner)]


def _ambiguous(kind: str, name: str, location: Location, same: Iterable[Any]) -> Problem:
    message = (
        f'The candidate {kind.replace("_", " ")} "{name}" may replace any of several: {", ".join(_places(same))}.'
        " It replaces none of them."
    )
    return ambiguous(kind, name, location, message, "Give the candidate the id of the object, or its division.")


def _places(same: Iterable[Any]) -> Iterator[str]:
    for thing in same:
        yield f"{told(thing.location)} ({getattr(thing, 'id', None) or 'no id'})"
