"""One program written in both forms: every action that matters must read the same."""

from __future__ import annotations

from typing import Any

from auditor.loading.archy import flow_from_archy
from auditor.loading.yaml_reader import read_yaml
from tests.loading.configuration_source import action, call, emp, flow_of, lit, named, path, ref, task, tts
from tests.loading.normalised import differences, normalised

YAML = """
inboundCall:
  name: Main
  startUpRef: "/inboundCall/menus/menu[Main Menu_10]"
  defaultLanguage: en-us
  initialGreeting:
    exp: AudioPlaybackOptions(ToAudioTTS("Welcome"), true)
  settingsSpeechRec: {asrCompanyDir: none, suppressRecording: false}
  settingsErrorHandling:
    errorHandling: {task: {targetTaskRef: "/inboundCall/tasks/task[Ask_12]"}}
    preHandlingAudio: {tts: Sorry}
  menus:
    - menu:
        name: Main Menu
        refId: Main Menu_10
        audio: {tts: Press 1}
        settingsMenu: {listenForExtensionDialing: {lit: true}}
        defaultChildMenuRef: "./choices/menuDisconnect[Bye_11]"
        choices:
          - menuTask:
              name: Talk
              dtmf: digit_1
              task: {actions: [{jumpToMenu: {targetMenuRef: "./menus/menu[Main Menu_10]"}}]}
          - menuTransferToAcd: {name: Queue, dtmf: digit_2, globalDtmf: true, targetQueue: {lit: {name: Help}}}
          - menuDisconnect: {name: Bye, refId: Bye_11, speechRecTerms: {en-us: {terms: [bye]}}}
  tasks:
    - task:
        name: Ask
        refId: Ask_12
        outputPaths: [{outputPath: {name: Agreed}}]
        variables: [{stringVariable: {name: Task.answer, initialValue: {lit: "0"}, isInput: true}}]
        actions:
          - collectInput:
              inputData: {var: Task.answer}
              digits: {exact: 1}
              inputAudio: {tts: Press 1 to agree}
              outputs:
                success:
                  actions:
                    - decision:
                        condition: {exp: Task.answer == "1"}
                        outputs:
                          yes: {actions: [{enableParticipantRecord: {}}, {endTask: {outputPath: {name: Agreed}}}]}
                failure: {actions: [{playAudio: {audio: {prompt: Prompt.Again}}}]}
          - switch:
              evaluate:
                firstMatch:
                  string:
                    value: {exp: Task.answer}
                    default: {actions: [{disconnect: {}}]}
                    cases:
                      - case: {value: {lit: 1}, actions: []}
                      - case: {name: Two, value: {lit: 2}, actions: [{flushAudio: {}}]}
          - loop: {currentIndex: {var: Task.i}, loopCount: {lit: 2}, outputs: {loop: {actions: [{loopExit: {}}]}}}
          - callTask:
              targetTaskRef: "/inboundCall/tasks/task[Ask_12]"
              taskInputs: [{string: {name: Task.answer, value: {lit: 1}}}]
              outputs: {Agreed: {actions: [{disconnect: {}}]}}
          - callCommonModule:
              commonModule:
                Language: {ver_latestPublished: {inputs: {Common.a: {exp: Flow.a}}, outputs: {Common.b: {var: Flow.b}}}}
          - callBotFlow:
              intent: {var: Flow.intent}
              exitReason: {noValue: true}
              botFlow: {Bot: {ver_latestPublished: {inputs: {}, outputs: {Slot.s: {var: Flow.s}}}}}
          - callData:
              timeout: {lit: {minutes: 1}}
              category:
                Web:
                  dataAction:
                    Get:
                      inputs: {x: {lit: a}}
                      successOutputs: {y: {var: Flow.y}}
                      failureOutputs: {errorType: {var: Flow.e}}
              outputs: {timeout: {actions: [{disconnect: {}}]}}
          - dataTableLookup:
              lookupValue: {exp: Flow.k}
              dataTable: {Table: {foundOutputs: {c: {var: Flow.c}}, failureOutputs: {errorType: {noValue: true}}}}
          - getParticipantData: {attributes: [{attribute: {name: {lit: consent}, variable: Flow.c}}]}
          - setParticipantData: {attributes: [{attribute: {name: {lit: consent}, value: {exp: Flow.c}}}]}
          - updateData: {statements: [{boolean: {variable: Flow.ok, value: {lit: true}}}]}
          - findQueue: {findName: {lit: Help}, findResult: {var: Flow.q}}
          - evaluateScheduleGroup: {scheduleGroup: {lit: {name: Hours}}, emergencyGroup: {noValue: true}}
          - evaluateSchedule: {schedule: {exp: Flow.s}}
          - transcription: {enableTranscription: {lit: true}}
          - setLanguage: {language: de-de}
          - transferToAcd:
              targetQueue: {exp: FindQueue(Flow.q)}
              overrideInQueueFlow: {name: Wait}
              directAgent: {noValue: true}
              outputs: {failure: {actions: [{disconnect: {}}]}}
          - transferToFlow: {targetFlow: {name: Other}}
          - transferToFlowSecure: {targetFlow: {name: Secure}}
          - transferToUser: {targetUser: {lit: {name: Ann}}}
          - transferToGroup: {targetGroup: {lit: {name: Sales}}}
          - transferToNumber: {targetNumber: {exp: ToPhoneNumber("+491")}, releaseLinkTransfer: {lit: false}}
          - transferToVoicemail: {destination: {queue: {targetQueue: {lit: {name: Help}}}}}
          - jumpToTask: {targetTaskRef: "/inboundCall/tasks/task[Ask_12]"}
"""

FAILURE = [path("__FAILURE__")]
NO_ANSWER = named(errorType=emp(), errorMessage=emp())


def menu() -> dict[str, Any]:
    def choice(id: str, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return {"id": id, "name": id, "action": body, **fields}

    return {
        "__type": "Menu",
        "id": "m",
        "name": "Main Menu",
        "prompts": tts("Press 1"),
        "useExtensionDialing": lit("true", "bln"),
        "defaultMenuChoice": "Bye",
        "menuChoiceList": [
            choice("Talk", action("TaskAction", "m1", taskReference="talk"), digit=1),
            choice(
                "Queue",
                action("TransferPureMatchAction", "m2", queues=[lit("Help", "que", "q1")], paths=FAILURE),
                digit=2,
                globalDtmf=True,
            ),
            choice("Bye", action("DisconnectAction", "m3"), speechRecTerms={"en-US": ["bye"]}),
        ],
    }


def asking() -> list[dict[str, Any]]:
    answer = ref("Task.answer", mode=0)
    return [
        action(
            "CollectInputAction",
            "1",
            "2",
            resultData=ref("Task.answer"),
            numberOfDigitsMin=lit("1", "int"),
            numberOfDigitsMax=lit("1", "int"),
            prompts=tts("Press 1 to agree"),
            paths=[path("__SUCCESS__", "1a"), path("__FAILURE__", "1d")],
        ),
        action(
            "DecisionAction",
            "1a",
            expression=call("==", answer, lit("1")),
            paths=[path("__YES__", "1b"), path("__NO__")],
        ),
        action("ParticipantRecordAction", "1b", "1c"),
        action("EndTaskAction", "1c", pathReference="p1"),
        action(
            "PlayAudioAction",
            "1d",
            prompts={"defaultAudio": call("ToAudio", ref("Prompt.Again", "pmt", 0), type="aud"), "cases": []},
        ),
        action(
            "SwitchAction",
            "2",
            "3",
            switchStyle=1,
            expression=answer,
            cases=[
                {"name": "Case 1", "referenceId": "x1", "value": lit("1")},
                {"name": "Two", "referenceId": "x2", "value": lit("2")},
            ],
            paths=[path("x1"), path("x2", "2b"), path("__DEFAULT__", "2a")],
        ),
        action("DisconnectAction", "2a"),
        action("FlushAudioAction", "2b"),
        action(
            "LoopAction",
            "3",
            "4",
            currentIndex=ref("Task.i", "int"),
            loopCount=lit("2", "int"),
            path=path("__LOOP__", "3a"),
        ),
        action("ExitLoopAction", "3a", name="Exit Loop"),
    ]


def calling() -> list[dict[str, Any]]:
    return [
        action(
            "CallTaskAction",
            "4",
            "5",
            taskReference="ask",
            inputs=named(Task__answer=lit("1")),
            outputs=[],
            paths=[path("__DEFAULT__"), path("p1", "4a", "Agreed")],
        ),
        action("DisconnectAction", "4a"),
        action(
            "CallCommonModuleAction",
            "5",
            "6",
            flowId="f1",
            flowName="Language",
            inputs=named(Common__a=ref("Flow.a", mode=0)),
            outputs=named(Common__b=ref("Flow.b")),
        ),
        action(
            "CallBotFlowAction",
            "6",
            "7",
            flowId="f2",
            flowName="Bot",
            intent=ref("Flow.intent"),
            exitReason=emp(),
            inputs=named(Slot__s=emp()),
            outputs=named(Slot__s=ref("Flow.s")),
            paths=[],
        ),
        action(
            "DataAction",
            "7",
            "8",
            actionId="custom_1",
            actionName="Get",
            timeout=lit("P0D0H1M0S0F", "dur"),
            inputs=named(x=lit("a")),
            outputs=named(y=ref("Flow.y")),
            errorBindings=named(errorType=ref("Flow.e"), errorMessage=emp()),
            paths=[path("__SUCCESS__"), path("__FAILURE__"), path("__TIMEOUT__", "7a")],
        ),
        action("DisconnectAction", "7a"),
        action(
            "DataTableLookupAction",
            "8",
            "9",
            datatableId="d1",
            datatableName="Table",
            lookupKeyValue=ref("Flow.k", mode=0),
            outputs=named(c=ref("Flow.c")),
            errorBindings=NO_ANSWER,
            paths=[path("__FOUND__"), path("__NOT_FOUND__"), path("__FAILURE__")],
        ),
    ]


def storing() -> list[dict[str, Any]]:
    return [
        action("GetAttributesAction", "9", "10", variables=[{"variable": lit("consent"), "expression": ref("Flow.c")}]),
        action(
            "SetAttributesAction",
            "10",
            "11",
            variables=[{"variable": lit("consent"), "expression": ref("Flow.c", mode=0)}],
        ),
        action(
            "UpdateVariableAction",
            "11",
            "12",
            variables=[{"variable": ref("Flow.ok"), "expression": lit("true", "bln")}],
        ),
        action(
            "FindQueueAction",
            "12",
            "13",
            findName=lit("Help"),
            findResult=ref("Flow.q", "que"),
            paths=[path("__FOUND__")],
        ),
        action(
            "EvaluateScheduleGroupAction", "13", "14", scheduleGroup=lit("Hours", "sgr", "g1"), emergencyGroup=emp()
        ),
        action("EvaluateScheduleAction", "14", "15", schedule=ref("Flow.s", mode=0)),
        action("TranscriptionAction", "15", "16", enableTranscription=lit("true", "bln")),
        action("SetLocaleAction", "16", "17", languageCode="de-DE", name="Set Language"),
    ]


def transferring() -> list[dict[str, Any]]:
    queue = call("FindQueue", ref("Flow.q", mode=0), type="que")
    number = call("ToPhoneNumber", lit("+491"), type="phn")
    return [
        action(
            "TransferPureMatchAction",
            "17",
            "18",
            queues=[queue],
            inQueueFlowId="f9",
            inQueueFlowName="Wait",
            useDefaultHandling=False,
            directAgent=emp("usr"),
            paths=[path("__FAILURE__", "17a")],
        ),
        action("DisconnectAction", "17a"),
        action("TransferFlowAction", "18", "19", flowId="f3", flowName="Other", paths=FAILURE),
        action("TransferFlowSecureAction", "19", "20", flowId="f4", flowName="Secure", paths=FAILURE),
        action("TransferUserAction", "20", "21", user=lit("Ann", "usr", "u1"), paths=FAILURE),
        action("TransferGroupAction", "21", "22", group=lit("Sales", "grp", "g2"), paths=FAILURE),
        action("TransferExternalAction", "22", "23", externalNumber=number, releaseLinkTransfer=lit("false", "bln")),
        action(
            "TransferVoicemailAction",
            "23",
            "24",
            transferTarget=emp("usr"),
            queue=lit("Help", "que", "q1"),
            paths=FAILURE,
        ),
        action("TransferTaskAction", "24", taskReference="ask"),
    ]


def test_both_forms_of_one_flow_give_one_program() -> None:
    yaml_flow, problems = flow_from_archy(read_yaml(YAML), "main.yaml")
    assert problems == ()
    json_flow = flow_of(
        menu(),
        task(
            "ask",
            *asking(),
            *calling(),
            *storing(),
            *transferring(),
            name="Ask",
            paths=[path("__DEFAULT__", label="Default"), path("p1", label="Agreed")],
            variables=[{"__type": "StringVariable", "name": "Task.answer", "isInput": True, "initialValue": lit("0")}],
        ),
        task("talk", action("TransferMenuAction", "t1", menuReference="m"), name="Talk"),
        defaultLanguage="en-US",
        initialPrompts=tts("Welcome"),
        suppressRecording=lit("false", "bln"),
        disableAsr=lit("false", "bln"),
        disableAsrCompanyDirectory=lit("true", "bln"),
        errorHandling={"handlingType": "Task", "taskReference": "ask", "audio": tts("Sorry")},
        supportedLanguages=["en-US"],
    )
    assert list(differences(normalised(yaml_flow), normalised(json_flow))) == []
    assert normalised(yaml_flow) == normalised(json_flow)
