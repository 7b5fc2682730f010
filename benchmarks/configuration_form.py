"""Flow plans as configuration JSON of the platform API: flat lists of actions, linked by ids, with ready trees."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from random import Random
from uuid import UUID

from benchmarks.configuration_fields import ERRORS, SYSTEM, Node, acd, audio, constant, empty, field, to_flow, value
from benchmarks.plan import Act, Block, ChoicePlan, Exp, FlowPlan, Lit, MenuPlan, Op, TaskPlan, Var, Variable, text_of

_NAMES = {"str": "StringVariable", "int": "IntegerVariable", "bln": "BooleanVariable"}
_TYPES = {
    "playAudio": "PlayAudioAction",
    "holdMusic": "HoldMusicAction",
    "collectInput": "CollectInputAction",
    "decision": "DecisionAction",
    "switch": "SwitchAction",
    "loop": "LoopAction",
    "loopExit": "ExitLoopAction",
    "updateData": "UpdateVariableAction",
    "setParticipantData": "SetAttributesAction",
    "getParticipantData": "GetAttributesAction",
    "callData": "DataAction",
    "dataTableLookup": "DataTableLookupAction",
    "evaluateScheduleGroup": "EvaluateScheduleGroupAction",
    "callTask": "CallTaskAction",
    "callCommonModule": "CallCommonModuleAction",
    "jumpToMenu": "TransferMenuAction",
    "transferToAcd": "TransferPureMatchAction",
    "transferToFlow": "TransferFlowAction",
    "enableParticipantRecord": "ParticipantRecordAction",
    "endTask": "EndTaskAction",
    "disconnect": "DisconnectAction",
    "menuJumpToTask": "TransferTaskAction",
    "menuTransferToAcd": "TransferPureMatchAction",
    "menuTransferToFlow": "TransferFlowAction",
    "menuTask": "TaskAction",
    "menuRepeatMenu": "RepeatMenuAction",
}
_LABELS = {
    "success": "Success", "failure": "Failure", "timeout": "Timeout", "yes": "Yes", "no": "No", "found": "Found",
    "notFound": "Not Found", "loop": "Loop", "default": "Default", "open": "Open", "closed": "Closed",
    "holiday": "Holiday", "emergency": "Emergency",
}  # fmt: skip


def write(plan: FlowPlan) -> str:
    """The JSON text of a flow, without spaces as the API sends it."""
    return json.dumps(_Writer(plan).flow(), separators=(",", ":"), ensure_ascii=False)


class _Writer:
    """Writes one flow; ids are drawn in the order of writing."""

    def __init__(self, plan: FlowPlan) -> None:
        self.plan = plan
        self.random = Random(plan.id)
        self.tracking = 1000
        self.variables = {v.name: self.id() for v in (*plan.variables, *(v for t in plan.tasks for v in t.variables))}
        self.containers = {ref: self.id() for ref in (*(t.ref for t in plan.tasks), *(m.ref for m in plan.menus))}
        self.inline: list[tuple[str, TaskPlan]] = []

    def id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def flow(self) -> Node:
        plan = self.plan
        kind = {"inboundCall": "Task", "commonModule": "CommonModuleTask", "inqueueCall": "LoopTask"}[plan.root]
        items = [self.task(kind, task, self.containers[task.ref]) for task in plan.tasks]
        items += [self.menu(menu) for menu in plan.menus]
        items += [self.task("Task", task, id) for id, task in self.inline]
        calls = plan.root != "commonModule"
        return {
            "name": plan.name,
            "type": plan.root.lower(),
            "description": plan.description,
            "division": {"name": plan.division},
            "defaultLanguage": plan.language,
            "supportedLanguages": [plan.language],
            "initialSequence": self.containers[plan.start[1]],
            "nextTrackingNumber": self.tracking,
            "isSecure": False,
            "disableAsr": False,
            "disableAsrCompanyDirectory": True,
            "flowMetaData": {},
            "debugSettings": {},
            "uiMetaData": {"task": [self.containers[t.ref] for t in plan.tasks], "menu": []},
            "errorHandling": {"handlingType": "Disconnect"} if calls else {},
            **({"suppressRecording": value(Lit("false", "bln"))} if plan.root == "inboundCall" else {}),
            "defaultSettings": {"Menu": {"useExtensionDialing": value(Lit("false", "bln"))}},
            "variables": [self.variable(v) for v in plan.variables],
            "flowSequenceItemList": items,
        }

    def variable(self, variable: Variable) -> Node:
        initial = value(Lit(variable.initial, variable.type)) if variable.initial else empty(variable.type)
        return {
            "id": self.variables[variable.name],
            "name": variable.name,
            "__type": _NAMES[variable.type],
            "isCollection": False,
            "isInput": variable.is_input,
            "isOutput": variable.is_output,
            "isSecure": False,
            "initialValue": initial,
            "version": "1.0",
        }

    def task(self, kind: str, task: TaskPlan, id: str) -> Node:
        listed: list[Node] = []
        start = self.chain(task.block, listed)
        return {
            "startAction": start,
            "trackingId": task.number,
            "id": id,
            "name": task.name,
            "uiMetaData": {"collapsed": False},
            "__type": kind,
            "paths": [{"label": "Default", "outputId": "__DEFAULT__"}],
            "variables": [self.variable(v) for v in task.variables],
            "actionList": listed,
        }

    def chain(self, block: Block, listed: list[Node]) -> str | None:
        """Writes a block; returns the id of its first action."""
        ids = [self.id() for _ in block]
        for act, id, following in zip(block, ids, (*ids[1:], None), strict=False):
            node = self.head(act.kind, act.name, id)
            listed.append(node)
            if following is not None:
                node["nextAction"] = following
            node |= self.fields(act)
            paths = self.paths(act, listed)
            if act.kind == "loop":
                node["path"] = paths[0]
            elif paths:
                node["paths"] = paths
        return ids[0] if ids else None

    def head(self, kind: str, name: str, id: str) -> Node:
        self.tracking += 1
        return {
            "trackingId": self.tracking,
            "id": id,
            "name": name,
            "uiMetaData": {"collapsed": False},
            "__type": _TYPES[kind],
        }

    def paths(self, act: Act, listed: list[Node]) -> list[Node]:
        found = []
        for key, block in act.outputs.items():
            start = self.chain(block, listed)
            output = key if key.startswith("case") else f"__{constant(key)}__"
            found.append(
                {"label": _LABELS.get(key, key), "outputId": output} | ({"nextActionId": start} if start else {})
            )
        return found

    def menu(self, menu: MenuPlan) -> Node:
        choices = [self.choice(choice) for choice in menu.choices]
        ids = {c.number: node["id"] for c, node in zip(menu.choices, choices, strict=True)}
        return {
            "__type": "Menu",
            "id": self.containers[menu.ref],
            "name": menu.name,
            "trackingId": menu.number,
            "prompts": audio(menu.words),
            "promptRepeatCount": empty("int"),
            "promptRepeatDelay": empty("dur"),
            "useExtensionDialing": empty("bln"),
            **({"defaultMenuChoice": ids[menu.default]} if menu.default is not None else {}),
            "menuChoiceList": choices,
        }

    def choice(self, choice: ChoicePlan) -> Node:
        action = self.head(choice.kind, choice.name, self.id())
        match choice.kind:
            case "menuJumpToTask":
                action |= {"taskReference": self.containers[choice.target.name], "taskName": choice.target.name}
            case "menuTransferToAcd":
                action |= acd(choice.target, "Please hold the line.")
            case "menuTransferToFlow":
                action |= to_flow(choice.target, "One moment please.")
            case "menuTask" if choice.task is not None:
                self.inline.append((self.id(), choice.task))
                action["taskReference"] = self.inline[-1][0]
        terms = {"speechRecTerms": {self.plan.language: list(choice.terms)}} if choice.terms else {}
        digit = {"*": 11, "#": 10}.get(choice.digit) or int(choice.digit)
        return {"id": self.id(), "name": choice.name, "digit": digit, "globalDtmf": False, "globalSpeech": False,
                **terms, "action": action}  # fmt: skip

    def fields(self, act: Act) -> Node:
        match act.kind:
            case "playAudio":
                return {"prompts": audio(act.words)}
            case "holdMusic":
                return {"prompt": value(Lit(act.words, "pmt")), "playStyle": 0}
            case "collectInput":
                return self.collect(act)
            case "decision":
                return {"expression": self.value(act.given[0][1])}
            case "switch":
                cases = [{"name": f"Case {i}", "referenceId": key, "value": self.value(value)}
                         for i, (key, value) in enumerate(act.given, 1)]  # fmt: skip
                return {"switchStyle": 0, "cases": cases, "expression": empty("str")}
            case "loop":
                return {"currentIndex": self.filled(act.stored[0][1]), "loopCount": value(Lit(str(act.count), "int"))}
            case "updateData":
                pairs = [(Var(name, value.type), value) for name, value in act.given]
                return {"variables": [{"variable": self.filled(v), "expression": self.value(e)} for v, e in pairs]}
            case "setParticipantData":
                return {"variables": [{"variable": value(Lit(k)), "expression": self.value(e)} for k, e in act.given]}
            case "getParticipantData":
                return {"variables": [{"variable": value(Lit(k)), "expression": self.filled(v)} for k, v in act.stored]}
            case _:
                return self.going(act)

    def going(self, act: Act) -> Node:
        """Actions that call or go somewhere."""
        name, id = act.target.name, act.target.id
        match act.kind:
            case "callData":
                return self.data(act)
            case "dataTableLookup":
                return {"datatableId": id, "datatableName": name, "lookupKeyValue": self.value(act.given[0][1]),
                        "outputs": self.stored(act), "errorBindings": ERRORS}  # fmt: skip
            case "evaluateScheduleGroup":
                return {"scheduleGroup": value(Lit(name, "sgr"), id), "emergencyGroup": empty("egr"),
                        "evaluateNow": True}  # fmt: skip
            case "callTask":
                return {"taskReference": self.containers[name], "taskName": name, "inputs": [], "outputs": []}
            case "callCommonModule":
                inputs = [{"name": n, "value": self.value(v)} for n, v in act.given]
                return {"flowId": id, "flowName": name, "flowLatestVersion": True, "inputs": inputs,
                        "outputs": self.stored(act), "paths": []}  # fmt: skip
            case "jumpToMenu":
                return {"menuReference": self.containers[name], "menuName": name}
            case "transferToAcd":
                return {**acd(act.target, act.words), "errorBindings": ERRORS}
            case "transferToFlow":
                return {**to_flow(act.target, act.words), "errorBindings": ERRORS}
            case "endTask":
                return {"pathReference": "__DEFAULT__", "pathName": "Default"}
            case _:
                return {}

    def collect(self, act: Act) -> Node:
        digits = value(Lit(str(act.count), "int"))
        return {
            "numberOfDigitsMin": digits,
            "numberOfDigitsMax": digits,
            "noEntryTimeout": value(Lit("P0D0H0M5S0F", "dur")),
            "interDigitTimeout": empty("dur"),
            "acceptJustStar": value(Lit("false", "bln")),
            "acceptJustPound": value(Lit("false", "bln")),
            "verification": False,
            "prompts": audio(act.words),
            "resultData": self.filled(act.stored[0][1]),
        }

    def data(self, act: Act) -> Node:
        system, _, name = act.target.name.partition("/")
        return {
            "actionId": f"custom_-_{act.target.id}",
            "actionName": name,
            "category": {"id": system, "name": system},
            "useSuggestedTimeout": True,
            "processingPrompt": empty("pmt"),
            "timeout": value(Lit("P0D0H1M0S0F", "dur")),
            "inputs": [{"name": n, "value": self.value(v)} for n, v in act.given],
            "outputs": self.stored(act),
            "errorBindings": ERRORS,
        }

    def stored(self, act: Act) -> list[Node]:
        return [{"name": name, "value": self.filled(var)} for name, var in act.stored]

    def filled(self, var: Var) -> Node:
        if not var.name:
            return empty(var.type)
        return field(var.name, var.type, self.config(var), 2, self.references(var))

    def value(self, exp: Exp) -> Node:
        if isinstance(exp, Lit):
            return value(exp)
        return field(text_of(exp), exp.type, self.config(exp), 0, self.references(exp))

    def references(self, exp: Exp) -> Sequence[Node]:
        return [{"id": self.variables.get(v.name, ""), "type": v.type, "isSysRef": v.name not in self.variables,
                 "name": v.name} for v in _variables(exp)]  # fmt: skip

    def config(self, exp: Exp, pos: int = 1) -> Node:
        match exp:
            case Lit(text, type):
                return {"lit": {"pos": pos, "text": text, "type": type}}
            case Var(name, type) if name in self.variables:
                return {"ref": {"pos": pos, "text": name, "type": type, "val": self.variables[name]}}
            case Var(name, type):
                return {"sysref": {"pos": pos, "text": name, "type": type, "val": SYSTEM[name]}}
            case Op(symbol, left, right, type):
                at = pos + len(text_of(left)) + 1
                operands = [self.config(left, pos), self.config(right, at + len(symbol) + 1)]
                return {symbol: {"pos": at, "text": text_of(exp), "operands": operands, "type": type}}


def _variables(exp: Exp) -> Iterator[Var]:
    match exp:
        case Var():
            yield exp
        case Op(_, left, right):
            yield from _variables(left)
            yield from _variables(right)
