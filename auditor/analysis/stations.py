"""Which phones can be at an endpoint, and whether they record (semantics, sections 4 and 7: A5, A6)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from auditor.analysis.places import Anyone, Endpoint, InQueue, OneGroup, OnePhone, OneUser
from auditor.model.directory import Directory, Found
from auditor.model.operations import Reference
from auditor.model.organisation import Organisation
from auditor.model.routing import ObjectRef, User
from auditor.model.settings import UNSET, Known, Setting
from auditor.model.telephony import Line, Phone


class Seats(Struct, frozen=True):
    """Where the participants of an endpoint may sit. phones: indexes; unknown: one may sit at a phone not exported."""

    phones: frozenset[int]
    unknown: bool


class Origin(Struct, frozen=True):
    """The recording setting of a phone. where it stands: line, line base, phone, phone base, unset."""

    setting: Setting[bool]
    where: str


NO_ORIGIN = Origin(UNSET, "unset")
NOBODY = Seats(frozenset(), False)


class Stations:
    """Phones by user, with their effective recording setting. free_seating: A5; line_first: A6."""

    def __init__(self, organisation: Organisation, directory: Directory, *, free_seating: bool, line_first: bool):
        self.organisation, self.directory = organisation, directory
        self.free_seating, self.line_first = free_seating, line_first
        self._active = [i for i, p in enumerate(organisation.phones) if (p.state or "active").casefold() == "active"]
        self._more = _cut_off(organisation)
        self._of_user = self._phones_of_users()
        self._seats: dict[Endpoint, Seats] = {}
        self.origins = [self._effective(p) for p in organisation.phones]
        self.recording = [origin.setting for origin in self.origins]

    def at(self, endpoint: Endpoint) -> Seats:
        """The phones that can be at an endpoint."""
        found = self._seats.get(endpoint)
        if found is None:
            found = self._seats[endpoint] = self._at(endpoint)
        return found

    def own_phones(self, user: str) -> frozenset[int]:
        """The phones of a user's default station."""
        return frozenset(self._of_user.get(user, ()))

    def _at(self, endpoint: Endpoint) -> Seats:
        match endpoint:
            case OnePhone(phone=phone):
                return Seats(frozenset({phone}), False) if phone >= 0 else Seats(frozenset(), True)
            case OneUser(user=user):
                return self._user(self.organisation.users[user]) if user >= 0 else self._anywhere()
            case OneGroup(group=group):
                members = self.organisation.groups[group].members if group >= 0 else None
                return self._anywhere() if members is None else self._users(members)
            case InQueue(queue=queue):
                return self._queue(queue)
            case Anyone():
                return self._anywhere()

    def _queue(self, index: int) -> Seats:
        if index < 0 or self.organisation.queues[index].members is None:
            return self._anywhere()
        queue = self.organisation.queues[index]
        seats = self._users(m.user for m in queue.members or ())
        for group in queue.groups:
            found = self.directory.group(Reference("group", group))
            inside = found.object.members if isinstance(found, Found) else None
            seats = _both(seats, self._anywhere() if inside is None else self._users(inside))
        return seats

    def _users(self, users: Iterable[str]) -> Seats:
        seats = NOBODY
        for user in users:
            found = self.directory.user(ObjectRef(user))
            seats = _both(seats, self._user(found.object) if isinstance(found, Found) else self._anywhere())
        return seats

    def _user(self, user: User) -> Seats:
        own = self._of_user.get(user.id)
        return Seats(frozenset(own), False) if own else self._anywhere()

    def _anywhere(self) -> Seats:
        """An agent without an exported station (A5): any phone of the organisation, or one that is not known."""
        if self.free_seating and self._active:
            return Seats(frozenset(self._active), self._more)
        return Seats(frozenset(), True)

    def _phones_of_users(self) -> dict[str, set[int]]:
        """User id -> phones of the default station; a station somebody happens to be logged in to is no seat (A5)."""
        active = set(self._active)
        phones = {p.id: i for i, p in enumerate(self.organisation.phones)}
        lines = {line.id: i for i, p in enumerate(self.organisation.phones) for line in p.lines}
        seats = {**lines, **phones, **self._stations(phones, lines)}
        found: dict[str, set[int]] = {}
        for user in self.organisation.users:
            if user.default_station in seats:
                found.setdefault(user.id, set()).add(seats[user.default_station])
        for index, phone in enumerate(self.organisation.phones):
            for owner in {phone.web_rtc_user, *(line.user for line in phone.lines)} - {None}:
                found.setdefault(str(owner), set()).add(index)
        return {user: own & active for user, own in found.items() if own & active}

    def _stations(self, phones: dict[str, int], lines: dict[str, int]) -> dict[str, int]:
        """Station id -> phone, by its phone or line, else by the same name."""
        names = {p.name: i for i, p in enumerate(self.organisation.phones)}
        found = {}
        for station in self.organisation.stations:
            index = phones.get(station.phone or "", lines.get(station.line or station.id, names.get(station.name)))
            if index is not None:
                found[station.id] = index
        return found

    def _effective(self, phone: Phone) -> Origin:
        """The effective recording setting: a phone records if one of its lines does."""
        lines = [self._line(phone, line) for line in phone.lines] or [self._line(phone, None)]
        known = [(o, o.setting.value) for o in lines if isinstance(o.setting, Known)]
        recording = next((o for o, value in known if value), None)
        if recording is not None:
            return recording
        return known[0][0] if len(known) == len(lines) else NO_ORIGIN

    def _line(self, phone: Phone, line: Line | None) -> Origin:
        """The line says so itself, else the phone, the line base, the phone base; under A6 no the phone base first."""
        own = [Origin(line.recording, "line")] if line is not None else []
        own.append(Origin(phone.recording, "phone"))
        reference = (line.line_base if line is not None else None) or phone.line_base
        base = self.directory.line_base(ObjectRef(reference)) if reference else None
        if isinstance(base, Found):
            own.append(Origin(base.object.recording, "line base"))
        above = self._phone_base(phone)
        if not isinstance(base, Found):
            # Which line base applies is not in the export: it may record although the phone base does not.
            above = [o for o in above if isinstance(o.setting, Known) and o.setting.value]
        order = [*own, *above] if self.line_first else [*above, *own]
        return next((o for o in order if isinstance(o.setting, Known)), NO_ORIGIN)

    def _phone_base(self, phone: Phone) -> list[Origin]:
        found = self.directory.phone_base(ObjectRef(phone.base)) if phone.base else None
        if not isinstance(found, Found):
            return []
        settings = [*(line.recording for line in found.object.lines), found.object.recording]
        known = [s for s in settings if isinstance(s, Known)]
        return [Origin(s, "phone base") for s in sorted(known, key=lambda s: not s.value)[:1]]


def _cut_off(organisation: Organisation) -> bool:
    """Whether the listing of phones ends before its own total (RX905): there are more phones to sit at."""
    files = {phone.location.file for phone in organisation.phones}
    return any(p.code == "RX905" and p.location.file in files for p in organisation.problems)


@lru_cache(maxsize=65536)
def _both(a: Seats, b: Seats) -> Seats:
    return Seats(a.phones | b.phones, a.unknown or b.unknown)
