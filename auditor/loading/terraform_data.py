"""Objects of which Terraform has only the name: exports hold managed trunks as data sources, and others may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.loading.harvest import Harvest
from auditor.loading.merging import subject_of
from auditor.loading.objects import Objects
from auditor.loading.terraform_documents import Block
from auditor.model.problems import Problem
from auditor.model.telephony import TrunkBase

_TRUNKS = "genesyscloud_telephony_providers_edges_trunkbasesettings"
_EDGE_GROUPS = "genesyscloud_telephony_providers_edges_edge_group"
_BEGINNINGS = {
    "genesyscloud_architect_ivr": ("route", "call route"),
    "genesyscloud_outbound_campaign": ("campaign", "campaign"),
}
_INSIDE = re.compile(
    r"(?:Direct |Indirect |Cloud Proxy )?Tie TrunkBase for EdgeGroup\b.*|Genesys Cloud - CDM .*Phone Trunk",
    re.IGNORECASE,
)
"""Managed trunks between edges and to phones (the provider's documentation of trunk base settings)."""


def named_trunks(
    blocks: Sequence[Block], harvests: Mapping[str, Harvest], identities: Iterable[tuple[Block, str, str]]
) -> Iterator[tuple[Block, list[object]]]:
    """The data sources that alone tell of a trunk, each with the trunk; what is set in it is not known.

    identities: data sources of trunk base settings, each with its id and name.
    """
    described = {_name(thing) for harvest in harvests.values() for thing in harvest.objects.get("trunk_base", ())}
    for block, id, name in identities:
        if name.casefold() in described or _INSIDE.fullmatch(name) or _of_phones(block, blocks):
            continue
        described.add(name.casefold())
        found = Harvest()
        Objects(found, "").known("trunk_base", {"id": id, "name": name, "trunkType": "EXTERNAL"}, block.at)
        yield block, found.objects["trunk_base"]


def unaudited(data: Iterable[tuple[Block, str]], harvests: Mapping[str, Harvest]) -> Iterator[Problem]:
    """RX901: ways in which calls begin that only a data source names. data: such sources, each with its name."""
    for block, name in data:
        kind, words = _BEGINNINGS[block.type]
        described = (thing for harvest in harvests.values() for thing in harvest.objects.get(kind, ()))
        if not any(getattr(thing, "name", "").casefold() == name.casefold() for thing in described):
            message = f'Only the name of the {words} "{name}" is in the export; its calls are not audited.'
            hint = "Export it as a resource, or add the listing of the platform API."
            yield Problem("RX901", message, block.at, hint, subject_of(kind, name))


def begins_calls(block: Block) -> bool:
    """Whether the block is a data source of something with which calls begin."""
    return block.data and block.type in _BEGINNINGS


def is_trunk(block: Block) -> bool:
    """Whether the block is a data source of trunk base settings."""
    return block.data and block.type == _TRUNKS


def _name(thing: object) -> str:
    return thing.name.casefold() if isinstance(thing, TrunkBase) else ""


def _of_phones(block: Block, blocks: Iterable[Block]) -> bool:
    """Whether an edge group uses the trunk for its phones."""
    mentioned = f"data.{_TRUNKS}.{block.label}."
    groups = (other for other in blocks if other.type == _EDGE_GROUPS)
    return any(mentioned in str(group.values.get("phone_trunk_base_ids")) for group in groups)
