"""What is collected, and from which addresses (domain reference; paths and parameters of the official SDK)."""

from __future__ import annotations

from msgspec import Struct

_EDGES = "telephony/providers/edges"
Query = tuple[tuple[str, str], ...]


class Listing(Struct, frozen=True):
    """A listing of the platform API, or one document.

    name: folder and start of the file names, chosen so that the loader knows the kind from it; path: below
    /api/v2/, `{a.b}` stands for a value of the object it belongs to; paged: False for one document.
    """

    name: str
    path: str
    query: Query = ()
    paged: bool = True


class Kind(Struct, frozen=True):
    """A kind of object: its listing, and what has to be asked for each of its objects."""

    listing: Listing
    part: Listing | None = None

    @property
    def name(self) -> str:
        """The word of --only."""
        return self.listing.name


def _kind(name: str, path: str, part: Listing | None = None, **query: str) -> Kind:
    return Kind(Listing(name, path, tuple(query.items())), part)


KINDS: tuple[Kind, ...] = (
    Kind(Listing("organization", "organizations/me", paged=False)),
    _kind("trunkbasesettings", f"{_EDGES}/trunkbasesettings", expand="properties"),
    _kind("trunks", f"{_EDGES}/trunks"),
    _kind("sites", f"{_EDGES}/sites", Listing("outboundroutes", f"{_EDGES}/sites/{{id}}/outboundroutes"),
          expand="primarySites,secondarySites"),
    _kind("edgegroups", f"{_EDGES}/edgegroups"),
    # Only a listing sorted by id goes beyond 10,000 phones.
    _kind("phones", f"{_EDGES}/phones", sortBy="id", expand="properties,site,phoneBaseSettings,lines",
          fields="webRtcUser,properties.*,lines.loggedInUser,lines.defaultForUser"),
    _kind("phonebasesettings", f"{_EDGES}/phonebasesettings", expand="properties,lines"),
    _kind("linebasesettings", f"{_EDGES}/linebasesettings", expand="properties"),
    _kind("lines", f"{_EDGES}/lines", expand="properties,site,assignedUser"),
    _kind("stations", "stations"),
    _kind("dids", f"{_EDGES}/dids"),
    _kind("didpools", f"{_EDGES}/didpools"),
    _kind("ivrs", "architect/ivrs"),
    _kind("schedules", "architect/schedules"),
    _kind("schedulegroups", "architect/schedulegroups"),
    _kind("emergencygroups", "architect/emergencygroups"),
    _kind("queues", "routing/queues", Listing("queuemembers", "routing/queues/{id}/members")),
    _kind("users", "users", expand="station", state="any"),
    _kind("groups", "groups", Listing("groupmembers", "groups/{id}/members")),
    _kind("mediaretentionpolicies", "recording/mediaretentionpolicies"),
    _kind("campaigns", "outbound/campaigns"),
    _kind("callanalysisresponsesets", "outbound/callanalysisresponsesets", allowEmptyResult="true"),
    # Addresses of audio are signed: whoever holds one can fetch it.
    _kind("prompts", "architect/prompts", includeResources="true", includeMediaUris="false"),
    _kind("datatables", "flows/datatables",
          Listing("datatablerows", "flows/datatables/{id}/rows", (("showbrief", "false"),)), expand="schema"),
    _kind("flows", "flows",
          Listing("flowconfigurations", "flows/{id}/versions/{publishedVersion.id}/configuration", paged=False)),
)  # fmt: skip
"""In the order of collecting: what decides whether lines record first, the many flow bodies last."""

BY_NAME = {kind.name: kind for kind in KINDS}
