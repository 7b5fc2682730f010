from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.settings import Known
from tests.loading.exports import addressed, write
from tests.loading.terraform_source import ARCHY, configuration

OTHER = "0f0e0d0c-1111-2222-3333-444455557777"


def judged(organisation: Organisation) -> list[str]:
    return [p.code for p in organisation.problems if p.code in ("RX906", "RX907", "RX909")]


def queue(**changes: Any) -> dict[str, Any]:
    return {**addressed("queues"), **changes}


def suppressed(organisation: Organisation) -> list[bool]:
    return [q.suppress.value for q in organisation.queues if isinstance(q.suppress, Known)]


def test_a_candidate_replaces_the_object_of_its_id_without_a_contradiction(tmp_path: Path) -> None:
    old, new = tmp_path / "org", tmp_path / "new"
    write(old, "queues.json", {"entities": [queue()]})
    write(new, "queues.json", {"entities": [queue(suppressInQueueCallRecording=False, name="Renamed")]})
    organisation = load([old], candidates=[new])
    assert [q.name for q in organisation.queues] == ["Renamed"]
    assert suppressed(organisation) == [False]
    assert judged(organisation) == []
    assert judged(load([old, new])) == ["RX909"]


def test_a_candidate_may_lie_inside_the_paths(tmp_path: Path) -> None:
    write(tmp_path, "queues.json", {"entities": [queue()]})
    new = write(tmp_path, "new/queues.json", {"entities": [queue(suppressInQueueCallRecording=False)]})
    organisation = load([tmp_path], candidates=[new])
    assert suppressed(organisation) == [False]
    assert judged(organisation) == []


def test_without_an_id_kind_name_and_division_decide(tmp_path: Path) -> None:
    home = queue()
    away = queue(id="q2", selfUri="/api/v2/routing/queues/q2", division={"id": "d2", "name": "Away"})
    write(tmp_path, "org/queues.json", {"entities": [home, away]})
    attributes = {"name": "Sales", "suppress_in_queue_call_recording": False}
    text = configuration(
        routing_queue={"Q": {**attributes, "division_id": "${genesyscloud_auth_division.A.id}"}},
        auth_division={"A": {"name": "Away"}},
    )
    new = write(tmp_path, "new/x.tf.json", text)
    organisation = load([tmp_path / "org"], candidates=[new])
    assert {q.id: q.suppress.value for q in organisation.queues} == {"q1": True, "q2": False}  # type: ignore[union-attr]
    assert judged(organisation) == []


def test_a_candidate_that_fits_several_replaces_none(tmp_path: Path) -> None:
    away = queue(id="q2", selfUri="/api/v2/routing/queues/q2", division={"id": "d2", "name": "Away"})
    write(tmp_path, "org/queues.json", {"entities": [queue(), away]})
    new = write(
        tmp_path,
        "new/q.json",
        [{key: value for key, value in queue().items() if key not in ("id", "selfUri", "division")}],
    )
    organisation = load([tmp_path / "org"], candidates=[new])
    assert "RX907" in judged(organisation)
    assert len(organisation.queues) == 3


def test_a_listing_of_members_replaces_the_whole_listing(tmp_path: Path) -> None:
    page = {"selfUri": "/api/v2/routing/queues/q1/members"}
    write(tmp_path, "org/q.json", queue())
    write(tmp_path, "org/m.json", {**page, "entities": [{"id": "u1"}, {"id": "u2"}], "total": 2})
    new = write(tmp_path, "new/m.json", {**page, "entities": [{"id": "u3"}], "total": 1})
    (found,) = load([tmp_path / "org"], candidates=[new]).queues
    assert found.members is not None and [member.user for member in found.members] == ["u3"]


def test_a_flow_about_to_be_deployed_stands_where_the_organisation_has_it(tmp_path: Path) -> None:
    listed = {**addressed("flows"), "publishedVersion": {"id": "3.0"}}
    write(tmp_path, "org/flows.json", {"entities": [listed]})
    write(tmp_path, "org/Main_v3-0.yaml", ARCHY)
    new = write(tmp_path, "new/Main_v4-0.yaml", ARCHY.replace("false", "true"))
    organisation = load([tmp_path / "org"], candidates=[new])
    (flow,) = organisation.flows
    assert (flow.id, flow.division, flow.location.file) == ("f1", "Home", new.as_posix())
    assert judged(organisation) == []
    assert organisation.notes == ()


def test_a_new_object_is_added(tmp_path: Path) -> None:
    write(tmp_path, "org/q.json", queue())
    new = write(tmp_path, "new/q.json", queue(id=OTHER, name="New", selfUri=f"/api/v2/routing/queues/{OTHER}"))
    assert [q.name for q in load([tmp_path / "org"], candidates=[new]).queues] == ["New", "Sales"]
