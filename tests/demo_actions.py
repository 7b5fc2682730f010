"""Actions of the demonstration's Archy flows -> the fields they have in configuration JSON (section 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from tests.demo_expressions import Json, Scope, audio, empty, lit, yes

Tree = Mapping[str, Any]
TYPES = {
    "askForIntent": "AskForNLUIntentAction",
    "callBotFlow": "CallBotFlowAction",
    "callCommonModule": "CallCommonModuleAction",
    "callData": "DataAction",
    "callDataSecure": "SecureAction",
    "callTask": "CallTaskAction",
    "collectInput": "CollectInputAction",
    "dataTableLookup": "DataTableLookupAction",
    "decision": "DecisionAction",
    "disconnect": "DisconnectAction",
    "enableParticipantRecord": "ParticipantRecordAction",
    "endTask": "EndTaskAction",
    "exitBotFlow": "ExitBotFlowAction",
    "flushAudio": "FlushAudioAction",
    "holdMusic": "HoldMusicAction",
    "jumpToTask": "TransferTaskAction",
    "loop": "LoopAction",
    "loopExit": "ExitLoopAction",
    "menuJumpToTask": "TransferTaskAction",
    "playAudio": "PlayAudioAction",
    "setParticipantData": "SetAttributesAction",
    "switch": "SwitchAction",
    "transferToAcd": "TransferPureMatchAction",
    "transferToFlowSecure": "TransferFlowSecureAction",
    "transferToGroup": "TransferGroupAction",
    "transferToNumber": "TransferExternalAction",
    "transferToVoicemail": "TransferVoicemailAction",
    "updateData": "UpdateVariableAction",
}
"""YAML key -> `__type`."""

_CODES = {"boolean": "bln", "string": "str", "integer": "int"}
_NOTHING = {"noValue": "true"}


class Objects(Struct):
    """The organisation's objects by kind of the manifest and name -> id. used: those that the flow refers to."""

    ids: Mapping[tuple[str, str], str]
    used: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    def id(self, kind: str, name: str, context: Json) -> str:
        """The id of an object, which an action (context) refers to."""
        self.used.setdefault((kind, name), []).append(context)
        return self.ids[kind, name]

    @property
    def manifest(self) -> Json:
        """What the flow refers to, by kind."""
        found: Json = {}
        for (kind, name), context in sorted(self.used.items()):
            found.setdefault(kind, []).append({"id": self.ids[kind, name], "name": name, "context": context})
        return found


class Context(Struct, frozen=True):
    """What surrounds an action. container: (kind, reference) -> id; here: the action, as the manifest names it."""

    scope: Scope
    objects: Objects
    container: Callable[[str], tuple[str, str]]
    here: Json

    def object(self, kind: str, name: str, type: str) -> Json:
        return lit(name, type, self.objects.id(kind, name, self.here))

    def id(self, kind: str, name: str) -> str:
        return self.objects.id(kind, name, self.here)

    def value(self, value: Tree | None, type: str = "str") -> Json:
        """`lit`, `exp`, `var` or nothing."""
        match value:
            case {"exp": str(text)}:
                return self.scope.expression(text)
            case {"var": str(name)}:
                return self.scope.variable(name)
            case {"lit": str(text)}:
                return lit(text, type)
            case _:
                return empty(type)

    def heard(self, value: Tree | None) -> Json:
        return audio(value, self.scope)


def fields_of(key: str, body: Tree, context: Context) -> Json:
    """The fields of an action beside those that all actions have and those that lead to others."""
    build = _BUILDERS.get(key)
    return {} if build is None else build(body, context)


def _collect(body: Tree, c: Context) -> Json:
    digits = lit(body["digits"]["exact"], "int")
    return {
        "resultData": c.value(body["inputData"]),
        "numberOfDigitsMin": digits,
        "numberOfDigitsMax": digits,
        "interDigitTimeout": empty("dur"),
        "noEntryTimeout": lit(f"P0D0H0M{body['noEntryTimeout']['lit']['seconds']}S0F", "dur"),
        "prompts": c.heard(body["inputAudio"]),
        "verification": False,
    }


def _updates(body: Tree, c: Context) -> Json:
    found = []
    for statement in body["statements"]:
        ((kind, inner),) = statement.items()
        value = c.value(inner["value"], _CODES[kind])
        found.append({"variable": c.scope.variable(inner["variable"]), "expression": value})
    return {"variables": found}


def _attributes(body: Tree, c: Context) -> Json:
    pairs = [item["attribute"] for item in body["attributes"]]
    return {"variables": [{"variable": c.value(p["name"]), "expression": c.value(p["value"])} for p in pairs]}


def _task(body: Tree, c: Context) -> Json:
    id, name = c.container(body["targetTaskRef"])
    return {"taskReference": id, "taskName": name, "inputs": []}


def _called_task(body: Tree, c: Context) -> Json:
    return {**_task(body, c), "outputs": []}


def _flow(kind: str, name: str, c: Context) -> Json:
    return {"flowId": c.id(kind, name), "flowName": name}


def _module(body: Tree, c: Context) -> Json:
    ((name, versions),) = body["commonModule"].items()
    called = versions["ver_latestPublished"]
    return {**_flow("commonModuleFlow", name, c), "flowLatestVersion": True, **_in_and_out(called, c)}


def _bot(body: Tree, c: Context) -> Json:
    ((name, versions),) = body["botFlow"].items()
    called = versions["ver_latestPublished"]
    more = {"intent": c.value(body["intent"]), "exitReason": empty(), "inputText": empty()}
    return {**_flow("botFlow", name, c), "flowLatestVersion": True, **more, **_in_and_out(called, c)}


def _in_and_out(called: Tree, c: Context) -> Json:
    return {"inputs": _named(called.get("inputs"), c), "outputs": _named(called.get("outputs"), c)}


def _named(values: Tree | None, c: Context) -> list[Json]:
    return [{"name": name, "value": c.value(value)} for name, value in (values or {}).items()]


def _data(body: Tree, c: Context) -> Json:
    ((integration, inner),) = body["category"].items()
    ((name, action),) = inner["dataAction"].items()
    return {
        "actionId": c.id("dataAction", name),
        "actionName": name,
        "category": {"id": integration, "name": integration},
        "timeout": lit(f"P0D0H0M{body['timeout']['lit']['seconds']}S0F", "dur"),
        "processingPrompt": empty("pmt"),
        "inputs": _named(action["inputs"], c),
        "outputs": _named(action["successOutputs"], c),
        "errorBindings": _named(action["failureOutputs"], c),
    }


def _table(body: Tree, c: Context) -> Json:
    ((name, inner),) = body["dataTable"].items()
    return {
        "datatableId": c.id("dataTable", name),
        "datatableName": name,
        "lookupKeyValue": c.value(body["lookupValue"]),
        "outputs": _named(inner["foundOutputs"], c),
        "errorBindings": _named(inner["failureOutputs"], c),
    }


def _queue(body: Tree, c: Context) -> Json:
    found: Json = {
        "queues": [c.object("queue", body["targetQueue"]["lit"]["name"], "que")],
        "priority": lit(body["priority"]["lit"], "int"),
        "languageSkill": empty("lac"),
        "skills": [],
        "preTransferAudio": c.heard(body.get("preTransferAudio")),
        "failureTransferAudio": c.heard(None),
        "errorBindings": _named(body["failureOutputs"], c),
        "useDefaultHandling": "overrideInQueueFlow" not in body,
    }
    if "overrideInQueueFlow" in body:
        name = body["overrideInQueueFlow"]["name"]
        found |= {"inQueueFlowId": c.id("inqueueCallFlow", name), "inQueueFlowName": name}
    return found


def _secure(body: Tree, c: Context) -> Json:
    name = body["targetFlow"]["name"]
    return {**_flow("secureCallFlow", name, c), "connectTimeout": empty("dur"), "invocationData": lit("", "str")}


def _voicemail(body: Tree, c: Context) -> Json:
    target = body["destination"]["queue"]
    return {
        "queue": c.object("queue", target["targetQueue"]["lit"]["name"], "que"),
        "transferTarget": empty("usr"),
        "transferTargetGroup": empty("grp"),
        "callbackNumber": c.value(target["callbackNumber"], "phn"),
    }


def _number(body: Tree, c: Context) -> Json:
    release = yes(body["releaseLinkTransfer"]["lit"] == "true")
    number = c.value(body["targetNumber"], "phn")
    return {"externalNumber": number, "releaseLinkTransfer": release, "connectTimeout": empty("dur")}


def _music(body: Tree, c: Context) -> Json:
    name = body["prompt"]["lit"]["name"].removeprefix("PromptSystem.")
    duration = body["playStyle"].get("duration")
    seconds = duration["lit"]["seconds"] if duration else "60"
    return {
        "prompt": lit(name, "pmt", f"__{name}__"),
        "playForDuration": duration is not None,
        "duration": lit(f"P0D0H0M{seconds}S0F", "dur"),
        "bargeInExpression": yes(False),
    }


def _switch(body: Tree, c: Context) -> Json:
    cases = [case["case"] for case in body["evaluate"]["firstTrue"]["cases"]]
    listed = [
        {"name": f"Case {number}", "referenceId": f"__{number}__", "value": c.value(case["value"], "bln")}
        for number, case in enumerate(cases, 1)
    ]
    return {"switchStyle": 0, "expression": empty("any"), "cases": listed}


_BUILDERS: Mapping[str, Callable[[Tree, Context], Json]] = {
    "askForIntent": lambda b, c: {"question": c.value(b["question"])},
    "callBotFlow": _bot,
    "callCommonModule": _module,
    "callData": _data,
    "callDataSecure": _data,
    "callTask": _called_task,
    "collectInput": _collect,
    "dataTableLookup": _table,
    "decision": lambda b, c: {"expression": c.value(b["condition"])},
    "endTask": lambda b, c: {"pathReference": "__DEFAULT__", "pathName": "Default"},
    "holdMusic": _music,
    "jumpToTask": _task,
    "loop": lambda b, c: {"currentIndex": c.value(b["currentIndex"]), "loopCount": c.value(b["loopCount"], "int")},
    "menuJumpToTask": _task,
    "playAudio": lambda b, c: {"prompts": c.heard(b["audio"])},
    "setParticipantData": _attributes,
    "switch": _switch,
    "transferToAcd": _queue,
    "transferToFlowSecure": _secure,
    "transferToGroup": lambda b, c: {"group": c.object("group", b["targetGroup"]["lit"]["name"], "grp")},
    "transferToNumber": _number,
    "transferToVoicemail": _voicemail,
    "updateData": _updates,
}


class Way(Struct, frozen=True):
    """A way out of an action. fields: of its path, without where it leads."""

    fields: Json
    actions: list[Tree]


_OUTPUTS = {
    "yes": ("__YES__", "Yes"),
    "no": ("__NO__", "No"),
    "success": ("__SUCCESS__", "Success"),
    "failure": ("__FAILURE__", "Failure"),
    "timeout": ("__TIMEOUT__", "Timeout"),
    "found": ("__FOUND__", "Found"),
    "notFound": ("__NOT_FOUND__", "Not Found"),
    "loop": ("__LOOP__", "Loop"),
    "knowledge": ("__KNOWLEDGE__", "Knowledge"),
    "noIntent": ("__NO_INTENT__", "No Intent"),
    "maxNoInputs": ("__MAX_NO_INPUTS__", "Max No Inputs"),
}


def ways_of(key: str, body: Tree, made: Callable[[str], str]) -> Iterator[Way]:
    """The ways out of an action. made: an id for a way out that flows name themselves."""
    outputs = body.get("outputs", {})
    for intent in outputs.get("intents", ()):
        inner = intent["intent"]
        path = {"label": inner["name"], "outputId": made(inner["name"]), "isDynamicBranch": True}
        yield Way(path, inner["actions"])
    for name, output in outputs.items():
        if name != "intents":
            id, label = _OUTPUTS[name]
            off = {"outOfService": True} if output.get("enabled") == "false" else {}
            yield Way({"label": label, "outputId": id, **off}, output.get("actions") or [])
    if key == "switch":
        styled = body["evaluate"]["firstTrue"]
        for number, case in enumerate(styled["cases"], 1):
            yield Way({"label": f"Case {number}", "outputId": f"__{number}__"}, case["case"]["actions"])
        yield Way({"label": "Default", "outputId": "__DEFAULT__"}, styled["default"]["actions"])
    if key == "callTask":
        yield Way({"label": "Default", "outputId": "__DEFAULT__"}, [])
