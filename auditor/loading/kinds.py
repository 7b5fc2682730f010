"""Which kind of platform API object a JSON object is: by its address, else by its shape, else by its surroundings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from auditor.loading import architect_objects as architect
from auditor.loading import outbound_objects as outbound
from auditor.loading import people_objects as people
from auditor.loading import phone_objects as phones
from auditor.loading import routing_objects as routing
from auditor.loading import telephony_objects as telephony
from auditor.loading.values import JsonObject
from auditor.model.location import Location

_ROOT = "/api/v2/"
Plain = Callable[[JsonObject, Location], object]
Owned = Callable[[JsonObject, Location, str | None], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object.

    address: the part of selfUri behind /api/v2/ in front of the id; shapes: sets of keys each of which is
    proof; words: names of lists and files (letters only, lower case); read or read_owned makes the object;
    owned: the object belongs to the one whose id stands in the address or above it; inside: (key, kind) of
    lists that such an object may carry.
    """

    name: str
    address: str
    words: tuple[str, ...]
    read: Plain | None = None
    read_owned: Owned | None = None
    shapes: tuple[frozenset[str], ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        """Compiles the address of the listing; {} stands for one id."""
        path = re.escape(_ROOT + self.address).replace(r"\{\}", "[^/]+")
        object.__setattr__(self, "pattern", re.compile(path))


def _shape(*alternatives: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(a.split()) for a in alternatives)


_EDGES = "telephony/providers/edges"
KINDS: tuple[Kind, ...] = (
    Kind("trunk_base", f"{_EDGES}/trunkbasesettings", ("trunkbasesettings", "trunkbases"), telephony.trunk_base,
         shapes=_shape("trunkType properties", "trunkMetabase properties")),
    Kind("trunk", f"{_EDGES}/trunks", ("trunks",), telephony.trunk,
         shapes=_shape("trunkBase trunkType", "trunkBase edge", "trunkBase edgeGroup")),
    Kind("phone_base", f"{_EDGES}/phonebasesettings", ("phonebasesettings", "phonebases"), phones.phone_base,
         shapes=_shape("phoneMetaBase lines")),
    Kind("line_base", f"{_EDGES}/linebasesettings", ("linebasesettings", "linebases"), phones.line_base,
         shapes=_shape("lineMetaBase properties")),
    Kind("phone", f"{_EDGES}/phones", ("phones",), phones.phone, shapes=_shape("phoneBaseSettings")),
    Kind("line", f"{_EDGES}/lines", ("lines",), phones.line, shapes=_shape("lineBaseSettings properties")),
    Kind("station", "stations", ("stations",), phones.station,
         shapes=_shape("lineAppearanceId", "webRtcUserId type", "userId status type")),
    Kind("outbound_route", f"{_EDGES}/sites/{{}}/outboundroutes", ("outboundroutes",),
         read_owned=telephony.outbound_route,
         shapes=_shape("externalTrunkBases classificationTypes", "externalTrunkBases distribution")),
    Kind("outbound_route", f"{_EDGES}/outboundroutes", (), read_owned=telephony.outbound_route),
    Kind("site", f"{_EDGES}/sites", ("sites",), telephony.site,
         shapes=_shape("mediaModel location", "primarySites", "edgeAutoUpdateConfig"),
         inside=(("outboundRoutes", "outbound_route"),)),
    Kind("edge_group", f"{_EDGES}/edgegroups", ("edgegroups",), telephony.edge_group,
         shapes=_shape("edgeTrunkBaseAssignment", "phoneTrunkBases")),
    Kind("did_pool", f"{_EDGES}/didpools", ("didpools",), routing.did_pool,
         shapes=_shape("startPhoneNumber endPhoneNumber")),
    Kind("did", f"{_EDGES}/dids", ("dids", "numbers", "directnumbers"), routing.did,
         shapes=_shape("phoneNumber didPool", "phoneNumber ownerType", "number didPool")),
    Kind("member", "routing/queues/{}/members", ("members", "queuemembers"), read_owned=routing.member,
         shapes=_shape("ringNumber joined", "ringNumber user", "joined user")),
    Kind("member", "routing/queues/{}/users", (), read_owned=routing.member),
    Kind("queue", "routing/queues", ("queues",), routing.queue,
         shapes=_shape("suppressInQueueCallRecording", "queueFlow", "acwSettings mediaSettings",
                       "skillEvaluationMethod", "memberCount mediaSettings"),
         inside=(("members", "member"),)),
    Kind("route", "architect/ivrs", ("ivrs", "callroutes", "routes", "ivrconfigurations"), routing.route,
         shapes=_shape("dnis openHoursFlow", "dnis closedHoursFlow", "openHoursFlow", "dnis scheduleGroup", "dnis")),
    Kind("schedule_group", "architect/schedulegroups", ("schedulegroups",), routing.schedule_group,
         shapes=_shape("openSchedules", "closedSchedules", "holidaySchedules")),
    Kind("schedule", "architect/schedules", ("schedules",), routing.schedule,
         shapes=_shape("start end")),
    Kind("emergency_group", "architect/emergencygroups", ("emergencygroups",), routing.emergency_group,
         shapes=_shape("emergencyCallFlows")),
    Kind("prompt", "architect/prompts", ("prompts", "userprompts"), architect.prompt, shapes=_shape("resources")),
    Kind("user", "users", ("users",), people.user,
         shapes=_shape("username", "primaryContactInfo", "email state", "email division")),
    Kind("group_member", "groups/{}/members", ("groupmembers",), read_owned=people.group_member),
    Kind("group_member", "groups/{}/individuals", (), read_owned=people.group_member),
    Kind("group", "groups", ("groups",), people.group,
         shapes=_shape("rulesVisible", "visibility memberCount", "callsEnabled"),
         inside=(("members", "group_member"),)),
    Kind("policy", "recording/mediaretentionpolicies", ("mediaretentionpolicies", "retentionpolicies", "policies",
         "recordingpolicies"), outbound.policy, shapes=_shape("mediaPolicies", "order conditions actions")),
    Kind("policy", "recording/crossplatform/mediaretentionpolicies", (), outbound.policy),
    Kind("campaign", "outbound/campaigns", ("campaigns",), outbound.campaign, shapes=_shape("dialingMode")),
    Kind("response_set", "outbound/callanalysisresponsesets", ("callanalysisresponsesets", "responsesets"),
         outbound.response_set, shapes=_shape("responses")),
    Kind("row", "flows/datatables/{}/rows", ("rows", "datatablerows"), read_owned=architect.row),
    Kind("data_table", "flows/datatables", ("datatables", "tables"), architect.data_table,
         shapes=_shape("schema division", "schema selfUri"), inside=(("rows", "row"),)),
    Kind("flow", "flows", ("flows",), architect.flow,
         shapes=_shape("publishedVersion", "checkedInVersion", "savedVersion")),
)  # fmt: skip

BY_NAME = {kind.name: kind for kind in reversed(KINDS)}
_LISTINGS = frozenset(_ROOT + kind.address for kind in KINDS)
_BY_WORD = {word: kind for kind in KINDS for word in kind.words}
_NAMES = ("id", "name", "phoneNumber", "number")


def by_address(address: object) -> tuple[Kind, str | None] | None:
    """Kind and id (None: the address of a listing) of a selfUri; parts of other objects have none."""
    if not isinstance(address, str):
        return None
    path = address.partition("?")[0].rstrip("/")
    path = path[max(path.find(_ROOT), 0) :]
    above, _, id = path.rpartition("/")
    kind = None if path in _LISTINGS else _listing(above)
    if kind is not None:
        return kind, id
    kind = _listing(path)
    return None if kind is None else (kind, None)


@lru_cache(maxsize=4096)
def _listing(path: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.pattern.fullmatch(path)), None)


def by_shape(value: JsonObject) -> Kind | None:
    """The kind whose keys an object has; objects that are not named at all are none of ours."""
    if not any(isinstance(value.get(key), str) for key in _NAMES):
        return None
    keys = value.keys()
    return next((kind for kind in KINDS if any(shape <= keys for shape in kind.shapes)), None)


def by_word(word: str) -> Kind | None:
    """The kind that a list of this name holds ("trunkBaseSettings", "trunk-base-settings")."""
    return _BY_WORD.get(re.sub("[^a-z]", "", word.lower()))


def by_file_name(stem: str) -> Kind | None:
    """The kind a file name hints at ("queues-page2", "export_users"): its longest word that is one."""
    parts = [p for p in re.split(r"[^a-z]+", stem.lower()) if p]
    candidates = {"".join(parts), *parts, *("".join(pair) for pair in pairwise(parts))}
    found = sorted((w for w in candidates if w in _BY_WORD), key=lambda w: (-len(w), w))
    return _BY_WORD[found[0]] if found else None
