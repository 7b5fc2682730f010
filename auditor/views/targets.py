"""Objects to which paths can lead, as users name them: actions, menus, tasks, flows, queues, people, phones, trunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct, field

from auditor.analysis.analysis import Analysis
from auditor.analysis.places import Connected, Endpoint, InQueue, OneGroup, OneUser, Place, Wait
from auditor.errors import UsageError
from auditor.graph.points import PointKind
from auditor.loading.toml_shape import did_you_mean
from auditor.model.flows import Menu

RECORDING = "recording"
"""Stands for the moment at which line recording starts, on any trunk."""


class Target(Struct):
    """What a name means. points: program points; queues, users, groups, phones: indexes; trunks: whose recording
    starts; any_trunk: the recording of every trunk; meant: the kinds, for people.
    """

    points: set[int] = field(default_factory=set)
    queues: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    phones: set[int] = field(default_factory=set)
    trunks: set[int] = field(default_factory=set)
    any_trunk: bool = False
    meant: dict[str, None] = field(default_factory=dict)

    @property
    def records(self) -> bool:
        """Whether the start of a recording is a target."""
        return self.any_trunk or bool(self.trunks)


_Named = tuple[str, tuple[str | None, ...], int]
"""Kind, names and ids, index or point."""


def target_named(analysis: Analysis, text: str) -> Target:
    """Everything that a user means by a name, an id, `flow/action` or `kind:name`; a usage error if there is none."""
    kind, _, name = text.partition(":")
    target = Target()
    everything = list(_everything(analysis))
    kinds = {each for each, _, _ in everything}
    only, wanted = (kind.casefold(), name.strip()) if kind.casefold() in kinds else ("", text)
    for each, names, index in everything:
        if only in ("", each) and wanted.casefold() in (n.casefold() for n in names if n):
            _add(target, each, index)
    if not only and wanted.casefold() == RECORDING:
        target.any_trunk = True
        target.meant["the start of line recording"] = None
    if not target.meant:
        known = [n for _, names, _ in everything for n in names[:1] if n]
        raise UsageError(
            f'Nothing is called "{text}"{did_you_mean(wanted, [*known, RECORDING])}.',
            hint='Name an action, menu, task, flow, queue, user, group, phone or trunk, or say "recording".',
        )
    return target


def _add(target: Target, kind: str, index: int) -> None:
    sets = {
        "queue": target.queues, "user": target.users, "group": target.groups, "phone": target.phones,
        "trunk": target.trunks,
    }  # fmt: skip
    sets.get(kind, target.points).add(index)
    target.meant[kind] = None


class _Thing(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def _everything(analysis: Analysis) -> Iterator[_Named]:
    organisation = analysis.organisation
    yield from _in_flows(analysis)
    objects: dict[str, Sequence[_Thing]] = {
        "queue": organisation.queues,
        "user": organisation.users,
        "group": organisation.groups,
        "phone": organisation.phones,
        "trunk": organisation.trunk_bases,
    }
    for kind, things in objects.items():
        yield from ((kind, (thing.name, thing.id), index) for index, thing in enumerate(things))


def _in_flows(analysis: Analysis) -> Iterator[_Named]:
    program = analysis.program
    for code in program.codes:
        if code.start is not None:
            yield "flow", (code.flow.name, code.flow.id), code.start
        for container in code.flow.containers:
            kind = "menu" if isinstance(container, Menu) else "task"
            if container.id in code.starts:
                names = (container.name, container.id, f"{code.flow.name}/{container.name}")
                yield kind, names, code.starts[container.id]
    for point in program.points.values():
        if point.site is not None and point.kind is not PointKind.MENU:
            action, flow = point.site.action, program.codes[point.flow].flow.name
            yield "action", (action.name, action.tracking_id, action.id, f"{flow}/{action.name}"), point.id


def reaches(analysis: Analysis, target: Target, place: Place) -> bool:
    """Whether a place where no flow runs belongs to the target."""
    match place:
        case Wait(queue=queue):
            return queue in target.queues
        case Connected(endpoint=endpoint):
            return _answers(analysis, target, endpoint)
        case _:
            return False


def _answers(analysis: Analysis, target: Target, endpoint: Endpoint) -> bool:
    organisation = analysis.organisation
    people: set[str] = set()
    match endpoint:
        case OneUser(user=user):
            if user in target.users:
                return True
        case OneGroup(group=group):
            if group in target.groups:
                return True
            people = set(organisation.groups[group].members or ()) if group >= 0 else set()
        case InQueue(queue=queue):
            if queue in target.queues:
                return True
            people = {m.user for m in organisation.queues[queue].members or ()} if queue >= 0 else set()
        case _:
            pass
    if any(organisation.users[user].id in people for user in target.users):
        return True
    return bool(target.phones and target.phones & analysis.stations.at(endpoint).phones)
