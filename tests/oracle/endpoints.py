"""Who may answer, and at which phone.

A phone is its index in Organisation.phones; NO_PHONE is a station that nobody exported.
"""

from __future__ import annotations

from auditor.model.operations import Reference, Target
from auditor.model.organisation import Organisation
from auditor.model.routing import Did, Queue, User
from auditor.model.settings import Known, Setting
from auditor.model.telephony import Phone

NO_PHONE = -1
UNKNOWN_QUEUE = -1
NO_QUEUE = -2


class Endpoints:
    """The phones at which somebody may answer, for queues, users, groups and numbers (A5: yes)."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.phone_index = {p.id: i for i, p in enumerate(organisation.phones)}
        self.users = {u.id: u for u in organisation.users}
        self.stations = {s.id: s for s in organisation.stations}
        self.groups = {g.id: g for g in organisation.groups}
        self.anybody: tuple[int, ...] = tuple(range(len(organisation.phones))) or (NO_PHONE,)
        self._queues = [self._queue(q) for q in organisation.queues]

    def of_queue(self, index: int) -> tuple[int, ...]:
        """Phones of the members of a queue; of a queue that is not known: any phone."""
        return self._queues[index] if index >= 0 else self.anybody

    def of_user(self, target: Target) -> tuple[int, ...]:
        """Phones of a user."""
        if not isinstance(target, Reference):
            return self.anybody
        for user in self.organisation.users:
            if target.id == user.id or (target.id is None and target.name == user.name):
                return self._user(user.id)
        return self.anybody

    def of_group(self, target: Target) -> tuple[int, ...]:
        """Phones of the members of a group."""
        if not isinstance(target, Reference):
            return self.anybody
        for group in self.organisation.groups:
            if target.id == group.id or (target.id is None and target.name == group.name):
                return self._members(group.members)
        return self.anybody

    def of_number(self, did: Did) -> tuple[int, ...]:
        """Phones that ring for a direct number."""
        match did.owner_type:
            case "PHONE":
                index = self.phone_index.get(did.owner or "")
                return (index,) if index is not None else (NO_PHONE,)
            case "GROUP":
                group = self.groups.get(did.owner or "")
                return self._members(group.members if group is not None else None)
            case _:
                return self._user(did.owner or "")

    def queue_index(self, target: Target) -> int | None:
        """Index of the queue that is meant, None when it is dynamic or not in the export."""
        if not isinstance(target, Reference):
            return None
        for index, queue in enumerate(self.organisation.queues):
            if target.id == queue.id or (target.id is None and target.name == queue.name):
                return index
        return None

    def _queue(self, queue: Queue) -> tuple[int, ...]:
        if queue.members is None and not queue.groups:
            return self.anybody
        found: set[int] = set()
        for member in queue.members or ():
            found |= set(self._user(member.user))
        for name in queue.groups:
            group = self.groups.get(name)
            found |= set(self._members(group.members if group is not None else None))
        return tuple(sorted(found))

    def _members(self, members: tuple[str, ...] | None) -> tuple[int, ...]:
        if members is None:
            return self.anybody
        return tuple(sorted({p for m in members for p in self._user(m)}))

    def _user(self, user_id: str) -> tuple[int, ...]:
        user: User | None = self.users.get(user_id)
        name = (user.default_station or user.associated_station) if user is not None else None
        if name is None:
            return self.anybody
        station = self.stations.get(name)
        index = self.phone_index.get((station.phone or "") if station is not None else name)
        return (index,) if index is not None else (NO_PHONE,)


def station_recording(organisation: Organisation, phone: int) -> tuple[bool, ...]:
    """The values that the recording of a station may have: the line, its base, the phone, its base (A6: yes)."""
    if phone == NO_PHONE:
        return (False, True)
    device = organisation.phones[phone]
    rest = _device(organisation, device)
    chains = [[x.recording, *_line_base(organisation, x.line_base or device.line_base), *rest] for x in device.lines]
    chains = chains or [[*_line_base(organisation, device.line_base), *rest]]
    return tuple(sorted({value for chain in chains for value in _first(chain)}))


def _device(organisation: Organisation, device: Phone) -> list[Setting[bool]]:
    base = next((b for b in organisation.phone_bases if b.id == device.base), None)
    settings = [device.recording]
    if base is not None:
        settings += [*(line.recording for line in base.lines), base.recording]
    return settings


def _line_base(organisation: Organisation, name: str | None) -> list[Setting[bool]]:
    return [b.recording for b in organisation.line_bases if b.id == name]


def _first(chain: list[Setting[bool]]) -> tuple[bool, ...]:
    for setting in chain:
        if isinstance(setting, Known):
            return (setting.value,)
    return (False, True)
