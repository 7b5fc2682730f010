"""Everything but flows: trunks, routes, queues, phones and people, as pages of listings of the platform API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec import Struct

from benchmarks.flows import GROUP, Shape
from benchmarks.plan import Named, guid

Node = dict[str, Any]
_EDGES = "/api/v2/telephony/providers/edges"


class Listing(Struct, frozen=True):
    """One listing. name: folder and start of the file names; address: of the listing; make: the object of a number."""

    name: str
    address: str
    count: int
    make: Callable[[int], Node]


class Settings:
    """The settings of an organisation, in proportion to its flows."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.trunks = max(shape.flows // 20, 4)
        self.lines = shape.flows * 5
        self.users = max(shape.flows, 10)
        self.sites = max(shape.flows // 200, 2)

    def listings(self) -> Iterator[Listing]:
        """Every listing but those of flows."""
        shape = self.shape
        yield Listing("trunkbasesettings", f"{_EDGES}/trunkbasesettings", self.trunks, self._trunk_base)
        yield Listing("trunks", f"{_EDGES}/trunks", self.trunks, self._trunk)
        yield Listing("sites", f"{_EDGES}/sites", self.sites, self._site)
        for site in range(self.sites):
            address = f"{_EDGES}/sites/{self.site(site).id}/outboundroutes"
            yield Listing("outboundroutes", address, 1, partial(self._outbound_route, site))
        yield Listing("phones", f"{_EDGES}/phones", self.lines, self._phone)
        yield Listing("phonebasesettings", f"{_EDGES}/phonebasesettings", 2, self._phone_base)
        yield Listing("linebasesettings", f"{_EDGES}/linebasesettings", 2, self._line_base)
        yield Listing("lines", f"{_EDGES}/lines", self.lines, self._line)
        yield Listing("stations", "/api/v2/stations", self.lines, self._station)
        yield Listing("dids", f"{_EDGES}/dids", shape.groups, self._did)
        yield Listing("didpools", f"{_EDGES}/didpools", 1, self._did_pool)
        yield Listing("ivrs", "/api/v2/architect/ivrs", shape.groups, self._route)
        yield Listing("schedules", "/api/v2/architect/schedules", 3, self._schedule)
        yield Listing("schedulegroups", "/api/v2/architect/schedulegroups", 1, self._schedule_group)
        yield Listing("emergencygroups", "/api/v2/architect/emergencygroups", 0, self._site)
        yield Listing("queues", "/api/v2/routing/queues", shape.queues, self._queue)
        for queue in range(shape.queues):
            address = f"/api/v2/routing/queues/{shape.queue(queue).id}/members"
            yield Listing("queuemembers", address, 6, partial(self._member, queue))
        yield Listing("users", "/api/v2/users", self.users, self._user)
        yield Listing("groups", "/api/v2/groups", 0, self._site)
        yield Listing("mediaretentionpolicies", "/api/v2/recording/mediaretentionpolicies", 0, self._site)
        yield Listing("campaigns", "/api/v2/outbound/campaigns", 0, self._site)
        yield Listing("datatables", "/api/v2/flows/datatables", 1, self._data_table)

    def site(self, number: int) -> Named:
        return Named(f"Site {number}", guid(self.shape.seed, "site", number))

    def user(self, number: int) -> Named:
        return Named(f"Agent {number}", guid(self.shape.seed, "user", number))

    def line(self, number: int) -> Named:
        return Named(f"Phone {number} 1", guid(self.shape.seed, "line", number))

    def trunk(self, number: int) -> Named:
        return Named(f"Carrier {number}", guid(self.shape.seed, "trunk base", number))

    def records(self, phone: int) -> bool:
        """Whether the station of a phone records: those of few agents do, none of the shared ones."""
        return phone < self.users and phone % 1000 in (500, 501)

    def _trunk_base(self, number: int) -> Node:
        gate = number % 20 != 19
        switches = {
            "trunk_recording_enabled": True,
            "trunk_recording_consent_required": gate,
            "trunk_disallow_recording_during_hold": number % 4 != 3,
            "trunk_consult_recording_enabled": False,
            "trunk_recording_externalTransfersEnabled": False,
            "trunk_recording_dualChannel": True,
            "trunk_enabled": True,
            "trunk_recording_beep_enabled": False,
            "trunk_transfer_takeback_enabled": False,
        }
        return {
            **_object(self.trunk(number), f"{_EDGES}/trunkbasesettings"),
            "state": "active" if gate else "inactive",
            "trunkMetabase": {"id": "external_sip_pcv_byoc_carrier.json", "name": "External Sip Pcv Byoc Carrier"},
            "properties": {key: _switch(value) for key, value in switches.items()},
            "trunkType": "EXTERNAL",
            "managed": False,
            "site": _object(self.site(number % self.sites), f"{_EDGES}/sites"),
        }

    def _trunk(self, number: int) -> Node:
        named = Named(f"Carrier {number} 1", guid(self.shape.seed, "trunk", number))
        base = _object(self.trunk(number), f"{_EDGES}/trunkbasesettings")
        return {**_object(named, f"{_EDGES}/trunks"), "state": "active", "trunkType": "EXTERNAL", "trunkBase": base,
                "inService": True, "enabled": True}  # fmt: skip

    def _site(self, number: int) -> Node:
        return {**_object(self.site(number), f"{_EDGES}/sites"), "state": "active", "managed": False,
                "mediaModel": "Cloud", "defaultSite": number == 0, "primarySites": []}  # fmt: skip

    def _outbound_route(self, site: int, number: int) -> Node:
        named = Named(f"Route {site}", guid(self.shape.seed, "outbound route", site, number))
        trunks = [self.trunk(n) for n in {(site * 4 + 1) % self.trunks, (site * 4 + 2) % self.trunks}]
        address = f"{_EDGES}/sites/{self.site(site).id}/outboundroutes"
        return {
            **_object(named, address),
            "state": "active",
            "site": _object(self.site(site), f"{_EDGES}/sites"),
            "classificationTypes": ["National", "International", "Emergency"],
            "enabled": True,
            "distribution": "SEQUENTIAL",
            "externalTrunkBases": [_object(t, f"{_EDGES}/trunkbasesettings") for t in trunks],
        }

    def _line(self, number: int) -> Node:
        base = Named("Recording" if self.records(number) else "Standard")
        settings = {
            "station_label": {"value": {"instance": f"Phone {number}"}},
            "station_persistent_enabled": _switch(False),
            "station_recording_enabled": _switch(self.records(number)),
        }
        node = {
            **_object(self.line(number), f"{_EDGES}/lines"),
            "state": "active",
            "properties": settings,
            "lineBaseSettings": _object(self._base("line", base.name), f"{_EDGES}/linebasesettings"),
            "site": _object(self.site(number % self.sites), f"{_EDGES}/sites"),
        }
        return node | self._owner("defaultForUser", number)

    def _phone(self, number: int) -> Node:
        base = "Recording" if self.records(number) else "Standard"
        line = {key: value for key, value in self._line(number).items() if key not in ("site", "defaultForUser")}
        named = Named(f"Phone {number}", guid(self.shape.seed, "phone", number))
        return {
            **_object(named, f"{_EDGES}/phones"),
            "state": "active",
            "properties": {"phone_label": {"value": {"instance": named.name}}},
            "lines": [line],
            "lineBaseSettings": line["lineBaseSettings"],
            "phoneBaseSettings": _object(self._base("phone", base), f"{_EDGES}/phonebasesettings"),
            "site": _object(self.site(number % self.sites), f"{_EDGES}/sites"),
            "standAlone": False,
            **self._owner("webRtcUser", number),
        }

    def _owner(self, key: str, phone: int) -> Node:
        return {key: _object(self.user(phone), "/api/v2/users")} if phone < self.users else {}

    def _base(self, kind: str, name: str) -> Named:
        return Named(name, guid(self.shape.seed, kind, "base", name))

    def _line_base(self, number: int) -> Node:
        name = ("Standard", "Recording")[number]
        return {
            **_object(self._base("line", name), f"{_EDGES}/linebasesettings"),
            "state": "active",
            "lineMetaBase": {"id": "inin_webrtc_softphone_line.json", "name": "WebRTC line"},
            "properties": {"station_recording_enabled": _switch(number == 1)},
        }

    def _phone_base(self, number: int) -> Node:
        name = ("Standard", "Recording")[number]
        line = _object(self._base("line", name), f"{_EDGES}/linebasesettings")
        return {
            **_object(self._base("phone", name), f"{_EDGES}/phonebasesettings"),
            "state": "active",
            "phoneMetaBase": {"id": "inin_webrtc_softphone.json", "name": "WebRTC"},
            "properties": {"phone_maxLineKeys": {"value": {"instance": 1}}},
            "lines": [{**line, "properties": {"station_recording_enabled": _switch(number == 1)}}],
        }

    def _station(self, number: int) -> Node:
        owned = {"userId": self.user(number).id, "webRtcUserId": self.user(number).id} if number < self.users else {}
        return {**_object(self._station_of(number), "/api/v2/stations"), "description": "", "status": "AVAILABLE",
                "type": "inin_webrtc_softphone", "lineAppearanceId": self.line(number).id, **owned}  # fmt: skip

    def _station_of(self, phone: int) -> Named:
        return Named(f"Phone {phone}", guid(self.shape.seed, "station", phone))

    def _user(self, number: int) -> Node:
        station = _object(self._station_of(number), "/api/v2/stations")
        return {
            **_object(self.user(number), "/api/v2/users"),
            "division": self._division(),
            "email": f"agent{number}@contact.example",
            "state": "active",
            "addresses": [{"mediaType": "PHONE", "type": "WORK", "extension": str(20000 + number)}],
            "station": {"defaultStation": station, "associatedStation": station},
        }

    def _division(self) -> Node:
        return _object(Named("Home", guid(self.shape.seed, "division")), "/api/v2/authorization/divisions")

    def _did(self, number: int) -> Node:
        named = Named(_number(number), guid(self.shape.seed, "did", number))
        return {
            **_object(named, f"{_EDGES}/dids"),
            "phoneNumber": named.name,
            "state": "active",
            "didPool": _object(Named("Pool", guid(self.shape.seed, "pool")), f"{_EDGES}/didpools"),
            "owner": _object(self._route_of(number), "/api/v2/architect/ivrs"),
            "ownerType": "IVR_CONFIG",
        }

    def _did_pool(self, number: int) -> Node:
        named = Named("Pool", guid(self.shape.seed, "pool"))
        return {**_object(named, f"{_EDGES}/didpools"), "state": "active", "startPhoneNumber": _number(0),
                "endPhoneNumber": _number(99_999), "provider": "BYOC_CARRIER"}  # fmt: skip

    def _route_of(self, number: int) -> Named:
        return Named(f"Hotline {number}", guid(self.shape.seed, "route", number))

    def _route(self, number: int) -> Node:
        open_hours, closed = (_object(self.shape.flow(number * GROUP + i), "/api/v2/flows") for i in (0, 1))
        return {
            **_object(self._route_of(number), "/api/v2/architect/ivrs"),
            "division": self._division(),
            "state": "active",
            "dnis": [_number(number)],
            "openHoursFlow": open_hours,
            "closedHoursFlow": closed,
            "holidayHoursFlow": closed,
            "scheduleGroup": _object(self._schedules(), "/api/v2/architect/schedulegroups"),
        }

    def _schedules(self) -> Named:
        return Named("Opening Hours", guid(self.shape.seed, "schedule group", 0))

    def _schedule(self, number: int) -> Node:
        named = Named(("Open", "Closed", "Holidays")[number], guid(self.shape.seed, "schedule", number))
        return {**_object(named, "/api/v2/architect/schedules"), "division": self._division(), "state": "active",
                "start": "2024-01-01T08:00:00.000", "end": "2024-01-01T18:00:00.000"}  # fmt: skip

    def _schedule_group(self, number: int) -> Node:
        node = {**_object(self._schedules(), "/api/v2/architect/schedulegroups"), "timeZone": "Europe/Berlin"}
        for index, key in enumerate(("openSchedules", "closedSchedules", "holidaySchedules")):
            schedule = self._schedule(index)
            node[key] = [{"id": schedule["id"], "name": schedule["name"], "selfUri": schedule["selfUri"]}]
        return node

    def _queue(self, number: int) -> Node:
        flow = self.shape.waiting(number % self.shape.in_queue)
        callback = {"mode": "AgentFirst", "enableAutoAnswer": False, "alertingTimeoutSeconds": 30,
                    "site": _object(self.site(number % self.sites), f"{_EDGES}/sites")}  # fmt: skip
        return {
            **_object(self.shape.queue(number), "/api/v2/routing/queues"),
            "division": self._division(),
            "memberCount": 6,
            "acwSettings": {"wrapupPrompt": "OPTIONAL"},
            "skillEvaluationMethod": "ALL",
            "suppressInQueueCallRecording": True,
            "enableTranscription": False,
            "enableAudioMonitoring": False,
            "queueFlow": _object(flow, "/api/v2/flows"),
            "mediaSettings": {"callback": callback},
        }

    def _member(self, queue: int, number: int) -> Node:
        """Six agents a queue, each in three queues that stand side by side."""
        user = self.user((queue * 2 + number) % self.users)
        address = f"/api/v2/routing/queues/{self.shape.queue(queue).id}/members"
        return {**_object(user, address), "ringNumber": 1, "joined": True, "memberBy": "user",
                "user": _object(user, "/api/v2/users")}  # fmt: skip

    def _data_table(self, number: int) -> Node:
        named = Named("Special Messages", guid(self.shape.seed, "table"))
        columns = {"key": "string", "Active": "boolean", "Text": "string"}
        properties = {name: {"type": type, "title": name} for name, type in columns.items()}
        schema = {"type": "object", "properties": properties, "required": ["key"]}
        return {**_object(named, "/api/v2/flows/datatables"), "division": self._division(), "schema": schema}


def _object(named: Named, address: str) -> Node:
    return {"id": named.id, "name": named.name, "selfUri": f"{address}/{named.id}"}


def _switch(value: bool) -> Node:
    return {"type": "boolean", "value": {"default": False, "instance": value, "managed": False}}


def _number(index: int) -> str:
    return f"+4935155{index:05}"
