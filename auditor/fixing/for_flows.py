"""Proposals that change flows: an enable action behind the granting answer, an output that no longer falls through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.analysis.consent import ConsentPoint
from auditor.editing.edits import (
    After,
    Anchor,
    Before,
    Change,
    Copy,
    Delete,
    EditFlow,
    Guard,
    Insert,
    Inside,
    SetDefault,
)
from auditor.editing.plan import Proposal
from auditor.findings import Finding, Step
from auditor.fixing.conditions import Granting, granting, visible
from auditor.fixing.world import LEAVING, Site, World, leaves
from auditor.model.flows import Menu, Output
from auditor.model.operations import Assign, CopyAudio, Decide, EndFlow, EndState, EndTask, Jump, LoopNext, Switch

NEEDLESS, FILL, GUARD, MOVE, REORDER, TAKE_OUT, TAKE_QUESTION, LOSS = 8, 10, 14, 16, 18, 30, 32, 100
"""Costs: how much of what the flow does is given up."""
_UNANSWERED = ("failure", "timeout", "notFound", "noInput", "noMatch", "default", "maxFailure")
_MOST_LEAVERS = 3
_GOING_ON = (Jump, EndTask, EndFlow, EndState, LoopNext)
_AFTER_QUESTIONS = ("RC105", "RC106")


def flow_changes_for(finding: Finding, world: World) -> Iterator[Proposal]:
    """Changes of flows that could clear the finding."""
    if finding.subject.kind not in ("action", "menu"):
        return
    passed = [point for step in finding.witness if (point := world.points.get(step.location)) is not None]
    site = world.at.get(finding.location)
    if finding.rule in _AFTER_QUESTIONS:
        yield from _of_question(finding, site, passed, world)
    elif site is not None and world.enabling(site):
        yield from _of_enabling(finding, site, passed, world)
    elif site is not None and isinstance(site.action.operation, CopyAudio):
        yield from _guarded(site, passed, world)
        yield _taken_out(site, world, TAKE_OUT)


def _of_enabling(finding: Finding, site: Site, passed: Sequence[ConsentPoint], world: World) -> Iterator[Proposal]:
    if finding.rule == "RC107":
        yield from _behind_notice(site, world)
    else:
        if finding.rule == "RC104":
            yield from _unanswered(passed[-1:], world)
        yield from _guarded(site, passed, world)
        yield from _moved(site, passed[-1:] or _others(site, world), world)
    yield _not_enabled(site, world)


def _of_question(
    finding: Finding, site: Site | None, passed: Sequence[ConsentPoint], world: World
) -> Iterator[Proposal]:
    """For a question whose answer changes nothing, or comes too late: look at what enables on the way."""
    asked = world.points.get(finding.location)
    first = [asked] if passed and passed[0] == asked else []
    for enabling in _enables(finding.witness, world):
        if first:
            yield from _guarded(enabling, first, world)
            yield from _moved(enabling, first, world)
        yield _not_enabled(enabling, world)
    if site is not None and finding.rule == "RC106":
        yield from _asked_earlier(site, passed, world)
        yield _taken_out(site, world, TAKE_QUESTION)


def _not_enabled(site: Site, world: World) -> Proposal:
    """Without the action; that costs much where callers who agree are recorded by it."""
    served = site.action.location in world.serving
    return _taken_out(site, world, NEEDLESS if _again(site, world) else LOSS if served else TAKE_OUT)


def _again(site: Site, world: World) -> bool:
    """Whether another enable follows in the same list: then the first one is not missed."""
    above = site.action.location.pointer.rpartition("/actions/")[0]
    later = world.sites[site.flow][site.number + 1 :]
    return any(world.enabling(s) and s.action.location.pointer.rpartition("/actions/")[0] == above for s in later)


def _enables(steps: Sequence[Step], world: World) -> Iterator[Site]:
    sites = (world.at.get(step.location) for step in steps)
    yield from dict.fromkeys(site for site in sites if site is not None and world.enabling(site))


def _others(site: Site, world: World) -> tuple[ConsentPoint, ...]:
    """The first question of the same flow: the answer to a later one must not stand in for it."""
    return tuple(point for point in world.questions.points if point.place.flow == site.flow)[:1]


def _taken_out(site: Site, world: World, cost: int) -> Proposal:
    step = f"Take {_named(site)} out of {_where(site, world)}."
    if site.action.location in world.points:
        step += " Callers are then no longer asked this question; make sure that nothing else needs their answer."
    return Proposal((EditFlow(site.flow, (Delete(site.number),)),), (step,), cost)


def _unanswered(points: Sequence[ConsentPoint], world: World) -> Iterator[Proposal]:
    """No answer is treated like a refusal: where it falls through, where it is taken for a yes, in menus."""
    for point in points:
        site = world.site_of(point)
        if site is None:
            yield from _defaults(point, world)
            continue
        leavers = list(_leavers(site, world))[:_MOST_LEAVERS]
        for output in site.action.outputs:
            if output.key in _UNANSWERED:
                yield from (_leaving(site, output, s, world) for s in leavers if s.action not in output.block)
                yield from _assumed(site, output, world)


def _assumed(site: Site, output: Output, world: World) -> Iterator[Proposal]:
    """A value that is set as if there had been an answer."""
    for other in world.below(site):
        if isinstance(other.action.operation, Assign) and any(other.action is inner for inner in output.block):
            yield _taken_out(other, world, FILL)


def _defaults(point: ConsentPoint, world: World) -> Iterator[Proposal]:
    """Another default for a menu whose default choice grants."""
    flow = world.organisation.flows[point.place.flow]
    menu = next((c for c in flow.containers if c.id == point.place.container), None)
    if not isinstance(menu, Menu) or menu.default is None:
        return
    for choice in menu.choices:
        if choice.id != menu.default and not {choice.digit, choice.name} & set(point.granting or ()):
            step = f'Make "{choice.name}" the default choice of menu "{menu.name}" of flow "{flow.name}".'
            yield Proposal((EditFlow(point.place.flow, (SetDefault(menu.id, choice.id),)),), (step,), FILL)


def _leavers(site: Site, world: World) -> Iterator[Site]:
    """What ends other branches of the question, or of tests behind it in the same task."""
    inside = [other for other in world.branches(site) if leaves(other.action)]
    later = [
        other
        for test in world.sites[site.flow][site.number + 1 :]
        if test.site.container.id == site.site.container.id and isinstance(test.action.operation, Decide | Switch)
        for other in world.branches(test)
        if other not in inside and isinstance(other.action.operation, _GOING_ON)
    ]
    order: dict[type, int] = {kind: index for index, kind in enumerate(LEAVING)}
    yield from sorted(inside, key=lambda s: order[type(s.action.operation)])
    yield from sorted(later, key=lambda s: order[type(s.action.operation)])


def _leaving(site: Site, output: Output, leaver: Site, world: World) -> Proposal:
    items = (Copy(leaver.number),)
    last = output.block[-1] if output.block else None
    changes: tuple[Change, ...] = (Insert(Inside(site.number, output.key), items),)
    what = f'In output "{output.label}" of {_named(site)} in {_where(site, world)}'
    if last is not None and leaves(last):
        old = next(s for s in world.below(site) if s.action is last)
        changes = (Delete(old.number), Insert(Before(old.number), items))
        step = f"{what}: replace {_named(old)} by a copy of {_named(leaver)}{_to(leaver, world)}."
    else:
        end = "at the end, " if output.block else ""
        step = f"{what}: {end}add a copy of {_named(leaver)}{_to(leaver, world)}, so that it no longer falls through."
    return Proposal((EditFlow(site.flow, changes),), (step,), FILL)


def _to(leaver: Site, world: World) -> str:
    match leaver.action.operation:
        case Jump(container=str() as container):
            names = [c.name for c in world.flow(leaver).containers if c.id == container]
            return f' (to "{names[0]}")' if names else ""
        case _:
            return ""


def _guarded(site: Site, points: Sequence[ConsentPoint], world: World) -> Iterator[Proposal]:
    """The action stays where it is, behind a test of the answer."""
    for point in points:
        there = world.site_of(point)
        for way in granting(point, world):
            if there is None or there == site or way.test is None or not visible(way.variable, there, site):
                continue
            guard = Guard(_guard_name(point), way.test, way.text, (Copy(site.number),))
            step = f'Put {_named(site)} in {_where(site, world)} into output "Yes" of a new decision: {way.text}.'
            yield Proposal((_moving(site, Before(site.number), guard),), (step,), GUARD)


def _moved(site: Site, points: Iterable[ConsentPoint], world: World) -> Iterator[Proposal]:
    """The action goes behind the answer that grants."""
    for point in points:
        if point.place.flow != site.flow:
            continue
        there = world.site_of(point)
        if there is None:
            yield from _into_choice(site, point, world)
            continue
        for way in granting(point, world):
            if there != site:
                yield _behind(site, there, way, point, world)


def _behind(site: Site, there: Site, way: Granting, point: ConsentPoint, world: World) -> Proposal:
    output = next(o for o in there.action.outputs if o.key == way.output)
    to = f'output "{output.label}" of {_named(there)} in {_where(there, world)}'
    last = output.block[-1] if output.block else None
    anchor: Anchor = Inside(there.number, output.key)
    if last is not None and leaves(last):
        anchor = Before(next(s.number for s in world.below(there) if s.action is last))
    if way.test is None:
        edit, guard = _moving(site, anchor, Copy(site.number)), ""
    else:
        edit = _moving(site, anchor, Guard(_guard_name(point), way.test, way.text, (Copy(site.number),)))
        guard = f', into output "Yes" of a new decision: {way.text}'
    return Proposal((edit,), (f"Move {_named(site)} from {_where(site, world)} to {to}{guard}.",), MOVE)


def _into_choice(site: Site, point: ConsentPoint, world: World) -> Iterator[Proposal]:
    """Into the task of the menu choice that grants."""
    menu = next((c for c in world.flow(site).containers if c.id == point.place.container), None)
    if not isinstance(menu, Menu) or point.granting is None:
        return
    for choice in menu.choices:
        if not {choice.digit, choice.name} & set(point.granting):
            continue
        chosen = next((s for s in world.sites[site.flow] if s.action is choice.action), None)
        for first in world.called(chosen) if chosen else ():
            led = f'to which choice "{choice.name}" of menu "{menu.name}" leads'
            step = f"Move {_named(site)} from {_where(site, world)} to the beginning of {_where(first, world)}, {led}."
            yield Proposal((_moving(site, Before(first.number), Copy(site.number)),), (step,), MOVE)


def _behind_notice(site: Site, world: World) -> Iterator[Proposal]:
    """Behind what tells the caller of the recording, in the same flow."""
    for place in sorted(world.questions.announcements, key=lambda p: (p.flow, p.number or 0)):
        if place.flow != site.flow or place.number is None or place.number == site.number:
            continue
        notice = world.sites[place.flow][place.number]
        step = f"Move {_named(site)} from {_where(site, world)} behind {_named(notice)} in {_where(notice, world)}."
        yield Proposal((_moving(site, After(notice.number), Copy(site.number)),), (step,), MOVE)


def _asked_earlier(site: Site, passed: Sequence[ConsentPoint], world: World) -> Iterator[Proposal]:
    """The question in front of the first one of the same task."""
    for point in passed[:1]:
        first = world.site_of(point)
        if first is None or first == site or first.site.container.id != site.site.container.id:
            continue
        step = f"Move {_named(site)} in {_where(site, world)} in front of {_named(first)}."
        yield Proposal((_moving(site, Before(first.number), Copy(site.number)),), (step,), REORDER)


def _moving(site: Site, anchor: Anchor, item: Copy | Guard) -> EditFlow:
    return EditFlow(site.flow, (Delete(site.number), Insert(anchor, (item,))))


def _guard_name(point: ConsentPoint) -> str:
    return f"{point.name}: yes" if point.name else "Consent given"


def _named(site: Site) -> str:
    return f'"{site.action.name}"'


def _where(site: Site, world: World) -> str:
    container = site.site.container
    return f'task "{container.name}" of flow "{world.flow(site).name}"'
