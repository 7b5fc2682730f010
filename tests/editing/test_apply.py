from __future__ import annotations

from pathlib import Path

import pytest

from auditor.editing.apply import apply
from auditor.editing.edits import (
    After,
    Before,
    Change,
    Copy,
    Delete,
    EditFlow,
    Guard,
    Insert,
    Inside,
    SetDefault,
    SetSetting,
)
from auditor.loading.load import load
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Menu
from auditor.model.organisation import Organisation
from auditor.model.settings import Known
from auditor.model.sites import action_sites

CASES = Path(__file__).resolve().parents[2] / "fixtures" / "cases"
ASKED = CASES / "RC105-bad-answer-not-tested" / "export"


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return load([ASKED])


def number(organisation: Organisation, name: str) -> int:
    return next(s.number for s in action_sites(organisation.flows[0]) if s.action.name == name)


def changed(organisation: Organisation, *changes: Change) -> list[str]:
    return [s.action.name for s in action_sites(apply(organisation, [EditFlow(0, changes)]).flows[0])]


def test_nothing_is_changed_by_no_edit(organisation: Organisation) -> None:
    assert apply(organisation, []) == organisation


def test_actions_are_taken_out_and_put_elsewhere(organisation: Organisation) -> None:
    before = [s.action.name for s in action_sites(organisation.flows[0])]
    enable, ask = number(organisation, "Enable recording"), number(organisation, "Ask consent")
    without = [name for name in before if name != "Enable recording"]
    assert changed(organisation, Delete(enable)) == without
    front = changed(organisation, Delete(enable), Insert(Before(ask), (Copy(enable),)))
    assert front.index("Enable recording") == before.index("Ask consent")
    assert sorted(front) == sorted(before)
    inside = apply(organisation, [EditFlow(0, (Insert(Inside(ask, "failure"), (Copy(enable),)),))])
    asked = next(s.action for s in action_sites(inside.flows[0]) if s.action.name == "Ask consent")
    assert next(o for o in asked.outputs if o.key == "failure").block[-1].name == "Enable recording"


def test_a_guard_holds_its_actions_behind_a_test(organisation: Organisation) -> None:
    enable = number(organisation, "Enable recording")
    test = Apply("==", (Variable("Task.Answer"), Literal("1", "str")))
    guard = Guard("Agreed", test, 'Task.Answer == "1"', (Copy(enable),))
    after = changed(organisation, Delete(enable), Insert(After(enable), (guard,)))
    assert after[after.index("Agreed") + 1] == "Enable recording"


def test_copies_are_actions_of_their_own(organisation: Organisation) -> None:
    ask = number(organisation, "Ask consent")
    after = apply(organisation, [EditFlow(0, (Insert(After(ask), (Copy(ask),)),))])
    identities = [id(s.action) for s in action_sites(after.flows[0])]
    assert len(set(identities)) == len(identities)


def test_the_edits_of_a_flow_are_made_at_once(organisation: Organisation) -> None:
    first, last = number(organisation, "Ask consent"), number(organisation, "Enable recording")
    apart = apply(organisation, [EditFlow(0, (Delete(first),)), EditFlow(0, (Delete(last),))])
    assert apart == apply(organisation, [EditFlow(0, (Delete(first), Delete(last)))])


def test_another_default_of_a_menu() -> None:
    found = load([CASES / "RC104-bad-menu-default-grants" / "export"])
    menu = next(c for c in found.flows[0].containers if isinstance(c, Menu))
    decline = next(choice for choice in menu.choices if choice.name == "Decline")
    after = apply(found, [EditFlow(0, (SetDefault(menu.id, decline.id),))])
    assert next(c for c in after.flows[0].containers if isinstance(c, Menu)).default == decline.id


def test_settings_reach_every_place_at_which_they_are_held(organisation: Organisation) -> None:
    trunk, phone = organisation.trunk_bases[0], organisation.phones[0]
    edits = (
        SetSetting("trunk", trunk.id, trunk.name, "trunk_recording_consent_required", False),
        SetSetting("phone", phone.id, phone.name, "station_recording_enabled", True),
        SetSetting("flow", "0", "", "suppressRecording", True),
    )
    after = apply(organisation, edits)
    gate = after.trunk_bases[0].gate
    assert isinstance(gate, Known) and gate.value is False
    lines = [line.recording for line in after.phones[0].lines]
    held = [line.recording for line in after.lines if line.id in {x.id for x in after.phones[0].lines}]
    assert lines and all(isinstance(r, Known) and r.value for r in (*lines, *held))
    suppressed = after.flows[0].suppress_recording
    assert isinstance(suppressed, Known) and suppressed.value
    assert after.phones[1:] == organisation.phones[1:]
