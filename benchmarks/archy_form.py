"""Flow plans as Archy YAML, with the settings that an export writes out for every action."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.plan import Act, Block, ChoicePlan, Exp, FlowPlan, Lit, MenuPlan, Named, TaskPlan, Variable, text_of

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _.,?!()/'-]*[A-Za-z0-9.!?)])?")
_WORDS = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})
_TYPES = {"str": "string", "int": "integer", "bln": "boolean"}
_NO_VALUE = {"noValue": "true"}
_FAILURES = {"errorType": _NO_VALUE, "errorMessage": _NO_VALUE}
Node = dict[str, Any]


def write(plan: FlowPlan) -> str:
    """The YAML text of a flow."""
    lines: list[str] = []
    _put({plan.root: _flow(plan)}, 0, lines)
    lines.append("")
    return "\n".join(lines)


def _put(node: Node, indent: int, lines: list[str]) -> None:
    pad = " " * indent
    for key, value in node.items():
        if isinstance(value, str):
            lines.append(f"{pad}{key}: {value}")
        elif isinstance(value, dict):
            lines.append(f"{pad}{key}:")
            _put(value, indent + 2, lines)
        else:
            lines.append(f"{pad}{key}:")
            for item in value:
                ((name, body),) = item.items()
                lines.append(f"{pad}  - {name}:")
                _put(body, indent + 6, lines)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text)


def _flow(plan: FlowPlan) -> Node:
    head = {"name": _scalar(plan.name), "description": _scalar(plan.description), "division": _scalar(plan.division)}
    settings = {
        "defaultLanguage": plan.language,
        "supportedLanguages": _languages(plan),
        "variables": [_variable(v) for v in plan.variables],
    }
    if plan.root == "inqueueCall":
        own = [_variable(v) for v in plan.tasks[0].variables]
        actions = {"startUpTaskActions": _block(plan.tasks[0].block, plan)}
        return {**head, **settings, **_SETTINGS, **actions, **({"startUpTaskVariables": own} if own else {})}
    body: Node = {**head, "startUpRef": _path(plan, *plan.start), **settings}
    if plan.root == "inboundCall":
        body |= {**_SETTINGS, **_SETTINGS_INBOUND, "menus": [_menu(menu, plan) for menu in plan.menus]}
    return body | {"tasks": [{"task": _task(task, plan)} for task in plan.tasks]}


def _languages(plan: FlowPlan) -> Node:
    if plan.root == "commonModule":
        return {plan.language: {"none": "true"}}
    voice = {"defaultLanguageSkill": _NO_VALUE, "textToSpeech": {"defaultEngine": {"voice": "Jill"}}}
    return {plan.language: voice}


def _path(plan: FlowPlan, kind: str, ref: str) -> str:
    return json.dumps(f"/{plan.root}/{kind}[{ref}]")


def _variable(variable: Variable) -> Node:
    initial = {"lit": variable.initial} if variable.initial else _NO_VALUE
    flags = {"isInput": str(variable.is_input).lower(), "isOutput": str(variable.is_output).lower()}
    return {f"{_TYPES[variable.type]}Variable": {"name": variable.name, "initialValue": initial, **flags}}


def _task(task: TaskPlan, plan: FlowPlan) -> Node:
    return {
        "name": _scalar(task.name),
        "refId": _scalar(task.ref),
        **({"variables": [_variable(v) for v in task.variables]} if task.variables else {}),
        "actions": _block(task.block, plan),
    }


def _menu(menu: MenuPlan, plan: FlowPlan) -> Node:
    choices = [_choice(choice, plan) for choice in menu.choices]
    body = {"name": menu.name, "refId": menu.ref, "audio": {"tts": _scalar(menu.words)}}
    for choice in menu.choices:
        if choice.number == menu.default:
            body["defaultChildMenuRef"] = json.dumps(f"./choices/{choice.kind}[{choice.name}_{choice.number}]")
    options = {
        "extensionDialingMaxDelay": _NO_VALUE,
        "listenForExtensionDialing": _NO_VALUE,
        "menuSelectionTimeout": _NO_VALUE,
        "repeatCount": _NO_VALUE,
    }
    return {"menu": {**body, "settingsMenu": options, "choices": choices}}


def _choice(choice: ChoicePlan, plan: FlowPlan) -> Node:
    body: Node = {
        "name": _scalar(choice.name),
        "refId": _scalar(f"{choice.name}_{choice.number}"),
        "dtmf": f"digit_{choice.digit}",
        "globalDtmf": "false",
        "globalSpeechRecTerms": "false",
    }
    if choice.terms:
        body["speechRecTerms"] = {plan.language: {"terms": f"[{', '.join(json.dumps(t) for t in choice.terms)}]"}}
    match choice.kind:
        case "menuJumpToTask":
            body["targetTaskRef"] = _path(plan, "tasks/task", choice.target.name)
        case "menuTransferToAcd":
            body |= _acd(choice.target, "Please hold the line.")
        case "menuTransferToFlow":
            body |= _to_flow(choice.target, "One moment please.")
        case "menuTask" if choice.task is not None:
            body["task"] = {"actions": _block(choice.task.block, plan)}
    return {choice.kind: body}


def _block(block: Block, plan: FlowPlan) -> list[Node]:
    return [{act.kind: _act(act, plan)} for act in block]


def _act(act: Act, plan: FlowPlan) -> Node:
    body = {"name": _scalar(act.name), **_fields(act, plan)}
    outputs = {("default" if k == "default" else _key(k)): b for k, b in act.outputs.items() if b}
    if outputs and act.kind != "switch":
        body["outputs"] = {key: {"actions": _block(inner, plan)} for key, inner in outputs.items()}
    return body


def _key(key: str) -> str:
    return f'"{key}"' if key in _WORDS else key


def _fields(act: Act, plan: FlowPlan) -> Node:
    match act.kind:
        case "playAudio":
            return {"audio": {"tts": _scalar(act.words)}}
        case "holdMusic":
            music = {"lit": {"name": act.words}}
            return {"prompt": music, "bargeInEnabled": {"lit": "false"}, "playStyle": {"entirePrompt": "true"}}
        case "collectInput":
            return _collect(act)
        case "decision":
            return {"condition": _value(act.given[0][1])}
        case "switch":
            return {"evaluate": {"firstTrue": _cases(act, plan)}}
        case "loop":
            return {"currentIndex": {"var": act.stored[0][1].name}, "loopCount": {"lit": str(act.count)}}
        case "updateData":
            statements = [(_TYPES[value.type], name, value) for name, value in act.given]
            return {"statements": [{t: {"variable": n, "value": _value(v)}} for t, n, v in statements]}
        case "setParticipantData":
            pairs = [{"name": {"lit": key}, "value": _value(value)} for key, value in act.given]
            return {"attributes": [{"attribute": pair} for pair in pairs]}
        case "getParticipantData":
            read: list[Node] = [{"name": {"lit": key}, "variable": var.name} for key, var in act.stored]
            return {"attributes": [{"attribute": pair} for pair in read]}
        case _:
            return _going(act, plan)


def _going(act: Act, plan: FlowPlan) -> Node:
    """Actions that call or go somewhere."""
    match act.kind:
        case "callData":
            return _data(act)
        case "dataTableLookup":
            table = {"foundOutputs": _stored(act), "failureOutputs": _FAILURES}
            return {"lookupValue": _value(act.given[0][1]), "dataTable": {act.target.name: table}}
        case "evaluateScheduleGroup":
            group = {"lit": {"name": act.target.name}}
            return {"inServiceSchedules": _NO_VALUE, "evaluate": {"now": "true"}, "scheduleGroup": group,
                    "emergencyGroup": _NO_VALUE}  # fmt: skip
        case "callTask":
            return {"targetTaskRef": _path(plan, "tasks/task", act.target.name)}
        case "callCommonModule":
            interface: Node = {"inputs": {n: _value(v) for n, v in act.given} or "{}", "outputs": _stored(act)}
            return {"commonModule": {act.target.name: {"ver_latestPublished": interface}}}
        case "jumpToMenu":
            return {"targetMenuRef": _path(plan, "menus/menu", act.target.name)}
        case "transferToAcd":
            return {**_acd(act.target, act.words), "failureOutputs": _FAILURES}
        case "transferToFlow":
            return {**_to_flow(act.target, act.words), "failureOutputs": _FAILURES}
        case "endTask":
            return {"outputPath": {"name": "Default"}}
        case _:
            return {}


def _value(exp: Exp) -> Node:
    return {"lit": _literal(exp)} if isinstance(exp, Lit) else {"exp": _scalar(text_of(exp))}


def _literal(lit: Lit) -> str:
    return _scalar(lit.text) if lit.type == "str" else lit.text


def _stored(act: Act) -> Node:
    return {name: {"var": var.name} if var.name else _NO_VALUE for name, var in act.stored}


def _cases(act: Act, plan: FlowPlan) -> Node:
    cases = [{"case": {"value": _value(v), "actions": _block(act.outputs[key], plan)}} for key, v in act.given]
    return {"default": {"actions": _block(act.outputs["default"], plan)}, "cases": cases}


def _collect(act: Act) -> Node:
    return {
        "inputData": {"var": act.stored[0][1].name},
        "digits": {"exact": str(act.count)},
        "interDigitTimeout": _NO_VALUE,
        "noEntryTimeout": {"lit": {"seconds": "5"}},
        "inputAudio": {"tts": _scalar(act.words)},
        "includeTerminatingDtmfInResultData": "false",
        "acceptJustStar": {"lit": "false"},
        "acceptJustPound": {"lit": "false"},
        "verificationType": "none",
    }


def _data(act: Act) -> Node:
    system, _, name = act.target.name.partition("/")
    called = {"inputs": {n: _value(v) for n, v in act.given}, "successOutputs": _stored(act),
              "failureOutputs": {"errorCode": _NO_VALUE, "status": _NO_VALUE, "correlationId": _NO_VALUE,
                                 **_FAILURES, "userMessage": _NO_VALUE}}  # fmt: skip
    return {
        "processingPrompt": _NO_VALUE,
        "timeout": {"lit": {"minutes": "1"}},
        "category": {system: {"dataAction": {name: called}}},
    }


def _acd(queue: Named, words: str) -> Node:
    return {
        "targetQueue": {"lit": {"name": queue.name}},
        "preTransferAudio": {"tts": _scalar(words)},
        "priority": {"lit": "0"},
        "preferredAgents": _NO_VALUE,
        "languageSkill": _NO_VALUE,
        "directAgent": _NO_VALUE,
        "overrideInQueueFlow": _NO_VALUE,
    }


def _to_flow(flow: Named, words: str) -> Node:
    return {"targetFlow": {"name": flow.name}, "preTransferAudio": {"tts": _scalar(words)}}


_SECONDS_40 = {"timeout": {"lit": {"seconds": "40"}}}
_CONNECT = {"connectTimeout": _NO_VALUE}
_SETTINGS: Node = {
    "settingsActionDefaults": {
        "playAudioOnSilence": _SECONDS_40,
        "detectSilence": _SECONDS_40,
        "callData": {"processingPrompt": _NO_VALUE},
        "collectInput": {"noEntryTimeout": {"lit": {"seconds": "5"}}},
        "dialByExtension": {"interDigitTimeout": {"lit": {"seconds": "6"}}},
        "transferToUser": _CONNECT,
        "transferToNumber": _CONNECT,
        "transferToGroup": _CONNECT,
        "transferToFlowSecure": {"connectTimeout": {"lit": {"seconds": "15"}}},
    },
    "settingsErrorHandling": {
        "errorHandling": {"disconnect": {"none": "true"}},
        "preHandlingAudio": {"tts": "An error occurred. Please call again later."},
    },
    "settingsPrompts": {"ensureAudioInPrompts": "false"},
}
_SETTINGS_INBOUND: Node = {
    "settingsMenu": {
        "extensionDialingMaxDelay": {"lit": {"seconds": "1"}},
        "listenForExtensionDialing": {"lit": "false"},
        "menuSelectionTimeout": {"lit": {"seconds": "10"}},
        "repeatCount": {"lit": "3"},
    },
    "settingsSpeechRec": {
        "completeMatchTimeout": {"lit": {"ms": "100"}},
        "incompleteMatchTimeout": {"lit": {"ms": "1500"}},
        "maxSpeechLengthTimeout": {"lit": {"seconds": "20"}},
        "minConfidenceLevel": {"lit": "50"},
        "asrCompanyDir": "none",
        "asrEnabledOnFlow": "true",
        "suppressRecording": "false",
    },
}
