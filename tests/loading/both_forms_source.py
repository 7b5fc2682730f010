"""One flow in both forms, with every action that matters to recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.loading.configuration_source import action, call, emp, lit, named, path, ref, task, tts

YAML = Path(__file__).with_name("both_forms.yaml").read_text(encoding="utf-8")

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
    return [*_question(), *_switching()]


def _question() -> list[dict[str, Any]]:
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
    ]


def _switching() -> list[dict[str, Any]]:
    answer = ref("Task.answer", mode=0)
    return [
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
    return [*_flows(), *_lookups()]


def _flows() -> list[dict[str, Any]]:
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
    ]


def _lookups() -> list[dict[str, Any]]:
    return [
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


def items() -> tuple[dict[str, Any], ...]:
    """The containers of the configuration."""
    return (
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
    )


SETTINGS: dict[str, Any] = {
    "defaultLanguage": "en-US",
    "initialPrompts": tts("Welcome"),
    "suppressRecording": lit("false", "bln"),
    "disableAsr": lit("false", "bln"),
    "disableAsrCompanyDirectory": lit("true", "bln"),
    "errorHandling": {"handlingType": "Task", "taskReference": "ask", "audio": tts("Sorry")},
    "supportedLanguages": ["en-US"],
}
