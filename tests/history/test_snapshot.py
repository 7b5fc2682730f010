from __future__ import annotations

import shutil
from pathlib import Path

from msgspec.structs import replace

from auditor.history.comparing import changed
from auditor.history.snapshot import things_of
from auditor.loading.load import load
from auditor.model.organisation import Organisation
from tests.history.samples import OPEN, queue, trunk

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "fixtures" / "cases" / "RC102-bad-enable-first" / "export"


def test_references_are_names_and_ids_do_not_matter() -> None:
    before = Organisation(queues=(queue("Sales", in_queue_flow="id-Trunk Berlin"),), trunk_bases=(trunk(),))
    moved = replace(before.queues[0], id="another", in_queue_flow="other")
    after = Organisation(queues=(moved,), trunk_bases=(replace(trunk(), id="other"),))
    assert dict(things_of(before)[0].fields)["in_queue_flow"] == "Trunk Berlin"
    assert changed(things_of(before), things_of(after)) == ()


def test_what_has_the_same_name_is_told_apart() -> None:
    names = [thing.name for thing in things_of(Organisation(queues=(queue("A"), queue("A"), queue("B"))))]
    assert names == ["A", "A (2)", "B"]


def test_settings_have_the_names_that_administrators_know() -> None:
    [thing] = things_of(replace(OPEN, queues=(), trunk_bases=OPEN.trunk_bases[:1]))
    fields = dict(thing.fields)
    assert fields["trunk_recording_consent_required"] == "false"
    assert fields["trunk_recording_enabled"] == "true"


def test_an_edit_of_a_flow_is_found_at_its_action(tmp_path: Path) -> None:
    before = load([CASE])
    shutil.copytree(CASE, tmp_path / "export")
    [file] = (tmp_path / "export" / "flows").iterdir()
    text = file.read_text(encoding="utf-8")
    file.write_text("# another place in the file\n" + text, encoding="utf-8")
    assert changed(things_of(before), things_of(load([tmp_path]))) == ()
    assert text.count("enableParticipantRecord:") == 1
    file.write_text(text.replace("enableParticipantRecord:", "enableParticipantRecordX:"), encoding="utf-8")
    changes = changed(things_of(before), things_of(load([tmp_path])))
    flow = before.flows[0].name
    assert {change.thing for change in changes} == {f"flow:{flow}"}
    [kind] = [change for change in changes if change.field.endswith(": type")]
    assert (kind.before, kind.after) == ("enableParticipantRecord", "enableParticipantRecordX")


def test_every_action_of_a_flow_has_its_row() -> None:
    [flow] = [thing for thing in things_of(load([CASE])) if thing.kind == "flow"]
    paths = [path for path, _ in flow.fields]
    assert any(path.endswith(": type") for path in paths)
    assert any(": on " in path for path in paths)
