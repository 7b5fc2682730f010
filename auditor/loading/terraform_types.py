"""Which Terraform resource is which kind of object, and where its attributes differ from the platform API's.

Attribute names are the API's in snake_case with `_id` behind references, so that most need no word here; source:
reference/terraform_references.json and the provider's documentation. Defaults of the provider are never filled in:
exports have lost keys that have a default, and a missing setting is not its default (semantics, section 1).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

_PREFIX = "genesyscloud_"
_EDGES = "telephony_providers_edges_"


class ResourceType(Struct, frozen=True):
    """kind: as in `kinds`; single: blocks that occur at most once and are objects in the API; kept: attributes whose
    content is taken over untouched; renamed: attribute -> name in the API, a dot stands for "below"."""

    kind: str
    single: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_POLICY_BLOCKS = _words(
    "media_policies call_policy chat_policy email_policy message_policy conditions actions time_allowed duration"
    " retention_duration delete_retention archive_retention"
)
_RESPONSES = _words(
    "callable_person callable_machine callable_fax callable_busy callable_noanswer callable_disconnect"
    " callable_lineconnected callable_sit uncallable_notfound uncallable_sit"
)

TYPES: Mapping[str, ResourceType] = {
    "architect_ivr": ResourceType("route"),
    "architect_schedules": ResourceType("schedule"),
    "architect_schedulegroups": ResourceType("schedule_group"),
    "architect_emergencygroup": ResourceType("emergency_group"),
    "architect_user_prompt": ResourceType("prompt"),
    "architect_datatable": ResourceType("data_table", kept=_words("properties")),
    "architect_datatable_row": ResourceType("row", kept=_words("properties_json")),
    "flow": ResourceType("flow", kept=_words("substitutions")),
    "architect_flow": ResourceType("flow"),  # its name in early versions of the provider
    "routing_queue": ResourceType(
        "queue",
        single=_words("direct_routing media_settings_callback conditional_group_activation pilot_rule"),
        kept=_words("default_script_ids"),
        renamed={
            "media_settings_callback": "mediaSettings.callback",
            "bullseye_rings": "bullseye.rings",
            "conditional_group_routing_rules": "conditionalGroupRouting.rules",
            "member_group_id": "id",
            "ring_num": "ringNumber",
        },
    ),
    "user": ResourceType("user"),
    "group": ResourceType("group", renamed={"member_ids": "members"}),
    f"{_EDGES}trunkbasesettings": ResourceType("trunk_base", kept=_words("properties")),
    f"{_EDGES}trunk": ResourceType("trunk", renamed={"trunk_base_settings_id": "trunkBase"}),
    f"{_EDGES}edge_group": ResourceType("edge_group"),
    f"{_EDGES}site": ResourceType("site", renamed={"set_as_default_site": "default"}),
    f"{_EDGES}site_outbound_route": ResourceType("outbound_route"),
    f"{_EDGES}phonebasesettings": ResourceType("phone_base", kept=_words("properties capabilities")),
    f"{_EDGES}phone": ResourceType("phone", kept=_words("properties capabilities line_properties")),
    f"{_EDGES}did_pool": ResourceType("did_pool", renamed={"pool_provider": "provider"}),
    "recording_media_retention_policy": ResourceType("policy", single=_POLICY_BLOCKS),
    "outbound_campaign": ResourceType("campaign"),
    "outbound_callanalysisresponseset": ResourceType(
        "response_set", single=_RESPONSES | {"responses"}, renamed={name: name for name in _RESPONSES}
    ),
    "auth_division": ResourceType("division"),
    "auth_division_home": ResourceType("division"),
}
"""Resource types without their prefix. Of divisions only the names are used."""


def resource_type(name: str) -> ResourceType | None:
    """What a resource type (`genesyscloud_...`) is; None: nothing that calls meet."""
    return TYPES.get(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
