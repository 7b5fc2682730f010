"""Trunks that Terraform names as data sources and does not describe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.model.organisation import Organisation
from auditor.model.settings import Unset
from tests.loading.terraform_source import ARCHY, of_files

TRUNKS = "genesyscloud_telephony_providers_edges_trunkbasesettings"
EARLY = """\
resource "genesyscloud_architect_flow" "f" {
  filepath = "main.yaml"
}
resource "genesyscloud_architect_ivr" "r" {
  name               = "Route"
  open_hours_flow_id = genesyscloud_architect_flow.f.id
}
"""


def data(name: str, label: str = "t") -> str:
    return f'data "{TRUNKS}" "{label}" {{\n  name = "{name}"\n}}\n'


def names(organisation: Organisation) -> list[str]:
    return sorted(trunk.name for trunk in organisation.trunk_bases)


def test_a_managed_trunk_is_there_with_nothing_known_of_it(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf=data("PureCloud Voice - AWS"))
    (trunk,) = organisation.trunk_bases
    assert (trunk.id, trunk.type, trunk.location.line) == ("name:PureCloud Voice - AWS", "EXTERNAL", 1)
    assert isinstance(trunk.line, Unset) and isinstance(trunk.gate, Unset)
    told = [p.message for p in organisation.problems if p.code in ("RX902", "RX908")]
    assert any("trunk_recording_consent_required" in text for text in told)
    assert not any("no trunk base settings" in text for text in told)


@pytest.mark.parametrize(
    "name",
    [
        "Tie TrunkBase for EdgeGroup f9",
        "Indirect Tie TrunkBase for EdgeGroup f9",
        "Genesys Cloud - CDM SIP Phone Trunk",
    ],
)
def test_trunks_to_phones_and_edges_are_none_that_calls_come_over(tmp_path: Path, name: str) -> None:
    assert names(of_files(tmp_path, main_dot_tf=data(name))) == []


def test_a_trunk_of_phones_is_known_by_its_edge_group(tmp_path: Path) -> None:
    group = f"""\
resource "genesyscloud_telephony_providers_edges_edge_group" "g" {{
  name                 = "G"
  phone_trunk_base_ids = [data.{TRUNKS}.t.id]
}}
"""
    assert names(of_files(tmp_path, main_dot_tf=data("Desk phones") + group)) == []


def test_a_trunk_that_another_file_describes_counts_once(tmp_path: Path) -> None:
    listing = json.dumps([{"id": "t1", "name": "Carrier", "trunkType": "EXTERNAL", "properties": {}}])
    twice = data("Carrier") + data("carrier", "u") + data("Other", "v") + data("Other", "w")
    organisation = of_files(tmp_path, main_dot_tf=twice, trunkbasesettings_dot_json=listing)
    assert [(trunk.id, trunk.name) for trunk in organisation.trunk_bases] == [
        ("t1", "Carrier"),
        ("name:Other", "Other"),
    ]


def test_flows_under_their_early_name(tmp_path: Path) -> None:
    organisation = of_files(tmp_path, main_dot_tf=EARLY, main_dot_yaml=ARCHY)
    assert [route.open_flow.name for route in organisation.routes if route.open_flow] == ["Main"]


def test_call_routes_and_campaigns_that_are_only_named_are_told(tmp_path: Path) -> None:
    source = """\
data "genesyscloud_architect_ivr" "r" {
  name = "Hotline"
}
data "genesyscloud_architect_ivr" "known" {
  name = "Desk"
}
data "genesyscloud_outbound_campaign" "c" {
  name = "Spring"
}
resource "genesyscloud_architect_ivr" "d" {
  name = "Desk"
}
"""
    organisation = of_files(tmp_path, main_dot_tf=source)
    assert sorted(p.message for p in organisation.problems if p.code == "RX901") == [
        'Only the name of the call route "Hotline" is in the export; its calls are not audited.',
        'Only the name of the campaign "Spring" is in the export; its calls are not audited.',
    ]
