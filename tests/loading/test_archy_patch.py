"""Changes to the text of Archy flows: what is changed, and that nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.editing.apply import apply
from auditor.editing.edits import After, Before, Change, Copy, Delete, EditFlow, Guard, Insert, Inside, SetSetting
from auditor.loading.archy_patch import patched
from auditor.loading.archy_places import Unpatchable
from auditor.loading.load import load
from auditor.loading.overlay import overlay
from auditor.loading.settings_patch import with_flow_setting
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Flow
from auditor.model.organisation import Organisation
from auditor.model.sites import action_sites

FLOW = """\
# made by hand
inboundCall:
  name: Main
  startUpRef: "/inboundCall/tasks/task[Home_10]"
  settingsSpeechRec:
    suppressRecording: false   # on purpose
  tasks:
    - task:
        name: Home
        refId: Home_10
        actions:
          - collectInput:
              name: Ask
              inputData:
                var: Task.Answer
              outputs:
                success:
                  actions:
                    - playAudio:
                        name: Thanks
                        audio:
                          tts: "Thank
                            you"
                failure:
                  actions: []

          # the next one is wrong
          - enableParticipantRecord:
              name: Enable
          - decision:
              name: Open
              condition:
                exp: Flow.Open
          - disconnect:
              name: End
"""
TEST = Apply("==", (Variable("Task.Answer"), Literal("1", "str")))
ASK, THANKS, ENABLE, OPEN, END = range(5)


def loaded(folder: Path, text: str) -> tuple[Organisation, Flow]:
    (folder / "main.yaml").write_text(text, encoding="utf-8", newline="")
    organisation = load([folder])
    return organisation, organisation.flows[0]


def shape(flow: Flow) -> list[tuple[str, str, tuple[tuple[str, int], ...]]]:
    return [
        (s.action.type, s.action.name, tuple((o.key, len(o.block)) for o in s.action.outputs if o.block))
        for s in action_sites(flow)
    ]


CHANGES: list[tuple[Change, ...]] = [
    (Delete(ENABLE),),
    (Delete(THANKS),),
    (Delete(ASK), Delete(END)),
    (Insert(Before(ASK), (Copy(ENABLE),)),),
    (Insert(After(END), (Copy(ENABLE),)),),
    (Delete(ENABLE), Insert(Inside(ASK, "success"), (Copy(ENABLE),))),
    (Insert(Inside(ASK, "failure"), (Copy(END),)),),
    (Insert(Inside(OPEN, "yes"), (Copy(END), Copy(ENABLE))),),
    (Delete(ENABLE), Insert(Inside(ASK, "success"), (Guard("A: yes", TEST, 'Task.Answer == "1"', (Copy(ENABLE),)),))),
    (Insert(Before(END), (Copy(ASK),)),),
]


@pytest.mark.parametrize("changes", CHANGES, ids=range(len(CHANGES)))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_patched_text_is_the_changed_flow(changes: tuple[Change, ...], end: str, tmp_path: Path) -> None:
    text = FLOW.replace("\n", end)
    organisation, flow = loaded(tmp_path, text)
    after = patched(text, flow, changes)
    expected = apply(organisation, [EditFlow(0, changes)]).flows[0]
    folder = tmp_path / "after"
    folder.mkdir()
    read = loaded(folder, after)[1]
    assert shape(read) == shape(expected)
    assert after.count(end) == after.count("\n")
    assert "# made by hand" in after and "# on purpose" in after


def test_lines_that_do_not_change_stay_as_they_are(tmp_path: Path) -> None:
    _, flow = loaded(tmp_path, FLOW)
    lines = FLOW.split("\n")
    after = patched(FLOW, flow, (Delete(ENABLE),)).split("\n")
    assert [line for line in lines if line not in after] == [
        "          - enableParticipantRecord:",
        "              name: Enable",
    ]
    assert after == [line for line in lines if line in after]


def test_a_list_that_is_empty_then_says_so(tmp_path: Path) -> None:
    _, flow = loaded(tmp_path, FLOW)
    after = patched(FLOW, flow, (Delete(THANKS),))
    assert "success:\n                  actions: []\n                failure:" in after


def test_a_text_that_is_laid_out_otherwise_is_left_alone(tmp_path: Path) -> None:
    inline = FLOW.replace(
        "                  actions: []\n", "                  actions: [{disconnect: {name: Late}}]\n"
    )
    _, flow = loaded(tmp_path, inline)
    late = next(s.number for s in action_sites(flow) if s.action.name == "Late")
    with pytest.raises(Unpatchable):
        patched(inline, flow, (Delete(late),))
    with pytest.raises(Unpatchable):
        patched(FLOW + "\t", flow, (Delete(ENABLE),))


def test_the_setting_of_a_flow(tmp_path: Path) -> None:
    _, flow = loaded(tmp_path, FLOW)
    after = with_flow_setting(FLOW, flow, True)
    assert after == FLOW.replace("suppressRecording: false ", "suppressRecording: true ")
    without = FLOW.replace("    suppressRecording: false   # on purpose\n", "    asrCompanyDir: none\n")
    _, flow = loaded(tmp_path, without)
    assert "  settingsSpeechRec:\n    suppressRecording: true\n" in with_flow_setting(without, flow, True)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    organisation, _ = loaded(tmp_path, FLOW)
    made = overlay(
        organisation, [SetSetting("trunk", "no such", "T", "trunk_enabled", True), EditFlow(0, (Delete(END),))]
    )
    assert [file.path for file in made.files] == ["main.yaml"]
    assert made.left == ('trunk_enabled of trunk "T": no file of platform API JSON holds the object',)
