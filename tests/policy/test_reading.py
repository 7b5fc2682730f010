"""Ambiguities from joining leave unproved what reads the objects, and nothing else."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

from auditor.audit import run_audit
from auditor.findings import Audit
from auditor.loading.load import load
from auditor.loading.policy_file import read_policy
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions, read_jurisdictions
from auditor.loading.vocabulary import read_vocabulary
from auditor.policy.effective import effective_rules
from auditor.policy.options import AuditOptions
from tests.demo_resources import DEMO, SOURCE, entities

QUEUE = 'resource "genesyscloud_routing_queue" "q" {\n  name = "English Desk"\n  enable_transcription = true\n}\n'
TRUNK = """\
resource "genesyscloud_telephony_providers_edges_trunkbasesettings" "t" {
  name       = "SIP Telko Sachsen"
  trunk_type = "PHONE"
}
"""
GROUP = 'resource "genesyscloud_group" "g" {\n  name = "Teamleitung"\n}\n'


def audited(*paths: Path, candidates: tuple[Path, ...] = ()) -> Audit:
    policy = read_policy(DEMO / "auditor.toml")
    options = AuditOptions(read_assumptions(), read_vocabulary(), read_jurisdictions())
    return run_audit(load(paths, candidates=candidates), effective_rules(read_rules(), policy), policy, options)


def proved(audit: Audit) -> set[str]:
    return {f"{v.entry.name} ({v.leg.trunks[0]})" for v in audit.verdicts if v.verdict.value == "proved"}


def doubts(audit: Audit) -> set[str]:
    return {reason for v in audit.verdicts for reason in v.reasons if "RX907" in reason}


@cache
def whole() -> frozenset[str]:
    return frozenset(proved(audited(DEMO / "api-json")))


def twice(folder: Path, listing: str, name: str) -> Path:
    """The organisation with a second object of a name, in another division, which nothing refers to."""
    copied = folder / "organisation"
    shutil.copytree(DEMO / "api-json", copied)
    page = json.loads((copied / listing).read_text(encoding="utf-8"))
    one = next(entity for entity in page["entities"] if entity["name"] == name)
    other = json.loads(json.dumps(one).replace(one["id"], "00000000-1111-2222-3333-444444444444"))
    page["entities"].append({**other, "division": {"id": "55555555-1111-2222-3333-444444444444", "name": "Other"}})
    page["total"] += 1
    (copied / listing).write_text(json.dumps(page), encoding="utf-8")
    for members in (copied / "queue_members").glob(f"{one['id']}.json"):
        text = members.read_text(encoding="utf-8").replace(one["id"], other["id"])
        (members.parent / f"{other['id']}.json").write_text(text, encoding="utf-8")
    return copied


def described(folder: Path, text: str) -> Path:
    path = folder / "more.tf"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_objects_of_a_name_alone_change_nothing(tmp_path: Path) -> None:
    assert whole() <= proved(audited(twice(tmp_path, "queues.json", "English Desk")))


def test_a_queue_that_may_be_either_leaves_open_the_calls_that_reach_one(tmp_path: Path) -> None:
    audit = audited(twice(tmp_path, "queues.json", "English Desk"), described(tmp_path, QUEUE))
    (doubt,) = doubts(audit)
    assert 'which queue "English Desk" is meant in' in doubt
    assert whole() - proved(audit) == {"English Service (SIP Telko Sachsen)"}
    assert audit.incomplete


def test_a_trunk_that_may_be_either_leaves_open_the_calls_over_it(tmp_path: Path) -> None:
    organisation = twice(tmp_path, "trunkbasesettings.json", "SIP Telko Sachsen")
    audit = audited(organisation, described(tmp_path, TRUNK))
    lost = whole() - proved(audit)
    assert lost == {name for name in whole() if name.endswith("(SIP Telko Sachsen)")}
    assert all(doubt.startswith('which trunk "SIP Telko Sachsen" is meant in') for doubt in doubts(audit))


def test_what_runs_do_not_tell_leaves_everything_open(tmp_path: Path) -> None:
    audit = audited(twice(tmp_path, "groups.json", "Teamleitung"), described(tmp_path, GROUP))
    assert proved(audit) == set()


def test_a_candidate_that_fits_two_flows_is_not_passed_over(tmp_path: Path) -> None:
    organisation = twice(tmp_path, "flows.json", "English Service Line")
    candidate = tmp_path / "candidate.yaml"
    text = (SOURCE / "flows" / "English Service Line_v5-0.yaml").read_text(encoding="utf-8")
    candidate.write_text(text.replace("  division: Service\n", ""), encoding="utf-8")
    audit = audited(organisation, candidates=(candidate,))
    assert whole() - proved(audit) == {"English Service (SIP Telko Sachsen)"}
    assert "flow" in next(iter(doubts(audit)))


def test_the_names_here_are_those_of_the_organisation() -> None:
    assert {"English Desk"} <= {queue["name"] for queue in entities("queues.json")}
    assert len(whole()) > 10
