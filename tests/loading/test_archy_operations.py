from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.operations import (
    Argument,
    Assign,
    Binding,
    CallBot,
    CallModule,
    CollectInput,
    CopyAudio,
    CopyKind,
    CreateCallback,
    Dynamic,
    EnableRecording,
    GetParticipantData,
    Jump,
    Lookup,
    Menus,
    Pass,
    Play,
    PromptRef,
    Reference,
    Schedule,
    SetLanguage,
    SetParticipantData,
    SetPostFlow,
    Spoken,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.settings import UNSET, Known
from tests.loading.archy_source import actions_of, operation_of


def test_enabling_recording() -> None:
    (enable,) = actions_of("- enableParticipantRecord: {name: Record now}")
    assert (enable.type, enable.name, enable.operation, enable.outputs) == (
        "enableParticipantRecord",
        "Record now",
        EnableRecording(),
        (),
    )


def test_collecting_digits() -> None:
    assert operation_of(
        "- collectInput: {inputData: {var: Task.c}, digits: {exact: 4}, inputAudio: {tts: Enter it}}"
    ) == CollectInput((Spoken("Enter it"),), "Task.c", 4, 4)
    ranged = operation_of("- collectInput: {inputData: {noValue: true}, digits: {range: {min: 1, max: 2}}}")
    assert ranged == CollectInput((), None, 1, 2)


@pytest.mark.parametrize(
    ("audio", "parts"),
    [
        ("{tts: Hello}", (Spoken("Hello"),)),
        ("{prompt: Prompt.Notice}", (PromptRef("Notice"),)),
        ("{prompt: PromptSystem.silence}", (PromptRef("silence", True),)),
        ("{lit: {name: Prompt.Notice}}", (PromptRef("Notice"),)),
        ("{exp: 'AudioPlaybackOptions(ToAudioTTS(\"Hi\"), true)'}", (Spoken("Hi"),)),
        ("{exp: 'Append(ToAudioBlank(5), ToAudio(Prompt.A), ToAudioTTS(\"b\"))'}", (PromptRef("A"), Spoken("b"))),
        ('{exp: ToAudio(FindUserPrompt("Notice"))}', (PromptRef("Notice"),)),
        ("{noValue: true}", ()),
    ],
)
def test_audio(audio: str, parts: tuple[object, ...]) -> None:
    play = operation_of(f"- playAudio: {{audio: {audio}}}")
    assert play == Play(parts)  # type: ignore[arg-type]


def test_audio_that_is_computed() -> None:
    play = operation_of("- playAudio: {audio: {exp: ToAudio(Flow.Prompt)}}")
    assert isinstance(play, Play) and [type(p).__name__ for p in play.audio] == ["DynamicAudio"]


@pytest.mark.parametrize("kind", ["flushAudio", "detectSilence"])
def test_what_flushes_without_playing(kind: str) -> None:
    assert operation_of(f"- {kind}: {{}}") == Pass(flushes=True)


def test_data_actions() -> None:
    lookup = operation_of(
        """
        - callData:
            timeout: {lit: {minutes: 1}}
            category:
              Web Services:
                dataAction:
                  Get consent:
                    inputs: {id: {exp: Call.Ani}, kind: {noValue: true}}
                    successOutputs: {consent: {var: Flow.consent}, other: {noValue: true}}
                    failureOutputs: {errorType: {var: Flow.error}}
        """
    )
    assert lookup == Lookup(
        "callData",
        "Get consent",
        None,
        (Argument("id", Variable("Call.Ani")),),
        (Binding("consent", "Flow.consent"),),
        (Binding("errorType", "Flow.error"),),
        flushes=True,
    )


def test_data_tables() -> None:
    lookup = operation_of(
        """
        - dataTableLookup:
            lookupValue: {exp: Flow.dnis}
            dataTable: {Routing: {foundOutputs: {Rec: {var: Flow.rec}}, failureOutputs: {errorType: {noValue: true}}}}
        """
    )
    assert lookup == Lookup(
        "dataTableLookup",
        "Routing",
        None,
        (Argument("lookupValue", Variable("Flow.dnis")),),
        (Binding("Rec", "Flow.rec"),),
    )


def test_found_objects_are_stored() -> None:
    assert operation_of("- findQueue: {findName: {lit: Help}, findResult: {var: Task.q}}") == Pass(
        bindings=(Binding("findResult", "Task.q"),)
    )


def test_participant_data() -> None:
    read = operation_of("- getParticipantData: {attributes: [{attribute: {name: {lit: consent}, variable: Flow.c}}]}")
    assert read == GetParticipantData(((Literal("consent", "str"), "Flow.c"),))
    written = operation_of(
        "- setParticipantData: {attributes: [{attribute: {name: {lit: consent}, value: {lit: true}}}]}"
    )
    assert written == SetParticipantData(((Literal("consent", "str"), Literal("true", "str")),))


def test_assignments_go_by_the_declared_type() -> None:
    assign = operation_of(
        """
        - updateData:
            statements:
              - string: {variable: Flow.s, value: {lit: 1}}
              - integer: {variable: Flow.i, value: {lit: 1}}
              - boolean: {variable: Flow.b, value: {lit: true}}
              - duration: {variable: Flow.d, value: {lit: {minutes: 5}}}
              - queue: {variable: Flow.q, value: {lit: {name: Help}}}
              - string: {variable: Flow.t, value: {lit: "true"}}
        """
    )
    assert assign == Assign(
        (
            ("Flow.s", Literal("1", "str")),
            ("Flow.i", Literal(1, "int")),
            ("Flow.b", Literal(True, "bln")),
            ("Flow.d", Literal("P0D0H5M0S0F", "dur")),
            ("Flow.q", Literal("Help", "")),
            ("Flow.t", Literal("true", "str")),
        )
    )


def test_bots_and_modules_by_name_and_version() -> None:
    bot = operation_of(
        """
        - callBotFlow:
            intent: {var: Flow.intent}
            exitReason: {noValue: true}
            botFlow: {Consent bot: {ver_latestPublished: {inputs: {}, outputs: {Slot.yes: {var: Flow.yes}}}}}
        """
    )
    assert bot == CallBot(
        "callBotFlow", Reference("bot", None, "Consent bot"), (), (Binding("Slot.yes", "Flow.yes"),), "Flow.intent"
    )
    latest = "{M: {ver_latestPublished: {inputs: {Common.a: {lit: x}}, outputs: {Common.b: {var: Flow.b}}}}}"
    plain = "{M: {inputs: {Common.a: {lit: x}}, outputs: {Common.b: {var: Flow.b}}}}"
    expected = CallModule(
        Reference("module", None, "M"), (Argument("Common.a", Literal("x", "str")),), (Binding("Common.b", "Flow.b"),)
    )
    for module in (latest, plain):
        assert operation_of(f"- callCommonModule: {{commonModule: {module}}}") == expected
    for key in ("ver_3", "ver_3_0", "ver_3-0"):
        fixed = latest.replace("ver_latestPublished", key)
        assert operation_of(f"- callCommonModule: {{commonModule: {fixed}}}") == replace(expected, version="3.0")


def test_external_bots_branch_by_intent() -> None:
    (bot,) = actions_of(
        """
        - callLexV2Bot:
            lexV2Bot: {name: Consent}
            outputs:
              failure: {actions: [{disconnect: {}}]}
              Agree: {actions: []}
        """
    )
    assert bot.operation == CallBot("callLexV2Bot", Reference("external_bot", None, "Consent"))
    assert [(o.key, len(o.block)) for o in bot.outputs] == [("failure", 1), ("Agree", 0)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("{lit: {name: Help}}", Reference("queue", None, "Help")),
        ("{name: Help}", Reference("queue", None, "Help")),
        ("{lit: Help}", Reference("queue", None, "Help")),
        ('{exp: FindQueue("Help")}', Reference("queue", None, "Help")),
        ('{exp: FindQueueById("q1")}', Reference("queue", "q1", None)),
        ("{exp: Flow.Queue}", Dynamic("queue", Variable("Flow.Queue"))),
        ("{exp: FindQueue(Flow.q)}", Dynamic("queue", Apply("findqueue", (Variable("Flow.q"),)))),
        ("{noValue: true}", None),
    ],
)
def test_targets(target: str, expected: object) -> None:
    transfer = operation_of(f"- transferToAcd: {{targetQueue: {target}}}")
    assert transfer == TransferQueue(expected)  # type: ignore[arg-type]


def test_transfers() -> None:
    assert operation_of(
        "- transferToAcd: {targetQueue: {name: Q}, overrideInQueueFlow: {name: W}, directAgent: {lit: {name: A}}}"
    ) == TransferQueue(Reference("queue", None, "Q"), Reference("flow", None, "W"), Reference("user", None, "A"))
    assert operation_of("- transferToFlow: {targetFlow: {name: F}}") == TransferFlow(Reference("flow", None, "F"))
    assert operation_of("- transferToFlowSecure: {targetFlow: {name: F}}") == TransferFlow(
        Reference("flow", None, "F"), secure=True
    )
    assert operation_of("- transferToUser: {targetUser: {lit: {name: U}}}") == TransferUser(
        Reference("user", None, "U")
    )
    assert operation_of("- transferToGroup: {targetGroup: {lit: {name: G}}}") == TransferGroup(
        Reference("group", None, "G")
    )
    number = operation_of('- transferToNumber: {targetNumber: {lit: "+491"}, releaseLinkTransfer: {lit: true}}')
    assert isinstance(number, TransferNumber)
    assert number.number == Literal("+491", "str") and isinstance(number.release_link, Known)
    assert operation_of("- dialByExtension: {}") == TransferExtension()


@pytest.mark.parametrize("owner", ["queue", "user", "group"])
def test_voicemail(owner: str) -> None:
    source = (
        f"- transferToVoicemail: {{destination: {{{owner}: {{target{owner.capitalize()}: {{lit: {{name: X}}}}}}}}}}"
    )
    assert operation_of(source) == TransferVoicemail(Reference(owner, None, "X"))


def test_schedules() -> None:
    group = operation_of(
        "- evaluateScheduleGroup: {scheduleGroup: {lit: {name: G}}, emergencyGroup: {lit: {name: E}, name: E}}"
    )
    assert group == Schedule(None, Reference("schedule_group", None, "G"), Reference("emergency_group", None, "E"))
    nested = operation_of(
        "- evaluateSchedule: {evaluationType: {schedule: {selectedSchedule: {lit: {name: S}}, evaluate: {now: true}}}}"
    )
    assert nested == operation_of("- evaluateSchedule: {schedule: {lit: {name: S}}}")
    assert nested == Schedule(Reference("schedule", None, "S"))


def test_copies_of_audio() -> None:
    on = operation_of("- transcription: {enableTranscription: {lit: true}}")
    assert isinstance(on, CopyAudio)
    assert on.kind is CopyKind.TRANSCRIPTION and isinstance(on.on, Known) and on.on.value
    assert operation_of("- audioMonitoring: {}") == CopyAudio(CopyKind.MONITORING, UNSET)


def test_other_operations() -> None:
    assert operation_of("- setLanguage: {languageValue: {lit: de-DE}, language: de-DE}") == SetLanguage("de-de")
    assert operation_of("- setLanguage: {languageValue: {exp: Flow.l}}") == SetLanguage(None)
    assert operation_of("- createCallback: {queue: {lit: {name: Q}}}") == CreateCallback(Reference("queue", None, "Q"))
    assert operation_of("- setPostFlow: {targetFlow: {name: S}}") == SetPostFlow(Reference("flow", None, "S"))
    assert operation_of("- clearPostFlow: {}") == SetPostFlow(None)
    assert operation_of("- previousMenu: {}") == Jump(None, Menus.PREVIOUS)
