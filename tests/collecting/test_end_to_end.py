from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import run_audit
from auditor.collecting.kinds import KINDS
from auditor.findings import Audit
from auditor.loading.load import load
from auditor.loading.merging import bare
from auditor.loading.rules import read_rules
from auditor.loading.tables import read_assumptions
from auditor.loading.vocabulary import read_vocabulary
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy
from auditor.policy.effective import effective_rules
from auditor.policy.options import AuditOptions
from tests.collecting.conftest import Office
from tests.collecting.demo import files
from tests.collecting.platform import ID, SECRET

EDGES = "telephony/providers/edges"


def audited(organisation: Organisation) -> Audit:
    policy = Policy()
    options = AuditOptions(assumptions=read_assumptions(), vocabulary=read_vocabulary(), today=date(2026, 3, 1))
    return run_audit(organisation, effective_rules(read_rules(), policy), policy, options)


def objects(organisation: Organisation) -> dict[str, Any]:
    """Everything but where it was read, and what only a manifest tells."""
    names = [name for name in organisation.__struct_fields__ if name not in ("inputs", "problems", "notes", "name")]
    return {name: bare(getattr(organisation, name)) for name in names}


def problems(organisation: Organisation) -> Counter[tuple[str, str]]:
    return Counter((p.code, p.message) for p in organisation.problems)


def report(audit: Audit) -> object:
    parts = (audit.coverage, audit.assumptions, audit.verdicts, audit.findings, audit.notes)
    return [bare(part) for part in parts], audit.incomplete


def manifest(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((office.out / "manifest.json").read_text(encoding="utf-8"))
    return found


def gaps(office: Office) -> list[tuple[str, int]]:
    return [(gap["listing"], gap["status"]) for gap in manifest(office)["gaps"]]


def test_an_organisation_collected_with_trouble_audits_like_the_same_data_in_files(
    office: Office, tmp_path: Path
) -> None:
    platform = office.platform
    platform.faults |= {
        "users": ["", "429 7"],
        "routing/queues": ["500", "503", "502"],
        f"{EDGES}/phones": ["", "", "slow"],
        f"{EDGES}/lines": ["cut", "half"],
        "architect/ivrs": ["", *["cut"] * 6],
        "outbound/campaigns": ["403", "403"],
    }
    assert office.run() == 3
    assert "does not answer" in office.desk.err
    assert "--resume" in office.desk.err
    assert office.waits == [1, 1, 2, 1, 2, 4, 8, 16]  # phones, lines, ivrs
    assert manifest(office)["finished"] is None
    assert any("was not finished" in p.message for p in load([office.out]).problems)

    del office.slept[:]
    assert office.run(resume=True) == 5
    assert office.waits == [1, 2, 4, 7]  # queues, users
    assert gaps(office) == [("campaigns", 403)]
    assert platform.paths().count(f"/api/v2/{EDGES}/phones") == 4, "what was complete was asked for again"

    assert office.run(resume=True) == 5
    assert gaps(office) == [("campaigns", 403)]
    assert office.run(resume=True) == 0
    assert gaps(office) == []

    collected, read = load([office.out]), load([files(tmp_path / "files")])
    assert objects(collected) == objects(read)
    assert problems(collected) == problems(read)
    first, second = audited(collected), audited(read)
    assert report(first) == report(second)
    assert first.findings
    assert first.verdicts


def test_every_listing_is_read_to_its_last_page(office: Office) -> None:
    assert office.run() == 0
    asked = Counter(path.removeprefix("/api/v2/") for path in office.platform.paths())
    for path in office.platform.listings:
        assert asked.pop(path) == 3, path
    assert set(asked) == set(office.platform.documents)
    found = load([office.out])
    assert len(found.flows) == 16
    assert {file.status for file in found.inputs} == {"understood"}
    counts = manifest(office)["counts"]
    assert counts["users"] == len(found.users) == 12
    assert counts["queuemembers"] == sum(len(queue.members or ()) for queue in found.queues)
    assert set(counts) == {x.name for kind in KINDS for x in (kind.listing, kind.part) if x}


def test_only_reading_and_no_secret_anywhere(office: Office) -> None:
    settings = office.platform.listings[f"{EDGES}/trunkbasesettings"][0]["properties"]
    settings["trunk_sip_authentication_credentials_password"] = {"value": {"instance": "hunter2", "default": ""}}
    assert office.run() == 0
    assert {method for method, _ in office.platform.asked} == {"GET", "POST"}
    assert office.platform.paths("POST") == ["/oauth/token"]
    secrets = [ID, SECRET, "hunter2", *office.platform.tokens]
    texts = [office.desk.out, office.desk.err]
    texts += [path.read_text(encoding="utf-8") for path in office.out.rglob("*") if path.is_file()]
    assert len(texts) > 60
    assert not [text for text in texts if any(secret in text for secret in secrets)]
    assert not [url for _, url in office.platform.asked if any(secret in url for secret in secrets)]
    assert office.out.stat().st_mode & 0o077 == 0


def test_a_refusal_is_a_gap_and_not_an_empty_listing(office: Office) -> None:
    queue = "routing/queues/7fab1ee3-2bb9-4ee6-aa96-b9b1d711030e/members"
    office.platform.forever |= {"outbound/campaigns": "403", queue: "403"}
    assert office.run() == 5
    (members, campaigns) = manifest(office)["gaps"]
    assert (campaigns["kind"], campaigns["status"], campaigns["files"]) == ("campaigns", 403, [])
    assert campaigns["reason"].startswith("Unable to perform the requested action")
    assert members["owner"] == "7fab1ee3-2bb9-4ee6-aa96-b9b1d711030e"
    assert not (office.out / "campaigns").exists()
    found = load([office.out])
    told = problems(found)
    assert any(code == "RX905" and message.startswith("campaigns could not be collected") for code, message in told)
    assert any(code == "RX908" and "campaigns" in message for code, message in told)
    assert any(code == "RX902" and '"Kundenservice"' in message and "members" in message for code, message in told)
    assert audited(found).incomplete


def test_a_listing_that_breaks_off_keeps_its_pages_and_says_so(office: Office) -> None:
    office.platform.faults["users"] = ["", "", *["500"] * 6]
    assert office.run() == 5
    (gap,) = manifest(office)["gaps"]
    assert (gap["listing"], gap["status"], len(gap["files"])) == ("users", 500, 2)
    found = load([office.out])
    assert len(found.users) == 8
    assert any("could not be collected after 2 pages (status 500" in p.message for p in found.problems)
    assert office.run(resume=True) == 0
    assert len(load([office.out]).users) == 12


def test_what_is_gone_or_changed_meanwhile_is_noticed(office: Office) -> None:
    assert office.run() == 0
    (office.out / "users" / "users-2.json").unlink()
    page = office.out / "dids" / "dids-1.json"
    page.write_text(page.read_text(encoding="utf-8").replace("+4935155501", "+4935155502"), encoding="utf-8")
    told = [p for p in load([office.out]).problems if p.code == "RX905"]
    texts = "\n".join(p.message for p in told)
    assert "The manifest names users/users-2.json, which is not there." in texts
    assert "dids/dids-1.json is not the one that was collected" in texts
    asked = len(office.platform.asked)
    assert office.run(resume=True) == 0
    again = [re.sub(r"\?.*", "", url) for _, url in office.platform.asked[asked:]]
    assert again == ["/oauth/token", "/api/v2/organizations/me", *[f"/api/v2/{EDGES}/dids"] * 3, *["/api/v2/users"] * 3]
    assert not [p for p in load([office.out]).problems if p.code == "RX905"]


def test_pages_of_objects_that_are_gone_do_not_stay_behind(office: Office) -> None:
    office.platform.forever["groups"] = "500"
    assert office.run() == 5
    listings = dict(office.platform.listings)
    gone = listings["routing/queues"][0]["id"]
    listings["routing/queues"] = listings["routing/queues"][1:]
    office.platform.listings = listings
    for page in (office.out / "queues").iterdir():
        page.write_text("{}", encoding="utf-8")
    office.platform.forever.clear()
    stray = office.out / "users" / "users-9.json"
    stray.write_text('{"entities": []}', encoding="utf-8")
    assert office.run(resume=True) == 0
    names = {path.name for path in office.out.rglob("*.json")}
    assert stray.name not in names
    assert not [name for name in names if gone in name]
    assert not [p for p in load([office.out]).problems if p.code == "RX905"]


@pytest.mark.parametrize("only", [("queues",), ("flows", "users")])
def test_kinds_that_were_left_out_are_said_and_can_follow(office: Office, only: tuple[str, ...]) -> None:
    assert office.run(only=only) == 0
    folders = {path.name for path in office.out.iterdir() if path.is_dir()}
    parts = {kind.part.name for kind in KINDS if kind.part and kind.name in only}
    assert folders == {"organization", *only, *parts}
    (told,) = [p for p in load([office.out]).problems if p.message.startswith("The collection was told to leave out")]
    assert told.code == "RX908"
    assert "emergencygroups" in told.message
    assert not any(word in re.findall(r"\w+", told.message) for word in only)
    assert office.run(resume=True) == 0
    assert not [p for p in load([office.out]).problems if "leave out" in p.message]
