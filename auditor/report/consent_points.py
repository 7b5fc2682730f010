"""Consent points for people and for the policy file: where, what is asked, what each answer means and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.analysis.consent import Answer, ConsentPoint, PointKind
from auditor.analysis.points_declared import kind_of
from auditor.model.flows import Flow, Menu
from auditor.model.location import Location
from auditor.model.organisation import Organisation
from auditor.model.sites import ActionSite, action_sites
from auditor.policy.init import FoundPoint, point_blocks
from auditor.report.grid import grid
from auditor.report.text import counted, place, safe
from auditor.report.wrap import wrapped

_KINDS = {
    PointKind.MENU: "menu",
    PointKind.COLLECT_INPUT: "collect input",
    PointKind.BOT: "bot call",
    PointKind.ASK: "question of a bot flow",
    PointKind.STORED: "stored consent",
}


def found_points(points: Sequence[ConsentPoint], organisation: Organisation) -> tuple[FoundPoint, ...]:
    """The points by names that the policy file can use: an id stands in where a name fits several."""
    return tuple(_found(point, organisation) for point in points)


def to_toml(points: Sequence[ConsentPoint], organisation: Organisation) -> str:
    """Entries for the policy file that pin the points; those of low confidence are commented out."""
    return "\n".join(point_blocks(found_points(points, organisation)))


def to_table(points: Sequence[ConsentPoint], organisation: Organisation, width: int = 100) -> str:
    """Every point with its place, its question, and each outcome with its class and the reason."""
    if not points:
        return "No consent point was recognised. Declare yours in the policy file ([[consent_point]]).\n"
    blocks = [f"CONSENT POINTS ({len(points)})"]
    for number, point in enumerate(points, 1):
        rows = [(safe(o.text), o.answer.value, safe(o.reason)) for o in point.outcomes]
        lines = [*_head(number, point, organisation, width)]
        if rows:
            lines.append(_indented(grid(("outcome", "class", "reason"), rows, width - 4)))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + f"\n\n{counted(len(points), 'consent point')}\n"


def _head(number: int, point: ConsentPoint, organisation: Organisation, width: int) -> Iterator[str]:
    flow = organisation.flows[point.place.flow]
    kind = _KINDS[point.kind]
    title = f'{number}. {kind} "{safe(point.name)}" in flow "{safe(flow.name)}"'
    yield from wrapped(f"{title}, {point.confidence.value} confidence", width, rest="   ")
    where = place(_location(point, flow))
    if where:
        yield from wrapped(where, width, "   ", "   ")
    if point.kind is not PointKind.STORED:
        question = safe(point.question) or "(no words in the export)"
        yield from wrapped(f"question: {question}", width, "   ", "     ")
    if point.reason:
        yield from wrapped(f"why: {safe(point.reason)}", width, "   ", "     ")


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())


def _location(point: ConsentPoint, flow: Flow) -> Location:
    container = _container(point, flow)
    if isinstance(container, Menu):
        return container.location
    site = _site(point, flow)
    return site.action.location if site is not None else flow.location


def _container(point: ConsentPoint, flow: Flow) -> Menu | None:
    if point.place.number is not None:
        return None
    return next((c for c in flow.containers if isinstance(c, Menu) and c.id == point.place.container), None)


def _site(point: ConsentPoint, flow: Flow) -> ActionSite | None:
    return next((s for s in action_sites(flow) if s.number == point.place.number), None)


def _found(point: ConsentPoint, organisation: Organisation) -> FoundPoint:
    flow = organisation.flows[point.place.flow]
    return FoundPoint(
        _flow_name(flow, organisation),
        _action_name(point, flow),
        point.granting,
        point.refusing,
        point.confidence_in(Answer.GRANTED),
        point.question,
        point.reason,
    )


def _flow_name(flow: Flow, organisation: Organisation) -> str:
    alike = [f for f in organisation.flows if f.name.casefold() == flow.name.casefold()]
    return flow.name if len(alike) == 1 or flow.id is None else flow.id


def _action_name(point: ConsentPoint, flow: Flow) -> str:
    """The name, unless another action or menu that could be a point has it too: then tracking id or id."""
    names = [c.name for c in flow.containers if isinstance(c, Menu)]
    names += [s.action.name for s in action_sites(flow) if kind_of(s.action.operation) is not None]
    alike = [name for name in names if name.casefold() == point.name.casefold()]
    if point.name and len(alike) == 1:
        return point.name
    if point.place.number is None:
        return point.place.container
    site = _site(point, flow)
    assert site is not None
    return site.action.tracking_id or site.action.id or point.name
